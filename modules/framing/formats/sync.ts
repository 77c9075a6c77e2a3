/**
 * Transfer frames of a fixed length, each behind an attached sync marker (CCSDS 131.0-B, section 9): what a channel of
 * telemetry is before and behind its coding.
 *
 * The marker is compared octet by octet: bytes over TCP have no bit errors to tolerate. A marker that the data of a
 * frame happen to contain misleads only a decoder that is searching; a checksum tells.
 */

import type { Framing } from "../contract/framing.js";
import type { PacketValidator } from "../contract/packet-check.js";
import { MAX_PACKET_LENGTH } from "../contract/packet-limit.js";
import { checkOctets } from "../engines/octets.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { octets, wholeNumber, word } from "../options/text-options.js";
import { fixedFraming } from "./fixed.js";

/** No sync marker stands where a frame should begin. */
export const NO_SYNC_MARKER = 0;
const REASONS = Object.freeze(["noSyncMarker"]);

/** The attached sync marker of uncoded, convolutional, Reed-Solomon and concatenated codes (131.0-B, section 9). */
export const ATTACHED_SYNC_MARKER: readonly number[] = Object.freeze([0x1a, 0xcf, 0xfc, 0x1d]);

export interface SyncOptions {
  /** Length of every transfer frame, in bytes, the marker not counted: 1 to 65,542. */
  frameLength: number;
  /** Octets in front of every transfer frame: 1 to 64. Default `ATTACHED_SYNC_MARKER`. */
  marker?: ArrayLike<number>;
  /** What is delivered: the transfer `frame` alone, or `all`, the marker too. Default `frame`. */
  keep?: "frame" | "all";
  /** Longest frame that `frameLength` may give, in bytes: 1 to 65,542. Default 65,542. */
  maxPacketLength?: number;
  validator?: PacketValidator;
}

const KEEP = Object.freeze(["frame", "all"] as const);

const OPTIONS = optionTable<SyncOptions>(
  [
    {
      key: "length",
      property: "frameLength",
      read: wholeNumber,
      help: "length of every transfer frame in bytes, the marker not counted, up to max-packet",
    },
    {
      key: "marker",
      property: "marker",
      read: octets,
      help: "octets in front of every transfer frame, default 1acffc1d",
    },
    {
      key: "keep",
      property: "keep",
      read: word,
      help: "what is delivered: frame (default), or all: the marker too",
    },
    { ...MAX_PACKET, help: `longest packet that length may give, 1 to ${MAX_PACKET_LENGTH} bytes` },
  ],
  ["validator"],
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist
 */
export function sync(options: SyncOptions): Framing {
  const { maxPacketLength = MAX_PACKET_LENGTH } = options;
  return make({ ...options, maxPacketLength }, FramingContext.inCode("sync", OPTIONS, options));
}

function make(options: SyncOptions, context: FramingContext): Framing {
  const longest = context.maxPacketLength(options.maxPacketLength);
  if (options.frameLength === undefined) {
    throw new TypeError(`${context.begin}give the length of the transfer frames: ${context.term("frameLength")}`);
  }
  const label = context.label("frameLength", ` (bytes, up to ${context.term("maxPacketLength")})`);
  const frameLength = context.rangeWithin(label, options.frameLength, 1, longest);
  const marker = checkOctets(context.label("marker"), options.marker ?? ATTACHED_SYNC_MARKER, 1);
  const length = marker.length + frameLength;
  return fixedFraming(
    {
      name: "sync",
      reasons: REASONS,
      lengths: Object.freeze([length]),
      maxFrameLength: length,
      pattern: [{ offset: 0, octets: marker }],
      strip: context.choice("keep", options.keep ?? "frame", KEEP) === "frame" ? marker.length : 0,
      identifier: undefined,
    },
    options.validator,
  );
}

export const syncEntry: FramingEntry = Object.freeze({
  name: "sync",
  summary: "CCSDS transfer frames of a fixed length behind a sync marker",
  options: OPTIONS,
  example: "length=7",
  make,
});
