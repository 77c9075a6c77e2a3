/** The framings by name, with their options as text: what a command line or a board's configuration can say. */
import { type CobsOptions, cobs } from "./cobs.js";
import { crcValidator } from "./crc-validator.js";
import type { FindZero } from "./find-zero.js";
import type { Framing } from "./framing.js";
import { spacePackets } from "./space-packets.js";
import { oneOf, readPairs, type TextOptions, wholeNumber, wholeNumbers } from "./text-options.js";

/** What every framing is configured with, whatever its own options. */
export interface CommonOptions {
  /** Longest packet accepted where the framing's own options do not say, in bytes. */
  maxPacketLength: number;
  /** Search to use. */
  findZero?: FindZero | undefined;
}

/** One entry: the options it knows, in the words of the help, and how to make it. */
export interface FramingEntry {
  readonly name: string;
  readonly summary: string;
  /** Name of each option, and what it takes. */
  readonly options: Readonly<Record<string, string>>;
  make(options: TextOptions, common: CommonOptions): Framing;
}

const DELIMITERS: readonly NonNullable<CobsOptions["delimiter"]>[] = Object.freeze(["trailing", "both"] as const);

const SWITCH = Object.freeze(["off", "on"] as const);

export const FRAMINGS: readonly FramingEntry[] = Object.freeze([
  Object.freeze({
    name: "space-packets",
    summary: "bare CCSDS space packets",
    options: Object.freeze({
      "max-packet": "longest packet accepted, 7 to 65542 bytes",
      "packet-ids": "packet IDs expected, as in 0x1801/0x1802; others are damage",
      crc: "off (default) or on: every packet ends with its CRC-16, as PUS packets do; others are damage",
    }),
    make: (options: TextOptions, common: CommonOptions) => {
      const packetIds = wholeNumbers("packet-ids", options["packet-ids"]);
      const crc = oneOf("crc", options["crc"], SWITCH);
      return spacePackets({
        maxPacketLength: wholeNumber("max-packet", options["max-packet"]) ?? common.maxPacketLength,
        ...(packetIds === undefined ? {} : { packetIds }),
        ...(crc === "on" ? { validator: crcValidator } : {}),
      });
    },
  }),
  Object.freeze({
    name: "cobs",
    summary: "COBS, frames ended by a zero",
    options: Object.freeze({
      "max-packet": "longest packet accepted, 1 to 65542 bytes",
      delimiter: "zeros sent: trailing (default) or both",
    }),
    make: (options: TextOptions, common: CommonOptions) => {
      const delimiter = oneOf("delimiter", options["delimiter"], DELIMITERS);
      return cobs({
        maxPacketLength: wholeNumber("max-packet", options["max-packet"]) ?? common.maxPacketLength,
        ...(delimiter === undefined ? {} : { delimiter }),
        ...(common.findZero === undefined ? {} : { findZero: common.findZero }),
      });
    },
  }),
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

/**
 * Makes a framing of its text.
 * @param label begins the error where the text has none of the framing's options
 * @param text `NAME[,key=value...]`, as in `cobs,delimiter=both`
 * @throws TypeError or RangeError saying what is wrong
 */
export function parseFraming(label: string, text: string, common: CommonOptions): Framing {
  const [name = "", ...pairs] = text.split(",");
  const entry = framingEntry(name);
  const known = Object.keys(entry.options);
  return entry.make(readPairs(label, pairs, name, known, "max-packet=1024"), common);
}
