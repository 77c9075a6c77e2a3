/** How many bits speak for each framing in streams that are small enough to count them by hand. */
import test from "ava";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { slip } from "../../modules/framing/formats/slip.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import * as evidence from "../../modules/framing/guess/guess-evidence.js";
import { tcFramesBits, tcFramesOverCobsBits } from "../../modules/framing/guess/guess-tc-frames.js";
import { concat } from "./random.js";

type Bits = (bytes: Uint8Array) => number;

const of = (...octets: number[]): Uint8Array => Uint8Array.from(octets);
const text = (characters: string): Uint8Array => new TextEncoder().encode(characters);

/** A space packet with the data given behind its header; a checksum ends it where asked for. */
function spacePacket(data: readonly number[], { apid = 2, flags = 0xc0, crc = false } = {}): Uint8Array {
  const packet = of(0x18, apid, flags, 0, 0, data.length + (crc ? 2 : 0) - 1, ...data, ...(crc ? [0, 0] : []));
  if (crc) {
    writeCrc16(packet, 0, packet.length);
  }
  return packet;
}

/** A transfer frame of so many octets, with a checksum where asked for. */
function transferFrame(length: number, crc = false, scid = 7): Uint8Array {
  const frame = new Uint8Array(length).fill(0x33);
  frame.set([0xc0 | (scid >> 12), scid >> 4, (scid & 0xf) << 4, 0, (length - 1) >> 8, length - 1, 0]);
  if (crc) {
    writeCrc16(frame, 0, length);
  }
  return frame;
}

const plain = spacePacket([1, 2, 3]);
const sealed = spacePacket([1, 2, 3], { crc: true });
const segment = spacePacket([1, 2, 3], { flags: 0x40 });
const other = spacePacket([1, 2, 3], { apid: 3 });
/** Longer than what is looked at, and no beginning of anything. */
const MUCH = new Uint8Array(80).fill(0xe7);
const escaped = spacePacket([0xc0, 0xdb, 1], { crc: true });
const escapes = encodeFrame(slip(), escaped).filter((octet) => octet === 0xdb).length;
const frame7 = transferFrame(12);
/** Of 20 octets. */
const tcFrame = encodeFrame(tcFrames({ spacecraftId: 0x22b }), spacePacket([1, 2, 3, 4, 5, 6, 7]));
const reseal = (frame: Uint8Array): Uint8Array => {
  writeCrc16(frame, 0, frame.length);
  return frame;
};
const sealed7 = transferFrame(12, true);

const TABLES: Record<string, [Bits, [what: string, stream: Uint8Array, bits: number][]]> = {
  "space packets: 11 for a header, 11 for the same APID again, 16 for a checksum, 10 for a whole end": [
    evidence.spacePacketsBits,
    [
      ["one", plain, 11 + 10],
      ["one with a checksum", sealed, 11 + 16 + 10],
      ["two of one APID", concat(plain, plain), 11 + 22 + 10],
      ["two of two", concat(plain, other), 11 + 11 + 10],
      ["three, the last of the first one's", concat(plain, other, plain), 11 + 11 + 22 + 10],
      ["a segment behind one", concat(plain, segment), 11 + 10],
      ["a segment alone", segment, 0],
      ["one, and the beginning of the next", concat(plain, plain.slice(0, 3)), 11],
      ["one, and something else", concat(plain, of(9)), 0],
      ["one, cut off", plain.slice(0, 8), 11],
      ["one header", plain.slice(0, 6), 11],
      ["less than a header", plain.slice(0, 5), 0],
      ["another version", plain.with(0, 0x38), 0],
      ["as long as is believed", plain.with(4, 3).with(5, 249), 11],
      ["longer than is believed", plain.with(4, 3).with(5, 250), 0],
      ["packet ID 0, which zeros are", plain.with(0, 0).with(1, 0), 0],
      [
        "packets and more than is looked at",
        concat(plain, plain, plain, plain, plain, plain, plain, plain),
        11 + 7 * 22,
      ],
    ],
  ],
  "COBS: 8 for a zero in front, 8 for a frame, 21 for a whole space packet in it, 16 for its checksum": [
    evidence.cobsBits,
    [
      ["a packet", encodeFrame(cobs(), plain), 8 + 21],
      ["a segment", encodeFrame(cobs(), segment), 8 + 19],
      ["a packet with a checksum", encodeFrame(cobs(), sealed), 8 + 21 + 16],
      ["a zero in front of it", concat(of(0), encodeFrame(cobs(), plain)), 8 + 8 + 21],
      ["two packets", concat(encodeFrame(cobs(), plain), encodeFrame(cobs(), plain)), 2 * (8 + 21)],
      ["five bytes", of(6, 1, 2, 3, 4, 5, 0), 8],
      ["four bytes", of(5, 1, 2, 3, 4, 0), 8],
      ["three bytes", of(4, 1, 2, 3, 0), 4],
      ["two bytes", of(3, 1, 2, 0), 4],
      ["one byte", of(2, 1, 0), 0],
      ["no end", of(4, 1, 2, 3), 0],
      ["zeros", of(0, 0, 0), 0],
      ["a frame behind zeros", of(0, 0, 4, 1, 2, 3, 0), 8 + 4],
      ["a block that is too long", of(9, 1, 2, 3, 0), 0],
      ["a frame, and the beginning of another", of(6, 1, 2, 3, 4, 5, 0, 9), 8],
      ["a packet that says another length", encodeFrame(cobs(), plain.with(5, 3)), 8],
      ["a packet of another version", encodeFrame(cobs(), plain.with(0, 0x38)), 8],
      ["a header alone", encodeFrame(cobs(), plain.slice(0, 6)), 8],
      ["two bytes that would be a checksum of a header", encodeFrame(cobs(), spacePacket([], { crc: true })), 8 + 21],
    ],
  ],
  "USLP over COBS: as COBS, with 21 for a whole transfer frame, and nothing without one": [
    evidence.uslpOverCobsBits,
    [
      ["a frame", encodeFrame(cobs(), frame7), 8 + 21],
      ["a frame with a checksum", encodeFrame(cobs(), sealed7), 8 + 21 + 16],
      ["a packet", encodeFrame(cobs(), plain), 0],
      ["a packet and a frame", concat(encodeFrame(cobs(), plain), encodeFrame(cobs(), frame7)), 8 + 8 + 21],
      ["a frame and a packet", concat(encodeFrame(cobs(), frame7), encodeFrame(cobs(), plain)), 8 + 21 + 8],
      ["a frame that says another length", encodeFrame(cobs(), frame7.with(5, 12)), 0],
    ],
  ],
  "SLIP: 8 for an END in front, 8 for one at the end, 7 for an escape, 10 for two ENDs, 29 for a whole space packet": [
    evidence.slipBits,
    [
      ["a frame", of(0xc0, 1, 2, 0xc0), 8 + 8],
      ["a frame without an END in front", of(1, 2, 0xc0), 8],
      ["a KISS frame", of(0xc0, 0, 1, 2, 0xc0), 16 + 8],
      ["two frames", of(0xc0, 1, 2, 0xc0, 0xc0, 1, 2, 0xc0), 8 + 10 + 8],
      ["one byte", of(0xc0, 1, 0xc0), 0],
      ["two bytes", of(1, 2, 0xc0), 8],
      ["escapes", of(1, 0xdb, 0xdc, 0xdb, 0xdd, 0xc0), 7 + 7 + 8],
      ["a wrong escape", of(1, 2, 0xc0, 0xdb, 1), 0],
      ["an escape that is to go on", of(1, 2, 0xc0, 0xdb), 0],
      ["a space packet, whose sequence flags are escaped", encodeFrame(slip(), plain), 8 + 7 + 29],
      ["one with an END and an ESC in it", encodeFrame(slip(), spacePacket([0xc0, 0xdb])), 8 + 3 * 7 + 29],
      ["one whose checksum counts what was escaped", encodeFrame(slip(), escaped), 8 + 7 * escapes + 29 + 16],
      ["two space packets", concat(encodeFrame(slip(), plain), encodeFrame(slip(), plain)), 8 + 2 * (7 + 29)],
      ["two ENDs in front", of(0xc0, 0xc0, 1, 2, 0xc0), 8 + 8],
      ["two ENDs at the end", of(1, 2, 0xc0, 0xc0), 8],
      ["END alone", of(0xc0), 0],
      ["no END", of(1, 2, 3), 0],
      ["END at the end of much", concat(MUCH, of(0xc0)), 0],
      ["END in front of a transfer frame", concat(transferFrame(12, false, 0), of(0xc0)), 8],
    ],
  ],
  "length-prefixed: 6 for a count of two octets, 8 of four, as much as a space packet shows, 8 or 10 for a whole end": [
    evidence.lengthPrefixedBits,
    [
      ["one octet", of(3, 1, 2, 9), 8],
      ["two octets, big", of(0, 3, 1, 2, 9), 6 + 10],
      ["two octets, little", of(3, 0, 1, 2, 9), 6 + 10],
      ["four octets, big", of(0, 0, 0, 3, 1, 2, 9), 8 + 10],
      ["four octets, little", of(3, 0, 0, 0, 1, 2, 9), 8 + 10],
      ["two frames", of(0, 2, 1, 9, 0, 1, 9), 6 + 6 + 10],
      ["two frames, the second cut off", of(0, 2, 1, 9, 0, 2, 9), 6 + 6],
      ["the first cut off", of(0, 9, 1, 9), 0],
      ["a frame and half a count", of(0, 2, 0x99, 9, 0), 6],
      ["a count of zero", of(0, 0, 0, 0, 0), 0],
      ["a space packet", concat(of(0, 9), plain), 6 + 21 + 10],
      ["the longest believed", concat(of(0, 2, 1, 2, 4, 0), MUCH), 6 + 6],
      ["longer than is believed", concat(of(0xff, 0xff, 0xff, 0xff), MUCH), 0],
    ],
  ],
  "netstrings: 4.5 for a digit, 8 for a colon, 8 for a comma": [
    evidence.netstringBits,
    [
      ["one", text("3:abc,"), 4.5 + 16],
      ["an empty one", text("0:,"), 4.5 + 16],
      ["twelve bytes", text("12:abcdefghijkl,"), 9 + 16],
      ["two", text("3:abc,1:a,"), 2 * (4.5 + 16)],
      ["one, cut off in its body", text("3:ab"), 4.5 + 8],
      ["one, cut off behind its body", text("3:abc"), 4.5 + 8],
      ["one, cut off in its length", text("3:abc,12"), 4.5 + 16],
      ["no comma", text("3:abcd"), 0],
      ["no colon", text("3abc,"), 0],
      ["no digit", text(":abc,"), 0],
      ["a character below the digits", text("/:abc,"), 0],
      ["nine", text("9:abcdefghi,"), 4.5 + 16],
      ["six digits", text("123456:a"), 0],
    ],
  ],
  "sync markers: 32 for each, the first in front": [
    evidence.syncBits,
    [
      ["one", of(0x1a, 0xcf, 0xfc, 0x1d, 1), 32],
      ["two", of(0x1a, 0xcf, 0xfc, 0x1d, 1, 0x1a, 0xcf, 0xfc, 0x1d), 64],
      ["one behind something", of(1, 0x1a, 0xcf, 0xfc, 0x1d), 0],
      ["three octets of one", of(0x1a, 0xcf, 0xfc), 0],
      ["nothing", of(), 0],
    ],
  ],
  "USLP: 10 for a header, 16 for a checksum, 11 for a whole end": [
    evidence.uslpBits,
    [
      ["one", frame7, 10 + 11],
      ["one with a checksum", sealed7, 10 + 16 + 11],
      ["two", concat(frame7, frame7), 20 + 11],
      ["one, cut off", frame7.slice(0, 11), 0],
      ["one, and another cut off", concat(frame7, frame7.slice(0, 8)), 20],
      ["one, and less than a header", concat(frame7, frame7.slice(0, 6)), 10],
      ["one, and something else", concat(frame7, of(1, 2, 3, 4, 5, 6, 7)), 0],
      ["a truncated header", frame7.with(3, 1), 0],
      ["the shortest", transferFrame(8), 10 + 11],
      ["a header alone", transferFrame(7), 0],
      ["as long as is believed", concat(frame7, transferFrame(2048).slice(0, 9)), 20],
      ["longer than is believed", concat(frame7, transferFrame(2049).slice(0, 9)), 0],
      ["more than is looked at", concat(...new Array<Uint8Array>(6).fill(frame7)), 60],
    ],
  ],
  "TC transfer frames: 20 for a whole one with its checksum, 10 for a whole end, 14 for one more that begins alike": [
    tcFramesBits,
    [
      ["one", tcFrame, 20 + 10],
      ["two", concat(tcFrame, tcFrame), 40 + 10],
      ["one, cut off", tcFrame.slice(0, 12), 0],
      ["one, and another cut off", concat(tcFrame, tcFrame.slice(0, 8)), 20 + 14],
      ["one, and one of another spacecraft cut off", concat(tcFrame, tcFrame.slice(0, 8).with(1, 9)), 20],
      ["one, and less than a header", concat(tcFrame, tcFrame.slice(0, 4)), 20],
      ["one, and something else", concat(tcFrame, of(0xff, 0xff, 0xff, 0xff, 0xff)), 0],
      ["one, and no frame", concat(tcFrame, tcFrame.with(12, 9)), 0],
      ["a wrong checksum", tcFrame.with(12, 9), 0],
      ["another version", reseal(tcFrame.with(0, 0x62)), 0],
      ["spare bits", reseal(tcFrame.with(0, 0x2a)), 0],
      ["no octet of data", reseal(of(0x22, 0x2b, 0, 6, 0, 0, 0)), 0],
      ["the shortest", reseal(of(0x22, 0x2b, 0, 7, 0, 0, 0, 0)), 20 + 10],
      ["more than is looked at", concat(tcFrame, tcFrame, tcFrame, tcFrame), 80],
      ["nothing", of(), 0],
    ],
  ],
  "TC transfer frames over COBS: as COBS, with 30 for a whole frame with its checksum, and nothing without one": [
    tcFramesOverCobsBits,
    [
      ["a frame", encodeFrame(cobs(), tcFrame), 8 + 30],
      ["a wrong checksum", encodeFrame(cobs(), tcFrame.with(12, 9)), 0],
      ["a packet", encodeFrame(cobs(), plain), 0],
      ["a frame and a packet", concat(encodeFrame(cobs(), tcFrame), encodeFrame(cobs(), plain)), 8 + 30 + 8],
    ],
  ],
  "packets in lines: what a space packet shows, less 10 without a checksum, and 8 for each octet of the end": [
    evidence.packetLinesBits,
    [
      ["CR LF", concat(plain, of(13, 10)), 11 + 16],
      ["LF", concat(plain, of(10)), 11 + 8],
      ["CR that LF is still to follow", concat(plain, of(13)), 11 + 8],
      ["CR and something else", concat(plain, of(13, 1)), 0],
      ["a checksum", concat(sealed, of(10)), 37 + 8],
      ["two", concat(plain, of(10), plain, of(10)), 2 * 19],
      ["one, and another cut off", concat(plain, of(10), plain.slice(0, 7)), 19],
      ["one, and something else", concat(plain, of(10), of(0x38, 2, 0xc0, 0, 0, 2)), 0],
      ["no end", plain, 0],
      ["another end", concat(plain, of(11)), 0],
    ],
  ],
  "text: 1.35 for a character, 6 for an end of line, 2 for one at the very end": [
    evidence.textBits,
    [
      ["a line", text("hello\r\n"), 1.35 * 7 + 12 + 2],
      ["a line that CR ends", text("hello\r"), 1.35 * 6 + 6 + 2],
      ["a line and more", text("a\nb"), 1.35 * 3 + 6],
      ["no end of line", text("hello"), 0],
      ["tab, space and tilde", text("\t ~\n"), 1.35 * 4 + 6 + 2],
      ["what is not printed", of(0x61, 0x1f, 10), 0],
      ["delete", of(0x61, 0x7f, 10), 0],
      ["LF in front", text("\nhello\n"), 0],
      ["CR in front", text("\rhello\n"), 0],
      ["more than is looked at", text(`${"a".repeat(70)}\n`), 1.35 * 71 + 6],
    ],
  ],
};

for (const [title, [bits, cases]] of Object.entries(TABLES)) {
  test(title, (t) => {
    for (const [what, stream, expected] of cases) {
      t.is(bits(stream), expected, what);
    }
  });
}
