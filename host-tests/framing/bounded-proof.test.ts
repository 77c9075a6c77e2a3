/**
 * In place of a model check: every value of each header field, and every byte string up to a length over an alphabet
 * that reaches every branch. Nothing throws, nothing is read or written outside, and the outcome is what the definition
 * of the format says.
 */
import test from "ava";
import {
  checkSpacePacket,
  IDLE_WITH_SECONDARY_HEADER,
  PARTIAL_PACKET,
  TOO_SHORT,
  UNSUPPORTED_VERSION,
  VALID,
} from "../../modules/ccsds/primary-header.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { type SpacePacketsOptions, spacePackets } from "../../modules/framing/formats/space-packets.js";
import { Cell, forEachString, prove } from "./bounded-cell.js";
import { GuardedMemory } from "./guarded-memory.js";
import { decodeCobs, decodeSpacePackets } from "./reference-decoders.js";

const ELSEWHERE = 8;
const LONGEST = 16;

test("COBS: every string of up to 7 bytes over 5 symbols is decoded as defined, touching nothing outside.", (t) => {
  prove(t, cobs({ maxPacketLength: 4 }), [0, 1, 2, 3, 255], 7, (string) => decodeCobs(string, 4));
});

// A packet ID of ours, a length of none and one more, another version, and what is left.
const SPACE_PACKET_ALPHABET = [0x18, 0x00, 0x01, 0xe0];

const VARIANTS: Record<string, SpacePacketsOptions> = {
  "version and length alone": { maxPacketLength: 8 },
  "packet IDs": { maxPacketLength: 8, packetIds: [0x1800, 0x0001] },
  "a validator": {
    maxPacketLength: 8,
    validator: (bytes, start, end) => ((bytes[end - 1]! + bytes[start]!) % 3) as 0 | 1 | 2,
  },
};

for (const [title, options] of Object.entries(VARIANTS)) {
  test(`Space packets by ${title}: every string of up to 8 bytes over 4 symbols is decoded as defined, touching nothing outside.`, (t) => {
    prove(t, spacePackets(options), SPACE_PACKET_ALPHABET, 8, (string, expired) =>
      decodeSpacePackets(string, { ...options, maxPacketLength: 8 }, expired),
    );
  });
}

/** Each 16-bit field in turn takes every value, in a header of which the rest is good. */
const FIELDS: Record<string, number> = { identification: 0, "sequence control": 2, "packet data length": 4 };

for (const [field, at] of Object.entries(FIELDS)) {
  for (const [title, options] of Object.entries(VARIANTS)) {
    test(`Space packets by ${title}: every value of the ${field} is judged as defined, touching nothing outside.`, (t) => {
      const rules = { ...options, maxPacketLength: 12 };
      const cell = new Cell(spacePackets(rules));
      const stream = [0x18, 0x00, 0xc0, 0x00, 0x00, 0x03, 0x18, 0x00, 0xff, 0xff];
      for (let value = 0; value < 0x10000; value++) {
        stream[at] = value >> 8;
        stream[at + 1] = value & 0xff;
        cell.feed(stream, 0, stream.length);
        cell.expire();
        const difference = cell.difference(decodeSpacePackets(stream, rules, true));
        if (difference !== undefined) {
          t.fail(`${field} ${value}: ${difference}`);
          return;
        }
      }
      t.pass();
    });
  }
}

/** The verdict on a packet by the rules of the standard, in the order of the checks. */
function judge(bytes: readonly number[]): number {
  const [first, second, , , high, low] = bytes as [number, number, number, number, number, number];
  if (bytes.length < 7) {
    return TOO_SHORT;
  }
  if (first > 0x1f) {
    return UNSUPPORTED_VERSION;
  }
  if ((first & 0x0f) === 0x0f && second === 0xff) {
    return IDLE_WITH_SECONDARY_HEADER;
  }
  return high * 256 + low + 7 > bytes.length ? PARTIAL_PACKET : VALID;
}

test("A space packet's header is checked as defined, for every short string and every value of each field, reading nothing outside.", (t) => {
  const guarded = new GuardedMemory(2 * ELSEWHERE + LONGEST);
  let checks = 0;
  const check = (bytes: readonly number[]) => {
    const end = ELSEWHERE + bytes.length;
    guarded.bytes.set(bytes, ELSEWHERE);
    guarded.readable = [[ELSEWHERE, end]];
    const found = checkSpacePacket(guarded.memory.bytes, ELSEWHERE, end);
    checks++;
    if (found !== judge(bytes) || guarded.violations.length > 0) {
      t.fail(`[${bytes}]: ${found} instead of ${judge(bytes)}; ${guarded.violations}`);
      return false;
    }
    return true;
  };
  // Both octets of an idle packet's identification among them.
  forEachString([0x00, 0x01, 0x0f, 0xff], 8, check);
  for (const at of Object.values(FIELDS)) {
    for (let value = 0; value < 0x10000; value++) {
      for (const length of [6, 7, 10]) {
        const bytes = [0x18, 0x00, 0xc0, 0x00, 0x00, 0x03, 0x18, 0x00, 0xff, 0xff].slice(0, length);
        bytes[at] = value >> 8;
        bytes[at + 1] = value & 0xff;
        if (!check(bytes)) {
          return;
        }
      }
    }
  }
  t.log(`${checks} checks`);
  t.pass();
});
