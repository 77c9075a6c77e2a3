/** Tables of numbers that are made once, at module level, and only read. */

/**
 * A preloaded array lies in flash when it is frozen. V8 reads frozen arrays by a call for each element, which makes a table
 * that is read for each octet three times as slow. So an array is frozen only where it can lie in flash: in an engine that runs
 * from byte code, which has no text of its functions to show.
 */
export function flashTable(table: number[]): readonly number[] {
  return hasText ? table : Object.freeze(table);
}

const hasText = !String(flashTable).includes("native code");
