/**
 * Transfer frames of a fixed length, each behind an attached sync marker (CCSDS 131.0-B, section 9): what a channel of
 * telemetry is before and behind its coding.
 *
 * The marker is compared octet by octet: bytes over TCP have no bit errors to tolerate. A marker that the data of a
 * frame happen to contain misleads only a decoder that is searching; a checksum tells.
 */

import { checkChoice, checkRange } from "../../checks/options.js";
import type { Framing } from "../contract/framing.js";
import type { PacketValidator } from "../contract/packet-check.js";
import { checkMaxPacketLength, MAX_PACKET_LENGTH } from "../contract/packet-limit.js";
import { checkOctets } from "../engines/octets.js";
import type { CommonOptions, FramingEntry } from "../options/framing-entry.js";
import { octets, oneOf, type TextOptions, uncheckedNumber, wholeNumber } from "../options/text-options.js";
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
  validator?: PacketValidator;
}

const KEEP = Object.freeze(["frame", "all"] as const);

/**
 * @throws TypeError or RangeError for an option out of its range
 */
export function sync(options: SyncOptions): Framing {
  const marker = checkOctets("sync: marker", options.marker ?? ATTACHED_SYNC_MARKER, 1);
  const frameLength = checkRange("sync: frameLength (bytes)", options.frameLength, 1, MAX_PACKET_LENGTH);
  const length = marker.length + frameLength;
  return fixedFraming(
    {
      name: "sync",
      reasons: REASONS,
      lengths: Object.freeze([length]),
      maxFrameLength: length,
      pattern: [{ offset: 0, octets: marker }],
      strip: checkChoice("sync: keep", options.keep ?? "frame", KEEP) === "frame" ? marker.length : 0,
      identifier: undefined,
    },
    options.validator,
  );
}

export const syncEntry: FramingEntry = Object.freeze({
  name: "sync",
  summary: "CCSDS transfer frames of a fixed length behind a sync marker",
  options: Object.freeze({
    length: "length of every transfer frame in bytes, the marker not counted, up to max-packet",
    marker: "octets in front of every transfer frame, default 1acffc1d",
    keep: "what is delivered: frame (default), or all: the marker too",
    "max-packet": `longest packet that length may give, 1 to ${MAX_PACKET_LENGTH} bytes`,
  }),
  terms: Object.freeze({
    frameLength: "length",
  }),
  example: "length=7",
  make: (options: TextOptions, common: CommonOptions) => {
    const marker = octets("marker", options["marker"]);
    const keep = oneOf("keep", options["keep"], KEEP);
    const longest = checkMaxPacketLength("sync", uncheckedNumber(options["max-packet"]) ?? common.maxPacketLength);
    const frameLength = wholeNumber("length", options["length"]);
    if (frameLength === undefined) {
      throw new TypeError("sync: give the length of the transfer frames, as in length=1115");
    }
    return sync({
      frameLength: checkRange("sync: length (bytes, up to max-packet)", frameLength, 1, longest),
      ...(marker === undefined ? {} : { marker }),
      ...(keep === undefined ? {} : { keep }),
    });
  },
});
