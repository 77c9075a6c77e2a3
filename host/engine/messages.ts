/**
 * How Node and the XS worker talk: batches of small records, little-endian, written and read in one order.
 *
 * A record is its kind (u8), a number (u32: a listener, an endpoint or a timer), and what the kind needs: nothing, a
 * count (u32), a port (u16), text, or bytes. Text is UTF-16 code units, so that neither side needs a text decoder.
 */

/** From Node to the worker: what happened. */
export const EVENT_START = 1; // text: the configuration, JSON
export const EVENT_STOP = 2;
export const EVENT_TICK = 3;
export const EVENT_CONNECTED = 4; // count: the listener; port; text: the address
export const EVENT_DATA = 5; // bytes
export const EVENT_ACKNOWLEDGED = 6; // count
export const EVENT_ENDED = 7;
export const EVENT_FAILED = 8; // text: the system's name of it, or nothing
export const EVENT_OPENED = 9;

/** From the worker to Node: what to do. */
export const DO_LISTEN = 32; // port; text: the address, or nothing
export const DO_UNLISTEN = 33;
export const DO_CREDIT = 34; // count
export const DO_SEND = 35; // bytes
export const DO_NO_DELAY = 36; // count: 1 or 0
export const DO_CLOSE = 37;
export const DO_RESET = 38;
export const DO_START_TIMER = 39; // count: the interval in milliseconds
export const DO_STOP_TIMER = 40;
export const DO_DIAL = 41; // port; text: the address
/** In the middle of a turn, which goes on with the answer: what is kept of the security associations. */
export const ASK_LOAD = 48; // text: the name
export const ASK_SAVE = 49; // text: the name; bytes
export const ASK_ERASE = 50; // text: the name
export const TELL_STARTED = 64;
export const TELL_REPORT = 65; // text: JSON
export const TELL_FAILED = 66; // text: what was thrown, with its stack
export const TELL_AGAIN = 67; // turns wait: send a batch, even an empty one

/** Whether the worker waits for an answer. */
export function isQuestion(kind: number): boolean {
  return kind === DO_LISTEN || (kind >= ASK_LOAD && kind <= ASK_ERASE);
}

/** The answer to a question, in place of its kind: it was not done. */
export const ANSWER_FAILED = 0; // text: why

/** Builds a batch; the memory grows as needed and is used again after `take`. */
export class MessageWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  head(kind: number, number: number): void {
    this.#room(5);
    this.#bytes[this.#length] = kind;
    this.#view.setUint32(this.#length + 1, number, true);
    this.#length += 5;
  }

  u16(value: number): void {
    this.#room(2);
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  u32(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  f64(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  bytes(source: Uint8Array, start: number, end: number): void {
    this.u32(end - start);
    this.#room(end - start);
    this.#bytes.set(start === 0 && end === source.length ? source : source.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  text(value: string): void {
    this.u32(value.length);
    this.#room(value.length * 2);
    for (let index = 0; index < value.length; index++) {
      this.#view.setUint16(this.#length, value.charCodeAt(index), true);
      this.#length += 2;
    }
  }

  /** @returns the batch, a copy; the writer is empty again */
  take(): Uint8Array<ArrayBuffer> {
    const batch = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return batch;
  }

  #room(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) {
      return;
    }
    let capacity = this.#bytes.length * 2;
    while (capacity < needed) {
      capacity *= 2;
    }
    const bytes = new Uint8Array(capacity);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** Reads a batch in the order it was written. Both sides are ours: a record that does not fit throws. */
export class MessageReader {
  readonly all: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  /** Of the record that `next` began. */
  kind = 0;
  number = 0;
  /** The range of `all` that `bytes` read. */
  start = 0;
  end = 0;

  constructor(all: Uint8Array) {
    this.all = all;
    this.#view = new DataView(all.buffer, all.byteOffset, all.byteLength);
  }

  /** Reads the head of the next record. @returns false at the end of the batch */
  next(): boolean {
    if (this.#at >= this.all.length) {
      return false;
    }
    this.kind = this.#view.getUint8(this.#at);
    this.number = this.#view.getUint32(this.#at + 1, true);
    this.#at += 5;
    return true;
  }

  u16(): number {
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2, true);
  }

  u32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  f64(): number {
    this.#at += 8;
    return this.#view.getFloat64(this.#at - 8, true);
  }

  /** Sets `start` and `end`. */
  bytes(): void {
    const count = this.u32();
    this.start = this.#at;
    this.#at += count;
    this.end = this.#at;
  }

  text(): string {
    const count = this.u32();
    let value = "";
    for (let index = 0; index < count; index++) {
      value += String.fromCharCode(this.u16());
    }
    return value;
  }
}
