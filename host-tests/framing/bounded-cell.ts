/** A decoder in guarded memory, for proofs by every short string there is. */
import type { ExecutionContext } from "ava";
import type { FrameDecoder, Framing } from "../../modules/framing/contract/framing.js";
import { Driver } from "./driver.js";
import { GuardedMemory } from "./guarded-memory.js";
import type { Decoded } from "./reference-decoders.js";

const AREA = 8;
const ELSEWHERE = 8;
const LONGEST = 16;

/** A decoder in guarded memory: between calls it may touch only its area, and the chunk with its sentinel. */
export class Cell {
  readonly packets: number[][] = [];
  readonly #guarded: GuardedMemory;
  readonly #decoder: FrameDecoder;
  readonly #driver: Driver;
  readonly #area: [number, number];
  readonly #staging: number;
  readonly #sink = {
    accept: (_bytes: Uint8Array, start: number, end: number) => {
      this.packets.push([...this.#guarded.bytes.slice(start, end)]);
      return true;
    },
  };

  constructor(framing: Framing) {
    this.#area = [AREA, AREA + framing.decoderMemory];
    this.#staging = this.#area[1] + ELSEWHERE;
    this.#guarded = new GuardedMemory(this.#staging + LONGEST + 1 + ELSEWHERE);
    this.#decoder = framing.decoder(this.#guarded.memory, AREA);
    this.#driver = new Driver(this.#decoder, this.#guarded.memory, this.#sink);
  }

  feed(stream: readonly number[], from: number, to: number): void {
    const end = this.#staging + to - from;
    this.#guarded.bytes.fill(0x18, this.#staging);
    for (let i = from; i < to; i++) {
      this.#guarded.bytes[this.#staging + i - from] = stream[i]!;
    }
    this.#guarded.readable = [this.#area, [this.#staging, end + 1]];
    this.#guarded.writable = this.#guarded.readable;
    this.#driver.give(this.#staging, end);
  }

  expire(): void {
    this.#guarded.readable = [this.#area];
    this.#guarded.writable = [this.#area];
    this.#driver.late();
  }

  /** What differs from what was expected, if anything; then empties the cell for the next stream. */
  difference(expected: Decoded): string | undefined {
    const { counters, pendingBytes } = this.#decoder;
    const { frames, frameBytes, droppedBytes, idleBytes } = counters;
    const counts = { frames, frameBytes, droppedBytes, idleBytes, pendingBytes, ...counters.byReason() };
    const { violations } = this.#guarded;
    const isAsExpected =
      violations.length === 0 && samePackets(this.packets, expected.packets) && sameCounts(counts, expected.counts);
    const found = isAsExpected
      ? undefined
      : `${JSON.stringify([this.packets, counts, violations])} instead of ${JSON.stringify([expected.packets, expected.counts])}`;
    this.packets.length = 0;
    violations.length = 0;
    this.#driver.reset();
    counters.clear();
    return found;
  }
}

// Text is made only of what differs: these are called half a million times.

function samePackets(found: readonly number[][], wanted: readonly number[][]): boolean {
  return (
    found.length === wanted.length &&
    found.every((packet, i) => {
      const other = wanted[i] as number[];
      return packet.length === other.length && packet.every((byte, at) => byte === other[at]);
    })
  );
}

function sameCounts(found: Record<string, number>, wanted: Record<string, number>): boolean {
  for (const name in wanted) {
    if (found[name] !== wanted[name]) {
      return false;
    }
  }
  return Object.keys(found).length === Object.keys(wanted).length;
}

/** Every byte string of at most `longest` bytes over the alphabet, the same array each time. */
export function forEachString(
  alphabet: readonly number[],
  longest: number,
  run: (string: readonly number[]) => boolean,
): number {
  let count = 0;
  const string: number[] = [];
  const extend = (): boolean => {
    count++;
    if (!run(string)) {
      return false;
    }
    if (string.length < longest) {
      for (const byte of alphabet) {
        string.push(byte);
        if (!extend()) {
          return false;
        }
        string.pop();
      }
    }
    return true;
  };
  extend();
  return count;
}

/** Every string at once, byte by byte and in halves. */
export function prove(
  t: ExecutionContext,
  framing: Framing,
  alphabet: readonly number[],
  longest: number,
  expectedOf: (string: readonly number[], expired: boolean) => Decoded,
): void {
  const cell = new Cell(framing);
  const count = forEachString(alphabet, longest, (string) => {
    const { length } = string;
    const expected = expectedOf(string, false);
    const differences: (string | undefined)[] = [];
    cell.feed(string, 0, length);
    differences.push(cell.difference(expected));
    for (let i = 0; i < length; i++) {
      cell.feed(string, i, i + 1);
    }
    differences.push(cell.difference(expected));
    cell.feed(string, 0, length >> 1);
    cell.feed(string, length >> 1, length);
    cell.expire();
    differences.push(cell.difference(expectedOf(string, true)));
    const difference = differences.find((each) => each !== undefined);
    if (difference !== undefined) {
      t.fail(`[${string}]: ${difference}`);
    }
    return difference === undefined;
  });
  t.log(`${count} strings`);
  t.pass();
}
