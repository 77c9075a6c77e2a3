/**
 * Makes folders. Node's `mkdir` with `recursive` never returns where the system makes none though the folder above is there, as
 * in /proc.
 */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder, and those that it is in.
 * @param mode of each
 * @returns false: it was there
 * @throws Error when something else has the name; what the system throws
 */
export function makeFolder(path: string, mode = 0o777): boolean {
  try {
    mkdirSync(path, mode);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") {
      if (statSync(path).isDirectory()) {
        return false;
      }
      throw new Error(`${path} is no folder`);
    }
    const above = dirname(path);
    if (code !== "ENOENT" || above === path || existsSync(above)) {
      throw error;
    }
    makeFolder(above, mode);
    mkdirSync(path, mode);
    return true;
  }
}
