/** A board's keys and counters in a folder, each record a file: what the non-volatile storage is on a board. */
import { chmodSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SecurityStore } from "../modules/security/security-store.js";
import { keepFile, keepFolder } from "./kept-file.js";
import { makeFolder } from "./make-folder.js";
import { ProcessLock } from "./process-lock.js";

const OWN_FOLDER = 0o700;
/** Rights of a group and of all others. */
const OTHERS = 0o077;
/** As `SecurityStore.load` has it: no name leads out of the folder. */
const NAME = /^[A-Za-z0-9]{1,15}$/;
const LOCK = ".lock";

export class FolderStore implements SecurityStore {
  readonly #folder: string;
  readonly #lock: ProcessLock;

  /**
   * Makes the folder where there is none. It is this process's until `close`.
   * @throws LockedError when another process uses it; Error when others may read it; what the system throws
   */
  constructor(folder: string) {
    this.#folder = folder;
    if (makeFolder(folder, OWN_FOLDER)) {
      // The process may have a mask of its own.
      chmodSync(folder, OWN_FOLDER);
    } else {
      refuseOthers(folder);
    }
    this.#lock = new ProcessLock(join(folder, LOCK), folder, "one simulator for each folder of keys");
  }

  load(name: string): Uint8Array | undefined {
    try {
      return Uint8Array.from(readFileSync(this.#path(name)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") {
        return undefined;
      }
      throw error;
    }
  }

  save(name: string, octets: Uint8Array): void {
    keepFile(this.#path(name), octets);
  }

  erase(name: string): void {
    rmSync(this.#path(name), { force: true });
    keepFolder(this.#folder);
  }

  /** Of the records that are there. */
  names(): readonly string[] {
    return readdirSync(this.#folder).filter((name) => NAME.test(name));
  }

  /** Lets other processes use the folder. Idempotent. */
  close(): void {
    this.#lock.release();
  }

  /** @throws RangeError for no such name */
  #path(name: string): string {
    if (!NAME.test(name)) {
      throw new RangeError(`name must be 1 to 15 letters and digits, not "${name}"`);
    }
    return join(this.#folder, name);
  }
}

/** As with a sender's key file. A folder of another user is that user's to protect; Windows has no such modes. */
function refuseOthers(folder: string): void {
  const { mode, uid } = statSync(folder);
  if (process.platform !== "win32" && uid === process.getuid?.() && (mode & OTHERS) !== 0) {
    throw new Error(`others may read ${folder}, where a board's keys are: chmod 700 ${folder}`);
  }
}
