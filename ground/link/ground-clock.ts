/** Time, as ground software asks for it. */
import { nodeSystem } from "../../host/node-system.js";
import type { Clock, Ticker } from "../../modules/link/connection/io.js";

/** A test or a simulation hands in one of its own, in which time passes when it says so. */
export interface GroundClock {
  /** Milliseconds since any moment; never goes back. */
  now(): number;
  /** Calls back once, after so many milliseconds, and never before this returns. @returns what takes that back */
  after(delayMs: number, callback: () => void): () => void;
  /** Calls back again and again, each time after so many milliseconds. @returns what ends that */
  every(intervalMs: number, callback: () => void): () => void;
}

/** The computer's. */
export const groundClock: GroundClock = {
  now: () => performance.now(),
  after: nodeSystem.after,
  every(intervalMs, callback) {
    const timer = setInterval(callback, intervalMs);
    return () => clearInterval(timer);
  },
};

/** The same as the link asks for it. */
export function linkTime(clock: GroundClock): { clock: Clock; ticker: Ticker } {
  return {
    clock: () => clock.now(),
    ticker: { start: (intervalMs, callback) => ({ stop: clock.every(intervalMs, callback) }) },
  };
}
