/** The framings by name, with their options as text: what a command line or a board's configuration can say. */
import { cobsEntry } from "./cobs.js";
import { CRC_KINDS, type CrcKind, crcLength, withCrc } from "./crc.js";
import { fixedEntry } from "./fixed.js";
import type { Framing } from "./framing.js";
import type { CommonOptions, FramingEntry } from "./framing-entry.js";
import { lengthPrefixedEntry } from "./length-prefixed.js";
import { linesEntry } from "./lines.js";
import { markerEntry } from "./marker.js";
import { netstringEntry } from "./netstring.js";
import { rawEntry } from "./raw.js";
import { slipEntry } from "./slip.js";
import { spacePacketsEntry } from "./space-packets.js";
import { syncEntry } from "./sync.js";
import { oneOf, readPairs, type TextOptions, wholeNumber } from "./text-options.js";
import { uslpEntry } from "./uslp.js";

export type { CommonOptions, FramingEntry } from "./framing-entry.js";

const CRC_CHOICES: readonly (CrcKind | "off")[] = Object.freeze(["off", ...CRC_KINDS] as const);

/** Options of every framing, whatever its own: name, and what it takes. */
export const COMMON_FRAMING_OPTIONS: Readonly<Record<string, string>> = Object.freeze({
  crc: "off (default); crc16 or crc32: a checksum behind each packet; check16 or check32: packets end with their own",
});

export const FRAMINGS: readonly FramingEntry[] = Object.freeze([
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
]);

/** @throws TypeError for a name that no framing has, listing those there are */
export function framingEntry(name: string): FramingEntry {
  for (const entry of FRAMINGS) {
    if (entry.name === name) {
      return entry;
    }
  }
  throw new TypeError(`no framing is called "${name}"; there are ${FRAMINGS.map((entry) => entry.name).join(", ")}`);
}

/** Names of the options that a framing takes: its own, and those of every framing. */
export function framingOptions(entry: FramingEntry): string[] {
  return [...Object.keys(entry.options), ...Object.keys(COMMON_FRAMING_OPTIONS)];
}

/**
 * Makes a framing with its layers.
 * @throws TypeError or RangeError for an option out of its range
 */
export function makeFraming(entry: FramingEntry, options: TextOptions, common: CommonOptions): Framing {
  const crc = oneOf("crc", options["crc"], CRC_CHOICES) ?? "off";
  if (crc === "off") {
    return entry.make(options, common);
  }
  // The limits are those of packets without the checksum; the framing's own packets have it in them.
  const length = crcLength(crc);
  const maxPacket = wholeNumber("max-packet", options["max-packet"]);
  const own = maxPacket === undefined ? options : { ...options, "max-packet": String(maxPacket + length) };
  return withCrc(entry.make(own, { ...common, maxPacketLength: common.maxPacketLength + length }), crc);
}

/**
 * Makes a framing of its text.
 * @param label begins the error where the text has none of the framing's options
 * @param text `NAME[,key=value...]`, as in `cobs,delimiter=both`
 * @throws TypeError or RangeError saying what is wrong
 */
export function parseFraming(label: string, text: string, common: CommonOptions): Framing {
  const [name = "", ...pairs] = text.split(",");
  const entry = framingEntry(name);
  return makeFraming(entry, readPairs(label, pairs, name, framingOptions(entry), "max-packet=1024"), common);
}
