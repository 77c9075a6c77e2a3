/**
 * Space packets in USLP transfer frames (CCSDS 732.1-B), bare on the stream or carried by another framing.
 *
 * Sent: one transfer frame for each packet, of the length that it takes (construction rule 111, no segmentation).
 * Received: whole packets, also several to a frame; packets that span frames (rule 000, by first header pointer), and in
 * segments (rules 100, 101, 110). Idle packets and frames are passed over. One virtual channel and one MAP: the frames
 * of others are counted, and nothing else is done with them. A gap in the VC frame count costs the packet that was begun.
 *
 * Not done: COP-1, SDLS, octet streams, MAPA and VCA service data units, truncated frames, frame error control of 4 octets.
 */
import { CRC16_LENGTH, writeCrc16 } from "../../ccsds/crc16.js";
import { HEADER_JUDGED } from "../../ccsds/judgements.js";
import { checkSpacePacket, isIdle, MIN_SPACE_PACKET_LENGTH, packetLength, VALID } from "../../ccsds/primary-header.js";
import {
  DESTINATION,
  MAX_MAP_ID,
  MAX_SPACECRAFT_ID,
  MAX_USLP_FRAME_LENGTH,
  MAX_USLP_HEADER_LENGTH,
  MAX_VIRTUAL_CHANNEL_ID,
  MIN_USLP_HEADER_LENGTH,
  NO_SEGMENTATION,
  OPERATIONAL_CONTROL_FIELD_LENGTH,
  PACKETS,
  SOURCE,
  type SourceOrDestination,
  vcFrameCountModulus,
  writeDataFieldHeader,
  writeUslpHeader,
} from "../../ccsds/uslp.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import { ACCEPT_PACKET, type PacketCheck, SKIP_PACKET, stackChecks } from "../contract/packet-check.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { onOrOff, wholeNumber, word } from "../options/text-options.js";
import { cobs } from "./cobs.js";
import { spacePackets } from "./space-packets.js";
import type { DataFieldAgreement } from "./uslp-data-field.js";
import { UslpDecoder } from "./uslp-decoder.js";
import { bareUslpFrames, carriedUslpFrames, type FrameAgreement } from "./uslp-frames.js";

/** Octets of a transfer frame beside its packet, at most, without an insert zone. */
const MAX_OVERHEAD = MAX_USLP_HEADER_LENGTH + 3 + OPERATIONAL_CONTROL_FIELD_LENGTH + CRC16_LENGTH;
/** Octets of a transfer frame, at least, that a limit must leave room for, without an insert zone. */
const LEAST_MAX_FRAME_LENGTH = 16;
const DEFAULT_MAX_PACKET_LENGTH = 1024;

export interface UslpOptions {
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
  /** Octets of the VC frame count in the frames sent: 0 to 6. Default 2. Those received say it themselves. */
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

/** The options of the frames sent, checked. */
interface SentFrame {
  readonly spacecraftId: number;
  readonly sourceOrDestination: SourceOrDestination;
  readonly virtualChannelId: number;
  readonly mapId: number;
  readonly vcFrameCountLength: number;
  readonly insertZoneLength: number;
  readonly fecfLength: number;
  /** Bytes; a packet that makes a longer one is not sent. */
  readonly maxFrameLength: number;
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
  ],
  ["sourceOrDestination"],
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist, or a carrier whose packets are
 *   shorter than the frames
 */
export function uslp(options: UslpOptions): Framing {
  return make(options, FramingContext.inCode("uslp", OPTIONS, options));
}

function make(options: UslpOptions, context: FramingContext): Framing {
  const { over, frameErrorControl = true } = options;
  const insertZoneLength = context.range("insertZoneLength", " (octets)", options.insertZoneLength ?? 0, 0, 255);
  const vcFrameCountLength = context.range("vcFrameCountLength", " (octets)", options.vcFrameCountLength ?? 2, 0, 6);
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
    options.maxFrameLength ?? Math.min(MAX_OVERHEAD + insertZoneLength + maxPacketLength, longestFrame),
    LEAST_MAX_FRAME_LENGTH + insertZoneLength,
    longestFrame,
  );
  const agreement: FrameAgreement & DataFieldAgreement = {
    spacecraftId: context.range("spacecraftId", "", options.spacecraftId, 0, MAX_SPACECRAFT_ID),
    insertZoneLength,
    frameErrorControl,
    maxFrameLength,
    virtualChannelId: context.range("virtualChannelId", "", options.virtualChannelId ?? 0, 0, MAX_VIRTUAL_CHANNEL_ID),
    mapId: context.range("mapId", "", options.mapId ?? 0, 0, MAX_MAP_ID),
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
    fecfLength: frameErrorControl ? CRC16_LENGTH : 0,
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
  return {
    name: "uslp",
    judged: HEADER_JUDGED,
    ...(over === undefined ? {} : { carrier: over.name }),
    maxPacketLength,
    decoderMemory: frames.decoderMemory + packets.decoderMemory,
    decoder: (memory, area, check, badFrames) =>
      new UslpDecoder(
        memory.bytes,
        agreement,
        frames.decoder(memory, area, undefined, badFrames),
        packets.decoder(memory, area + frames.decoderMemory, stackChecks(NO_IDLE, check), badFrames),
        badFrames,
      ),
    encoder: (memory, trailerLength = 0) => new UslpEncoder(memory, sent, over?.encoder(memory), trailerLength),
  };
}

/** Octets that a frame sent has beside its packet. */
function sentOverhead(options: UslpOptions): number {
  const { vcFrameCountLength = 2, insertZoneLength = 0, frameErrorControl = true } = options;
  return MIN_USLP_HEADER_LENGTH + vcFrameCountLength + insertZoneLength + 1 + (frameErrorControl ? CRC16_LENGTH : 0);
}

/** Idle packets fill frames up, and are no packets of the user: whoever makes them puts no checksum of a layer above there. */
const NO_IDLE: PacketCheck = Object.freeze({
  judge: (bytes: Uint8Array, start: number) => (isIdle(bytes, start) ? SKIP_PACKET : ACCEPT_PACKET),
  trailerLength: 0,
});

/** Builds each transfer frame where it stays; or, with a carrier, at the very end of the room, from where that takes it. */
class UslpEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #sent: SentFrame;
  #carrier: FrameEncoder | undefined;
  #trailerLength: number;
  /** Octets in front of the packet in its frame, and all beside it. */
  #leading: number;
  #overhead: number;
  #vcFrameCount = 0;
  #modulus: number;

  constructor(memory: FixedMemory, sent: SentFrame, carrier: FrameEncoder | undefined, trailerLength: number) {
    this.#bytes = memory.bytes;
    this.#sent = sent;
    this.#carrier = carrier;
    this.#trailerLength = trailerLength;
    this.#leading = MIN_USLP_HEADER_LENGTH + sent.vcFrameCountLength + sent.insertZoneLength + 1;
    this.#overhead = this.#leading + sent.fecfLength;
    this.#modulus = vcFrameCountModulus(sent.vcFrameCountLength);
  }

  maxFrameLength(packetLength: number): number {
    const length = packetLength + this.#overhead;
    return this.#carrier?.maxFrameLength(length) ?? length;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const bytes = this.#bytes;
    const packetEnd = end - this.#trailerLength;
    const length = end - start + this.#overhead;
    if (
      checkSpacePacket(bytes, start, packetEnd) !== VALID ||
      packetLength(bytes, start) !== packetEnd - start ||
      length > this.#sent.maxFrameLength
    ) {
      return NOT_A_PACKET;
    }
    if (length > limit - at) {
      return DOES_NOT_FIT;
    }
    const carrier = this.#carrier;
    const first = carrier === undefined ? at : limit - length;
    bytes.copyWithin(first + this.#leading, start, end);
    this.#writeAround(first, first + length);
    return carrier === undefined ? first + length : carrier.encode(first, limit, at, limit);
  }

  taken(): void {
    this.#vcFrameCount = (this.#vcFrameCount + 1) % this.#modulus;
    this.#carrier?.taken?.();
  }

  /** Writes what stands in front of the packet, and behind it, in the frame [first, end). */
  #writeAround(first: number, end: number): void {
    const bytes = this.#bytes;
    const sent = this.#sent;
    const headerEnd = writeUslpHeader(
      bytes,
      first,
      sent.spacecraftId,
      sent.sourceOrDestination,
      sent.virtualChannelId,
      sent.mapId,
      end - first,
      false,
      false,
      false,
      sent.vcFrameCountLength,
      this.#vcFrameCount,
    );
    bytes.fill(0, headerEnd, headerEnd + sent.insertZoneLength);
    writeDataFieldHeader(bytes, headerEnd + sent.insertZoneLength, NO_SEGMENTATION, PACKETS, 0);
    if (sent.fecfLength > 0) {
      writeCrc16(bytes, first, end);
    }
  }
}

/** What is told as text: the carrier by its name. */
type UslpTexts = Omit<UslpOptions, "over"> & { readonly over?: string };

function makeOfText(options: UslpTexts, context: FramingContext): Framing {
  const { over, ...own } = options;
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
