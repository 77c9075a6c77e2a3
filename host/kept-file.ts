/** Files that a loss of power leaves whole: as they were, or as they were to be. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Others may neither read nor write. Windows has no such modes. */
const OWN_FILE = 0o600;

/**
 * Puts octets in place of a file: into a new one first, which then takes its name. Returns when they are kept, also over a loss
 * of power. One process at a time may do so.
 * @throws what the system throws; the file is as it was then
 */
export function keepFile(path: string, octets: Uint8Array): void {
  const fresh = `${path}.new`;
  // Whoever was cut short may have left one. It is not written into: it may be somebody else's, or a link.
  rmSync(fresh, { force: true });
  try {
    createFile(fresh, octets);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  keepFolder(dirname(path));
}

/**
 * Writes a file that was not there.
 * @throws what the system throws: EEXIST when it is there
 */
export function createFile(path: string, octets: Uint8Array): void {
  const descriptor = openSync(path, "wx", OWN_FILE);
  try {
    for (let at = 0; at < octets.length; ) {
      at += writeSync(descriptor, octets, at);
    }
    fsyncSync(descriptor);
  } catch (error) {
    // A part of it would be taken for the whole.
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** The names of a folder are kept over a loss of power, too. Windows opens no folder, and sees to it by itself. */
export function keepFolder(folder: string): void {
  if (process.platform === "win32") {
    return;
  }
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
