/** Tries mutants: which tests reach each, and which of them notices. */
import type { Mutant } from "./mutants.js";
import { type Suite, TestThread } from "./test-thread.js";

/** `killed by FILE: TEST`, `survived`, `not reached`. */
export type Outcome = string;

export const SURVIVED = "survived";
export const NOT_REACHED = "not reached";

export class Trials {
  readonly #suite: Suite;
  readonly #budgetMs: number;
  /** By the mutant's number. */
  readonly #files: ReadonlyMap<number, string>;
  /** By the test's number: `FILE: TITLE`. */
  readonly #names: string[] = [];
  /** By the test's number, in the file at hand: mutants killed, and the share of its places among all that the test reaches. */
  readonly #kills: number[] = [];
  readonly #shares: number[] = [];
  #file = "";
  /** By the mutant's number: the tests that reach its place. */
  readonly #reaching = new Map<number, number[]>();
  readonly #reachedWhileLoading = new Set<number>();
  #thread: TestThread;

  /** @param budgetMs so much time, as tests take without a mutant, is spent on one that survives */
  constructor(suite: Suite, mutants: readonly Mutant[], budgetMs: number) {
    this.#suite = suite;
    this.#files = new Map(mutants.map(({ id, file }) => [id, file]));
    this.#budgetMs = budgetMs;
    this.#thread = new TestThread(suite);
  }

  /** Runs all tests once, without a mutant. @returns those that fail so, which then are left out */
  async cover(): Promise<string[]> {
    const { tests, reached } = await this.#thread.loaded;
    for (const { file, title } of tests) {
      this.#names.push(`${file.split("/host-tests/")[1]}: ${title}`);
    }
    reached.forEach((mutant) => {
      this.#reachedWhileLoading.add(mutant);
    });
    const failing: string[] = [];
    (await this.#thread.cover()).forEach(({ ms, failure, reached }, number) => {
      this.#suite.ms.push(ms);
      if (failure !== undefined) {
        failing.push(`${this.#names[number]}: ${failure}`);
        return;
      }
      for (const mutant of reached) {
        this.#reaching.set(mutant, [...(this.#reaching.get(mutant) ?? []), number]);
      }
    });
    return failing;
  }

  /** @param killer what killed it before: is asked first */
  async outcome({ id, file }: Mutant, killer: string | undefined): Promise<Outcome> {
    this.#turnTo(file);
    const reaching = this.#reaching.get(id) ?? [];
    let killedBy = reaching.length === 0 ? undefined : await this.#try(id, this.#inOrder(reaching, killer));
    if (reaching.length === 0 && this.#reachedWhileLoading.has(id)) {
      killedBy = await this.#tryFromTheBeginning(id);
    }
    if (killedBy !== undefined) {
      return `killed by ${killedBy}`;
    }
    return reaching.length > 0 || this.#reachedWhileLoading.has(id) ? SURVIVED : NOT_REACHED;
  }

  async stop(): Promise<void> {
    await this.#thread.stop();
  }

  #turnTo(file: string): void {
    if (this.#file === file) {
      return;
    }
    this.#file = file;
    this.#kills.length = 0;
    const inFile = this.#names.map(() => 0);
    const inAll = this.#names.map(() => 1);
    for (const [mutant, tests] of this.#reaching) {
      for (const test of tests) {
        inAll[test] = (inAll[test] as number) + 1;
        inFile[test] = (inFile[test] as number) + (this.#files.get(mutant) === file ? 1 : 0);
      }
    }
    inFile.forEach((places, test) => {
      this.#shares[test] = places / (inAll[test] as number);
    });
  }

  /**
   * Half of the budget for tests that are about the file or have killed others in it, half for the shortest of the rest, so
   * that a short one is shown the mutant whatever it is about.
   */
  #inOrder(tests: readonly number[], killer: string | undefined): number[] {
    const ms = (test: number): number => this.#suite.ms[test] as number;
    const weight = (test: number): number =>
      this.#names[test] === killer
        ? 0
        : (0.5 + ms(test)) / ((this.#shares[test] || 1e-6) * (1 + (this.#kills[test] ?? 0)));
    const likely = [...tests].sort((a, b) => weight(a) - weight(b));
    const first = this.#within(this.#budgetMs / 2, likely);
    const rest = likely.slice(first.length).sort((a, b) => ms(a) - ms(b));
    return [...first, ...this.#within(this.#budgetMs / 2, rest)];
  }

  /** As many of the tests, from the first on, as take so long together; one at least. */
  #within(budgetMs: number, tests: readonly number[]): number[] {
    let ms = 0;
    const end = tests.findIndex((test) => {
      ms += this.#suite.ms[test] as number;
      return ms > budgetMs;
    });
    return end < 0 ? [...tests] : tests.slice(0, Math.max(end, 1));
  }

  async #try(mutant: number, tests: readonly number[]): Promise<string | undefined> {
    if (this.#thread.isOver) {
      this.#thread = new TestThread(this.#suite);
    }
    await this.#thread.loaded;
    let { killer, spoilt } = await this.#thread.judge({ mutant, tests });
    if (killer !== undefined && spoilt) {
      // Something was left behind, by this mutant or by one before it.
      await this.#thread.stop();
      this.#thread = new TestThread(this.#suite);
      await this.#thread.loaded;
      ({ killer, spoilt } = await this.#thread.judge({ mutant, tests: tests.slice(tests.indexOf(killer)) }));
      if (spoilt) {
        await this.#thread.stop();
      }
    }
    return this.#name(killer);
  }

  /** What was computed when the modules were loaded is computed with the mutant: nothing says which tests use it. */
  async #tryFromTheBeginning(mutant: number): Promise<string | undefined> {
    const thread = new TestThread(this.#suite, mutant);
    try {
      await thread.loaded;
    } catch {
      return "loading the modules";
    }
    const { killer } = await thread.judge({ mutant, tests: this.#inOrder([...this.#suite.ms.keys()], undefined) });
    await thread.stop();
    return this.#name(killer);
  }

  #name(test: number | undefined): string | undefined {
    if (test === undefined) {
      return undefined;
    }
    this.#kills[test] = (this.#kills[test] ?? 0) + 1;
    return this.#names[test];
  }
}
