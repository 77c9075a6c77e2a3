/** The framings by name, with their options as text: what a command line or a board's configuration can say. */
import { MAX_SPACE_PACKET_LENGTH } from "../ccsds/primary-header.js";
import { NotWholeError, OutOfRangeError } from "../checks/options.js";
import type { Framing } from "./contract/framing.js";
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
import { uslpEntry } from "./formats/uslp.js";
import { CRC_KINDS, type CrcKind, crcLength, withCrc } from "./layers/crc.js";
import type { CommonOptions, FramingEntry } from "./options/framing-entry.js";
import { behind, oneOf, readPairs, type TextOptions, uncheckedNumber } from "./options/text-options.js";

export type { CommonOptions, FramingEntry } from "./options/framing-entry.js";

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
 * @throws TypeError or RangeError for an option out of its range, which begins with the framing's name, and names the option
 *   and gives the number as they stand in the text
 */
export function makeFraming(entry: FramingEntry, options: TextOptions, common: CommonOptions): Framing {
  let layer: CrcKind | "off" = "off";
  try {
    layer = oneOf("crc", options["crc"], CRC_CHOICES) ?? "off";
    return layer === "off" ? entry.make(options, common) : makeLayered(entry, options, common, layer);
  } catch (error) {
    throw inTextTerms(error, entry, layer);
  }
}

function makeLayered(entry: FramingEntry, options: TextOptions, common: CommonOptions, crc: CrcKind): Framing {
  // The limits are those of packets without the checksum; the framing's own packets have it in them.
  const length = crcLength(crc);
  const maxPacket = uncheckedNumber(options["max-packet"]);
  const least = entry.shortestPacket ?? 1;
  if (typeof maxPacket === "number" && maxPacket < least) {
    throw new RangeError(`max-packet must be at least ${least} bytes, not ${maxPacket}`);
  }
  // What is no number is refused by the framing, which knows the range.
  const own = typeof maxPacket !== "number" ? options : { ...options, "max-packet": String(maxPacket + length) };
  const maxPacketLength = Math.min(common.maxPacketLength + length, MAX_SPACE_PACKET_LENGTH);
  return withCrc(entry.make(own, { ...common, maxPacketLength, trailerLength: length }), crc);
}

/** What is wrong, in the words of the text that the options came from. */
function inTextTerms(error: unknown, entry: FramingEntry, layer: CrcKind | "off"): unknown {
  if (!(error instanceof TypeError || error instanceof RangeError)) {
    return error;
  }
  let { message } = error;
  const length = layer === "off" ? 0 : crcLength(layer);
  const isRange = error instanceof OutOfRangeError || error instanceof NotWholeError;
  if (length > 0 && isRange && /: maxPacketLength\b/.test(error.label)) {
    const label = error.label.replace("(bytes", `(bytes, ${layer} not counted`);
    const min = Math.max(error.min - length, entry.shortestPacket ?? 1);
    const max = error.max - length;
    message = (
      error instanceof NotWholeError
        ? new NotWholeError(label, error.value, min, max)
        : new OutOfRangeError(label, error.value - length, min, max)
    ).message;
  }
  // An option's name in code, perhaps with a property; what stands in quotes is a value. The expression is made here: one
  // that goes from match to match writes where it is, and what a preloaded module holds is read-only.
  message = message.replace(/"[^"]*"|[A-Za-z]+(\.[A-Za-z]+)?/g, (term) =>
    term === "maxPacketLength" ? "max-packet" : Object.hasOwn(entry.terms ?? {}, term) ? entry.terms![term]! : term,
  );
  const begin = `${entry.name}: `;
  const whole = message.startsWith(begin) ? message : begin + message;
  return error instanceof TypeError ? new TypeError(whole, { cause: error }) : new RangeError(whole, { cause: error });
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
    const entry = framingEntry(name);
    return makeFraming(entry, readPairs(pairs, name, framingOptions(entry), "max-packet=1024"), common);
  } catch (error) {
    throw behind(label, error);
  }
}
