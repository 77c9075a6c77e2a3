/**
 * Space packets in USLP transfer frames (CCSDS 732.1-B), bare on the stream or carried by another framing.
 *
 * Sent: one transfer frame for each packet, of the length that it takes (construction rule 111, no segmentation).
 * Received: whole packets, also several to a frame; packets that span frames (rule 000, by first header pointer), and in
 * segments (rules 100, 101, 110). Idle packets and frames are passed over. One virtual channel and one MAP: the frames
 * of others are counted, and nothing else is done with them. A gap in the VC frame count costs the packet that was begun.
 *
 * With `sdls`, every frame with telecommands is authenticated and encrypted (CCSDS 355.0-B-2), with `sdls=tmtc` those with
 * telemetry, too: all of the data field, its header included. The security header stands behind primary header and insert
 * zone. The VC frame count of frames received then has the length agreed on, and its value is not looked at: the IV tells
 * whether a frame is missing (`uslp-opener.ts`).
 *
 * Not done: COP-1, octet streams, MAPA and VCA service data units, truncated frames, frame error control of 4 octets.
 */
import { CRC16_LENGTH } from "../../ccsds/crc16.js";
import { HEADER_JUDGED } from "../../ccsds/judgements.js";
import { isIdle, MIN_SPACE_PACKET_LENGTH } from "../../ccsds/primary-header.js";
import { SECURITY_HEADER_MASK } from "../../ccsds/sdls.js";
import {
  DESTINATION,
  MAX_MAP_ID,
  MAX_SPACECRAFT_ID,
  MAX_USLP_FRAME_LENGTH,
  MAX_USLP_HEADER_LENGTH,
  MAX_VIRTUAL_CHANNEL_ID,
  MIN_USLP_HEADER_LENGTH,
  OPERATIONAL_CONTROL_FIELD_LENGTH,
  SOURCE,
  type SourceOrDestination,
  uslpHeaderMask,
} from "../../ccsds/uslp.js";
import type { Framing } from "../contract/framing.js";
import { ACCEPT_PACKET, type PacketCheck, SKIP_PACKET, stackChecks } from "../contract/packet-check.js";
import { sealedEncoderOf } from "../engines/bare-encoder.js";
import { SecuredFrame } from "../engines/secured-frame.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { SDLS_OVERHEAD, SDLS_ROWS, type SdlsOptions, sdlsAgreement, sdlsOfText } from "../options/sdls-options.js";
import { onOrOff, wholeNumber, word } from "../options/text-options.js";
import { cobs } from "./cobs.js";
import { spacePackets } from "./space-packets.js";
import type { DataFieldAgreement } from "./uslp-data-field.js";
import { UslpDecoder } from "./uslp-decoder.js";
import { type SentFrame, UslpEncoder } from "./uslp-encoder.js";
import { bareUslpFrames, carriedUslpFrames, type FrameAgreement } from "./uslp-frames.js";
import { openerMemory, SecuredPackets, UslpOpener } from "./uslp-opener.js";

/** Octets of a transfer frame beside its packet, at most, without an insert zone. */
const MAX_OVERHEAD = MAX_USLP_HEADER_LENGTH + 3 + OPERATIONAL_CONTROL_FIELD_LENGTH + CRC16_LENGTH;
/** Octets of a transfer frame, at least, that a limit must leave room for, without an insert zone. */
const LEAST_MAX_FRAME_LENGTH = 16;
const DEFAULT_MAX_PACKET_LENGTH = 1024;

export interface UslpOptions extends SdlsOptions {
  /** What carries the transfer frames: each is one of its packets. Default: they stand bare on the stream. */
  over?: Framing;
  /** 0 to 65,535. Frames with another one are damage. */
  spacecraftId: number;
  /** Whose ID that is, in the frames sent. Default `SOURCE`. */
  sourceOrDestination?: SourceOrDestination;
  /** 0 to 62. Default 0. */
  virtualChannelId?: number;
  /** 0 to 15. Default 0. */
  mapId?: number;
  /** Octets of the VC frame count in the frames sent: 0 to 6. Default 2. Those received say it themselves, but for secured ones. */
  vcFrameCountLength?: number;
  /** Every frame ends with a frame error control field, a CRC-16; a wrong one is damage. Default true. */
  frameErrorControl?: boolean;
  /** Octets of the insert zone behind the primary header of every frame: 0 to 255, sent as zeros. Default 0. */
  insertZoneLength?: number;
  /** `packets`: space packets go in and out. `frames`: whole transfer frames do, of any channel. Default `packets`. */
  content?: "packets" | "frames";
  /**
   * Longest space packet accepted, in bytes: 7 to as much as one transfer frame carries, 65,524 with a frame count of two
   * octets and frame error control. Default 1024, or what the carrier takes if that is less.
   */
  maxPacketLength?: number;
  /**
   * Longest transfer frame, in bytes: 16 and the insert zone, to 65,536 or as much as the carrier takes. Of those received:
   * longer packets span frames. Of those sent too, if it is given: a packet that makes a longer one is not sent. Default:
   * one with a packet of the maximum length is accepted; those sent are as long as their packet takes.
   */
  maxFrameLength?: number;
}

const CONTENT = Object.freeze(["packets", "frames"] as const);
const CARRIERS = Object.freeze(["bare", "cobs"] as const);

const OPTIONS = optionTable<UslpOptions>(
  [
    { key: "scid", property: "spacecraftId", read: wholeNumber, help: "spacecraft ID, 0 to 65535" },
    { key: "vcid", property: "virtualChannelId", read: wholeNumber, help: "virtual channel ID, 0 to 62, default 0" },
    { key: "map", property: "mapId", read: wholeNumber, help: "MAP ID, 0 to 15, default 0" },
    { key: "over", property: "over", read: word, help: "what carries the transfer frames: bare (default) or cobs" },
    {
      key: "count",
      property: "vcFrameCountLength",
      read: wholeNumber,
      help: "octets of the VC frame count in frames sent, 0 to 6, default 2",
    },
    {
      key: "fecf",
      property: "frameErrorControl",
      read: onOrOff,
      help: "on (default) or off: every transfer frame ends with a CRC-16",
    },
    { key: "insert", property: "insertZoneLength", read: wholeNumber, help: "octets of the insert zone, default 0" },
    {
      key: "content",
      property: "content",
      read: word,
      help: "packets (default), or frames: whole transfer frames go in and out",
    },
    { ...MAX_PACKET, help: "longest space packet accepted, 7 to 65524 bytes" },
    {
      key: "max-frame",
      property: "maxFrameLength",
      read: wholeNumber,
      help: "longest transfer frame, either way, 16 to 65536 bytes; default: accepted, as a packet of max-packet needs; sent, any",
    },
    ...SDLS_ROWS,
  ],
  ["sourceOrDestination", "security"],
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist, or a carrier whose packets are
 *   shorter than the frames
 */
export function uslp(options: UslpOptions): Framing {
  return make(options, checked(options, FramingContext.inCode("uslp", OPTIONS, options)));
}

/** @throws TypeError where whole frames are to be secured: whoever makes them does that */
function checked({ content, sdls }: { content?: string; sdls?: string }, context: FramingContext): FramingContext {
  if (content === "frames" && sdls !== undefined && sdls !== "off") {
    throw new TypeError(`${context.label("sdls")} is for packets; frames go in and out as they are`);
  }
  return context;
}

function make(options: UslpOptions, context: FramingContext): Framing {
  const { over, frameErrorControl = true, sdls } = options;
  const insertZoneLength = context.range("insertZoneLength", " (octets)", options.insertZoneLength ?? 0, 0, 255);
  const vcFrameCountLength = context.range("vcFrameCountLength", " (octets)", options.vcFrameCountLength ?? 2, 0, 6);
  const { security, receives, sends, mask } = sdlsAgreement(options, context, () => [
    ...uslpHeaderMask(vcFrameCountLength, insertZoneLength),
    ...SECURITY_HEADER_MASK,
  ]);
  const securityLength = sdls === undefined ? 0 : SDLS_OVERHEAD;
  const overhead = sentOverhead(options);
  const longestFrame = Math.min(over?.maxPacketLength ?? MAX_USLP_FRAME_LENGTH, MAX_USLP_FRAME_LENGTH);
  const most = longestFrame - overhead;
  const maxPacketLength = context.maxPacketLength(
    options.maxPacketLength ?? Math.max(MIN_SPACE_PACKET_LENGTH, Math.min(DEFAULT_MAX_PACKET_LENGTH, most)),
    MIN_SPACE_PACKET_LENGTH,
    MAX_USLP_FRAME_LENGTH - overhead,
  );
  if (over !== undefined && options.maxFrameLength === undefined && maxPacketLength > most) {
    throw new RangeError(
      `${context.begin}a packet of ${maxPacketLength} bytes makes a frame of ${maxPacketLength + overhead}, but ${over.name} takes ${over.maxPacketLength} at most${context.because}`,
    );
  }
  const maxFrameLength = context.range(
    "maxFrameLength",
    over === undefined ? " (bytes)" : ` (bytes, over ${over.name})`,
    options.maxFrameLength ??
      Math.min(MAX_OVERHEAD + securityLength + insertZoneLength + maxPacketLength, longestFrame),
    LEAST_MAX_FRAME_LENGTH + insertZoneLength + securityLength,
    longestFrame,
  );
  const agreement: FrameAgreement & DataFieldAgreement = {
    spacecraftId: context.range("spacecraftId", "", options.spacecraftId, 0, MAX_SPACECRAFT_ID),
    insertZoneLength,
    frameErrorControl,
    maxFrameLength,
    virtualChannelId: context.range("virtualChannelId", "", options.virtualChannelId ?? 0, 0, MAX_VIRTUAL_CHANNEL_ID),
    mapId: context.range("mapId", "", options.mapId ?? 0, 0, MAX_MAP_ID),
    trailerLength: frameErrorControl ? CRC16_LENGTH : 0,
  };
  const sent: SentFrame = {
    spacecraftId: options.spacecraftId,
    sourceOrDestination:
      context.range("sourceOrDestination", "", options.sourceOrDestination ?? SOURCE, SOURCE, DESTINATION) ===
      DESTINATION
        ? DESTINATION
        : SOURCE,
    virtualChannelId: agreement.virtualChannelId,
    mapId: agreement.mapId,
    vcFrameCountLength,
    insertZoneLength,
    frameErrorControl,
    maxFrameLength: options.maxFrameLength ?? MAX_USLP_FRAME_LENGTH,
  };
  const frames =
    over === undefined
      ? bareUslpFrames(agreement, options.maxFrameLength)
      : carriedUslpFrames(over, agreement, options.maxFrameLength);
  if (context.choice("content", options.content ?? "packets", CONTENT) === "frames") {
    return frames;
  }
  const packets = spacePackets({ maxPacketLength });
  const packetMemory = frames.decoderMemory + packets.decoderMemory;
  return {
    name: "uslp",
    ...(sdls === undefined ? {} : { sdls }),
    judged: HEADER_JUDGED,
    ...(over === undefined ? {} : { carrier: over.name }),
    maxPacketLength,
    decoderMemory: packetMemory + (receives ? openerMemory(mask) : 0),
    decoder(memory, area, check, badFrames) {
      const { bytes } = memory;
      const opener = receives
        ? new UslpOpener(
            bytes,
            agreement,
            new SecuredFrame(bytes, security.opener, mask, area + packetMemory),
            mask,
            area + packetMemory,
          )
        : undefined;
      const decoder = new UslpDecoder(
        bytes,
        opener === undefined ? agreement : opener.agreement,
        frames.decoder(memory, area, undefined, badFrames),
        packets.decoder(memory, area + frames.decoderMemory, stackChecks(NO_IDLE, check), badFrames),
        badFrames,
        opener,
      );
      return opener === undefined ? decoder : new SecuredPackets(decoder, opener);
    },
    encoder: (memory, trailerLength = 0) =>
      new UslpEncoder(
        memory,
        sent,
        over?.encoder(memory),
        trailerLength,
        sends ? { sealer: security.sealer, mask } : undefined,
      ),
    ...(sdls === undefined ? {} : { sealedEncoder: sealedEncoderOf(over) }),
  };
}

/** Octets that a frame sent has beside its packet: with security, the more of both directions. */
function sentOverhead(options: UslpOptions): number {
  const { vcFrameCountLength = 2, insertZoneLength = 0, frameErrorControl = true, sdls } = options;
  return (
    MIN_USLP_HEADER_LENGTH +
    vcFrameCountLength +
    insertZoneLength +
    1 +
    (sdls === undefined ? 0 : SDLS_OVERHEAD) +
    (frameErrorControl ? CRC16_LENGTH : 0)
  );
}

/** Idle packets fill frames up, and are no packets of the user: whoever makes them puts no checksum of a layer above there. */
const NO_IDLE: PacketCheck = Object.freeze({
  judge: (bytes: Uint8Array, start: number) => (isIdle(bytes, start) ? SKIP_PACKET : ACCEPT_PACKET),
  trailerLength: 0,
});

/** What is told as text: the carrier by its name. */
type UslpTexts = Omit<UslpOptions, "over" | "sdls"> & { readonly over?: string; readonly sdls?: string };

function makeOfText(options: UslpTexts, context: FramingContext): Framing {
  const { over, sdls = "off", ...rest } = options;
  checked(options, context);
  const own = { ...rest, ...sdlsOfText(sdls, context) };
  if (own.spacecraftId === undefined) {
    throw new TypeError(`${context.begin}give the spacecraft ID: ${context.term("spacecraftId")}`);
  }
  // With a checksum behind whole frames, the stream's frames are longer by it.
  if (own.content === "frames" && own.maxFrameLength !== undefined) {
    own.maxFrameLength += context.trailerLength;
  }
  own.maxPacketLength ??= Math.min(context.usual, MAX_USLP_FRAME_LENGTH - sentOverhead(own));
  if (context.choice("over", over ?? "bare", CARRIERS) !== "cobs") {
    return make(own, context);
  }
  const frameLength = make({ ...own, content: "frames" }, context).maxPacketLength;
  const find = context.findByte === undefined ? {} : { findZero: context.findByte };
  return make({ ...own, over: cobs({ maxPacketLength: frameLength, ...find }) }, context);
}

export const uslpEntry: FramingEntry = Object.freeze({
  name: "uslp",
  summary: "space packets in USLP transfer frames",
  options: OPTIONS,
  shortestPacket: MIN_SPACE_PACKET_LENGTH,
  example: "scid=1",
  make: makeOfText,
});
