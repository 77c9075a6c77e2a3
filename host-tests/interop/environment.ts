/** Private environments with ground tools in pinned versions, kept between runs. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { PROJECT } from "../project.js";

/** Where the Python files are, and Yamcs's. */
export const SCRIPTS = `${PROJECT}host-tests/interop/`;
/** In a folder that is in no repository. */
const CACHE = `${PROJECT}node_modules/.cache/flatlink-interop/`;
const CANDIDATES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const CHECK = "import sys, venv, ensurepip; assert sys.version_info >= (3, 10); print(sys.version.split()[0])";
const SHORT_MS = 60_000;
const INSTALL_MS = 300_000;
/** A test waits for it. */
const NPM_MS = 100_000;

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
  const folder = kept(requirements.replace(".txt", ""), [readFileSync(file), python.version], (made) => {
    install(python.command, ["-m", "venv", made], SHORT_MS);
    const options = ["--quiet", "--no-input", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"];
    install(pythonIn(made), ["-m", "pip", "install", ...options, "--requirement", file], INSTALL_MS);
  });
  return pythonIn(folder);
}

/**
 * Has Maven get what a pom.xml names, unless an earlier run has. Maven's own settings say from where.
 * @returns the folder of the jar files
 * @throws Unavailable when there is no Java, no Maven, or the files are not to be had
 */
export function jars(pom: string): string {
  const java = spawnSync("java", ["-version"], { encoding: "utf8", timeout: SHORT_MS });
  const version = Number(java.stderr?.match(/version "(\d+)/)?.[1] ?? 0);
  if (version < 17) {
    throw new Unavailable("there is no Java 17 or later");
  }
  if (spawnSync("mvn", ["--version"], { timeout: SHORT_MS }).status !== 0) {
    throw new Unavailable("there is no Maven");
  }
  const folder = kept("yamcs", [readFileSync(pom)], (made) => {
    // A repository for this alone: nothing of the user's is touched.
    const repository = `${made}/repository`;
    const options = ["--batch-mode", "--quiet", "--file", pom, `-Dmaven.repo.local=${repository}`];
    const goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${made}/jars`];
    install("mvn", [...options, ...goal], INSTALL_MS);
    rmSync(repository, { recursive: true });
  });
  return `${folder}/jars`;
}

/**
 * Has npm get a package, unless an earlier run has.
 * @returns the folder that it is installed in, with a slash at its end
 * @throws Unavailable when it is not to be had
 */
export function npmPackage(name: string, version: string): string {
  return `${kept(`npm-${name}`, [version], (made) => {
    writeFileSync(`${made}/package.json`, "{}");
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel", "error"];
    const options = [...quiet, "--fetch-retries", "1", "--fetch-timeout", "20000", "--prefix", made];
    install("npm", ["install", ...options, `${name}@${version}`], NPM_MS);
  })}/`;
}

/**
 * Node.js of another version, by the npm package that holds its binary, unless an earlier run has it. npm's own settings say from where.
 * @param version exact
 * @returns its binary
 * @throws Unavailable when there is none for this machine, or it is not to be had
 */
export function nodeOf(version: string): string {
  const name = `node-${process.platform}-${process.arch}`;
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Unavailable(`${name}: tried on linux-x64 only`);
  }
  const folder = kept(`node-${version}`, [name], (made) => {
    writeFileSync(`${made}/package.json`, "{}");
    const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1", "--fetch-timeout=20000"];
    install("npm", ["install", "--prefix", made, ...options, `${name}@${version}`], INSTALL_MS);
  });
  return `${folder}/node_modules/${name}/bin/node`;
}

/** The folder that `make` has filled, in this run or in an earlier one with the same contents. */
function kept(name: string, contents: readonly (string | Uint8Array)[], make: (folder: string) => void): string {
  const hash = createHash("sha256");
  for (const each of contents) {
    hash.update(each);
  }
  const folder = `${CACHE}${name}-${hash.digest("hex").slice(0, 12)}`;
  const marker = `${folder}/complete`;
  if (!existsSync(marker)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    make(folder);
    writeFileSync(marker, "");
  }
  return folder;
}

function pythonIn(folder: string): string {
  return `${folder}/${process.platform === "win32" ? "Scripts/python.exe" : "bin/python"}`;
}

/** What a requirements file has installed, in words. */
export function versions(requirements: string): string {
  return readFileSync(`${SCRIPTS}${requirements}`, "utf8").trim().replaceAll("==", " ").replaceAll("\n", ", ");
}

function install(command: string, args: readonly string[], timeout: number): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout });
  if (status !== 0) {
    const lines = `${stdout ?? ""}${stderr ?? ""}`.trim().split("\n");
    // Maven begins with what is wrong, after an escape sequence, and npm with its code; pip ends with it.
    const line = (lines.find((each) => /\[ERROR\] |^npm error code/.test(each)) ?? lines.at(-1))?.replace(
      /^.*?ERROR[\]:] /,
      "",
    );
    throw new Unavailable(error?.message ?? (line || `${command} ended with ${status}`));
  }
}
