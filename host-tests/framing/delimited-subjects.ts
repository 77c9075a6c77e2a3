/** The framings with a delimiter, and the checksum layer over them, for the conformance suite. Knows no platform. */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { type LinesOptions, lines } from "../../modules/framing/formats/lines.js";
import { type SlipOptions, slip } from "../../modules/framing/formats/slip.js";
import { type CrcKind, crcLength, withCrc } from "../../modules/framing/layers/crc.js";
import { writeCrc32 } from "../../modules/framing/layers/crc32.js";
import type { Random } from "./random.js";
import type { Subject } from "./subject.js";
import { cobsGarbage } from "./transfer-frame-support.js";

const END = 0xc0;
const ESC = 0xdb;
const SPECIAL = [END, ESC, 0xdc, 0xdd];

const LONGEST = 65_542;

/** Bytes with many among them that mean something to SLIP. */
function escapeRich(length: number, random: Random, least: number): Uint8Array {
  return random
    .bytes(length, least)
    .map((byte) => (random.below(6) === 0 ? (SPECIAL[random.below(SPECIAL.length)] as number) : byte));
}

/** Layers a checksum over a framing: packets of up to `maxPacketLength` bytes, and the checksum behind them. */
function layered(crc: CrcKind | undefined, maxPacketLength: number, make: (maximum: number) => Framing): Framing {
  return crc === undefined ? make(maxPacketLength) : withCrc(make(maxPacketLength + crcLength(crc)), crc);
}

function slipSubject(name: string, options: SlipOptions, crc?: CrcKind): Subject {
  const leadingDelimiter = options.delimiter === "both";
  const { kissType } = options;
  const longestPacket = LONGEST - (crc === undefined ? 0 : crcLength(crc));
  return {
    name: `slip (${name})`,
    framing: (maximum) => layered(crc, maximum, (maxPacketLength) => slip({ ...options, maxPacketLength })),
    shortestPacket: kissType === undefined && crc === undefined ? 1 : 0,
    longestPacket,
    packet: (length, random, least = 0) => escapeRich(Math.min(length, longestPacket), random, least),
    garbage(length, random) {
      const bytes = random.bytes(length, 1).map((byte) => (byte === END ? 0 : byte));
      bytes[0] = ESC;
      bytes[1] = 0x01;
      bytes[length - 1] = END;
      return bytes;
    },
    spoil(frame) {
      const at = leadingDelimiter ? 1 : 0;
      frame[at] = ESC;
      frame[at + 1] = 0x01;
    },
    spoiltReason: "badEscape",
    tooLongReason: "frameTooLong",
    delimited: true,
    delimiter: [END],
    leadingDelimiter,
    cutsPass: crc === undefined,
    // No packet is known whose checksum would be escaped, too.
    longestFrame: (length) => (crc === undefined ? new Uint8Array(length).fill(END) : undefined),
    validated: false,
    overhead: (leadingDelimiter ? 2 : 1) + (kissType === undefined ? 0 : 1),
  };
}

/** A packet and its checksum, as they stand in the frame. */
function sealed(packet: Uint8Array, crc: CrcKind): Uint8Array {
  const bytes = new Uint8Array(packet.length + crcLength(crc));
  bytes.set(packet);
  (crc === "crc16" ? writeCrc16 : writeCrc32)(bytes, 0, bytes.length);
  return bytes;
}

/** Text has no redundancy: only a checksum tells a damaged line from another one. */
function linesSubject(name: string, terminator: readonly number[], crc: CrcKind, options: LinesOptions = {}): Subject {
  const plain = (bytes: Uint8Array) => bytes.map((byte) => (terminator.includes(byte) ? 0x7e : byte));
  return {
    name: `lines (${name})`,
    framing: (maximum) =>
      layered(crc, maximum, (maxPacketLength) => lines({ ...options, terminator, maxPacketLength })),
    shortestPacket: 0,
    longestPacket: LONGEST - crcLength(crc),
    packet(length, random, least = 0) {
      // One that can be sent: no byte of the terminator stands in its checksum.
      const packet = plain(random.bytes(Math.min(length, LONGEST - crcLength(crc)), least));
      for (let first = 0xff; sealed(packet, crc).some((byte) => terminator.includes(byte)); first--) {
        packet[0] = first;
      }
      return packet;
    },
    garbage(length, random) {
      const bytes = plain(random.bytes(length));
      bytes.set(terminator, length - terminator.length);
      return bytes;
    },
    spoil(frame) {
      frame[0] = frame[0] === 0x41 ? 0x42 : 0x41;
    },
    spoiltReason: "invalidPacket",
    tooLongReason: "frameTooLong",
    delimited: true,
    delimiter: terminator,
    validated: false,
    overhead: terminator.length + crcLength(crc),
  };
}

/** Lines as they are: any bytes are a packet, and a damaged one is another one. */
function plainLines(name: string, terminator: readonly number[], options: LinesOptions = {}): Subject {
  const kept = options.keepTerminator ? terminator.length : 0;
  const emptyPackets = options.emptyLines === "packet";
  return {
    name: `lines (${name})`,
    framing: (maxPacketLength) => lines({ ...options, terminator, maxPacketLength }),
    shortestPacket: kept + (emptyPackets ? 0 : 1),
    packet(length, random, least = 0) {
      const packet = random.bytes(length, least).map((byte) => (terminator.includes(byte) ? 0x7e : byte));
      if (kept > 0) {
        packet.set(terminator, length - kept);
      }
      return packet;
    },
    garbage: () => new Uint8Array(0),
    spoil() {},
    spoiltReason: "",
    tooLongReason: "frameTooLong",
    delimited: true,
    delimiter: terminator,
    cutsPass: true,
    undetectable: true,
    emptyPackets,
    validated: false,
    overhead: terminator.length - kept,
  };
}

function cobsSubject(delimiter: "trailing" | "both"): Subject {
  return {
    name: `cobs (${delimiter})`,
    framing: (maxPacketLength) => cobs({ maxPacketLength, delimiter }),
    shortestPacket: 0,
    packet: (length, random, least = 0) => random.bytes(length, least),
    garbage: cobsGarbage,
    spoil(frame) {
      frame[frame[0] === 0 ? 1 : 0] = 0xff;
    },
    spoiltReason: "blockOverrun",
    tooLongReason: "frameTooLong",
    delimited: true,
    validated: false,
    leadingDelimiter: delimiter === "both",
    overhead: delimiter === "both" ? 3 : 2,
  };
}

function checkedCobs(crc: CrcKind): Subject {
  return {
    name: `cobs (${crc})`,
    framing: (maximum) => layered(crc, maximum, (maxPacketLength) => cobs({ maxPacketLength })),
    shortestPacket: 0,
    longestPacket: LONGEST - crcLength(crc),
    packet: (length, random, least = 0) => random.bytes(Math.min(length, LONGEST - crcLength(crc)), least),
    garbage(length, random) {
      const bytes = random.bytes(length, 1);
      bytes[0] = length - 1;
      bytes[length - 1] = 0;
      return bytes;
    },
    spoil(frame) {
      // Not zero, and no code byte's place.
      frame[1] = frame[1] === 0x41 ? 0x42 : 0x41;
    },
    spoiltReason: "invalidPacket",
    tooLongReason: "frameTooLong",
    delimited: true,
    validated: false,
    overhead: 2 + crcLength(crc),
  };
}

export const delimited: readonly Subject[] = [
  cobsSubject("trailing"),
  cobsSubject("both"),
  checkedCobs("crc16"),
  checkedCobs("crc32"),
  slipSubject("trailing", {}),
  slipSubject("both", { delimiter: "both" }),
  slipSubject("KISS", { delimiter: "both", kissType: 0 }),
  slipSubject("KISS, a type that is escaped", { kissType: END }),
  slipSubject("crc16", {}, "crc16"),
  slipSubject("both, crc32", { delimiter: "both" }, "crc32"),
  plainLines("crlf", [0x0d, 0x0a]),
  plainLines("one byte", [0x0a]),
  plainLines("crlf, kept", [0x0d, 0x0a], { keepTerminator: true }),
  plainLines("three bytes, empty lines are packets", [0x0d, 0x0d, 0x0a], { emptyLines: "packet" }),
  linesSubject("crlf, crc16", [0x0d, 0x0a], "crc16"),
  linesSubject("crlf, crc32", [0x0d, 0x0a], "crc32"),
  linesSubject("three bytes, crc32", [0x0d, 0x0d, 0x0a], "crc32"),
];
