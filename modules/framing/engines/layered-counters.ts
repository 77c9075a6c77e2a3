/** The counters of a decoder that is made of others: one account of what all of them saw. */
import { FramingCounters } from "../contract/counters.js";

/** One of the decoders, and where its causes are counted in the account. */
interface Part {
  readonly counters: FramingCounters;
  /** Number of each of its causes in the account; -1: not counted. */
  readonly places: readonly number[];
}

/**
 * Stream bytes are those of the part that is given first, packets those of the part given last. Where names of causes are
 * the same, they are counted together.
 */
export class LayeredCounters extends FramingCounters {
  /** Causes of the layer itself, in the order of `ownReasons`. */
  readonly own: number[];
  #parts: readonly Part[];
  /** Stream bytes of frames that were fill. */
  #fillBytes = 0;
  /** Bytes of all frames in front of the one delivered last, when that is fill; else -1. */
  #fillFrom = -1;

  /**
   * @param ownReasons causes that the layer itself counts, in `own`
   * @param parts the decoders' counters, each with other names for its causes; an empty name: not counted
   */
  constructor(
    ownReasons: readonly string[],
    parts: readonly (readonly [counters: FramingCounters, names: Readonly<Record<string, string>>])[],
  ) {
    const reasons = [...ownReasons];
    const joined = parts.map(([counters, names]) => ({
      counters,
      places: counters.reasons.map((reason) => {
        const name = names[reason] ?? reason;
        if (name !== "" && !reasons.includes(name)) {
          reasons.push(name);
        }
        return reasons.indexOf(name);
      }),
    }));
    super(Object.freeze(reasons));
    this.own = ownReasons.map(() => 0);
    this.#parts = joined;
  }

  /**
   * The stream's decoder delivers a frame, which it counts when that is over.
   * @param isFill it means nothing: its bytes are idle
   */
  begin(isFill: boolean): void {
    this.#settle();
    if (isFill) {
      this.#fillFrom = this.#parts[0]!.counters.frameBytes;
    }
  }

  /** Counts a cause of the layer itself. @returns false, for whoever takes nothing because of it */
  tally(reason: number): false {
    this.own[reason] = this.own[reason]! + 1;
    return false;
  }

  /** Takes over what the parts have counted. */
  update(): void {
    this.#settle();
    const { own, rejected } = this;
    const parts = this.#parts;
    for (let i = 0; i < rejected.length; i++) {
      rejected[i] = i < own.length ? own[i]! : 0;
    }
    for (let k = 0; k < parts.length; k++) {
      const { counters, places } = parts[k]!;
      for (let i = 0; i < places.length; i++) {
        const place = places[i]!;
        if (place >= 0) {
          rejected[place] = rejected[place]! + counters.rejected[i]!;
        }
      }
    }
    const stream = parts[0]!.counters;
    this.frameBytes = stream.frameBytes - this.#fillBytes;
    this.droppedBytes = stream.droppedBytes;
    this.idleBytes = stream.idleBytes + this.#fillBytes;
    this.frames = parts[parts.length - 1]!.counters.frames;
  }

  #settle(): void {
    if (this.#fillFrom >= 0) {
      this.#fillBytes += this.#parts[0]!.counters.frameBytes - this.#fillFrom;
      this.#fillFrom = -1;
    }
  }

  override clear(): void {
    const parts = this.#parts;
    for (let k = 0; k < parts.length; k++) {
      parts[k]!.counters.clear();
    }
    this.own.fill(0);
    this.#fillBytes = 0;
    this.#fillFrom = -1;
    super.clear();
  }
}
