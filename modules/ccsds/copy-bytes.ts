/**
 * Copies `source[start, end)` to `target` at `at`. Within the one memory this is one native move; a view for `set` would
 * be garbage, so between two memories it is a loop.
 */
export function copyBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  if (source === target) {
    target.copyWithin(at, start, end);
    return;
  }
  const shift = at - start;
  for (let i = start; i < end; i++) {
    target[i + shift] = source[i]!;
  }
}
