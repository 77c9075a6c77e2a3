/** A memory that tells of every access outside the ranges allowed: nothing is inferred from what came out. */
import { FixedMemory } from "../../modules/memory/fixed-memory.js";

type Range = readonly [start: number, end: number];

export class GuardedMemory {
  readonly memory: FixedMemory;
  /** The same bytes, to be used by the test. */
  readonly bytes: Uint8Array;
  readable: readonly Range[] = [];
  writable: readonly Range[] = [];
  /** Every access that was not allowed; the access itself goes on, so that whoever made it cannot hide the error. */
  readonly violations: string[] = [];

  constructor(capacity: number) {
    const memory = new FixedMemory(capacity);
    this.bytes = memory.bytes;
    this.memory = memory;
    const bytes = this.#guard(memory.bytes, 1);
    const words = this.#guard(memory.words, 4);
    Object.assign(memory, { bytes, words });
  }

  #check(ranges: readonly Range[], what: string, start: number, end: number): void {
    // Every access comes here, millions of times.
    for (let i = 0; i < ranges.length; i++) {
      const range = ranges[i] as Range;
      if (range[0] <= start && end <= range[1]) {
        return;
      }
    }
    if (start < end) {
      this.violations.push(`${what} of [${start}, ${end})`);
    }
  }

  /** A word may be read when one of its bytes may be: it never crosses the memory's end. */
  #checkWord(at: number): void {
    if (!this.readable.some(([from, to]) => from < at + 4 && at < to)) {
      this.violations.push(`read of the word at ${at}`);
    }
  }

  #guard<View extends Uint8Array | Int32Array>(view: View, unit: 1 | 4): View {
    const methods: Record<string, unknown> = {
      copyWithin: (target: number, start: number, end: number) => {
        this.#check(this.readable, "read", start, end);
        this.#check(this.writable, "write", target, target + end - start);
        view.copyWithin(target, start, end);
      },
    };
    return new Proxy(view, {
      get: (_target, key) => {
        const index = typeof key === "string" ? Number(key) : Number.NaN;
        if (Number.isNaN(index)) {
          const method = methods[String(key)];
          if (method === undefined) {
            throw new Error(`${String(key)} is not guarded`);
          }
          return method;
        }
        if (unit === 1) {
          this.#check(this.readable, "read", index, index + 1);
        } else {
          this.#checkWord(index * 4);
        }
        return view[index];
      },
      set: (_target, key, value: number) => {
        const index = Number(key);
        this.#check(this.writable, "write", index * unit, (index + 1) * unit);
        view[index] = value;
        return true;
      },
    });
  }
}
