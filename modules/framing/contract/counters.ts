/**
 * Causes of rejection that are no damage on the way: what came was sound, and for somebody else, or not taken before the
 * stream ended.
 */
export const NO_DAMAGE: readonly string[] = Object.freeze(["skipped", "undelivered", "otherChannel", "otherKissType"]);

/**
 * What a decoder saw, in numbers that add up: every byte pushed is in exactly one of `frameBytes`,
 * `droppedBytes`, `idleBytes` or the decoder's `pendingBytes`.
 */
export class FramingCounters {
  /** Names of the causes of rejection, in the order of `rejected`. */
  readonly reasons: readonly string[];
  /** Rejections by cause: one per damaged frame, or per loss of synchronization where frames have no delimiter. */
  readonly rejected: number[];
  /** Packets delivered. */
  frames = 0;
  /** Stream bytes of the frames delivered, delimiters included. */
  frameBytes = 0;
  /** Stream bytes of everything rejected or skipped. */
  droppedBytes = 0;
  /** Delimiters with nothing between them, and frames of fill. */
  idleBytes = 0;

  constructor(reasons: readonly string[]) {
    this.reasons = reasons;
    this.rejected = reasons.map(() => 0);
  }

  reject(reason: number): void {
    this.rejected[reason] = this.rejected[reason]! + 1;
  }

  /** Rejections of every cause together. */
  get rejections(): number {
    let sum = 0;
    for (let i = 0; i < this.rejected.length; i++) {
      sum += this.rejected[i]!;
    }
    return sum;
  }

  /** Rejections by cause, those that happened: `{ frameTooLong: 2 }`. Allocates; for reports. */
  byReason(): Record<string, number> {
    const report: Record<string, number> = {};
    for (let i = 0; i < this.reasons.length; i++) {
      if (this.rejected[i]) {
        report[this.reasons[i]!] = this.rejected[i]!;
      }
    }
    return report;
  }

  clear(): void {
    this.frames = 0;
    this.frameBytes = 0;
    this.droppedBytes = 0;
    this.idleBytes = 0;
    this.rejected.fill(0);
  }
}
