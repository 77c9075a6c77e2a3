/**
 * What a station says and takes over NATS, and under which names: the contract with whoever listens there.
 *
 * | subject | | kept by the broker |
 * | --- | --- | --- |
 * | `flatlink.BOARD.tm.SERVICE.SUBTYPE` | a packet as it came; `other.other` where its headers do not say | stream `FLATLINK` |
 * | `flatlink.BOARD.event` | an event, JSON | stream `FLATLINK` |
 * | `flatlink.BOARD.link` | how the connection to the board is, JSON | the latest, stream `FLATLINK_STATE` |
 * | `flatlink.BOARD.dictionary.HASH` | a dictionary that packets came with, JSON | stream `FLATLINK_STATE` |
 * | `flatlink.BOARD.value.PARAMETER` | a value, JSON | no |
 * | `flatlink.BOARD.tc` | a command, JSON, as a request | no |
 */

/** Packets and events. */
export const STREAM = "FLATLINK";
/** What is of interest as it is now, and dictionaries. */
export const STATE_STREAM = "FLATLINK_STATE";
export const ALL_TELEMETRY = "flatlink.*.tm.>";
export const ALL_EVENTS = "flatlink.*.event";
export const ALL_LINKS = "flatlink.*.link";
export const ALL_DICTIONARIES = "flatlink.*.dictionary.*";

/** Of a packet. Times are UNIX milliseconds. */
export const HEADERS = {
  /** When the station that received it did. */
  received: "Flatlink-Received",
  /** The board's time; absent: the packet has none. */
  stamp: "Flatlink-Stamp",
  /** 0: the stamp counts from the board's boot. */
  synchronized: "Flatlink-Synchronized",
  /** Hash of the whole dictionary, as eight hexadecimal digits. */
  dictionary: "Flatlink-Dictionary",
  /** The archive that has it, and its number there: the same packet wherever it is met. */
  archive: "Flatlink-Archive",
  row: "Flatlink-Row",
} as const;

/** A name as one token of a subject: what would be an end, a wildcard or a level of MQTT is escaped as in a URL. */
export function token(name: string): string {
  return encodeURIComponent(name).replace(
    /[.*!'()~]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The board that a subject is about; undefined: it is none of these. */
export function boardIn(subject: string): string | undefined {
  try {
    return decodeURIComponent(/^flatlink\.([^.]+)\./.exec(subject)?.[1] ?? "") || undefined;
  } catch {
    return undefined;
  }
}

export function telemetrySubject(board: string, service: number | null, subtype: number | null): string {
  return `flatlink.${token(board)}.tm.${service ?? "other"}.${subtype ?? "other"}`;
}

export function subjectOf(board: string, what: "event" | "link" | "tc"): string {
  return `flatlink.${token(board)}.${what}`;
}

export function valueSubject(board: string, parameter: string): string {
  return `flatlink.${token(board)}.value.${token(parameter)}`;
}

export function dictionarySubject(board: string, hash: number): string {
  return `flatlink.${token(board)}.dictionary.${plainHash(hash)}`;
}

/** A hash as eight hexadecimal digits. */
export function plainHash(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, "0");
}
