/**
 * For the conformance suite: a checksum over framings without a delimiter, kinds of frame that begin alike, and no
 * framing at all. Knows no platform.
 */

import type { Framing } from "../../modules/framing/contract/framing.js";
import { fixed } from "../../modules/framing/formats/fixed.js";
import { lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { marker } from "../../modules/framing/formats/marker.js";
import type { MarkerKind } from "../../modules/framing/formats/marker-kinds.js";
import { netstring } from "../../modules/framing/formats/netstring.js";
import { raw } from "../../modules/framing/formats/raw.js";
import { sync } from "../../modules/framing/formats/sync.js";
import { type CrcKind, crcLength, withCrc } from "../../modules/framing/layers/crc.js";
import type { Random } from "./random.js";
import type { Subject } from "./subject.js";

/** No byte below it begins a frame that is short enough. */
const LEAST = 0x80;

/** @param length of every packet; undefined: any up to the longest */
function sealed(
  name: string,
  crc: CrcKind,
  make: (maximum: number) => Framing,
  overhead: number,
  length?: number,
): Subject {
  const added = crcLength(crc);
  const longestPacket = length ?? 200;
  return {
    name: `${name} (${crc})`,
    framing: (maximum) => withCrc(make(maximum + added), crc),
    shortestPacket: length ?? 1,
    longestPacket,
    packet: (wanted, random, least = 0) =>
      random.bytes(length ?? Math.min(wanted, longestPacket), Math.max(least, LEAST)),
    garbage: (count, random) => random.bytes(count, LEAST),
    spoil(frame) {
      // In the packet, wherever it begins.
      const at = frame.length - added - overhead;
      frame[at] = (frame[at] as number) ^ 1;
    },
    spoiltReason: "invalidPacket",
    tooLongReason: "packetTooLong",
    delimited: false,
    validated: false,
    overhead: overhead + added,
  };
}

const HEADER = [0xfd, 0xcc];
const TRAILER = [0xcc, 0xdd];

/** Payloads of these lengths, the last two between the same markers. */
function kindsOf(lengths: readonly [number, number, number]): MarkerKind[] {
  return lengths.map((length, i) => ({ header: i === 0 ? [0xfd, 0xaa] : HEADER, length, trailer: TRAILER }));
}

/** Markers and nothing else, or any bytes. */
function payload(length: number, random: Random): Uint8Array {
  const octets = random.below(2) === 0 ? undefined : [...HEADER, 0xaa, ...TRAILER];
  return random.bytes(length).map((byte) => (octets === undefined ? byte : (octets[byte % 5] as number)));
}

/** Two of three kinds begin and end alike. */
function rivals(lengths: readonly [number, number, number], more: Partial<Subject>): Subject {
  const [, , longest] = lengths;
  return {
    name: `marker (${lengths.join(", ")} bytes)`,
    framing: () => marker({ kinds: kindsOf(lengths) }),
    // The longest kind: the one that it shares its markers with is known only by what follows it.
    shortestPacket: longest,
    longestPacket: longest,
    packet: (_length, random, least = 0) => random.bytes(longest, Math.max(least, LEAST)),
    garbage: (length, random) => random.bytes(length, LEAST),
    spoil(frame) {
      frame[frame.length - 1] = 0;
    },
    spoiltReason: "noTrailer",
    tooLongReason: "noTrailer",
    delimited: false,
    validated: false,
    overhead: 4,
    kinds: lengths.map((length) => (random: Random) => payload(length, random)),
    ...more,
  };
}

const bursts: Subject = {
  name: "raw",
  framing: (maxPacketLength) => raw({ maxPacketLength }),
  shortestPacket: 1,
  packet: (length, random, least = 0) => random.bytes(length, least),
  garbage: (length, random) => random.bytes(length),
  spoil() {},
  spoiltReason: "",
  tooLongReason: "burstTooLong",
  delimited: false,
  cutsPass: true,
  undetectable: true,
  only: "bursts",
  validated: false,
  overhead: 0,
};

export const layered: readonly Subject[] = [
  { ...sealed("length-prefixed", "crc16", (maxPacketLength) => lengthPrefixed({ maxPacketLength }), 2), idleUnit: 2 },
  sealed("netstring", "crc32", (maxPacketLength) => netstring({ maxPacketLength }), 5),
  sealed(
    "marker, length field",
    "crc16",
    (maxPacketLength) =>
      marker({ maxPacketLength, kinds: [{ header: HEADER, lengthField: { size: 4 }, trailer: TRAILER }] }),
    8,
  ),
  sealed("fixed", "crc32", () => fixed({ length: 24 }), 0, 20),
  sealed("sync", "crc16", () => sync({ frameLength: 24 }), 4, 22),
  rivals([15, 19, 21], {}),
  rivals([150, 190, 192], { only: "kinds" }),
  bursts,
];
