/** What differs from what it should be, in words. */
export class Differences {
  readonly found: string[] = [];

  expect(isRight: boolean, what: () => string): void {
    if (!isRight) {
      this.found.push(what());
    }
  }

  same(found: unknown, wanted: unknown, what: string): void {
    this.expect(isNear(found, wanted), () => `${what}: ${JSON.stringify(found)}, and it is ${JSON.stringify(wanted)}`);
  }
}

/** Numbers but for the rounding of a calibration. */
function isNear(found: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return Array.isArray(found) && found.length === wanted.length && wanted.every((each, k) => isNear(found[k], each));
  }
  if (typeof wanted === "object" && wanted !== null) {
    const keys = Object.keys(wanted);
    return (
      typeof found === "object" &&
      found !== null &&
      Object.keys(found).length === keys.length &&
      keys.every((key) => isNear((found as Record<string, unknown>)[key], (wanted as Record<string, unknown>)[key]))
    );
  }
  if (typeof wanted === "number" && typeof found === "number") {
    return Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
  }
  return found === wanted;
}
