/**
 * Lines of COSMOS's configuration files. Its parser splits at white space, takes `"..."` as one word, and undoes no escapes; `#` begins a
 * comment, and a `+`, `\` or `&` at a line's end goes on with the next. ERB runs over a file before: it looks for `<%`.
 */
import { snakeCase, UniqueNames } from "../names.js";

/** Names of a table in COSMOS's time series database have those of target and packet in them, and at most 127 octets. */
const MAX_PACKET_NAME = 80;
const MAX_ITEM_NAME = 80;
const MAX_TARGET_NAME = 30;

/** COSMOS's own: those that every packet has, and the ones that its tools give a meaning. */
const RESERVED_ITEMS = [
  "PACKET_TIMESECONDS",
  "PACKET_TIMEFORMATTED",
  "RECEIVED_TIMESECONDS",
  "RECEIVED_TIMEFORMATTED",
  "RECEIVED_COUNT",
  "COSMOS_DATA_TAG",
  "COSMOS_EXTRA",
  "PACKET_TIME",
];
const RESERVED_PACKETS = ["LATEST", "UNKNOWN", "META"];
const RESERVED_TARGETS = ["SYSTEM", "UNKNOWN", "ALL", "LATEST"];

export function targetName(board: string): string {
  return new UniqueNames(MAX_TARGET_NAME, RESERVED_TARGETS).take(cosmosName(board));
}

/** For the commands of a target, or for its packets. */
export function packetNames(): UniqueNames {
  return new UniqueNames(MAX_PACKET_NAME, RESERVED_PACKETS);
}

/** For the items of one packet. @param header names of the items that every packet of this sort has */
export function itemNames(header: readonly string[]): UniqueNames {
  return new UniqueNames(MAX_ITEM_NAME, [...RESERVED_ITEMS, ...header]);
}

/** As COSMOS writes names: `BATTERY_VOLTAGE`. */
export function cosmosName(name: string): string {
  return snakeCase(name).toUpperCase();
}

/** A state's name, which scripts compare: what no script would want to quote is `_`. */
export function stateName(word: string): string {
  const name = word
    .trim()
    .replace(/[^A-Za-z0-9_.+-]+/g, "_")
    .toUpperCase();
  return /^[A-Z0-9]/.test(name) ? name : `X${name}`;
}

/** A word of its own on a line, whatever is in it. */
export function quoted(text: string): string {
  const plain = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into a line
    .replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff]+/g, " ")
    .replaceAll('"', "'")
    .replaceAll("\\", "/")
    .replaceAll("<%", "< %")
    .replaceAll("%>", "% >")
    .toWellFormed();
  return `"${plain.trim()}"`;
}

/** A number that is read back as it is; there is no word for infinity that is read everywhere. */
export function number(value: number): string {
  const finite = Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
  return Object.is(finite, -0) ? "0" : String(finite);
}
