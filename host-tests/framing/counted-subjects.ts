/** The framings whose frames have a known length, or say it, for the conformance suite. Knows no platform. */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { fixed } from "../../modules/framing/formats/fixed.js";
import { type LengthPrefixedOptions, lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { marker } from "../../modules/framing/formats/marker.js";
import { netstring } from "../../modules/framing/formats/netstring.js";
import { ATTACHED_SYNC_MARKER, sync } from "../../modules/framing/formats/sync.js";
import { crcValidator } from "../../modules/framing/layers/crc-validator.js";
import type { Random } from "./random.js";
import type { Subject } from "./subject.js";

/** No byte below it begins a frame of these framings that is short enough, or a marker. */
const LEAST = 0x80;

interface Parts {
  name: string;
  framing(maxPacketLength: number): Framing;
  shortestPacket?: number;
  longestPacket?: number;
  headerLength?: number;
  idleUnit?: number;
  overhead: number;
  spoil(frame: Uint8Array): void;
  spoiltReason: string;
  tooLongReason?: string;
  /** Makes a packet of random bytes one of this framing. */
  finish?(packet: Uint8Array): void;
  /** The smallest byte in a packet's body where a search must find nothing there. */
  least?: number;
}

function subject(parts: Parts): Subject {
  const { shortestPacket = 1, longestPacket = 65_542, finish, least: leastAllowed = LEAST, ...rest } = parts;
  return {
    tooLongReason: "packetTooLong",
    ...rest,
    shortestPacket,
    longestPacket,
    packet(length, random: Random, least = 0) {
      const clamped = Math.min(Math.max(length, shortestPacket), longestPacket);
      const packet = random.bytes(clamped, Math.max(least, leastAllowed));
      finish?.(packet);
      return packet;
    },
    garbage: (length, random) => random.bytes(length, LEAST),
    delimited: false,
    validated: false,
  };
}

function flipLast(frame: Uint8Array): void {
  frame[frame.length - 1] = (frame[frame.length - 1] as number) ^ 1;
}

function flipFirst(frame: Uint8Array): void {
  frame[0] = (frame[0] as number) ^ 1;
}

function seal(packet: Uint8Array): void {
  writeCrc16(packet, 0, packet.length);
}

function prefixed(name: string, options: LengthPrefixedOptions, prefix: number): Subject {
  return subject({
    name: `length-prefixed (${name})`,
    framing: (maxPacketLength) => lengthPrefixed({ maxPacketLength, ...options }),
    // Behind a count of two octets that is too long, its second one and a byte of the packet make another count.
    longestPacket: options.lengthSize === undefined ? 255 : 65_542,
    headerLength: prefix,
    idleUnit: prefix,
    overhead: prefix,
    spoil: (frame) => frame.fill(0xff, 0, prefix),
    spoiltReason: "packetTooLong",
  });
}

/** The count stands in the packet. */
function countInPacket(packet: Uint8Array): void {
  packet[0] = (packet.length - 2) >> 8;
  packet[1] = packet.length - 2;
}

const SYNC_PATTERN = [0xeb, 0x90];
const HEADER = [0xfd, 0xcc];
const TRAILER = [0xcc, 0xdd];
const PATTERN = [
  { offset: 0, octets: HEADER },
  { offset: 22, octets: TRAILER },
];
const IDENTIFIER = 0x41000000;

/** An identifier for every length that the cases use. */
function identified(maxPacketLength: number): Framing {
  const lengths = [...Array.from({ length: 1100 }, (_, i) => i + 5), 65_542];
  return fixed({
    maxPacketLength,
    identifier: {
      offset: 0,
      size: 4,
      lengths: lengths.filter((each) => each <= maxPacketLength).map((each) => [IDENTIFIER + each, each]),
    },
  });
}

export const counted: readonly Subject[] = [
  subject({
    name: "length-prefixed (1 byte, CRC)",
    framing: (maxPacketLength) =>
      lengthPrefixed({ maxPacketLength: Math.min(maxPacketLength, 255), lengthSize: 1, validator: crcValidator }),
    shortestPacket: 3,
    longestPacket: 255,
    overhead: 1,
    finish: seal,
    spoil: flipLast,
    spoiltReason: "invalidPacket",
  }),
  prefixed("2 bytes", {}, 2),
  prefixed("2 bytes, little", { endianness: "little" }, 2),
  prefixed("3 bytes", { lengthSize: 3 }, 3),
  prefixed("4 bytes, little", { lengthSize: 4, endianness: "little" }, 4),
  subject({
    ...prefixed("4 bytes behind a sync pattern, counting all", {}, 6),
    framing: (maxPacketLength) =>
      lengthPrefixed({ maxPacketLength, syncPattern: SYNC_PATTERN, lengthOffset: 2, lengthSize: 4, adjustment: 0 }),
    longestPacket: 65_542,
    spoil: flipFirst,
    spoiltReason: "noSyncPattern",
  }),
  subject({
    ...prefixed("2 bytes, not stripped", {}, 0),
    framing: (maxPacketLength) => lengthPrefixed({ maxPacketLength, minPacketLength: 3, strip: 0 }),
    shortestPacket: 3,
    headerLength: 2,
    idleUnit: 2,
    spoil: (frame) => frame.fill(0xff, 0, 2),
    finish: countInPacket,
  }),
  subject({
    ...prefixed("2 bytes behind one that is kept, counting from the end of the frame's second", {}, 2),
    framing: (maxPacketLength) => lengthPrefixed({ maxPacketLength, lengthOffset: 1, adjustment: 2, strip: 3 }),
    // The count's first octet is 0.
    longestPacket: 250,
    headerLength: 3,
    overhead: 3,
    spoil: (frame) => frame.fill(0xff, 0, 3),
  }),
  subject({
    name: "length-prefixed (units of 4 bytes, adjusted, more stripped)",
    framing: (maxPacketLength) =>
      lengthPrefixed({ maxPacketLength, minPacketLength: 32, bytesPerCount: 4, adjustment: 8, strip: 4 }),
    shortestPacket: 32,
    longestPacket: 32,
    idleUnit: 8,
    overhead: 4,
    spoil: (frame) => frame.fill(0xff, 0, 4),
    spoiltReason: "packetTooLong",
  }),
  subject({
    name: "netstring",
    framing: (maxPacketLength) => netstring({ maxPacketLength }),
    shortestPacket: 0,
    headerLength: 4,
    overhead: 5,
    spoil: (frame) => {
      frame[0] = 0xff;
    },
    spoiltReason: "noLength",
  }),
  subject({
    name: "marker (length field)",
    framing: (maxPacketLength) =>
      marker({ maxPacketLength, kinds: [{ header: HEADER, lengthField: { size: 4 }, trailer: TRAILER }] }),
    shortestPacket: 0,
    headerLength: 6,
    overhead: 8,
    spoil: flipFirst,
    spoiltReason: "noHeader",
  }),
  subject({
    name: "marker (one length)",
    framing: () => marker({ kinds: [{ header: HEADER, length: 20, trailer: TRAILER }] }),
    shortestPacket: 20,
    longestPacket: 20,
    overhead: 4,
    spoil: flipLast,
    spoiltReason: "noTrailer",
    least: 0,
  }),
  subject({
    name: "fixed (CRC)",
    framing: () => fixed({ length: 24, validator: crcValidator }),
    shortestPacket: 24,
    longestPacket: 24,
    overhead: 0,
    finish: seal,
    spoil: flipLast,
    spoiltReason: "invalidPacket",
    least: 0,
  }),
  subject({
    name: "fixed (identifiers)",
    framing: identified,
    shortestPacket: 5,
    headerLength: 4,
    overhead: 0,
    finish: (packet) => new DataView(packet.buffer).setUint32(0, IDENTIFIER + packet.length),
    spoil: flipFirst,
    spoiltReason: "unknownIdentifier",
    tooLongReason: "unknownIdentifier",
  }),
  subject({
    name: "fixed (pattern, stripped)",
    framing: () => fixed({ length: 24, pattern: PATTERN, strip: 3 }),
    shortestPacket: 21,
    longestPacket: 21,
    overhead: 3,
    finish: (packet) => packet.set(TRAILER, 19),
    spoil: flipLast,
    spoiltReason: "patternMismatch",
    least: 0,
  }),
  subject({
    name: "sync",
    framing: () => sync({ frameLength: 24 }),
    shortestPacket: 24,
    longestPacket: 24,
    overhead: 4,
    spoil: flipFirst,
    spoiltReason: "noSyncMarker",
    least: 0,
  }),
  subject({
    name: "sync (all kept)",
    framing: () => sync({ frameLength: 24, keep: "all" }),
    shortestPacket: 28,
    longestPacket: 28,
    overhead: 0,
    finish: (packet) => packet.set(ATTACHED_SYNC_MARKER),
    spoil: flipFirst,
    spoiltReason: "noSyncMarker",
    least: 0,
  }),
];
