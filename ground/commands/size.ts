/** Sizes as people write them. */
const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };
/** Less is no archive. */
const LEAST = 1e6;

/** @returns bytes; undefined: it is no size, or too small */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)b?$/i.exec(text);
  const size = match === null ? Number.NaN : Math.floor(Number(match[1]) * UNITS[match[2]!.toLowerCase()]!);
  return size >= LEAST && Number.isSafeInteger(size) ? size : undefined;
}
