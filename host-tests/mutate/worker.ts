/**
 * A thread in the sandbox that has all tests in memory, and tries one mutant after the other.
 * It says what it is doing in shared memory, so that whoever waits can tell a loop without an end.
 */
import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { Assertions, type CollectedTest, collected } from "./ava.js";

export interface WorkerData {
  /** Compiled test files, as URLs. */
  readonly files: readonly string[];
  /** The mutant that is there from the beginning, or 0. */
  readonly active: number;
  readonly mutants: number;
  /** [0] counts the tests begun, [1] is the one that runs, by its number in the list. */
  readonly progress: Int32Array;
}

export interface Loaded {
  readonly tests: readonly { readonly file: string; readonly title: string }[];
  /** Mutants whose place was reached while the files were loaded. */
  readonly reached: readonly number[];
}

/** How one test went without a mutant. */
export interface Covered {
  readonly ms: number;
  readonly failure: string | undefined;
  readonly reached: readonly number[];
}

export interface Trial {
  readonly mutant: number;
  /** In this order, up to the first that fails. Undefined: how each goes, and what it reaches. */
  readonly tests: readonly number[];
}

export interface Verdict {
  /** The test that failed. */
  readonly killer: number | undefined;
  /** It failed without the mutant, too: something was left behind. */
  readonly spoilt: boolean;
}

const { files, active, mutants, progress } = workerData as WorkerData;
const port = parentPort as NonNullable<typeof parentPort>;

let current = active;
let hits = new Uint8Array(mutants + 1);
let isRecording = true;

Object.assign(globalThis, {
  mutant(id: number): boolean {
    if (isRecording) {
      hits[id] = 1;
    }
    return id === current;
  },
});
fc.configureGlobal({ endOnFailure: true });

function takeHits(): number[] {
  const reached: number[] = [];
  hits.forEach((hit, id) => {
    if (hit === 1) {
      reached.push(id);
    }
  });
  hits = new Uint8Array(mutants + 1);
  return reached;
}

const tests: (CollectedTest & { readonly file: string })[] = [];
for (const file of files) {
  await import(file);
  for (const run of collected.before.splice(0)) {
    await run(new Assertions("before"));
  }
  tests.push(...collected.tests.splice(0).map((each) => ({ ...each, file })));
}

async function failure(number: number): Promise<Error | undefined> {
  const { title, run } = tests[number] as CollectedTest;
  const t = new Assertions(title);
  progress[1] = number;
  Atomics.add(progress, 0, 1);
  try {
    await run(t);
  } catch (error) {
    t.failure ??= error as Error;
  }
  try {
    await t.tearDown();
  } catch (error) {
    t.failure ??= error as Error;
  }
  return t.failure;
}

async function judge({ mutant, tests }: Trial): Promise<Verdict> {
  for (const number of tests) {
    current = mutant;
    const failed = await failure(number);
    current = active;
    if (failed !== undefined) {
      const spoilt = active === 0 && (await failure(number)) !== undefined;
      return { killer: number, spoilt };
    }
  }
  return { killer: undefined, spoilt: false };
}

async function cover(): Promise<Covered[]> {
  const covered: Covered[] = [];
  for (let number = 0; number < tests.length; number++) {
    const begin = performance.now();
    const failed = await failure(number);
    covered.push({ ms: performance.now() - begin, failure: failed && String(failed.stack), reached: takeHits() });
  }
  isRecording = false;
  return covered;
}

port.on("message", async (trial: Trial | "cover") => {
  if (trial === "cover") {
    port.postMessage(await cover());
  } else {
    isRecording = false;
    port.postMessage(await judge(trial));
  }
});
port.postMessage({ tests: tests.map(({ file, title }) => ({ file, title })), reached: takeHits() } satisfies Loaded);
