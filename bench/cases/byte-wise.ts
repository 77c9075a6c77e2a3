/**
 * The baseline: both framings done one byte at a time, as one would write them down at first.
 *
 * Good code of its kind, so that the comparison is worth something: over the same memory, one loop over the whole chunk,
 * state in locals, limits checked per block and not per byte, nothing allocated. It rejects what the real ones reject,
 * but counts it only in total, and knows no sink that refuses.
 */
import { apid, IDLE_APID, PRIMARY_HEADER_LENGTH, packetId, packetLength } from "../../modules/ccsds/primary-header.js";
import type { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";

export interface ByteWiseDecoder {
  push(start: number, end: number, sink: PacketSink): void;
}

export interface ByteWiseEncoder {
  encode(start: number, end: number, at: number, limit: number): number;
}

const FULL_BLOCK = 0xff;
const MAX_APID_HIGH_BYTE = 0x1f;

export class ByteWiseCobsDecoder implements ByteWiseDecoder {
  rejected = 0;
  readonly #bytes: Uint8Array;
  /** The packet is put together in [area, limit); one byte more takes a zero that is one too many. */
  readonly #area: number;
  readonly #limit: number;
  #out: number;
  /** Data bytes of the block that are still to come. */
  #left = 0;
  /** The next code byte stands for a zero of the packet, too. */
  #zeroOwed = false;
  #begun = false;
  #damaged = false;

  constructor(memory: FixedMemory, maxPacketLength: number) {
    this.#bytes = memory.bytes;
    this.#area = memory.reserve("byte-wise COBS decoder", maxPacketLength + 1);
    this.#limit = this.#area + maxPacketLength;
    this.#out = this.#area;
  }

  push(start: number, end: number, sink: PacketSink): void {
    const bytes = this.#bytes;
    const area = this.#area;
    const limit = this.#limit;
    let out = this.#out;
    let blockEnd = start + this.#left;
    let zeroOwed = this.#zeroOwed;
    let begun = this.#begun;
    let damaged = this.#damaged;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === 0) {
        if (damaged || at < blockEnd) {
          this.rejected++;
        } else if (begun) {
          sink.accept(bytes, area, out, 0);
        }
        out = area;
        blockEnd = at;
        zeroOwed = begun = damaged = false;
      } else if (at < blockEnd) {
        bytes[out++] = byte;
      } else if (!damaged) {
        begun = true;
        if (zeroOwed) {
          bytes[out++] = 0;
        }
        zeroOwed = byte !== FULL_BLOCK;
        blockEnd = at + byte;
        if (out + byte - 1 > limit) {
          damaged = true;
          blockEnd = at;
        }
      }
    }
    this.#out = out;
    this.#left = blockEnd > end ? blockEnd - end : 0;
    this.#zeroOwed = zeroOwed;
    this.#begun = begun;
    this.#damaged = damaged;
  }
}

export class ByteWiseCobsEncoder implements ByteWiseEncoder {
  readonly #bytes: Uint8Array;

  constructor(memory: FixedMemory) {
    this.#bytes = memory.bytes;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const bytes = this.#bytes;
    const length = end - start;
    if (at + length + Math.floor(length / 254) + 2 > limit) {
      return -1;
    }
    let code = at;
    let out = at + 1;
    let full = code + FULL_BLOCK;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === 0) {
        bytes[code] = out - code;
        code = out++;
        full = code + FULL_BLOCK;
      } else {
        bytes[out++] = byte;
        if (out === full && i + 1 < end) {
          bytes[code] = FULL_BLOCK;
          code = out++;
          full = code + FULL_BLOCK;
        }
      }
    }
    bytes[code] = out - code;
    bytes[out++] = 0;
    return out;
  }
}

export class ByteWiseSpacePacketDecoder implements ByteWiseDecoder {
  rejected = 0;
  readonly #bytes: Uint8Array;
  readonly #area: number;
  readonly #maxPacketLength: number;
  readonly #packetIds: Set<number>;
  #out: number;
  /** Where the header ends, or the packet once its header is known. */
  #stop: number;

  constructor(memory: FixedMemory, maxPacketLength: number, packetIds: readonly number[]) {
    this.#bytes = memory.bytes;
    this.#area = memory.reserve("byte-wise space packet decoder", maxPacketLength);
    this.#maxPacketLength = maxPacketLength;
    this.#packetIds = new Set(packetIds);
    this.#out = this.#area;
    this.#stop = this.#area + PRIMARY_HEADER_LENGTH;
  }

  push(start: number, end: number, sink: PacketSink): void {
    const bytes = this.#bytes;
    const area = this.#area;
    const headerEnd = area + PRIMARY_HEADER_LENGTH;
    let out = this.#out;
    let stop = this.#stop;
    for (let at = start; at < end; at++) {
      bytes[out++] = bytes[at]!;
      if (out === stop) {
        if (stop === headerEnd) {
          const length = packetLength(bytes, area);
          if (length <= this.#maxPacketLength && this.#isExpected()) {
            stop = area + length;
          } else {
            this.rejected++;
            bytes.copyWithin(area, area + 1, out);
            out--;
          }
        } else {
          sink.accept(bytes, area, out, 0);
          out = area;
          stop = headerEnd;
        }
      }
    }
    this.#out = out;
    this.#stop = stop;
  }

  #isExpected(): boolean {
    const bytes = this.#bytes;
    const area = this.#area;
    const first = bytes[area]!;
    return (
      first <= MAX_APID_HIGH_BYTE &&
      this.#packetIds.has(packetId(bytes, area)) &&
      ((first & 0x0f) !== 0x0f || apid(bytes, area) !== IDLE_APID)
    );
  }
}

export class ByteWiseSpacePacketEncoder implements ByteWiseEncoder {
  readonly #bytes: Uint8Array;

  constructor(memory: FixedMemory) {
    this.#bytes = memory.bytes;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const bytes = this.#bytes;
    const length = end - start;
    if (
      length <= PRIMARY_HEADER_LENGTH ||
      bytes[start]! > MAX_APID_HIGH_BYTE ||
      packetLength(bytes, start) !== length
    ) {
      return -2;
    }
    if (length > limit - at) {
      return -1;
    }
    let out = at;
    for (let i = start; i < end; i++) {
      bytes[out++] = bytes[i]!;
    }
    return out;
  }
}
