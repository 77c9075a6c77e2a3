/**
 * Keys that this process has open, by their identifier. Each has one direction: with one key both ways, the counters of both ends
 * would give the same nonces. So would two senders, each of which has a copy of the file with a counter of its own.
 */
import { KeyError } from "./key-error.js";

type Direction = "sends" | "receives";

const open = new Map<string, { readonly direction: Direction; count: number }>();

/** @throws KeyError when the key is open for the other direction, or for another sender */
export function openDirection(id: string, file: string, direction: Direction): void {
  const present = open.get(id);
  if (present === undefined) {
    open.set(id, { direction, count: 1 });
  } else if (present.direction !== direction) {
    throw new KeyError(`${file} is a key that ${present.direction} already: one key for each direction`);
  } else if (direction === "sends") {
    throw new KeyError(`${file} is a key that sends already, from another file: one key for each sender`);
  } else {
    present.count++;
  }
}

export function closeDirection(id: string): void {
  const present = open.get(id);
  if (present !== undefined && --present.count === 0) {
    open.delete(id);
  }
}
