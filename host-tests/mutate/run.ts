/**
 * `npm run mutate [-- PATHS] [--survivors] [--thorough] [--budget MS] [--sample N --seed N]`: do the tests notice small faults in `modules/`?
 * What was tried before is kept in `build/mutate/`, and tried again when the file or the tests of its room have changed.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { PROJECT } from "../project.js";
import { type Mutant, MutatedFile } from "./mutants.js";
import { HELD_ROOMS, LEAST_KILLED, moduleFiles, roomOf, testFiles } from "./rooms.js";
import { MUTATE_FOLDER, Sandbox } from "./sandbox.js";
import { type Outcome, SURVIVED, Trials } from "./trials.js";

interface Options {
  /** Only those that survived before; what was killed counts as killed. */
  readonly survivors?: true;
  /** All tests that reach a mutant, the long ones too. */
  readonly thorough?: true;
  readonly budget: string;
  readonly sample?: string;
  readonly seed: string;
  readonly list?: true;
}

interface Kept {
  /** Hashes of the file and of the tests. */
  readonly source: string;
  readonly tests: string;
  readonly outcomes: Record<string, Outcome>;
}

interface ModuleFile {
  readonly path: string;
  readonly compiled: string;
  readonly source: string;
  readonly mutated: MutatedFile;
}

const RESULTS = join(MUTATE_FOLDER, "results.json");
const ACCEPTED = join(PROJECT, "host-tests", "mutate", "survivors.json");

const command = new Command("npm run mutate --")
  .argument("[paths...]", "files or folders, as in modules/link; default: all of modules/")
  .option("--survivors", "only those that survived before")
  .option("--thorough", "show each mutant all tests that reach it, long ones too")
  .option("--budget <ms>", "how long a mutant may survive: so much time, as tests take without it", "1500")
  .option("--list", "print the survivors that have no reason in host-tests/mutate/survivors.json")
  .option("--sample <number>", "so many of the mutants of the rooms that are held to a share, picked by the seed")
  .option("--seed <number>", "of the sample", "1")
  .parse();
const options = command.opts<Options>();

/** Survivors that are all right, by their key: why. */
const accepted = JSON.parse(readFileSync(ACCEPTED, "utf8")) as Record<string, string>;
const kept = readResults();

function readResults(): Record<string, Kept> {
  return existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, "utf8")) as Record<string, Kept>) : {};
}

/** Another run may have written, too: only this file's results are replaced. */
function keep(path: string, results: Kept): void {
  kept[path] = results;
  mkdirSync(MUTATE_FOLDER, { recursive: true });
  const written = `${RESULTS}-${process.pid}`;
  writeFileSync(written, JSON.stringify({ ...readResults(), [path]: results }, undefined, 1));
  renameSync(written, RESULTS);
}

function hashOf(...texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) {
    hash.update(text);
  }
  return hash.digest("hex").slice(0, 16);
}

function compiledTests(folders: readonly string[]): string[] {
  return [...folders, "mutate"].flatMap((folder) => {
    const path = join(PROJECT, "dist", "host-tests", folder);
    const names = readdirSync(path).filter((name) => name.endsWith(".js"));
    return names.map((name) => readFileSync(join(path, name), "utf8"));
  });
}

let nextId = 1;

function open(path: string): ModuleFile {
  const compiled = join("dist", path.replace(/\.ts$/, ".js"));
  const source = readFileSync(join(PROJECT, compiled), "utf8");
  const mutated = new MutatedFile(path, source, nextId);
  nextId += mutated.mutants.length;
  return { path, compiled, source, mutated };
}

/** Of mutants whose texts stay the same, the same ones are picked, whatever else changes. */
function sampleOf(mutants: readonly Mutant[], count: number): Set<number> {
  const picked = mutants
    .filter(({ key, file }) => accepted[key] === undefined && HELD_ROOMS.some((room) => file.startsWith(room)))
    .map(({ key, id }) => ({ id, hash: hashOf(options.seed, key) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, count);
  return new Set(picked.map(({ id }) => id));
}

/** Tries the mutants of files whose tests are the same. @param folders of the tests, in `host-tests` */
async function tryFiles(
  folders: readonly string[],
  files: readonly ModuleFile[],
  wanted: ReadonlySet<number> | undefined,
): Promise<void> {
  const { first, last } = testFiles(folders);
  const tests = hashOf(...compiledTests(folders));
  const toTry = new Map(files.map((file) => [file, file.mutated.mutants.filter((each) => isToBeTried(file, each))]));
  function isToBeTried({ path, source }: ModuleFile, { id, key }: Mutant): boolean {
    const before = kept[path];
    if (wanted !== undefined) {
      return wanted.has(id);
    }
    if (before === undefined || before.source !== hashOf(source) || before.outcomes[key] === undefined) {
      return true;
    }
    const isKilled = before.outcomes[key].startsWith("killed");
    return options.survivors ? !isKilled : options.thorough ? !isKilled : before.tests !== tests;
  }
  if ([...toTry.values()].every((mutants) => mutants.length === 0)) {
    return;
  }
  const sandbox = new Sandbox();
  try {
    for (const [file, mutants] of toTry) {
      sandbox.replace(file.compiled, file.mutated.textWith(new Set(mutants.map(({ id }) => id))));
    }
    const trials = new Trials(
      { sandbox, files: options.thorough ? [...first, ...last] : first, mutants: nextId, ms: [] },
      [...toTry.values()].flat(),
      options.thorough ? Number.POSITIVE_INFINITY : Number(options.budget),
    );
    for (const failing of await trials.cover()) {
      console.log(`fails without a mutant, and is left out: ${failing}`);
    }
    for (const [file, mutants] of toTry) {
      const before = kept[file.path];
      const outcomes = before?.source === hashOf(file.source) ? { ...before.outcomes } : {};
      for (const mutant of mutants) {
        const killer = before?.outcomes[mutant.key]?.replace(/^killed by /, "");
        outcomes[mutant.key] = await trials.outcome(mutant, killer);
      }
      const results = { source: hashOf(file.source), tests, outcomes };
      if (wanted !== undefined) {
        kept[file.path] = results;
      } else {
        keep(file.path, results);
        console.log(rowOf(file.path, [file]));
      }
    }
    await trials.stop();
  } finally {
    sandbox.remove();
  }
}

interface Counts {
  mutants: number;
  killed: number;
  survived: number;
  unreached: number;
  accepted: number;
}

function countsOf(files: readonly ModuleFile[], wanted?: ReadonlySet<number>): Counts {
  const counts: Counts = { mutants: 0, killed: 0, survived: 0, unreached: 0, accepted: 0 };
  for (const { path, mutated } of files) {
    for (const { id, key } of mutated.mutants) {
      if (wanted?.has(id) === false) {
        continue;
      }
      const outcome = kept[path]?.outcomes[key];
      counts.mutants++;
      if (outcome?.startsWith("killed")) {
        counts.killed++;
      } else {
        counts[outcome === SURVIVED ? "survived" : "unreached"]++;
        counts.accepted += accepted[key] === undefined ? 0 : 1;
      }
    }
  }
  return counts;
}

function rowOf(name: string, files: readonly ModuleFile[], wanted?: ReadonlySet<number>): string {
  const { mutants, killed, survived, unreached, accepted } = countsOf(files, wanted);
  const percent = mutants === 0 ? "-" : `${((100 * killed) / mutants).toFixed(1)} %`;
  const numbers = [mutants, killed, survived, unreached, accepted].map((number) => String(number).padStart(9));
  return `${name.padEnd(52)}${numbers.join("")}${percent.padStart(9)}`;
}

const HEAD = `${"".padEnd(52)}  mutants   killed survived  unreach. accepted`;

function isEnough(files: readonly ModuleFile[], wanted?: ReadonlySet<number>): boolean {
  const { mutants, killed } = countsOf(files, wanted);
  return killed >= LEAST_KILLED * mutants;
}

const isChosen = (path: string): boolean =>
  command.args.length === 0 || command.args.some((given) => path.startsWith(given));
const files = moduleFiles().filter(isChosen).map(open);
const wanted =
  options.sample === undefined
    ? undefined
    : sampleOf(
        files.flatMap(({ mutated }) => mutated.mutants),
        Number(options.sample),
      );
console.log(HEAD);
if (wanted !== undefined) {
  // All in one, so that each test is run once to see what it reaches.
  const sampled = files.filter(({ mutated }) => mutated.mutants.some(({ id }) => wanted.has(id)));
  await tryFiles([...new Set(sampled.flatMap(({ path }) => roomOf(path).tests))], sampled, wanted);
} else {
  for (const { tests } of new Set(files.map(({ path }) => roomOf(path)))) {
    const inRoom = files.filter(({ path }) => roomOf(path).tests === tests);
    await tryFiles(tests, inRoom, wanted);
  }
}
console.log(`\n${HEAD}`);
let isGood = true;
if (wanted !== undefined) {
  console.log(rowOf("sample", files, wanted));
  isGood = isEnough(files, wanted);
} else {
  for (const room of HELD_ROOMS) {
    const inRoom = files.filter(({ path }) => path.startsWith(room));
    if (inRoom.length > 0) {
      console.log(rowOf(room, inRoom));
      isGood &&= isEnough(inRoom);
    }
  }
}
for (const { path, mutated } of options.list || wanted ? files : []) {
  for (const { id, key, line } of mutated.mutants) {
    const outcome = kept[path]?.outcomes[key];
    if (wanted?.has(id) !== false && !outcome?.startsWith("killed") && accepted[key] === undefined) {
      console.log(`${outcome}: line ${line} of dist: ${key}`);
    }
  }
}
for (const { path, mutated } of files) {
  const keys = new Set(mutated.mutants.map(({ key }) => key));
  for (const key of Object.keys(accepted).filter((each) => each.startsWith(`${path}: `) && !keys.has(each))) {
    console.log(`no mutant any more, though there is a reason for it: ${key}`);
  }
}
process.exitCode = isGood ? 0 : 1;
