/** Noise of sensors without a state: a hash of what it is asked for. */

/** @returns -1 to 1, always the same for the same seed, step and channel */
export function noise(seed: number, step: number, channel: number): number {
  let hash = seed ^ Math.imul(step, 0x9e3779b1) ^ Math.imul(channel + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) / 0x80000000;
}
