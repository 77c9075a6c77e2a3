/** One sender at a time for each key: two would use an IV twice, and AES-GCM gives everything away then. */
import { basename } from "node:path";
import { LockedError, ProcessLock } from "../../host/process-lock.js";
import { KeyError } from "./key-error.js";

/** @throws KeyError when another process, or this one, sends with the key */
export function lockKey(file: string): ProcessLock {
  try {
    return new ProcessLock(`${file}.lock`, basename(file), "one sender for each key");
  } catch (error) {
    const message = (error as Error).message;
    throw new KeyError(error instanceof LockedError ? message : `${file} cannot be locked: ${message}`);
  }
}
