/** Whether this machine can run the XS worker, and if not, why. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export type XsAvailability =
  | {
      readonly available: true;
      readonly binary: string /** For example "xsnap 0.15.0 (XS 13.3.0)". */;
      readonly version: string;
    }
  | { readonly available: false /** One line, for people. */; readonly reason: string };

const PACKAGE = "@agoric/xsnap";
const NEEDS = "with Node 20 or 22, make and a C compiler";
/** Of this package: it names the version. */
const MANIFEST = fileURLToPath(new URL("../../package.json", import.meta.url));

/** The folder that `@agoric/xsnap` builds into, by `process.platform`. */
const BUILD_FOLDERS: Record<string, string> = { linux: "lin", darwin: "mac" };

/** Looks for the worker's binary and runs it once. Takes some milliseconds. */
export function xsAvailability(): XsAvailability {
  const folder = BUILD_FOLDERS[process.platform];
  if (folder === undefined) {
    return unavailable(`${PACKAGE} has no XS for ${process.platform}`);
  }
  let packageFolder: string;
  try {
    packageFolder = dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
  } catch {
    return unavailable(
      `the optional package ${PACKAGE} is not installed; "npm install ${PACKAGE}@${wantedVersion()}" installs it, ${NEEDS}`,
    );
  }
  const binary = join(packageFolder, "xsnap-native", "xsnap", "build", "bin", folder, "release", "xsnap-worker");
  if (!existsSync(binary)) {
    return unavailable(`${PACKAGE} is installed, but was not built; "npm rebuild ${PACKAGE}" builds it, ${NEEDS}`);
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

/**
 * npm leaves the package out in silence where it is optional and something below it asks for a newer Node; asked for by name,
 * it says so and installs it.
 */
function wantedVersion(): string {
  const { optionalDependencies } = JSON.parse(readFileSync(MANIFEST, "utf8")) as {
    optionalDependencies: Record<string, string>;
  };
  return optionalDependencies[PACKAGE] as string;
}
