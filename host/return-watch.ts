/**
 * Tells of code that does not return to the event loop. Nothing in the thread of that code could, not even stop at Ctrl-C: so another
 * thread watches it, and writes to standard error by itself.
 */
import { Worker } from "node:worker_threads";

/** For `return-watchdog.ts`, the program of that thread. */
export interface Watched {
  /** One number, which the watched thread changes. */
  readonly beat: Int32Array;
  readonly limitMs: number;
  /** What is written when it stands still for so long. */
  readonly line: string;
}

/** Looks in the time after which code is said not to return: a machine that sleeps takes one of them at most. */
export const LOOKS = 10;
export const DEFAULT_LIMIT_MS = 10_000;

/** @param line is written, with the end of line, each time that the code of this thread has not returned for so long */
export function watchReturns(line: string, limitMs = DEFAULT_LIMIT_MS): void {
  const beat = new Int32Array(new SharedArrayBuffer(4));
  const workerData: Watched = { beat, limitMs, line };
  const options = { workerData, execArgv: [] };
  new Worker(new URL("./return-watchdog.js", import.meta.url), options).unref();
  setInterval(() => Atomics.add(beat, 0, 1), limitMs / LOOKS / 2).unref();
}
