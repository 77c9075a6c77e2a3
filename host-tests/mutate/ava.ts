/**
 * Stands in for AVA where mutants are tried: it keeps the tests of the files that are imported, so that each can be run
 * as often as one likes. It knows the assertions that the tests use.
 */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

type Run = (t: Assertions) => unknown;

export interface CollectedTest {
  readonly title: string;
  readonly run: Run;
}

interface Expected {
  readonly instanceOf?: new (...args: never[]) => Error;
  readonly message?: string | RegExp | ((message: string) => boolean);
  readonly name?: string;
  readonly code?: string;
  readonly is?: unknown;
}

/** The tests of the file that is being imported, and what goes before them. */
export const collected: { tests: CollectedTest[]; before: Run[] } = { tests: [], before: [] };

export class Assertions {
  readonly title: string;
  /** The first that failed, even where the code under test has caught it. */
  failure: Error | undefined;
  readonly #teardowns: (() => unknown)[] = [];

  constructor(title: string) {
    this.title = title;
  }

  readonly log = (): void => {};
  readonly timeout = (): void => {};
  readonly pass = (): boolean => true;

  fail(message = "failed"): never {
    this.failure ??= new assert.AssertionError({ message });
    throw this.failure;
  }

  teardown(run: () => unknown): void {
    this.#teardowns.unshift(run);
  }

  async tearDown(): Promise<void> {
    for (const run of this.#teardowns) {
      await run();
    }
  }

  is(actual: unknown, expected: unknown): boolean {
    return this.true(Object.is(actual, expected));
  }

  not(actual: unknown, expected: unknown): boolean {
    return this.true(!Object.is(actual, expected));
  }

  true(actual: unknown): boolean {
    return actual === true || this.fail();
  }

  false(actual: unknown): boolean {
    return this.true(actual === false);
  }

  deepEqual(actual: unknown, expected: unknown): boolean {
    return this.true(isDeepStrictEqual(actual, expected));
  }

  notDeepEqual(actual: unknown, expected: unknown): boolean {
    return this.true(!isDeepStrictEqual(actual, expected));
  }

  like(actual: unknown, selector: unknown): boolean {
    return this.true(isLike(actual, selector));
  }

  regex(text: string, pattern: RegExp): boolean {
    return this.true(pattern.test(text));
  }

  notRegex(text: string, pattern: RegExp): boolean {
    return this.true(!pattern.test(text));
  }

  notThrows(run: () => unknown): boolean {
    try {
      run();
    } catch (error) {
      this.fail(String(error));
    }
    return true;
  }

  async notThrowsAsync(run: (() => PromiseLike<unknown>) | PromiseLike<unknown>): Promise<void> {
    try {
      await (typeof run === "function" ? run() : run);
    } catch (error) {
      this.fail(String(error));
    }
  }

  throws(run: () => unknown, expected: Expected = {}): unknown {
    let error: unknown;
    try {
      run();
    } catch (thrown) {
      error = thrown;
    }
    this.true(isExpected(error, expected));
    return error;
  }

  async throwsAsync(
    run: (() => PromiseLike<unknown>) | PromiseLike<unknown>,
    expected: Expected = {},
  ): Promise<unknown> {
    let error: unknown;
    try {
      await (typeof run === "function" ? run() : run);
    } catch (thrown) {
      error = thrown;
    }
    this.true(isExpected(error, expected));
    return error;
  }
}

function isLike(actual: unknown, selector: unknown): boolean {
  if (typeof selector !== "object" || selector === null || typeof actual !== "object" || actual === null) {
    return isDeepStrictEqual(actual, selector);
  }
  return Object.entries(selector).every(([name, value]) => isLike((actual as Record<string, unknown>)[name], value));
}

function isExpected(error: unknown, expected: Expected): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const { message } = expected;
  const isAsSaid =
    message === undefined ||
    (typeof message === "string"
      ? error.message === message
      : typeof message === "function"
        ? message(error.message)
        : message.test(error.message));
  return (
    isAsSaid &&
    (expected.instanceOf === undefined || error instanceof expected.instanceOf) &&
    (expected.name === undefined || error.name === expected.name) &&
    (expected.code === undefined || (error as NodeJS.ErrnoException).code === expected.code) &&
    (expected.is === undefined || error === expected.is)
  );
}

function add(title: string, run: Run): void {
  collected.tests.push({ title, run });
}

const ignore = Object.assign(() => {}, { always: () => {} });

/** As AVA's: what goes after all tests is left to the end of the thread. */
export default Object.assign(add, {
  serial: Object.assign(add, { skip: ignore }),
  skip: ignore,
  before: (run: Run) => collected.before.push(run),
  after: ignore,
  afterEach: ignore,
});
