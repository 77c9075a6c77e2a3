/**
 * What a stream looks like, judged by its first bytes: for the hint that a client speaks another framing than the port.
 *
 * Each framing that shows in its bytes collects evidence, counted in bits: what random bytes would match with a
 * probability of 2^-n gives n. The bytes of a stream are seldom random: what zeros would match, too, or the beginning of
 * another framing's frame, counts for less or for nothing. Too little evidence gives no answer, rather than a wrong one.
 * Framings that are what they are configured to be (`fixed`, `marker`), or nothing at all (`raw`), cannot be told.
 *
 * Allocates: it is asked once for a connection, when that is in trouble, and not per packet.
 */
import type { Framing } from "../contract/framing.js";
import {
  cobsBits,
  GUESS_LENGTH,
  lengthPrefixedBits,
  netstringBits,
  packetLinesBits,
  slipBits,
  spacePacketsBits,
  syncBits,
  textBits,
  uslpBits,
  uslpOverCobsBits,
} from "./guess-evidence.js";
import { tcFramesBits, tcFramesOverCobsBits } from "./guess-tc-frames.js";

export { GUESS_LENGTH } from "./guess-evidence.js";

/** Random bytes pass for a framing once in two million times: enough where the port's own framing has rejected them. */
const ENOUGH_BITS = 21;
/** Enough where it has not: they may be part of a frame of its own. */
export const SURE_BITS = 28;
/** Enough where it has accepted something. */
export const CERTAIN_BITS = 42;
/** Their texts as options. */
const USLP_OVER_COBS = "uslp,over=cobs";
const TC_FRAMES = "tc-frames";
const TC_FRAMES_OVER_COBS = "tc-frames,over=cobs";

/** The framings that can be told, by their names in the registry (and `over` what), with the bits that speak for each. */
const GUESSES: Readonly<Record<string, (bytes: Uint8Array) => number>> = Object.freeze({
  "space-packets": spacePacketsBits,
  cobs: cobsBits,
  slip: slipBits,
  "length-prefixed": lengthPrefixedBits,
  netstring: netstringBits,
  sync: syncBits,
  uslp: uslpBits,
  [USLP_OVER_COBS]: uslpOverCobsBits,
  [TC_FRAMES]: tcFramesBits,
  [TC_FRAMES_OVER_COBS]: tcFramesOverCobsBits,
  lines: packetLinesBits,
});

/** Names of the framings that can be told. */
export const GUESSABLE: readonly string[] = Object.freeze(Object.keys(GUESSES));

/** For people; those that are missing are called by their names. */
const TITLES: Readonly<Record<string, string>> = Object.freeze({
  "space-packets": "space packets",
  cobs: "COBS",
  slip: "SLIP",
  "length-prefixed": "length-prefixed packets",
  netstring: "netstrings",
  sync: "frames behind a sync marker",
  uslp: "USLP",
  [USLP_OVER_COBS]: "USLP over COBS",
  [TC_FRAMES]: "TC transfer frames",
  [TC_FRAMES_OVER_COBS]: "TC transfer frames over COBS",
  lines: "lines of text",
});

/** What a stream of this framing would be taken for, at best. */
export function guessableName({ name, carrier }: Framing): string {
  return carrier === undefined ? name : `${name},over=${carrier}`;
}

/** @param name the registry's, or what `guessFraming` or `guessableName` says */
export function framingTitle(name: string): string {
  return TITLES[name] ?? name;
}

/**
 * @param all not changed; the stream's first bytes are `all[start, end)`, as they came
 * @param enough evidence that is asked for, in bits
 * @returns the registry's name of the framing that they look like, or with what
 *   carries it, `uslp,over=cobs`; undefined when they do not look
 *   like any enough
 */
export function guessFraming(all: Uint8Array, start: number, end: number, enough = ENOUGH_BITS): string | undefined {
  const bytes = all.slice(start, Math.min(end, start + GUESS_LENGTH));
  let best: string | undefined;
  let most = enough;
  for (const name of Object.keys(GUESSES)) {
    const bits = (GUESSES[name] as (bytes: Uint8Array) => number)(bytes);
    if (bits >= most) {
      best = name;
      most = bits + 1;
    }
  }
  // Text may be inside other framings, too.
  return best ?? (textBits(bytes) >= enough ? "lines" : undefined);
}
