/** The error of bytes and values that come from elsewhere, and how a byte is shown in it. */

/** All errors about a payload's content; misuse is a TypeError or RangeError instead. */
export class PayloadError extends Error {
  override name = "PayloadError";
}

/** A byte as 0xfd. */
export function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
