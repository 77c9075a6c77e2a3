/**
 * The one search for a byte, so that a board can put a native one in its place: XS runs `indexOf` at 20 to 35 MB/s,
 * a native `memchr` over the same bytes some 300 times faster.
 */

/**
 * @returns offset of the first `value` at or behind `from`
 *   The caller has put the value somewhere behind `from` (a sentinel), so there always is one.
 */
export type FindByte = (bytes: Uint8Array, value: number, from: number) => number;

export function findByte(bytes: Uint8Array, value: number, from: number): number {
  return bytes.indexOf(value, from);
}
