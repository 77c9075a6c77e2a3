/**
 * In place of a model check, for the framings whose frames have a known length or say it: every byte string up to a
 * length, over an alphabet that reaches every branch. Nothing throws, nothing is read or written outside, and the
 * outcome is what the definition of the format says.
 */
import test from "ava";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { fixed } from "../../modules/framing/formats/fixed.js";
import { lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { marker } from "../../modules/framing/formats/marker.js";
import { netstring } from "../../modules/framing/formats/netstring.js";
import { sync } from "../../modules/framing/formats/sync.js";
import { prove } from "./bounded-cell.js";
import {
  decodeByRule,
  fixedRule,
  lengthPrefixedRule,
  markerRule,
  netstringRule,
  type Rule,
} from "./reference-scanner.js";

interface Proof {
  readonly framing: Framing;
  readonly rule: Rule;
  readonly alphabet: readonly number[];
  readonly longest: number;
}

const PREFIX = {
  offset: 0,
  size: 1,
  little: false,
  unit: 1,
  adjustment: 1,
  strip: 1,
  sync: [],
  minPacketLength: 1,
  maxPacketLength: 3,
};

/** Lengths 3 and 4 behind one header, and another header that begins alike. */
const RIVALS = [
  { header: [1], length: 1, trailer: [9] },
  { header: [1], length: 2, trailer: [9] },
  { header: [1, 2], length: 3, trailer: [] },
];

const PROOFS: Record<string, Proof> = {
  "length-prefixed, 1 octet": {
    framing: lengthPrefixed({ lengthSize: 1, maxPacketLength: 3 }),
    rule: lengthPrefixedRule(PREFIX),
    alphabet: [0, 1, 2, 3, 4],
    longest: 6,
  },
  "length-prefixed, 2 octets, little endian, units of 2, a sync pattern, stripped in part": {
    framing: lengthPrefixed({
      lengthOffset: 1,
      syncPattern: [7],
      endianness: "little",
      bytesPerCount: 2,
      adjustment: 1,
      strip: 2,
      minPacketLength: 0,
      maxPacketLength: 4,
    }),
    rule: lengthPrefixedRule({
      ...PREFIX,
      offset: 1,
      size: 2,
      little: true,
      unit: 2,
      adjustment: 1,
      strip: 2,
      sync: [7],
      minPacketLength: 0,
      maxPacketLength: 4,
    }),
    alphabet: [0, 1, 2, 7],
    longest: 7,
  },
  "length-prefixed, 4 octets, adjusted below zero": {
    framing: lengthPrefixed({ lengthSize: 4, adjustment: -3, strip: 4, maxPacketLength: 3 }),
    rule: lengthPrefixedRule({ ...PREFIX, size: 4, adjustment: -3, strip: 4 }),
    alphabet: [0, 8, 9, 255],
    longest: 7,
  },
  netstring: {
    framing: netstring({ maxPacketLength: 12 }),
    rule: netstringRule(12),
    alphabet: [0x30, 0x31, 0x32, 0x3a, 0x2c],
    longest: 6,
  },
  "fixed, with a pattern": {
    framing: fixed({
      length: 4,
      pattern: [
        { offset: 0, octets: [1] },
        { offset: 2, octets: [2, 1] },
      ],
    }),
    rule: fixedRule(new Map([[0, 4]]), undefined, [
      [0, 1],
      [2, 2],
      [3, 1],
    ]),
    alphabet: [0, 1, 2],
    longest: 9,
  },
  "fixed, by identifier": {
    framing: fixed({
      identifier: {
        offset: 1,
        size: 1,
        lengths: [
          [2, 2],
          [3, 4],
          [4, 3],
        ],
      },
    }),
    rule: fixedRule(
      new Map([
        [2, 2],
        [3, 4],
        [4, 3],
      ]),
      1,
      [],
    ),
    alphabet: [0, 2, 3, 4],
    longest: 7,
  },
  sync: {
    framing: sync({ marker: [1, 2], frameLength: 2, keep: "all" }),
    rule: (bytes, final) => {
      const found = fixedRule(new Map([[0, 4]]), undefined, [
        [0, 1],
        [1, 2],
      ])(bytes, final);
      return found === "patternMismatch" ? "noSyncMarker" : found;
    },
    alphabet: [0, 1, 2],
    longest: 9,
  },
  "marker, kinds of several lengths": {
    framing: marker({ kinds: RIVALS }),
    rule: markerRule(RIVALS),
    alphabet: [1, 2, 9, 0],
    longest: 7,
  },
  "marker, trailer and header alike": {
    framing: marker({
      kinds: [
        { header: [1, 2], length: 0, trailer: [1] },
        { header: [1, 2], length: 1, trailer: [1] },
        { header: [1, 2], length: 3, trailer: [1] },
      ],
    }),
    rule: markerRule([
      { header: [1, 2], length: 0, trailer: [1] },
      { header: [1, 2], length: 1, trailer: [1] },
      { header: [1, 2], length: 3, trailer: [1] },
    ]),
    alphabet: [1, 2, 3],
    longest: 9,
  },
};

for (const [name, { framing, rule, alphabet, longest }] of Object.entries(PROOFS)) {
  test(`${name}: every string of up to ${longest} bytes over ${alphabet.length} symbols is decoded as defined, touching nothing outside.`, (t) => {
    prove(t, framing, alphabet, longest, (string, expired) => decodeByRule(string, rule, expired));
  });
}
