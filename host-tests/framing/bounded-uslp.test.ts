/**
 * In place of a model check, for USLP: every value of each field that says where something is, in a frame of which the
 * rest is good, in memory that tells of every access outside. Nothing throws, and every byte is accounted for.
 */
import test, { type ExecutionContext } from "ava";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { Driver } from "./driver.js";
import { GuardedMemory } from "./guarded-memory.js";
import { Random } from "./random.js";

const AREA = 8;
const ELSEWHERE = 8;
const LONGEST = 64;

/** A frame without a count and without error control, by rule 000: a whole packet, and the front of another one. */
const FRAME = Uint8Array.of(
  ...[0xc1, 0x23, 0x40, 0x00, 0x00, 24, 0x00],
  ...[0x00, 0x00, 0x00],
  ...[0x08, 0x42, 0xc0, 0, 0, 1, 0x11, 0x22],
  ...[0x08, 0x42, 0xc0, 1, 0, 3, 0x33],
);
const RULE = 7;
const POINTER = 8;

class Cell {
  readonly #guarded: GuardedMemory;
  readonly #decoder;
  readonly #driver: Driver;
  readonly #area: [number, number];
  readonly #staging: number;
  #fed = 0;
  packets = 0;
  readonly #sink = {
    accept: (bytes: Uint8Array, start: number, end: number) => {
      // The sink may read its packet, and no more is said of it.
      this.packets++;
      return end > start && bytes[start] !== undefined && bytes[end - 1] !== undefined;
    },
  };

  constructor() {
    const framing = uslp({ spacecraftId: 0x1234, frameErrorControl: false, maxPacketLength: 20, maxFrameLength: 40 });
    this.#area = [AREA, AREA + framing.decoderMemory];
    this.#staging = this.#area[1] + ELSEWHERE;
    this.#guarded = new GuardedMemory(this.#staging + LONGEST + 1 + ELSEWHERE);
    this.#decoder = framing.decoder(this.#guarded.memory, AREA);
    this.#driver = new Driver(this.#decoder, this.#guarded.memory, this.#sink);
  }

  feed(bytes: Uint8Array): void {
    const end = this.#staging + bytes.length;
    this.#guarded.bytes.set(bytes, this.#staging);
    this.#guarded.readable = [this.#area, [this.#staging, end + 1]];
    this.#guarded.writable = this.#guarded.readable;
    this.#driver.give(this.#staging, end);
    this.#fed += bytes.length;
  }

  /** Gives up on what is left. @returns what went wrong, if anything */
  finish(): string {
    this.#guarded.readable = [this.#area];
    this.#guarded.writable = [this.#area];
    this.#driver.late();
    const { frameBytes, droppedBytes, idleBytes } = this.#decoder.counters;
    const sum = frameBytes + droppedBytes + idleBytes + this.#decoder.pendingBytes;
    const wrong = [...this.#guarded.violations, ...(sum === this.#fed ? [] : [`${sum} bytes of ${this.#fed}`])];
    this.#driver.reset();
    this.#decoder.counters.clear();
    this.#guarded.violations.length = 0;
    this.#fed = 0;
    return wrong.join("; ");
  }
}

function tryAll(t: ExecutionContext, count: number, change: (frame: Uint8Array, value: number) => void): void {
  const cell = new Cell();
  for (let value = 0; value < count; value++) {
    const frame = FRAME.slice();
    change(frame, value);
    cell.feed(frame);
    cell.feed(FRAME.subarray(0, 11));
    cell.feed(FRAME.subarray(11));
    const wrong = cell.finish();
    if (wrong !== "") {
      t.fail(`value ${value}: ${wrong}`);
      return;
    }
  }
  t.true(cell.packets > 0);
}

function set16(at: number): (frame: Uint8Array, value: number) => void {
  return (frame, value) => {
    frame[at] = value >> 8;
    frame[at + 1] = value;
  };
}

test("USLP: every value of the frame length touches nothing outside.", (t) => {
  tryAll(t, 0x10000, set16(4));
});

test("USLP: every value of the first header pointer touches nothing outside.", (t) => {
  tryAll(t, 0x10000, set16(POINTER));
});

test("USLP: every value of the flags with every rule and protocol identifier touches nothing outside.", (t) => {
  tryAll(t, 0x10000, (frame, value) => {
    frame[6] = value >> 8;
    frame[RULE] = value;
  });
});

test("USLP: every identification touches nothing outside.", (t) => {
  tryAll(t, 0x10000, set16(2));
});

test("USLP: frames with random octets, in random chunks, touch nothing outside.", (t) => {
  const random = new Random(80);
  const cell = new Cell();
  for (let round = 0; round < 20_000; round++) {
    const frame = FRAME.slice();
    for (let change = random.below(4); change >= 0; change--) {
      frame[3 + random.below(frame.length - 3)] = random.below(256);
    }
    const split = random.below(frame.length);
    cell.feed(frame.subarray(0, split));
    cell.feed(frame.subarray(split));
    if (random.below(3) === 0) {
      const wrong = cell.finish();
      if (wrong !== "") {
        t.fail(`round ${round}: ${wrong}`);
        return;
      }
    }
  }
  t.true(cell.packets > 0);
});
