/**
 * Bare CCSDS space packets on a byte stream (CCSDS 133.0-B-2): the length field of each primary header says where the
 * next packet begins.
 *
 * There is no delimiter. What tells a packet from bytes that look like one: the version, `maxPacketLength`, the packet
 * IDs when they are given, a validator, a checksum layer. Without one of the last three almost anything passes for a
 * header: give at least one on a port that matters.
 */

import { HEADER_JUDGED } from "../../ccsds/judgements.js";
import {
  apid,
  checkSpacePacket,
  IDLE_APID,
  MAX_SPACE_PACKET_LENGTH,
  MIN_SPACE_PACKET_LENGTH,
  PRIMARY_HEADER_LENGTH,
  packetLength,
  VALID,
} from "../../ccsds/primary-header.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import type { PacketValidator } from "../contract/packet-check.js";
import type { StreamFormat } from "../engines/stream-format.js";
import { streamBy } from "../engines/stream-framing.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { wholeNumber, wholeNumbers } from "../options/text-options.js";

/** The version is not 0: no space packet begins here. */
export const UNSUPPORTED_VERSION = 0;
/** The packet ID is none of those expected. */
export const UNKNOWN_PACKET_ID = 1;
/** The length field asks for more than `maxPacketLength`. */
export const PACKET_TOO_LONG = 2;
/** An idle packet with a secondary header (133.0-B-2, 4.1.3.3.3.4). */
export const IDLE_WITH_SECONDARY_HEADER = 3;
/** Type, secondary header flag, APID. */
const ALL_BITS = 0x1fff;
const REASONS = Object.freeze(["unsupportedVersion", "unknownPacketId", "packetTooLong", "idleWithSecondaryHeader"]);

export interface SpacePacketsOptions {
  /** Longest packet accepted, in bytes, header included: 7 to 65,542. Default 1024. */
  maxPacketLength?: number;
  /** The packet IDs expected (type, secondary header flag and APID: 13 bits, `0x1800 | apid` for a PUS telecommand). */
  packetIds?: readonly number[];
  /** Bits of the packet ID that are compared; default all 13. 0x1800 with `packetIds: [0x1800]`: PUS telecommands. */
  packetIdMask?: number;
  validator?: PacketValidator;
}

const OPTIONS = optionTable<SpacePacketsOptions>(
  [
    {
      ...MAX_PACKET,
      help: `longest packet accepted, ${MIN_SPACE_PACKET_LENGTH} to ${MAX_SPACE_PACKET_LENGTH} bytes`,
    },
    {
      key: "packet-ids",
      property: "packetIds",
      read: wholeNumbers,
      help: "packet IDs expected, as in 0x1801/0x1802; others are damage",
    },
    {
      key: "id-mask",
      property: "packetIdMask",
      read: wholeNumber,
      help: "bits of the packet ID that count, default all: packet-ids=0x1800,id-mask=0x1800 are PUS telecommands",
    },
  ],
  ["validator"],
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist
 */
export function spacePackets(options: SpacePacketsOptions = {}): Framing {
  return make(options, FramingContext.inCode("space-packets", OPTIONS, options));
}

function make(options: SpacePacketsOptions, context: FramingContext): Framing {
  const maxPacketLength = context.maxPacketLength(
    options.maxPacketLength,
    MIN_SPACE_PACKET_LENGTH,
    MAX_SPACE_PACKET_LENGTH,
  );
  const { packetIds, validator } = options;
  packetIds?.forEach((id) => {
    context.range("packetIds", ": packet ID", id, 0, ALL_BITS);
  });
  const mask = context.range("packetIdMask", "", options.packetIdMask ?? ALL_BITS, 0, ALL_BITS);
  if (packetIds === undefined && options.packetIdMask !== undefined) {
    throw new TypeError(`${context.label("packetIdMask")} needs ${context.term("packetIds")}`);
  }
  const expected = packetIds && new Set(packetIds.map((id) => id & mask));
  return streamBy({
    name: "space-packets",
    judged: HEADER_JUDGED,
    maxPacketLength,
    validator,
    format: (trailerLength) => new SpacePacketFormat(maxPacketLength, expected, mask, trailerLength),
    encoder: (memory, trailerLength = 0) => new SpacePacketEncoder(memory, trailerLength),
  });
}

class SpacePacketFormat implements StreamFormat {
  readonly reasons = REASONS;
  readonly maxWanted: number;
  readonly leading = 0;
  readonly trailing = 0;
  readonly kind = 0;
  readonly isTelling: boolean;
  announced = 0;
  #packetIds: Set<number> | undefined;
  #mask: number;
  #trailerLength: number;

  /** @param trailerLength bytes that a layer above has put behind each packet, which its length field does not count */
  constructor(maxPacketLength: number, packetIds: Set<number> | undefined, mask: number, trailerLength: number) {
    this.maxWanted = maxPacketLength;
    this.isTelling = packetIds !== undefined;
    this.#packetIds = packetIds;
    this.#mask = mask;
    this.#trailerLength = trailerLength;
  }

  wanted(bytes: Uint8Array, at: number, available: number): number {
    const first = bytes[at]!;
    if (first > 0x1f) {
      return -1 - UNSUPPORTED_VERSION;
    }
    if (available >= 2) {
      const packetIds = this.#packetIds;
      if (packetIds !== undefined && !packetIds.has(((first << 8) | bytes[at + 1]!) & this.#mask)) {
        return -1 - UNKNOWN_PACKET_ID;
      }
      if ((first & 0x0f) === 0x0f && apid(bytes, at) === IDLE_APID) {
        return -1 - IDLE_WITH_SECONDARY_HEADER;
      }
    }
    if (available < PRIMARY_HEADER_LENGTH) {
      return PRIMARY_HEADER_LENGTH;
    }
    // Read here: on XS a call costs more.
    const length = ((bytes[at + 4]! << 8) | bytes[at + 5]!) + MIN_SPACE_PACKET_LENGTH + this.#trailerLength;
    if (length > this.maxWanted) {
      this.announced = length;
      return -1 - PACKET_TOO_LONG;
    }
    return length;
  }
}

class SpacePacketEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #trailerLength: number;

  constructor(memory: FixedMemory, trailerLength: number) {
    this.#bytes = memory.bytes;
    this.#trailerLength = trailerLength;
  }

  maxFrameLength(packetLength: number): number {
    return packetLength;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const packetEnd = end - this.#trailerLength;
    if (
      checkSpacePacket(this.#bytes, start, packetEnd) !== VALID ||
      packetLength(this.#bytes, start) !== packetEnd - start
    ) {
      return NOT_A_PACKET;
    }
    if (end - start > limit - at) {
      return DOES_NOT_FIT;
    }
    this.#bytes.copyWithin(at, start, end);
    return at + end - start;
  }
}

export const spacePacketsEntry: FramingEntry = Object.freeze({
  name: "space-packets",
  summary: "bare CCSDS space packets",
  options: OPTIONS,
  shortestPacket: MIN_SPACE_PACKET_LENGTH,
  make,
});
