/** One station writes an archive: the lock is a transaction that is never ended, which the operating system ends with the process. */
import { openDatabase } from "./database.js";

/** Beside the archive's file. */
const SUFFIX = "-lock";

export interface Lock {
  close(): unknown;
}

/**
 * @returns what is to be closed when nobody writes any more
 * @throws Error when another process has it
 */
export function lockFile(file: string): Lock {
  const lock = openDatabase(`${file}${SUFFIX}`);
  try {
    lock.exec("PRAGMA busy_timeout = 0");
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    const { message } = error as Error;
    throw new Error(/lock|busy/i.test(message) ? "another station writes it" : message);
  }
  return lock;
}
