/** The baseline of framings that know or say a frame's length: one loop, one byte at a time, as in `byte-wise.ts`. */
import { crc16 } from "../../modules/ccsds/crc16.js";
import type { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import type { ByteWiseDecoder, ByteWiseEncoder } from "./byte-wise.js";

/** How the frames of one framing look. */
export interface FrameShape {
  readonly maxFrameLength: number;
  /** Bytes in front of the packet, and behind it. */
  readonly leading: number;
  readonly trailing: number;
  /** Whether its last two bytes are the CRC-16 of a frame. */
  readonly crc: boolean;
  /** Bytes in front of the packet in the frame at hand, where they are not always as many. */
  leadingOf?(bytes: Uint8Array, at: number): number;
  /** Length of the frame of which so many bytes, from `at` on, have come; 0: not known yet; -1: it is none. */
  lengthOf(bytes: Uint8Array, at: number, available: number): number;
  /** Writes what stands around the packet, in the frame of that length. */
  write(bytes: Uint8Array, at: number, length: number): void;
}

export class ByteWiseCountedDecoder implements ByteWiseDecoder {
  rejected = 0;
  readonly #bytes: Uint8Array;
  readonly #area: number;
  readonly #shape: FrameShape;
  #out: number;
  /** Length of the frame at hand; 0: not known yet. */
  #length = 0;

  constructor(memory: FixedMemory, shape: FrameShape) {
    this.#bytes = memory.bytes;
    this.#shape = shape;
    this.#area = memory.reserve("byte-wise decoder", shape.maxFrameLength);
    this.#out = this.#area;
  }

  push(start: number, end: number, sink: PacketSink): void {
    const bytes = this.#bytes;
    const shape = this.#shape;
    const area = this.#area;
    let out = this.#out;
    let length = this.#length;
    for (let at = start; at < end; at++) {
      bytes[out++] = bytes[at]!;
      if (length === 0) {
        length = shape.lengthOf(bytes, area, out - area);
        if (length < 0) {
          this.rejected++;
          bytes.copyWithin(area, area + 1, out);
          out--;
          length = 0;
        }
      } else if (out - area === length) {
        if (shape.crc && crc16(bytes, area, out) !== 0) {
          this.rejected++;
        } else {
          const leading = shape.leadingOf?.(bytes, area) ?? shape.leading;
          sink.accept(bytes, area + leading, out - shape.trailing, 0);
        }
        out = area;
        length = 0;
      }
    }
    this.#out = out;
    this.#length = length;
  }
}

export class ByteWiseCountedEncoder implements ByteWiseEncoder {
  readonly #bytes: Uint8Array;
  readonly #shape: FrameShape;

  constructor(memory: FixedMemory, shape: FrameShape) {
    this.#bytes = memory.bytes;
    this.#shape = shape;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const bytes = this.#bytes;
    const { leading, trailing } = this.#shape;
    const length = leading + end - start + trailing;
    if (length > limit - at) {
      return -1;
    }
    let out = at + leading;
    for (let i = start; i < end; i++) {
      bytes[out++] = bytes[i]!;
    }
    this.#shape.write(bytes, at, length);
    return at + length;
  }
}
