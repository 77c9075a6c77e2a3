/**
 * Every framing of the registry under those conformance cases that need no more of it than its entry says: whoever adds one
 * has it covered. What tells its damage, and other options, are the business of `subjects.ts`. Knows no platform.
 */
import type { Framing } from "../../modules/framing/contract/framing.js";
import type { FramingEntry } from "../../modules/framing/options/framing-entry.js";
import { FRAMINGS, parseFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { encoderCases } from "./encoder-cases.js";
import { numbered } from "./numbered.js";
import { Random } from "./random.js";
import { refusalCases } from "./refusal-cases.js";
import { streamCases } from "./stream-cases.js";
import type { Cases, Subject } from "./subject.js";

/** As most texts and markers are below it. */
const LEAST = 0x80;
const MAX_PACKET_LENGTH = 1024;
/** A frame count's modulus divides it. */
const ROUND = 65_536;
function isPacket(framing: Framing, packet: Uint8Array): boolean {
  const room = framing.encoder(new FixedMemory(1)).maxFrameLength(packet.length);
  const memory = new FixedMemory(packet.length + room);
  memory.bytes.set(packet);
  return framing.encoder(memory).encode(0, packet.length, packet.length, memory.capacity) >= 0;
}

/** Any bytes, or a space packet, whichever the framing takes. */
function packetFor(framing: Framing, length: number, random: Random, least: number): Uint8Array | undefined {
  const bytes = random.bytes(length, Math.max(least, LEAST));
  if (isPacket(framing, bytes)) {
    return bytes;
  }
  // No other header begins inside this one.
  bytes.set(
    [0x18, 0x42, 0xc0 | random.below(0x40), random.below(0x100), (length - 7) >> 8, length - 7].slice(0, length),
  );
  return isPacket(framing, bytes) ? bytes : undefined;
}

function registered({ name, example }: FramingEntry): Subject {
  const text = example === undefined ? name : `${name},${example}`;
  const make = (maxPacketLength: number) => parseFraming("framing", text, { maxPacketLength });
  const framing = make(MAX_PACKET_LENGTH);
  const lengths = Array.from({ length: 64 }, (_, i) => i + 1);
  const shortest = lengths.find((length) => packetFor(framing, length, new Random(1), 0) !== undefined);
  if (shortest === undefined) {
    throw new Error(`${text} takes no packet of up to 64 bytes`);
  }
  const packet = packetFor(framing, shortest, new Random(1), 0) as Uint8Array;
  return {
    name: `${name}, as registered`,
    framing: (maxPacketLength) => numbered(make(maxPacketLength), ROUND),
    shortestPacket: shortest,
    longestPacket: framing.maxPacketLength,
    packet(length, random, least = 0) {
      const clamped = Math.min(Math.max(length, shortest), framing.maxPacketLength);
      return packetFor(framing, clamped, random, least) as Uint8Array;
    },
    garbage: () => new Uint8Array(0),
    spoil() {},
    spoiltReason: "",
    tooLongReason: "",
    delimited: false,
    undetectable: true,
    longestFrame: () => undefined,
    validated: false,
    overhead: framing.encoder(new FixedMemory(1)).maxFrameLength(packet.length) - packet.length,
  };
}

export const registeredSubjects: readonly Subject[] = FRAMINGS.map(registered);

/** A decoder without memory takes what it gets at once: there is nothing to cut. */
export function registeredCases(subject: Subject): Cases {
  return subject.framing(MAX_PACKET_LENGTH).decoderMemory === 0
    ? encoderCases
    : { ...streamCases, ...refusalCases, ...encoderCases };
}

/** @returns "ok", or what went wrong */
export function runRegistered(subjectName: string, title: string): string {
  const subject = registeredSubjects.find((each) => each.name === subjectName);
  const run = subject && registeredCases(subject)[title];
  if (subject === undefined || run === undefined) {
    return "there is no such case";
  }
  try {
    run(subject);
    return "ok";
  } catch (error) {
    return String(error);
  }
}
