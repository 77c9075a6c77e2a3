/** Packets checked and read, and CRCs. */
import { crc16 } from "../../modules/ccsds/crc16.js";
import {
  apid,
  checkSpacePacket,
  packetDataLength,
  packetSequenceCount,
  VALID,
} from "../../modules/ccsds/primary-header.js";
import {
  checkTelecommand,
  requestId,
  telecommandMessageSubtype,
  telecommandServiceType,
} from "../../modules/pus/telecommand.js";
import type { BenchCase } from "./bench-case.js";
import { bitwiseCrc16 } from "./bitwise-crc16.js";
import { parseSpacePacket, parseTelecommandObject } from "./object-parser.js";
import { anyByte, PING, plainPackets } from "./packets.js";

const COUNT = 64;

/** Packets of one length, one behind the other. */
export function laidOut(packets: readonly number[][], length: number): Uint8Array {
  const bytes = new Uint8Array(packets.length * length);
  packets.forEach((packet, k) => {
    bytes.set(packet, k * length);
  });
  return bytes;
}

type Work = (bytes: Uint8Array, start: number, end: number) => number;

/** Both functions give a number that depends on what they read: no engine can leave the work out, and `check` compares. */
export function workCase(
  name: string,
  bytes: Uint8Array,
  length: number,
  baselineName: string,
  ours: Work,
  baseline: Work,
): BenchCase {
  let sum = 0;

  // Two loops, so that each calls one function only.
  return {
    name,
    packetLength: length,
    packets: bytes.length / length,
    baselineName,
    ours(passes) {
      for (let pass = 0; pass < passes; pass++) {
        for (let at = 0; at < bytes.length; at += length) {
          sum = (sum + ours(bytes, at, at + length)) & 0xffff;
        }
      }
    },
    baseline(passes) {
      for (let pass = 0; pass < passes; pass++) {
        for (let at = 0; at < bytes.length; at += length) {
          sum = (sum + baseline(bytes, at, at + length)) & 0xffff;
        }
      }
    },
    check() {
      for (let at = 0; at < bytes.length; at += length) {
        const [mine, other] = [ours(bytes, at, at + length), baseline(bytes, at, at + length)];
        if (mine !== other || mine < 0 || sum < 0) {
          throw new Error(`${name}: ${mine} came out, and ${other} of the baseline`);
        }
      }
    },
  };
}

function parsingCase(
  name: string,
  packets: readonly number[][],
  baselineName: string,
  ours: Work,
  baseline: Work,
): BenchCase {
  const length = packets[0]!.length;
  return workCase(name, laidOut(packets, length), length, baselineName, ours, baseline);
}

function readSpacePacket(bytes: Uint8Array, start: number, end: number): number {
  return checkSpacePacket(bytes, start, end) === VALID
    ? apid(bytes, start) + packetSequenceCount(bytes, start) + packetDataLength(bytes, start)
    : -1;
}

function readSpacePacketObject(bytes: Uint8Array, start: number, end: number): number {
  const packet = parseSpacePacket(bytes, start, end);
  return packet === undefined ? -1 : packet.apid + packet.packetSequenceCount + packet.packetDataLength;
}

function readTelecommand(bytes: Uint8Array, start: number, end: number): number {
  return checkTelecommand(bytes, start, end) === VALID
    ? telecommandServiceType(bytes, start) +
        telecommandMessageSubtype(bytes, start) +
        (requestId(bytes, start) & 0x3fff)
    : -1;
}

function readTelecommandObject(bytes: Uint8Array, start: number, end: number): number {
  const parsed = parseTelecommandObject(bytes, start, end);
  return parsed === undefined ? -1 : parsed.serviceType + parsed.messageSubtype + parsed.packet.packetSequenceCount;
}

export function parsingCases(): BenchCase[] {
  const pings = Array.from({ length: COUNT }, () => PING);
  const objects = "an object a packet";
  const bits = "bit by bit";
  return [
    parsingCase("space packet parsed, ping", pings, objects, readSpacePacket, readSpacePacketObject),
    parsingCase("telecommand parsed, ping", pings, objects, readTelecommand, readTelecommandObject),
    parsingCase("CRC-16, ping", pings, bits, crc16, bitwiseCrc16),
    parsingCase("CRC-16, 1000 random", plainPackets(16, 1000, anyByte), bits, crc16, bitwiseCrc16),
  ];
}
