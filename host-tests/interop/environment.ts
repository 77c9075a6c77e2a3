/** Private Python environments with ground tools in pinned versions, kept between runs. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { PROJECT } from "../project.js";

/** Where the Python files are. */
export const SCRIPTS = `${PROJECT}host-tests/interop/`;
/** In a folder that is in no repository. */
const CACHE = `${PROJECT}node_modules/.cache/flatlink-interop/`;
const CANDIDATES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const CHECK = "import sys, venv, ensurepip; assert sys.version_info >= (3, 10); print(sys.version.split()[0])";
const SHORT_MS = 60_000;
const INSTALL_MS = 300_000;

/** The machine lacks something; nothing is wrong with flatlink. */
export class Unavailable extends Error {}

export interface Python {
  readonly command: string;
  readonly version: string;
}

/** @throws Unavailable */
export function findPython(): Python {
  for (const command of CANDIDATES) {
    const run = spawnSync(command, ["-c", CHECK], { encoding: "utf8", timeout: SHORT_MS });
    if (run.status === 0) {
      return { command, version: run.stdout.trim() };
    }
  }
  throw new Unavailable("there is no Python 3.10 or later with venv");
}

/**
 * Makes the environment of a requirements file, unless an earlier run has.
 * @returns its Python
 * @throws Unavailable when the packages are not to be had
 */
export function environment(python: Python, requirements: string): string {
  const file = `${SCRIPTS}${requirements}`;
  const hash = createHash("sha256").update(readFileSync(file)).update(python.version).digest("hex").slice(0, 12);
  const folder = `${CACHE}${requirements.replace(".txt", "")}-${hash}`;
  const installed = `${folder}/${process.platform === "win32" ? "Scripts/python.exe" : "bin/python"}`;
  const marker = `${folder}/complete`;
  if (!existsSync(marker)) {
    rmSync(folder, { recursive: true, force: true });
    install(python.command, ["-m", "venv", folder], SHORT_MS);
    const options = ["--quiet", "--no-input", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"];
    install(installed, ["-m", "pip", "install", ...options, "--requirement", file], INSTALL_MS);
    writeFileSync(marker, "");
  }
  return installed;
}

/** What a requirements file has installed, in words. */
export function versions(requirements: string): string {
  return readFileSync(`${SCRIPTS}${requirements}`, "utf8").trim().replaceAll("==", " ").replaceAll("\n", ", ");
}

function install(command: string, args: readonly string[], timeout: number): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout });
  if (status !== 0) {
    const line = `${stdout ?? ""}${stderr ?? ""}`
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^ERROR: /, "");
    throw new Unavailable(error?.message ?? (line || `${command} ended with ${status}`));
  }
}
