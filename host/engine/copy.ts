/** Copies `source[start, end)` to `target` at `at`; the two never overlap. */
export type CopyBytes = (source: Uint8Array, start: number, end: number, target: Uint8Array, at: number) => void;

/**
 * Makes no object, so that a test can count on XS that traffic allocates nothing: a part of a view can only be copied
 * natively through `subarray`, which allocates. A whole view can be `set` as it is.
 */
export function copyWithoutAllocation(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  if (start === 0 && end === source.length && end > 16) {
    target.set(source, at);
    return;
  }
  let to = at;
  for (let from = start; from < end; from++) {
    target[to++] = source[from] as number;
  }
}

/** Where a short-lived object costs next to nothing: on Node, and in an XS worker with megabytes of heap. */
export function copyFast(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  if (end - start > 16) {
    target.set(source.subarray(start, end), at);
    return;
  }
  let to = at;
  for (let from = start; from < end; from++) {
    target[to++] = source[from] as number;
  }
}
