/**
 * What a framing did not take for packets, octet by octet. A decoder counts what it rejects and keeps none of it; so this keeps a copy of
 * what the decoder has not counted yet, and looks at the counters behind each answer. The decoder itself is not changed.
 */
import type { FramingCounters } from "../../modules/framing/contract/counters.js";
import {
  type Answer,
  type FrameDecoder,
  type Framing,
  PACKET,
  type StreamBar,
} from "../../modules/framing/contract/framing.js";
import type { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { Receipt } from "../../modules/tmtc/contracts.js";

/** Octets of one rejection that are kept: enough to see what they are. */
export const MAX_KEPT = 256;

/** Octets that follow one another and are no packet. */
export interface RejectedBytes {
  /** Octets of the stream in front of them. */
  readonly offset: number;
  /** How many; fill between them counts. 0: what is wrong is inside of a frame that was sound. */
  readonly length: number;
  /** The first of them. */
  readonly bytes: Uint8Array;
  /** How often each cause was counted with them. None: they are more of what was rejected before. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Packets that the decoders of this framing have delivered before, over all streams. */
  readonly packets: number;
}

/** @returns the same framing; `tell` is called from within its decoders */
export function watchRejected(framing: Framing, tell: (rejected: RejectedBytes) => void): Framing {
  const decoder: Framing["decoder"] = (memory, area, check, badFrames) =>
    new WatchedDecoder(framing.decoder(memory, area, check, badFrames), memory, tell);
  return { ...framing, decoder };
}

class WatchedDecoder implements FrameDecoder {
  readonly #decoder: FrameDecoder;
  readonly #memory: FixedMemory;
  readonly #tell: (rejected: RejectedBytes) => void;
  /** What the decoder has and has not counted, as it came. */
  #pending: Uint8Array = new Uint8Array(0);
  /** Octets of the stream in front of that. */
  #offset = 0;
  #packets = 0;
  #answer: Answer | undefined;

  constructor(decoder: FrameDecoder, memory: FixedMemory, tell: (rejected: RejectedBytes) => void) {
    this.#decoder = decoder;
    this.#memory = memory;
    this.#tell = tell;
  }

  get counters(): FramingCounters {
    return this.#decoder.counters;
  }

  get pendingBytes(): number {
    return this.#decoder.pendingBytes;
  }

  get packetStart(): number {
    return this.#decoder.packetStart;
  }

  get packetEnd(): number {
    return this.#decoder.packetEnd;
  }

  get kind(): number {
    return this.#decoder.kind;
  }

  get receipt(): Receipt | undefined {
    return this.#decoder.receipt;
  }

  get bar(): StreamBar | undefined {
    return this.#decoder.bar;
  }

  give(start: number, end: number): void {
    // The decoder unwraps frames where they stand.
    const given = this.#memory.bytes.subarray(start, end);
    this.#pending = this.#pending.length === 0 ? given.slice() : Buffer.concat([this.#pending, given]);
    this.#watch(() => this.#decoder.give(start, end));
  }

  next(): Answer {
    const answer = this.#watch(() => this.#decoder.next());
    this.#answer = answer;
    this.#packets += answer === PACKET ? 1 : 0;
    return answer;
  }

  late(closing?: boolean, recent?: number): void {
    this.#watch(() => this.#decoder.late(closing, recent));
  }

  reset(): void {
    if (this.#answer === PACKET) {
      // Nobody took it.
      this.#packets--;
    }
    this.#answer = undefined;
    this.#watch(() => this.#decoder.reset());
    this.#pending = new Uint8Array(0);
    this.#offset = 0;
  }

  /** What the decoder counts stands in this order: the packet that was taken, what was rejected, what it answers now. */
  #watch<Result>(work: () => Result): Result {
    const packets = this.#packets;
    const before = this.#decoder.counters;
    const { frameBytes, droppedBytes, idleBytes } = before;
    const rejected = [...before.rejected];
    const result = work();
    const after = this.#decoder.counters;
    const taken = after.frameBytes - frameBytes;
    const idle = after.idleBytes - idleBytes;
    const dropped = after.droppedBytes - droppedBytes;
    if (dropped > 0 || rejected.some((n, k) => n !== after.rejected[k])) {
      const length = dropped > 0 ? dropped + idle : 0;
      const bytes = new Uint8Array(this.#pending.subarray(taken, taken + Math.min(length, MAX_KEPT)));
      const counts = after.reasons.map((reason, k) => [reason, after.rejected[k]! - rejected[k]!] as const);
      const reasons = Object.fromEntries(counts.filter(([, n]) => n > 0));
      this.#tell({ offset: this.#offset + taken, length, bytes, reasons, packets });
    }
    const counted = taken + idle + dropped;
    this.#pending = this.#pending.subarray(counted);
    this.#offset += counted;
    return result;
  }
}
