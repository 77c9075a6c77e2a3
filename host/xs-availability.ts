/** Whether this machine can run the XS worker, and if not, why. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export type XsAvailability =
  | {
      readonly available: true;
      readonly binary: string /** For example "xsnap 0.15.0 (XS 13.3.0)". */;
      readonly version: string;
    }
  | { readonly available: false /** One line, for people. */; readonly reason: string };

/** The folder that `@agoric/xsnap` builds into, by `process.platform`. */
const BUILD_FOLDERS: Record<string, string> = { linux: "lin", darwin: "mac" };

/** Looks for the worker's binary and runs it once. Takes some milliseconds. */
export function xsAvailability(): XsAvailability {
  let packageFolder: string;
  try {
    packageFolder = dirname(createRequire(import.meta.url).resolve("@agoric/xsnap/package.json"));
  } catch {
    return unavailable("the optional package @agoric/xsnap is not installed");
  }
  const folder = BUILD_FOLDERS[process.platform];
  if (folder === undefined) {
    return unavailable(`@agoric/xsnap has no XS for ${process.platform}`);
  }
  const binary = join(packageFolder, "xsnap-native", "xsnap", "build", "bin", folder, "release", "xsnap-worker");
  if (!existsSync(binary)) {
    return unavailable("@agoric/xsnap is installed, but was not built (that needs make and a C compiler)");
  }
  const { status, signal, stdout, error } = spawnSync(binary, ["-v"], { encoding: "utf8", timeout: 10_000 });
  if (error !== undefined || status !== 0) {
    return unavailable(`the XS worker does not run: ${error?.message ?? signal ?? `exit code ${status}`}`);
  }
  return { available: true, binary, version: stdout.trim() };
}

function unavailable(reason: string): XsAvailability {
  return { available: false, reason };
}
