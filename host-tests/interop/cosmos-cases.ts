/**
 * OpenC3 COSMOS's protocols, as in a plugin.txt, and the framings that they speak with. The line of the INTERFACE comes
 * first, then those of PROTOCOL.
 *
 * Not here: TEMPLATE is TERMINATED on the wire, with commands made of templates; CMD_RESPONSE and IGNORE_PACKET frame
 * nothing. COSMOS has nothing for netstrings, and takes no packets out of transfer frames: USLP as whole frames only.
 */
import type { Case } from "./cases.js";

const CRC_PROTOCOL = "openc3/interfaces/protocols/crc_protocol.py";
const CRC16 = "-16 16 BIG_ENDIAN 0x1021 0xFFFF FALSE FALSE";
const CRC16_BOTH_WAYS = `PROTOCOL READ_WRITE ${CRC_PROTOCOL} nil TRUE ERROR ${CRC16}`;
const CRC32_BOTH_WAYS = `PROTOCOL READ_WRITE ${CRC_PROTOCOL} nil TRUE ERROR -32 32`;
/** Packets that end with a code of their own are left as they are. */
export const CRC16_CHECKED = `PROTOCOL READ ${CRC_PROTOCOL} nil FALSE ERROR ${CRC16}`;

const ANY = { kind: "any" } as const;
const ANY_OR_NOTHING = { kind: "any", least: 0 } as const;

function identified(name: string, id: string, length: number): string[] {
  return [
    `TELEMETRY TGT ${name} BIG_ENDIAN "${name}"`,
    `  APPEND_ID_ITEM ID 16 UINT ${id} "Identifier"`,
    `  APPEND_ITEM DATA ${8 * (length - 2)} BLOCK "Data"`,
  ];
}

/** The only packet there is: of one length. */
function only(length: number): string[] {
  return ['TELEMETRY TGT ALL BIG_ENDIAN "All"', `  APPEND_ITEM DATA ${8 * length} BLOCK "Data"`];
}

const LENGTH: readonly Case[] = [
  {
    framing: "length-prefixed",
    theirs: ["LENGTH 0 16 2 1 BIG_ENDIAN 2 nil 2048 TRUE"],
    payloads: ANY,
    answer: "reverse",
    overlong: 0x4ff,
  },
  {
    framing: "length-prefixed,size=1,max-packet=255,min-packet=0",
    theirs: ["LENGTH 0 8 1 1 BIG_ENDIAN 1 nil nil TRUE"],
    payloads: { kind: "any", least: 0, most: 255 },
    answer: "reverse",
  },
  {
    framing: "length-prefixed,size=4,min-packet=0",
    theirs: ["LENGTH 0 32 4 1 BIG_ENDIAN 4 nil nil TRUE"],
    payloads: ANY_OR_NOTHING,
    answer: "reverse",
    overlong: 2000,
  },
  {
    framing: "length-prefixed,size=3",
    theirs: ["LENGTH 0 24 3 1 BIG_ENDIAN 3 nil nil TRUE"],
    payloads: ANY,
    answer: "reverse",
  },
  {
    framing: "length-prefixed,endian=little",
    theirs: ["LENGTH 0 16 2 1 LITTLE_ENDIAN 2 nil nil TRUE"],
    payloads: ANY,
    answer: "reverse",
  },
  {
    framing: "length-prefixed,size=4,endian=little",
    theirs: ["LENGTH 0 32 4 1 LITTLE_ENDIAN 4 nil nil TRUE"],
    payloads: ANY,
    answer: "reverse",
  },
  {
    // Little-endian fields of 24 bits are bit fields to COSMOS: their offset is that of the most significant bit, and
    // frames of less than 6 bytes are taken for too short.
    framing: "length-prefixed,size=3,endian=little,min-packet=3",
    theirs: ["LENGTH 16 24 3 1 LITTLE_ENDIAN 3 nil nil TRUE"],
    payloads: { kind: "any", least: 3 },
    answer: "reverse",
  },
  {
    framing: "length-prefixed,adjust=0",
    theirs: ["LENGTH 0 16 0 1 BIG_ENDIAN 2 nil nil TRUE"],
    payloads: ANY,
    answer: "reverse",
  },
  {
    framing: "length-prefixed,unit=2,adjust=0",
    theirs: ["LENGTH 0 16 0 2 BIG_ENDIAN 2 nil nil TRUE"],
    payloads: { kind: "any", unit: 2, least: 2 },
    answer: "reverse",
  },
  {
    framing: "length-prefixed,unit=2",
    theirs: ["LENGTH 0 16 2 2 BIG_ENDIAN 2 nil nil TRUE"],
    // The board answers what it takes for the packet: one unit less.
    payloads: { kind: "given", packets: ["0102030405060708"] },
    answer: "reverse",
    limit: {
      why: "written, the value offset counts units; read, bytes: only 0 is the same to both",
      error: "expected [8] 0807060504030201, not [6] 060504030201",
    },
  },
  {
    framing: "length-prefixed,offset=4,sync=1acffc1d",
    theirs: ["LENGTH 32 16 6 1 BIG_ENDIAN 6 0x1ACFFC1D nil TRUE"],
    payloads: ANY,
    answer: "reverse",
  },
  {
    framing: "length-prefixed,offset=4,size=2,adjust=7,strip=0",
    theirs: ["LENGTH 32 16 7 1 BIG_ENDIAN 0 nil 2048"],
    payloads: { kind: "space-packets" },
    answer: "same",
  },
  {
    framing: "length-prefixed,crc=crc16",
    theirs: ["LENGTH 0 16 2 1 BIG_ENDIAN 2 nil nil TRUE", CRC16_BOTH_WAYS],
    payloads: ANY,
    answer: "reverse",
  },
  {
    framing: "length-prefixed,size=4,endian=little,crc=crc32",
    theirs: ["LENGTH 0 32 4 1 LITTLE_ENDIAN 4 nil nil TRUE", CRC32_BOTH_WAYS],
    payloads: ANY,
    answer: "reverse",
  },
  {
    framing: "space-packets",
    theirs: ["LENGTH 32 16 7 1 BIG_ENDIAN 0 nil 2048"],
    payloads: { kind: "space-packets" },
    answer: "same",
  },
  {
    framing: "space-packets,crc=check16",
    theirs: ["LENGTH 32 16 7 1 BIG_ENDIAN 0 nil 2048", CRC16_BOTH_WAYS],
    payloads: { kind: "space-packets", counted: 2, most: 1022 },
    answer: "same",
  },
  {
    framing: "space-packets,crc=check16",
    theirs: ["LENGTH 32 16 7 1 BIG_ENDIAN 0 nil 2048", CRC16_CHECKED],
    payloads: { kind: "space-packets", sealed: true },
    answer: "same",
  },
  {
    framing: "space-packets,crc=crc16",
    theirs: ["LENGTH 32 16 9 1 BIG_ENDIAN 0 nil 2048", CRC16_BOTH_WAYS],
    payloads: { kind: "space-packets" },
    answer: "same",
  },
  {
    // COSMOS's own format: flags, time, the names of target and packet, a count. The packet is all of that.
    framing: "length-prefixed,offset=21,size=4,strip=0,sync=deadbeef",
    theirs: ["PREIDENTIFIED 0xDEADBEEF 1024"],
    payloads: { kind: "any", most: 900 },
    answer: "same",
  },
];

const DELIMITED: readonly Case[] = [
  { framing: "cobs", theirs: ["COBS"], payloads: ANY, answer: "reverse", overlong: 1025 },
  { framing: "cobs,crc=crc16", theirs: ["COBS", CRC16_BOTH_WAYS], payloads: ANY, answer: "reverse" },
  { framing: "cobs,crc=crc32", theirs: ["COBS", CRC32_BOTH_WAYS], payloads: ANY_OR_NOTHING, answer: "reverse" },
  {
    framing: "cobs,crc=check16",
    theirs: ["COBS", CRC16_BOTH_WAYS],
    payloads: { kind: "any", most: 1022 },
    answer: "same",
  },
  {
    framing: "cobs,crc=check32",
    theirs: ["COBS", CRC32_BOTH_WAYS],
    payloads: { kind: "any", most: 1020 },
    answer: "same",
  },
  {
    framing: "cobs",
    theirs: ["COBS"],
    payloads: { kind: "given", packets: ["", "0102"] },
    answer: "reverse",
    limit: {
      why: "of a packet with nothing in it, COSMOS writes the delimiter alone",
      error: "expected [5] 656d707479, not [2] 0201",
    },
  },
  {
    framing: "cobs,delimiter=both",
    theirs: ["COBS"],
    payloads: { kind: "given", packets: ["0102"] },
    answer: "reverse",
    limit: {
      why: "COSMOS takes the zero in front for a packet with nothing in it",
      error: "expected [2] 0201, not [0] ",
    },
  },
  { framing: "slip", theirs: ["SLIP"], payloads: ANY, answer: "reverse", overlong: 1025 },
  { framing: "slip,delimiter=both", theirs: ["SLIP 0xC0"], payloads: ANY, answer: "reverse" },
  { framing: "slip,crc=crc16", theirs: ["SLIP", CRC16_BOTH_WAYS], payloads: ANY_OR_NOTHING, answer: "reverse" },
  { framing: "slip,kiss-type=0", theirs: ["SLIP"], payloads: { kind: "any", prefix: "00" }, answer: "same" },
  {
    framing: "slip,delimiter=both",
    theirs: ["SLIP"],
    payloads: { kind: "given", packets: ["0102"] },
    answer: "reverse",
    limit: {
      why: "COSMOS takes the END in front for a packet with nothing in it; give it a start character",
      error: "expected [2] 0201, not [0] ",
    },
  },
  {
    framing: "lines",
    theirs: ["TERMINATED 0x0D0A 0x0D0A"],
    payloads: { kind: "text", terminator: "0d0a" },
    answer: "reverse",
    overlong: 1025,
  },
  {
    framing: "lines,empty=packet",
    theirs: ["TERMINATED 0x0D0A 0x0D0A"],
    payloads: { kind: "text", terminator: "0d0a", least: 0 },
    answer: "reverse",
  },
  {
    framing: "lines,terminator=lf",
    theirs: ["TERMINATED 0x0A 0x0A"],
    payloads: { kind: "text", terminator: "0a" },
    answer: "reverse",
  },
  {
    framing: "lines,terminator=nul",
    theirs: ["TERMINATED 0x00 0x00"],
    payloads: { kind: "text", terminator: "00" },
    answer: "reverse",
  },
  {
    framing: "lines,terminator=2d3d2d0a",
    theirs: ["TERMINATED 0x2D3D2D0A 0x2D3D2D0A"],
    payloads: { kind: "text", terminator: "2d3d2d0a" },
    answer: "reverse",
  },
  {
    framing: "lines,keep=on",
    theirs: ["TERMINATED 0x0D0A 0x0D0A FALSE"],
    payloads: { kind: "text", terminator: "0d0a", most: 1022 },
    suffix: "0d0a",
    answer: "same",
  },
  {
    framing: "lines,keep=on",
    theirs: ['TERMINATED "" 0x0D0A FALSE'],
    payloads: { kind: "given", packets: ["0102"] },
    suffix: "0d0a",
    answer: "same",
    limit: {
      why: "without a terminator to write, COSMOS writes nothing: it finds it in every packet",
      error: "Packet contains termination characters",
    },
  },
];

const FIXED: readonly Case[] = [
  {
    framing: "raw",
    theirs: ["BURST"],
    payloads: { kind: "any", most: 1000 },
    answer: "reverse",
    oneByOne: true,
  },
  {
    framing: "raw",
    theirs: ["BURST 4 0x1ACFFC1D TRUE"],
    payloads: { kind: "any", most: 1000 },
    answer: "same",
    oneByOne: true,
  },
  {
    framing: "sync,length=32",
    theirs: ["BURST 4 0x1ACFFC1D TRUE"],
    payloads: { kind: "identified", frames: [["", 32]] },
    answer: "reverse",
    oneByOne: true,
  },
  {
    framing: "sync,length=32",
    theirs: ["FIXED 5 4 0x1ACFFC1D TRUE TRUE TRUE"],
    definitions: only(32),
    payloads: { kind: "identified", frames: [["", 32]] },
    answer: "reverse",
  },
  {
    framing: "fixed,ids=0x0801:64/0x0802:128",
    theirs: ["FIXED 2 0 nil TRUE FALSE TRUE"],
    definitions: [...identified("ONE", "0x0801", 64), ...identified("TWO", "0x0802", 128)],
    payloads: {
      kind: "identified",
      frames: [
        ["0801", 64],
        ["0802", 128],
      ],
    },
    answer: "same",
  },
  {
    framing: "fixed,length=66,pattern=0:fdaa,strip=2",
    theirs: ["FIXED 3 2 0xFDAA TRUE TRUE TRUE"],
    definitions: only(64),
    payloads: { kind: "identified", frames: [["", 64]] },
    answer: "reverse",
  },
  {
    framing: "marker,kinds=fdaa+150+ccdd/fdcc+190+ccdd,keep=frame",
    theirs: ["FIXED 2 0 nil TRUE FALSE TRUE"],
    definitions: [...identified("ONE", "0xFDAA", 154), ...identified("TWO", "0xFDCC", 194)],
    payloads: {
      kind: "identified",
      frames: [
        ["fdaa", 154],
        ["fdcc", 194],
      ],
      ending: "ccdd",
    },
    answer: "same",
  },
  {
    framing: "marker,kinds=aa55+u16",
    theirs: ["LENGTH 16 16 4 1 BIG_ENDIAN 4 0xAA55 nil TRUE"],
    payloads: ANY,
    answer: "reverse",
  },
  {
    framing: "marker,kinds=aa55+u16le+0d0a,keep=frame",
    theirs: ["LENGTH 16 16 6 1 LITTLE_ENDIAN 0 0xAA55 nil TRUE"],
    payloads: { kind: "counted", start: "aa55", size: 2, endian: "little", adjust: 6, ending: "0d0a" },
    answer: "same",
  },
  {
    framing: "uslp,scid=0x1234,content=frames",
    theirs: ["LENGTH 32 16 1 1 BIG_ENDIAN 0 nil 1100"],
    payloads: { kind: "uslp", fecf: true },
    answer: "same",
  },
  {
    framing: "uslp,scid=0x1234,content=frames,fecf=off,over=cobs",
    theirs: ["COBS"],
    payloads: { kind: "uslp", fecf: false },
    answer: "same",
  },
];

export const COSMOS_CASES: readonly Case[] = [...LENGTH, ...DELIMITED, ...FIXED];
