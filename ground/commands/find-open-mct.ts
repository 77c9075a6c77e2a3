/** Where the npm package `openmct` is: beside flatlink, or in the folder that it is run in. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../../host/command.js";

/** Seen to work. */
export const OPEN_MCT_VERSION = "4.2.0";

/**
 * @param folders where it may be installed
 * @returns its files for browsers
 * @throws UsageError that says what to install
 */
export function findOpenMct(
  folders: readonly (string | URL)[] = [import.meta.url, pathToFileURL(`${process.cwd()}/`)],
): URL {
  for (const folder of folders) {
    try {
      return pathToFileURL(`${dirname(createRequire(folder).resolve("openmct"))}/`);
    } catch {
      // Perhaps in the next.
    }
  }
  throw new UsageError(
    `--openmct needs Open MCT, which is not installed: npm install --save-dev openmct@${OPEN_MCT_VERSION}`,
  );
}
