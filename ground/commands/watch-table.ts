/** The values that `flatlink watch` shows: the last of each parameter, when it came, and whether it is another one than before. */
import type { DecodedValue } from "../dictionary/decoded-value.js";
import { describeValue } from "../dictionary/describe.js";
import type { Row } from "./screen.js";

/** A value that changed is lit for so long. */
export const LIT_MS = 1000;

interface Entry {
  text: string;
  value: DecodedValue;
  /** UNIX milliseconds. */
  came: number;
  changed: number;
}

export class WatchTable {
  readonly #entries = new Map<string, Entry>();
  readonly #isWanted: (name: string) => boolean;

  /** @param isWanted which parameters are shown; by name */
  constructor(isWanted: (name: string) => boolean = () => true) {
    this.#isWanted = isWanted;
  }

  /** @returns whether it is another one than before; the first is. False for one that is not wanted */
  put(value: DecodedValue, now: number): boolean {
    const { name } = value;
    if (!this.#isWanted(name)) {
      return false;
    }
    const text = describeValue(value);
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      // Nobody saw it change.
      this.#entries.set(name, { text, value, came: now, changed: Number.NEGATIVE_INFINITY });
      return true;
    }
    const isChanged = entry.text !== text;
    this.#entries.set(name, { text, value, came: now, changed: isChanged ? now : entry.changed });
    return isChanged;
  }

  /** In the order in which they came first. */
  rows(now: number): Row[] {
    return [...this.#entries].map(([name, { text, value, came, changed }]) => ({
      name,
      value: text,
      limit: value.limit,
      ageMs: now - came,
      isChanged: now - changed < LIT_MS,
    }));
  }
}
