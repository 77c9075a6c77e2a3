/** One thread with the tests of a room, and the clock that ends it where a mutant makes a loop without an end. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { Sandbox } from "./sandbox.js";
import type { Covered, Loaded, Trial, Verdict, WorkerData } from "./worker.js";

/** A test may take so long, in milliseconds, and so many times what it takes without a mutant: the machine is busy. */
const PATIENCE_MS = 2000;
const PATIENCE = 20;
const POLL_MS = 50;
/** A mutant that fills the memory ends the thread, not the process. */
const MEMORY_MB = 768;

/** What the tests are, and how long each takes without a mutant. */
export interface Suite {
  readonly sandbox: Sandbox;
  /** Below `dist/host-tests`. */
  readonly files: readonly string[];
  /** The highest mutant's number. */
  readonly mutants: number;
  /** By the test's number; empty before the first run. */
  readonly ms: number[];
}

export class TestThread {
  readonly loaded: Promise<Loaded>;
  readonly #suite: Suite;
  readonly #worker: Worker;
  readonly #progress = new Int32Array(new SharedArrayBuffer(8));
  #isOver = false;

  /** @param active mutant that is there from the beginning, or 0 */
  constructor(suite: Suite, active = 0) {
    this.#suite = suite;
    const base = join(suite.sandbox.folder, "dist", "host-tests");
    const workerData: WorkerData = {
      files: suite.files.map((file) => pathToFileURL(join(base, file)).href),
      active,
      mutants: suite.mutants,
      progress: this.#progress,
    };
    this.#worker = new Worker(join(base, "mutate", "worker.js"), {
      workerData,
      env: { ...process.env, FLATLINK_SEED: "1" },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      stdout: true,
      stderr: true,
    });
    // An error that comes when nobody waits is nobody's.
    this.#worker.setMaxListeners(0).on("error", () => {
      this.#isOver = true;
    });
    this.loaded = this.#answer(60_000);
  }

  /** Has ended, and runs no more tests. */
  get isOver(): boolean {
    return this.#isOver;
  }

  cover(): Promise<Covered[]> {
    this.#worker.postMessage("cover");
    return this.#answer(60_000);
  }

  /** @returns what the tests said; where the thread ended or hung, the test that ran then has killed the mutant */
  async judge(trial: Trial): Promise<Verdict> {
    this.#worker.postMessage(trial);
    try {
      return await this.#answer(PATIENCE_MS);
    } catch {
      await this.stop();
      return { killer: this.#progress[1], spoilt: false };
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#worker.terminate();
  }

  #answer<Answer>(patienceMs: number): Promise<Answer> {
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      let begun = -1;
      let since = performance.now();
      const clock = setInterval(() => {
        const now = performance.now();
        if (this.#progress[0] !== begun) {
          begun = this.#progress[0] as number;
          since = now;
        }
        if (now - since > patienceMs + PATIENCE * (this.#suite.ms[this.#progress[1] as number] ?? 0)) {
          finish(() => reject(new Error("a test hangs")));
        }
      }, POLL_MS);
      const finish = (settle: () => void): void => {
        clearInterval(clock);
        worker.off("message", onMessage).off("error", onEnd).off("exit", onEnd);
        settle();
      };
      const onMessage = (answer: Answer): void => finish(() => resolve(answer));
      const onEnd = (error: unknown): void => {
        this.#isOver = true;
        finish(() => reject(error instanceof Error ? error : new Error("the thread ended")));
      };
      worker.on("message", onMessage).on("error", onEnd).on("exit", onEnd);
    });
  }
}
