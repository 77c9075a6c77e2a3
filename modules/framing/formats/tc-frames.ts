/**
 * Space packets in TC transfer frames of type BD (CCSDS 232.0-B-4), bare on the stream or carried by another framing.
 *
 * Sent: one transfer frame for each packet, with sequence number 0. Received: one whole packet or several in each frame,
 * with a segment header or without. One virtual channel and one MAP: the frames of others are counted, and nothing else is
 * done with them. Idle packets are passed over.
 *
 * With `sdls`, every frame with telecommands is authenticated and encrypted (CCSDS 355.0-B-2), with `sdls=tmtc` those with
 * telemetry, too. Header fields only sort frames out before that: what is not authentic is never taken.
 *
 * Not done: COP-1 (frames of type A and control commands are refused), packets in segments, CLTUs and randomization.
 */
import { CRC16_LENGTH } from "../../ccsds/crc16.js";
import { HEADER_JUDGED } from "../../ccsds/judgements.js";
import { MIN_SPACE_PACKET_LENGTH } from "../../ccsds/primary-header.js";
import { SECURITY_HEADER_MASK } from "../../ccsds/sdls.js";
import {
  MAX_TC_FRAME_LENGTH,
  MAX_TC_MAP_ID,
  MAX_TC_SPACECRAFT_ID,
  MAX_TC_VIRTUAL_CHANNEL_ID,
  SEGMENT_HEADER_LENGTH,
  SEGMENT_HEADER_MASK,
  TC_HEADER_LENGTH,
  TC_HEADER_MASK,
} from "../../ccsds/tc-frame.js";
import type { Framing } from "../contract/framing.js";
import { sealedEncoderOf } from "../engines/bare-encoder.js";
import { SecuredFrame } from "../engines/secured-frame.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { SDLS_OVERHEAD, SDLS_ROWS, type SdlsOptions, sdlsAgreement, sdlsOfText } from "../options/sdls-options.js";
import { onOrOff, wholeNumber, word } from "../options/text-options.js";
import { cobs } from "./cobs.js";
import { type TcAgreement, tcFrameSource } from "./tc-frame-stream.js";
import { type TcDataField, TcFramesDecoder } from "./tc-frames-decoder.js";
import { TcFramesEncoder } from "./tc-frames-encoder.js";

const LONGEST_PACKET = MAX_TC_FRAME_LENGTH - TC_HEADER_LENGTH;

export interface TcFramesOptions extends SdlsOptions {
  /** What carries the transfer frames: each is one of its packets. Default: they stand bare on the stream. */
  over?: Framing;
  /** 0 to 1,023. Frames with another one are damage. */
  spacecraftId: number;
  /** 0 to 63. Default 0. */
  virtualChannelId?: number;
  /** 0 to 63: every frame has a segment header with this MAP ID. Default: no frame has a segment header. */
  mapId?: number;
  /** Every frame ends with a frame error control field, a CRC-16; a wrong one is damage. Default true. */
  frameErrorControl?: boolean;
  /**
   * Longest space packet accepted, in bytes: 7 to as much as the longest frame carries, 1,017 with frame error control and
   * no segment header. Default: as much as that.
   */
  maxPacketLength?: number;
  /**
   * Longest transfer frame, either way, in bytes: as long as one with the shortest packet, to 1,024 or as much as the carrier
   * takes. Default: as long as it can be, because a frame may hold several packets.
   */
  maxFrameLength?: number;
}

const CARRIERS = Object.freeze(["bare", "cobs"] as const);

const OPTIONS = optionTable<TcFramesOptions>(
  [
    { key: "scid", property: "spacecraftId", read: wholeNumber, help: "spacecraft ID, 0 to 1023" },
    { key: "vcid", property: "virtualChannelId", read: wholeNumber, help: "virtual channel ID, 0 to 63, default 0" },
    {
      key: "map",
      property: "mapId",
      read: wholeNumber,
      help: "MAP ID, 0 to 63, in a segment header of every frame; default: no segment header",
    },
    { key: "over", property: "over", read: word, help: "what carries the transfer frames: bare (default) or cobs" },
    {
      key: "fecf",
      property: "frameErrorControl",
      read: onOrOff,
      help: "on (default) or off: every transfer frame ends with a CRC-16",
    },
    {
      ...MAX_PACKET,
      help: `longest space packet accepted, 7 to ${LONGEST_PACKET - CRC16_LENGTH} bytes, ${LONGEST_PACKET} without FECF`,
    },
    {
      key: "max-frame",
      property: "maxFrameLength",
      read: wholeNumber,
      help: `longest transfer frame, either way, up to ${MAX_TC_FRAME_LENGTH} bytes, default ${MAX_TC_FRAME_LENGTH}`,
    },
    ...SDLS_ROWS,
  ],
  ["security"],
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist, or a carrier whose packets are
 *   shorter than the shortest frame
 */
export function tcFrames(options: TcFramesOptions): Framing {
  return make(options, FramingContext.inCode("tc-frames", OPTIONS, options));
}

function make(options: TcFramesOptions, context: FramingContext): Framing {
  const { over, frameErrorControl = true, sdls } = options;
  const { security, receives, sends, mask } = sdlsAgreement(options, context, () => usualMask(options));
  const overhead = overheadOf(options);
  const carried = Math.min(over?.maxPacketLength ?? MAX_TC_FRAME_LENGTH, MAX_TC_FRAME_LENGTH);
  const maxFrameLength = context.range(
    "maxFrameLength",
    over === undefined ? " (bytes)" : ` (bytes, over ${over.name})`,
    options.maxFrameLength ?? carried,
    overhead + MIN_SPACE_PACKET_LENGTH,
    carried,
  );
  const most = maxFrameLength - overhead;
  const maxPacketLength = context.maxPacketLength(options.maxPacketLength ?? most, MIN_SPACE_PACKET_LENGTH, most);
  const agreement: TcAgreement & TcDataField = {
    spacecraftId: context.range("spacecraftId", "", options.spacecraftId, 0, MAX_TC_SPACECRAFT_ID),
    virtualChannelId: context.range(
      "virtualChannelId",
      "",
      options.virtualChannelId ?? 0,
      0,
      MAX_TC_VIRTUAL_CHANNEL_ID,
    ),
    mapId: options.mapId === undefined ? undefined : context.range("mapId", "", options.mapId, 0, MAX_TC_MAP_ID),
    frameErrorControl,
    maxFrameLength,
  };
  const source = tcFrameSource(agreement, over);
  return {
    name: "tc-frames",
    ...(sdls === undefined ? {} : { sdls }),
    judged: HEADER_JUDGED,
    ...(over === undefined ? {} : { carrier: over.name }),
    maxPacketLength,
    decoderMemory: source.memory + (receives ? mask.length : 0),
    decoder: (memory, area, check, badFrames) =>
      new TcFramesDecoder(
        memory.bytes,
        agreement,
        source.decoder(memory, area, badFrames),
        maxPacketLength,
        check,
        receives ? new SecuredFrame(memory.bytes, security.opener, mask, area + source.memory) : undefined,
      ),
    encoder: (memory, trailerLength = 0) =>
      new TcFramesEncoder(
        memory,
        agreement,
        over?.encoder(memory),
        trailerLength,
        sends ? { sealer: security.sealer, mask } : undefined,
      ),
    ...(sdls === undefined ? {} : { sealedEncoder: sealedEncoderOf(over) }),
  };
}

function usualMask({ mapId }: Omit<TcFramesOptions, "over">): readonly number[] {
  return [...TC_HEADER_MASK, ...(mapId === undefined ? [] : SEGMENT_HEADER_MASK), ...SECURITY_HEADER_MASK];
}

/** Octets that a frame has beside its packets: with security, the more of both directions. */
function overheadOf({ mapId, frameErrorControl = true, sdls }: Omit<TcFramesOptions, "over">): number {
  return (
    TC_HEADER_LENGTH +
    (mapId === undefined ? 0 : SEGMENT_HEADER_LENGTH) +
    (sdls === undefined ? 0 : SDLS_OVERHEAD) +
    (frameErrorControl ? CRC16_LENGTH : 0)
  );
}

/** What is told as text: the carrier by its name. */
type TcFramesTexts = Omit<TcFramesOptions, "over" | "sdls"> & { readonly over?: string; readonly sdls?: string };

function makeOfText(options: TcFramesTexts, context: FramingContext): Framing {
  const { over, sdls = "off", ...rest } = options;
  const own = { ...rest, ...sdlsOfText(sdls, context) };
  if (own.spacecraftId === undefined) {
    throw new TypeError(`${context.begin}give the spacecraft ID: ${context.term("spacecraftId")}`);
  }
  const { maxFrameLength = MAX_TC_FRAME_LENGTH } = own;
  own.maxPacketLength ??= Math.min(context.usual, maxFrameLength - overheadOf(own));
  const bare = make(own, context);
  if (context.choice("over", over ?? "bare", CARRIERS) !== "cobs") {
    return bare;
  }
  const find = context.findByte === undefined ? {} : { findZero: context.findByte };
  return make({ ...own, over: cobs({ maxPacketLength: maxFrameLength, ...find }) }, context);
}

export const tcFramesEntry: FramingEntry = Object.freeze({
  name: "tc-frames",
  summary: "space packets in TC transfer frames",
  options: OPTIONS,
  shortestPacket: MIN_SPACE_PACKET_LENGTH,
  example: "scid=1",
  make: makeOfText,
});
