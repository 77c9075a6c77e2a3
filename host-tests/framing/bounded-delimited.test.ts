/** As bounded-proof.test.ts, for the framings with a delimiter beside COBS. */
import test from "ava";
import type { Framing } from "../../modules/framing/contract/framing.js";
import type { PacketCheck } from "../../modules/framing/contract/packet-check.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { lines } from "../../modules/framing/formats/lines.js";
import { slip } from "../../modules/framing/formats/slip.js";
import { prove } from "./bounded-cell.js";
import { unstuffByteByByte } from "./reference-decoders.js";
import { type DelimitedRules, decodeDelimited, lineRules, slipRules } from "./reference-delimited.js";

/** Accepts, passes over or rejects by the last byte, which it takes away; nothing at all is damage. */
const CHECK: PacketCheck = {
  judge: (bytes, start, end) => (end > start ? ((bytes[end - 1]! % 3) as 0 | 1 | 2) : 2),
  trailerLength: 1,
};

/** The framing with a layer above it. */
function checked(framing: Framing): Framing {
  return { ...framing, decoder: (memory, area) => framing.decoder(memory, area, CHECK) };
}

const SLIP = [0xc0, 0xdb, 0xdc, 0xdd, 0x00];
const CR = 0x0d;
const LF = 0x0a;
const CRLF = [CR, LF];
/** Its beginning is its end, too. */
const ABA = [1, 2, 1];
const kept = { maxPacketLength: 5, terminator: CRLF, keepTerminator: true };
const empty = { maxPacketLength: 3, terminator: CRLF, emptyLines: "packet" } as const;

const CASES: Record<string, [framing: Framing, rules: DelimitedRules, alphabet: number[], longest: number]> = {
  SLIP: [slip({ maxPacketLength: 2 }), slipRules(2), SLIP, 6],
  KISS: [slip({ maxPacketLength: 2, kissType: 0 }), slipRules(2, 0), SLIP, 6],
  "KISS with a type that is escaped": [slip({ maxPacketLength: 1, kissType: 0xdb }), slipRules(1, 0xdb), SLIP, 6],
  "SLIP under a layer": [checked(slip({ maxPacketLength: 2 })), slipRules(2, undefined, CHECK), SLIP, 6],
  "COBS under a layer": [
    checked(cobs({ maxPacketLength: 4 })),
    {
      delimiter: [0],
      maxPacketLength: 4,
      maxFrameLength: 5,
      check: CHECK,
      unwrap: (frame) => unstuffByteByByte(frame) ?? "blockOverrun",
    },
    [0, 1, 2, 3, 255],
    6,
  ],
  lines: [lines({ maxPacketLength: 3 }), lineRules({ maxPacketLength: 3, terminator: CRLF }), [CR, LF, 0x41], 9],
  "lines that end with LF": [
    lines({ maxPacketLength: 3, terminator: [LF], emptyLines: "packet" }),
    lineRules({ maxPacketLength: 3, terminator: [LF], emptyLines: "packet" }),
    [CR, LF, 0x41],
    9,
  ],
  "lines with their terminator": [lines(kept), lineRules(kept), [CR, LF, 0x41], 9],
  "lines, empty ones included": [lines(empty), lineRules(empty), [CR, LF, 0x41], 9],
  "lines whose terminator overlaps itself": [
    lines({ maxPacketLength: 3, terminator: ABA }),
    lineRules({ maxPacketLength: 3, terminator: ABA }),
    [1, 2, 3],
    9,
  ],
  "lines under a layer": [
    checked(lines({ maxPacketLength: 3 })),
    lineRules({ maxPacketLength: 3, terminator: CRLF }, CHECK),
    [CR, LF, 0x42],
    9,
  ],
};

for (const [title, [framing, rules, alphabet, longest]] of Object.entries(CASES)) {
  test(`${title}: every string of up to ${longest} bytes over ${alphabet.length} symbols is decoded as defined, touching nothing outside.`, (t) => {
    prove(t, framing, alphabet, longest, (string) => decodeDelimited(string, rules));
  });
}
