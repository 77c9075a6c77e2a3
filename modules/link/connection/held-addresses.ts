/**
 * Addresses from which frames were forged, and how long clients that come from there get no place: so that whoever has no
 * key cannot take a board's time by checking what he makes up. Shared by all ports of a board, whose next port would be as
 * good for that.
 *
 * A fixed table. What it knows of an address outlives the connections that came from there, so that ten connections with one
 * forged frame each count as much as one with ten. Clients that have a place keep it.
 */
import { MAX_FORGERIES } from "../../framing/contract/frame-security.js";

/*
 * States of an address:
 *
 * UNKNOWN  it has no entry
 *   -> WATCHED  a frame was forged from there; of a full table, the entry is taken of whoever forged longest ago, of those
 *               that are not held where there is one
 * WATCHED  its clients get places
 *   -> HELD     MAX_FORGERIES frames were forged since it was held last
 *   -> UNKNOWN  no frame was forged for FORGET_MS; or its entry is needed
 * HELD     its clients get none: FIRST_HOLD_MS, each time twice as long, at most LONGEST_HOLD_MS
 *   -> HELD     MAX_FORGERIES frames more were forged, by clients that had a place before
 *   -> WATCHED  its time is over
 *   -> UNKNOWN  its entry is needed, and all others are held, too
 */

/** Addresses that are known at once. */
export const HELD_ADDRESSES = 8;
export const FIRST_HOLD_MS = 1000;
export const LONGEST_HOLD_MS = 60_000;
/** Without a forged frame for so long, an address is as good as any other. */
export const FORGET_MS = 600_000;

/** Of an entry, in its row. */
const FORGERIES = 0;
const FORGED_AT = 1;
const HELD_UNTIL = 2;
const HOLD_MS = 3;
const COLUMNS = 4;

export class HeldAddresses {
  /** When the last of those that are held will be let go, by the clock of whoever told of forgeries. */
  #until = Number.NEGATIVE_INFINITY;
  readonly #addresses: (string | undefined)[] = [];
  /**
   * For each address: frames forged since it was held last; when the last one was; how long it is held; how long it was held last
   * time, 0: it never was.
   */
  readonly #rows = new Float64Array(HELD_ADDRESSES * COLUMNS);

  /** @returns whether any address may be held */
  isHolding(now: number): boolean {
    return now < this.#until;
  }

  /** @returns whether a client that comes from there gets no place now */
  holds(address: string | undefined, now: number): boolean {
    const at = this.#find(address);
    return at >= 0 && now < this.#rows[at + HELD_UNTIL]!;
  }

  /**
   * A connection ended on which frames were forged.
   * @param address undefined: the platform did not tell; nobody can be held for it
   * @param frames how many
   */
  forged(address: string | undefined, frames: number, now: number): void {
    if (address === undefined) {
      return;
    }
    const rows = this.#rows;
    let at = this.#find(address);
    if (at < 0 || now - rows[at + FORGED_AT]! >= FORGET_MS) {
      at = at < 0 ? this.#take(now) : at;
      this.#addresses[at / COLUMNS] = address;
      rows.fill(0, at, at + COLUMNS);
    }
    rows[at + FORGED_AT] = now;
    rows[at + FORGERIES] = rows[at + FORGERIES]! + frames;
    if (rows[at + FORGERIES]! >= MAX_FORGERIES) {
      const last = rows[at + HOLD_MS]!;
      const hold = last === 0 ? FIRST_HOLD_MS : Math.min(2 * last, LONGEST_HOLD_MS);
      rows[at + FORGERIES] = 0;
      rows[at + HOLD_MS] = hold;
      rows[at + HELD_UNTIL] = now + hold;
      this.#until = Math.max(this.#until, now + hold);
    }
  }

  /** @returns where its row begins; negative: it has none */
  #find(address: string | undefined): number {
    return address === undefined ? -1 : this.#addresses.indexOf(address) * COLUMNS;
  }

  /** @returns a row for one address more */
  #take(now: number): number {
    const rows = this.#rows;
    if (this.#addresses.length < HELD_ADDRESSES) {
      return this.#addresses.length * COLUMNS;
    }
    let taken = 0;
    for (let at = COLUMNS; at < rows.length; at += COLUMNS) {
      const isHeld = now < rows[at + HELD_UNTIL]!;
      const takenIsHeld = now < rows[taken + HELD_UNTIL]!;
      if (isHeld === takenIsHeld ? rows[at + FORGED_AT]! < rows[taken + FORGED_AT]! : takenIsHeld) {
        taken = at;
      }
    }
    return taken;
  }
}
