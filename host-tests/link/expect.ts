/** Assertions that also run inside XS. */

export function equal(actual: unknown, expected: unknown, what: string): void {
  const found = JSON.stringify(actual) ?? "undefined";
  const wanted = JSON.stringify(expected) ?? "undefined";
  if (found !== wanted) {
    throw new Error(`${what}: expected ${wanted}, not ${found}`);
  }
}

export function holds(condition: boolean, what: string): asserts condition {
  if (!condition) {
    throw new Error(`expected: ${what}`);
  }
}

/** Whether two byte strings are the same; says where they differ, and not all of what they are. */
export function sameBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  equal(actual.length, expected.length, `${what}: length`);
  for (let i = 0; i < expected.length; i++) {
    if (actual[i] !== expected[i]) {
      throw new Error(`${what}: byte ${i} is ${actual[i]}, expected ${expected[i]}`);
    }
  }
}
