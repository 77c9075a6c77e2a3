/** "Did you mean": the name that a mistyped one is nearest to. */

/** Share of a name that may be mistyped. */
const TOLERANCE = 0.4;

/** @returns undefined when none is near; case counts little */
export function nearestName(typed: string, names: Iterable<string>): string | undefined {
  let found: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const steps = distance(typed.toLowerCase(), name.toLowerCase());
    if (steps < least && steps <= Math.max(1, Math.floor(TOLERANCE * name.length))) {
      least = steps;
      found = name;
    }
  }
  return found;
}

/** Letters to insert, to delete, to replace or to swap with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let k = 1; k <= b.length; k++) {
      const isSame = a[i - 1] === b[k - 1];
      let steps = Math.min(last[k]! + 1, row[k - 1]! + 1, last[k - 1]! + (isSame ? 0 : 1));
      if (i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1]) {
        steps = Math.min(steps, before[k - 2]! + 1);
      }
      row.push(steps);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
