/** The baselines of SLIP and of lines, one byte at a time, in the manner of `byte-wise.ts`. */
import type { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import type { ByteWiseDecoder, ByteWiseEncoder } from "./byte-wise.js";

const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;
const CR = 0x0d;
const LF = 0x0a;

export class ByteWiseSlipDecoder implements ByteWiseDecoder {
  rejected = 0;
  readonly #bytes: Uint8Array;
  readonly #area: number;
  readonly #limit: number;
  #out: number;
  #escaped = false;
  #damaged = false;

  constructor(memory: FixedMemory, maxPacketLength: number) {
    this.#bytes = memory.bytes;
    this.#area = memory.reserve("byte-wise SLIP decoder", maxPacketLength + 1);
    this.#limit = this.#area + maxPacketLength;
    this.#out = this.#area;
  }

  push(start: number, end: number, sink: PacketSink): void {
    const bytes = this.#bytes;
    const area = this.#area;
    const limit = this.#limit;
    let out = this.#out;
    let escaped = this.#escaped;
    let damaged = this.#damaged;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === END) {
        if (damaged || escaped || out > limit) {
          this.rejected++;
        } else if (out > area) {
          sink.accept(bytes, area, out, 0);
        }
        out = area;
        escaped = damaged = false;
      } else if (out > limit) {
        damaged = true;
      } else if (escaped) {
        escaped = false;
        if (byte === ESC_END) {
          bytes[out++] = END;
        } else if (byte === ESC_ESC) {
          bytes[out++] = ESC;
        } else {
          damaged = true;
        }
      } else if (byte === ESC) {
        escaped = true;
      } else {
        bytes[out++] = byte;
      }
    }
    this.#out = out;
    this.#escaped = escaped;
    this.#damaged = damaged;
  }
}

export class ByteWiseSlipEncoder implements ByteWiseEncoder {
  readonly #bytes: Uint8Array;

  constructor(memory: FixedMemory) {
    this.#bytes = memory.bytes;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const bytes = this.#bytes;
    let out = at;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      // Room for an escape, and for the END.
      if (out + 2 >= limit) {
        return -1;
      }
      if (byte === END) {
        bytes[out++] = ESC;
        bytes[out++] = ESC_END;
      } else if (byte === ESC) {
        bytes[out++] = ESC;
        bytes[out++] = ESC_ESC;
      } else {
        bytes[out++] = byte;
      }
    }
    bytes[out++] = END;
    return out;
  }
}

/** Lines that end with CR LF. */
export class ByteWiseLineDecoder implements ByteWiseDecoder {
  rejected = 0;
  readonly #bytes: Uint8Array;
  readonly #area: number;
  readonly #limit: number;
  #out: number;
  #damaged = false;

  constructor(memory: FixedMemory, maxPacketLength: number) {
    this.#bytes = memory.bytes;
    this.#area = memory.reserve("byte-wise line decoder", maxPacketLength + 2);
    this.#limit = this.#area + maxPacketLength + 1;
    this.#out = this.#area;
  }

  push(start: number, end: number, sink: PacketSink): void {
    const bytes = this.#bytes;
    const area = this.#area;
    const limit = this.#limit;
    let out = this.#out;
    let damaged = this.#damaged;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === LF && out > area && bytes[out - 1] === CR) {
        if (damaged) {
          this.rejected++;
        } else if (out > area + 1) {
          sink.accept(bytes, area, out - 1, 0);
        }
        out = area;
        damaged = false;
      } else if (out > limit) {
        damaged = true;
        bytes[out - 1] = byte;
      } else {
        bytes[out++] = byte;
      }
    }
    this.#out = out;
    this.#damaged = damaged;
  }
}

export class ByteWiseLineEncoder implements ByteWiseEncoder {
  readonly #bytes: Uint8Array;

  constructor(memory: FixedMemory) {
    this.#bytes = memory.bytes;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const bytes = this.#bytes;
    if (end - start + 2 > limit - at) {
      return -1;
    }
    let out = at;
    let last = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === LF && last === CR) {
        return -2;
      }
      bytes[out++] = byte;
      last = byte;
    }
    bytes[out++] = CR;
    bytes[out++] = LF;
    return out;
  }
}
