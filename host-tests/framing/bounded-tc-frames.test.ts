/**
 * In place of a model check, for TC transfer frames: every value of each field that says where something is, in a frame of
 * which the rest is good, in memory that tells of every access outside. Nothing throws, and every byte is accounted for.
 */
import test, { type ExecutionContext } from "ava";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { Driver } from "./driver.js";
import { GuardedMemory } from "./guarded-memory.js";
import { Random } from "./random.js";

const AREA = 8;
const ELSEWHERE = 8;
const LONGEST = 64;

/** A frame with a segment header and without error control: two packets, one of them idle. */
const FRAME = Uint8Array.of(
  ...[0x20, 0xab, 0x00, 23, 0x00, 0xc3],
  ...[0x18, 0x42, 0xc0, 0, 0, 1, 0x11, 0x22],
  ...[0x07, 0xff, 0xc0, 1, 0, 3, 0x33, 0x33, 0x33, 0x33],
);
const FIRST_LENGTH = 10;

class Cell {
  readonly #guarded: GuardedMemory;
  readonly #decoder;
  readonly #driver: Driver;
  readonly #area: [number, number];
  readonly #staging: number;
  #fed = 0;
  packets = 0;

  constructor() {
    const options = { spacecraftId: 0xab, mapId: 3, frameErrorControl: false, maxPacketLength: 20, maxFrameLength: 40 };
    const framing = tcFrames(options);
    this.#area = [AREA, AREA + framing.decoderMemory];
    this.#staging = this.#area[1] + ELSEWHERE;
    this.#guarded = new GuardedMemory(this.#staging + LONGEST + 1 + ELSEWHERE);
    this.#decoder = framing.decoder(this.#guarded.memory, AREA);
    this.#driver = new Driver(this.#decoder, this.#guarded.memory, {
      accept: (bytes: Uint8Array, start: number, end: number) => {
        this.packets++;
        return end > start && bytes[start] !== undefined && bytes[end - 1] !== undefined;
      },
    });
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

function tryAll(t: ExecutionContext, at: number): void {
  const cell = new Cell();
  for (let value = 0; value < 0x10000; value++) {
    const frame = FRAME.slice();
    frame[at] = value >> 8;
    frame[at + 1] = value;
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

for (const [what, at] of [
  ["the flags and the spacecraft ID", 0],
  ["the virtual channel and the frame length", 2],
  ["the sequence number and the segment header", 4],
  ["a packet's length", FIRST_LENGTH],
] as const) {
  test(`TC transfer frames: every value of ${what} touches nothing outside.`, (t) => {
    tryAll(t, at);
  });
}

test("TC transfer frames: frames with random octets, in random chunks, touch nothing outside.", (t) => {
  const random = new Random(80);
  const cell = new Cell();
  for (let round = 0; round < 20_000; round++) {
    const frame = FRAME.slice();
    for (let change = random.below(4); change >= 0; change--) {
      frame[2 + random.below(frame.length - 2)] = random.below(256);
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
