/**
 * Areas of the fixed memory that sockets read into and write from.
 *
 * An ECMA-419 socket fills or sends a whole view, whatever its length, and a view made per call is garbage. So each
 * area keeps a ladder of views of 1, 2, 4 ... bytes, made once: any count is a sum of rungs.
 */
import type { FixedMemory } from "./fixed-memory.js";

/** `TransmitArea.send`: the socket has no connection any more. */
export const GONE = -1;

/** What an area needs of a socket. */
interface Reader {
  read(view: Uint8Array): number | undefined;
}
interface Writer {
  write(view: Uint8Array): number | undefined;
}

export function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value > 0 && (value & (value - 1)) === 0;
}

/**
 * Takes any count of bytes from a socket, in one piece.
 *
 * The rung of 2^k bytes stands at [2^k - 1, 2^(k+1) - 1), so that rungs follow each other: reading from the shortest
 * rung up, what came before only has to be moved up to the next rung where one in between is not used.
 */
export class ReceiveArea {
  /** Most bytes that one `receive` can take. */
  readonly capacity: number;
  /** The bytes received last: [start, end). The byte at `end` is the area's too, for a decoder's sentinel. */
  start = 0;
  end = 0;
  #bytes: Uint8Array;
  #base: number;
  #rungs: Uint8Array[] = [];

  /**
   * @param length bytes, a power of two from 8; one byte less can be received at once
   * @throws RangeError when it is none, or does not fit the memory
   */
  constructor(memory: FixedMemory, name: string, length: number) {
    if (!isPowerOfTwo(length) || length < 8) {
      throw new RangeError(`${name}: staging length must be a power of two from 8 bytes on, not ${length}`);
    }
    this.#bytes = memory.bytes;
    this.#base = memory.reserve(name, length);
    this.capacity = length - 1;
    for (let rung = 1; rung < length; rung *= 2) {
      this.#rungs.push(new Uint8Array(memory.buffer, this.#base + rung - 1, rung));
    }
  }

  /**
   * Reads exactly `count` bytes to [start, end); they are valid until the next call.
   * @param count 1 to `capacity`, and not more than the socket has
   * @throws what the socket throws, and when it has less: what stood here before must not pass for received
   */
  receive(socket: Reader, count: number): void {
    let received = 0;
    let end = this.#base;
    for (let k = 0, rung = 1; rung <= count; k++, rung *= 2) {
      if ((count & rung) === 0) {
        continue;
      }
      const next = this.#base + rung - 1;
      if (received > 0 && end !== next) {
        this.#bytes.copyWithin(next - received, end - received, end);
      }
      if (socket.read(this.#rungs[k]!) !== rung) {
        throw new Error("the socket has fewer bytes than it said");
      }
      received += rung;
      end = next + rung;
    }
    this.start = end - received;
    this.end = end;
  }
}

/** Holds what waits to be sent, from its first byte on, and sends any count of it. */
export class TransmitArea {
  /** Offset of the first byte waiting; frames are written from here. */
  readonly start: number;
  /** Behind the last byte of the area. */
  readonly limit: number;
  /** Bytes waiting. */
  pending = 0;
  #bytes: Uint8Array;
  #rungs: Uint8Array[] = [];

  /** @throws RangeError when it does not fit the memory */
  constructor(memory: FixedMemory, name: string, length: number) {
    this.#bytes = memory.bytes;
    this.start = memory.reserve(name, length);
    this.limit = this.start + length;
    for (let rung = 1; rung <= length; rung *= 2) {
      this.#rungs.push(new Uint8Array(memory.buffer, this.start, rung));
    }
  }

  /**
   * Sends the first `count` of the bytes waiting; the rest moves to the front.
   * @param count 1 to `pending`, and not more than the socket takes
   * @returns how many bytes the socket takes next; `GONE` when it says nothing: then it has not taken the last ones
   * @throws what the socket throws; `pending` then tells what was left
   */
  send(socket: Writer, count: number): number {
    let budget = 0;
    let left = count;
    for (let k = this.#rungs.length - 1; k >= 0; k--) {
      const rung = this.#rungs[k]!;
      const length = rung.length;
      if (length > left) {
        continue;
      }
      const room = socket.write(rung);
      if (room === undefined) {
        return GONE;
      }
      budget = room;
      left -= length;
      this.pending -= length;
      if (this.pending > 0) {
        this.#bytes.copyWithin(this.start, this.start + length, this.start + length + this.pending);
      }
      if (left >= length) {
        k++;
      }
    }
    return budget;
  }
}
