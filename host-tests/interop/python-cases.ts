/** Python packages that frame, over plain sockets, and framings they speak with; words of framing_codecs.py. */
import type { Case } from "./cases.js";

const ANY = { kind: "any" } as const;
const ANY_OR_NOTHING = { kind: "any", least: 0 } as const;
const SPACE_PACKETS = { kind: "space-packets" } as const;
const IN_TC_FRAMES = { kind: "space-packets", most: 1016 } as const;

export const PYTHON_CASES: readonly Case[] = [
  { framing: "cobs", theirs: ["cobs"], payloads: ANY_OR_NOTHING, answer: "reverse", overlong: 1025 },
  { framing: "cobs,delimiter=both", theirs: ["cobs both"], payloads: ANY_OR_NOTHING, answer: "reverse" },
  { framing: "cobs,crc=crc16", theirs: ["cobs", "crc16"], payloads: ANY_OR_NOTHING, answer: "reverse", damage: true },
  { framing: "cobs,crc=crc32", theirs: ["cobs", "crc32"], payloads: ANY_OR_NOTHING, answer: "reverse", damage: true },
  { framing: "slip", theirs: ["slip"], payloads: ANY, answer: "reverse", overlong: 1025 },
  { framing: "slip,delimiter=both", theirs: ["slip both"], payloads: ANY, answer: "reverse" },
  { framing: "slip,kiss-type=0", theirs: ["slip", "type 0x00"], payloads: ANY_OR_NOTHING, answer: "reverse" },
  {
    framing: "slip,delimiter=both,kiss-type=0xc0",
    theirs: ["slip both", "type 0xc0"],
    payloads: ANY_OR_NOTHING,
    answer: "reverse",
  },
  { framing: "slip,crc=crc16", theirs: ["slip", "crc16"], payloads: ANY_OR_NOTHING, answer: "reverse", damage: true },
  { framing: "slip,crc=crc32", theirs: ["slip", "crc32"], payloads: ANY_OR_NOTHING, answer: "reverse", damage: true },
  { framing: "netstring", theirs: ["NetstringReceiver"], payloads: ANY_OR_NOTHING, answer: "reverse", overlong: 1025 },
  {
    framing: "netstring,crc=crc32",
    theirs: ["NetstringReceiver", "crc32"],
    payloads: ANY_OR_NOTHING,
    answer: "reverse",
  },
  {
    framing: "length-prefixed,size=1,max-packet=255,min-packet=0",
    theirs: ["Int8StringReceiver"],
    payloads: { kind: "any", least: 0, most: 255 },
    answer: "reverse",
  },
  {
    framing: "length-prefixed,size=2,min-packet=0",
    theirs: ["Int16StringReceiver"],
    payloads: ANY_OR_NOTHING,
    answer: "reverse",
    overlong: 0x4ff,
  },
  {
    framing: "length-prefixed,size=4,min-packet=0",
    theirs: ["Int32StringReceiver"],
    payloads: ANY_OR_NOTHING,
    answer: "reverse",
    overlong: 1025,
  },
  {
    framing: "length-prefixed,crc=crc16",
    theirs: ["Int16StringReceiver", "crc16"],
    payloads: ANY,
    answer: "reverse",
  },
  {
    framing: "lines,empty=packet",
    theirs: ["LineReceiver 0d0a"],
    payloads: { kind: "text", terminator: "0d0a", least: 0 },
    answer: "reverse",
    overlong: 1025,
  },
  {
    framing: "lines,terminator=2d3d2d0a",
    theirs: ["LineReceiver 2d3d2d0a"],
    payloads: { kind: "text", terminator: "2d3d2d0a" },
    answer: "reverse",
  },
  { framing: "uslp,scid=0x1234", theirs: ["uslp"], payloads: SPACE_PACKETS, answer: "same" },
  { framing: "uslp,scid=0x1234,over=cobs", theirs: ["cobs", "uslp"], payloads: SPACE_PACKETS, answer: "same" },
  { framing: "tc-frames,scid=0x2ab", theirs: ["tc-frames"], payloads: IN_TC_FRAMES, answer: "same" },
  { framing: "tc-frames,scid=0x2ab,map=3", theirs: ["tc-frames 3"], payloads: IN_TC_FRAMES, answer: "same" },
  { framing: "tc-frames,scid=0x2ab,over=cobs", theirs: ["cobs", "tc-frames"], payloads: IN_TC_FRAMES, answer: "same" },
];
