/** The framings by name, with their options as text: what a command line or a board's configuration can say. */
import type { FrameSecurity } from "./contract/frame-security.js";
import type { Framing } from "./contract/framing.js";
import type { FindByte } from "./engines/find-byte.js";
import { cobsEntry } from "./formats/cobs.js";
import { fixedEntry } from "./formats/fixed.js";
import { lengthPrefixedEntry } from "./formats/length-prefixed.js";
import { linesEntry } from "./formats/lines.js";
import { markerEntry } from "./formats/marker.js";
import { netstringEntry } from "./formats/netstring.js";
import { rawEntry } from "./formats/raw.js";
import { slipEntry } from "./formats/slip.js";
import { spacePacketsEntry } from "./formats/space-packets.js";
import { syncEntry } from "./formats/sync.js";
import { tcFramesEntry } from "./formats/tc-frames.js";
import { uslpEntry } from "./formats/uslp.js";
import { CRC_KINDS, type CrcKind, crcLength, layered } from "./layers/crc.js";
import { FramingContext } from "./options/framing-context.js";
import type { FramingEntry } from "./options/framing-entry.js";
import { keyOf, optionTable, readOptions } from "./options/option-table.js";
import { behind, type OptionTexts, oneOf, readPairs, word } from "./options/text-options.js";

export type { FramingEntry } from "./options/framing-entry.js";

/** The framings that can be chosen by name. */
export type Framings = readonly FramingEntry[];

/** What every framing is configured with, whatever its own options. */
export interface CommonOptions {
  /** Longest packet accepted where the framing's own options do not say, in bytes. */
  maxPacketLength: number;
  /** What that is called where it comes from: `max_telecommand`. For errors. */
  limitName?: string;
  /** Search to use. */
  findByte?: FindByte | undefined;
  /** Keys for framings with `sdls`. Default: a board's, without any. */
  security?: FrameSecurity | undefined;
  /** Framings to choose from. Default `FRAMINGS`. */
  framings?: Framings | undefined;
}

const CRC_CHOICES: readonly (CrcKind | "off")[] = Object.freeze(["off", ...CRC_KINDS] as const);

/** Options of every framing, whatever its own. */
export const COMMON_FRAMING_OPTIONS = optionTable<{ crc: CrcKind | "off" }>([
  {
    key: "crc",
    property: "crc",
    read: word,
    help: "off (default); crc16 or crc32: a checksum behind each packet; check16 or check32: packets end with their own",
  },
]);

/** Those of this package. `registerFraming` adds one's own. */
export const FRAMINGS: Framings = Object.freeze([
  spacePacketsEntry,
  cobsEntry,
  slipEntry,
  linesEntry,
  rawEntry,
  lengthPrefixedEntry,
  netstringEntry,
  markerEntry,
  fixedEntry,
  syncEntry,
  uslpEntry,
  tcFramesEntry,
]);

/**
 * A framing of one's own that can be chosen by its name, wherever the result is handed to: `parseFraming`,
 * `parseConfiguration`.
 * @returns these framings and the new one, which the help lists last
 * @throws TypeError when the name is another framing's, or none that can stand in a text; or an option has the key of one
 *   that every framing has
 */
export function registerFraming(entry: FramingEntry, framings: Framings = FRAMINGS): Framings {
  const { name, options } = entry;
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new TypeError(`a framing's name must be small letters, digits and hyphens, as in hex-lines, not "${name}"`);
  }
  if (framings.some((other) => other.name === name)) {
    throw new TypeError(`there is another framing called "${name}"`);
  }
  const keys = framingOptions(entry);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined || options.rows.some(({ key }) => !/^[a-z][a-z0-9-]*$/.test(key))) {
    throw new TypeError(`${name}: the keys of its options must be small letters, each its own: ${keys.join(", ")}`);
  }
  return Object.freeze([...framings, entry]);
}

/** @throws TypeError for a name that no framing has, listing those there are */
export function framingEntry(name: string, framings: Framings = FRAMINGS): FramingEntry {
  for (const entry of framings) {
    if (entry.name === name) {
      return entry;
    }
  }
  throw new TypeError(`no framing is called "${name}"; there are ${framings.map((entry) => entry.name).join(", ")}`);
}

/** Keys of the options that a framing takes: its own, and those of every framing. */
export function framingOptions(entry: FramingEntry): string[] {
  return entry.options.rows.concat(COMMON_FRAMING_OPTIONS.rows).map(({ key }) => key);
}

/**
 * Makes a framing with its layers.
 * @throws TypeError or RangeError for an option out of its range, which begins with the framing's name, and names the option
 *   and gives the number as they stand in the text
 */
export function makeFraming(entry: FramingEntry, options: OptionTexts, common: CommonOptions): Framing {
  try {
    return makeUnnamed(entry, options, common);
  } catch (error) {
    throw behind(entry.name, error);
  }
}

/** The same; an error does not say which framing it is about. */
export function makeUnnamed(entry: FramingEntry, text: OptionTexts, common: CommonOptions): Framing {
  const crc = oneOf("crc", text["crc"], CRC_CHOICES) ?? "off";
  const layer = crc === "off" ? undefined : { name: crc, length: crcLength(crc) };
  const options: { maxPacketLength?: number } = readOptions(entry.options, text);
  const limit = keyOf(entry.options, "maxPacketLength");
  const shortestPacket = entry.shortestPacket ?? 1;
  const { maxPacketLength } = options;
  // What is no number is refused by the framing, which knows the range.
  if (layer !== undefined && typeof maxPacketLength === "number") {
    if (maxPacketLength < shortestPacket) {
      throw new RangeError(`${limit} must be at least ${shortestPacket} bytes, not ${maxPacketLength}`);
    }
    // The limits are those of packets without the checksum; the framing's own packets have it in them.
    options.maxPacketLength = maxPacketLength + layer.length;
  }
  const from = maxPacketLength === undefined ? common.limitName : undefined;
  const context = FramingContext.ofText(entry.options, {
    maxPacketLength: common.maxPacketLength,
    because: from === undefined ? "" : `; ${limit} is ${from}, ${common.maxPacketLength}, unless it is given`,
    findByte: common.findByte,
    layer,
    shortestPacket,
    security: common.security,
  });
  const framing = entry.make(options, context);
  return crc === "off" ? framing : layered(framing, crc, context.begin);
}

/**
 * Makes a framing of its text.
 * @param label begins the error
 * @param text `NAME[,key=value...]`, as in `cobs,delimiter=both`
 * @throws TypeError or RangeError saying what is wrong
 */
export function parseFraming(label: string, text: string, common: CommonOptions): Framing {
  const [name = "", ...pairs] = text.split(",");
  try {
    const entry = framingEntry(name, common.framings);
    return makeFraming(entry, readPairs(pairs, name, framingOptions(entry), "max-packet=1024"), common);
  } catch (error) {
    throw behind(label, error);
  }
}
