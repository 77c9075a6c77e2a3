/** Writing to a serial line, which may be full for a moment. */
import { writeSync } from "node:fs";
import { KeyError } from "./key-error.js";

/** Between two attempts. */
const PAUSE_MS = 10;

/**
 * Writes to a descriptor that does not wait: what does not fit is tried again.
 * @param name of it, for messages
 * @param patienceMs as long as none of it is taken
 * @throws KeyError
 */
export function writeAll(descriptor: number, octets: Uint8Array, name: string, patienceMs: number): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let takenAt = performance.now();
  for (let at = 0; at < octets.length; ) {
    try {
      at += writeSync(descriptor, octets, at);
      takenAt = performance.now();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") {
        throw new KeyError(`${name}: ${(error as Error).message}`);
      }
      if (performance.now() - takenAt >= patienceMs) {
        throw new KeyError(`${name} takes nothing: is another program at it, or does it wait for a handshake?`);
      }
      Atomics.wait(pause, 0, 0, PAUSE_MS);
    }
  }
}
