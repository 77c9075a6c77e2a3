/** Decoding and encoding of the framings that know or say a frame's length, against one byte at a time. */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { MAX_TC_FRAME_LENGTH, TC_HEADER_LENGTH, writeTcHeader } from "../../modules/ccsds/tc-frame.js";
import { NO_SEGMENTATION, writeDataFieldHeader, writeUslpHeader } from "../../modules/ccsds/uslp.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { fixed } from "../../modules/framing/formats/fixed.js";
import { lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { marker } from "../../modules/framing/formats/marker.js";
import { netstring } from "../../modules/framing/formats/netstring.js";
import { raw } from "../../modules/framing/formats/raw.js";
import { sync } from "../../modules/framing/formats/sync.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import type { BenchCase } from "./bench-case.js";
import { ByteWiseCountedDecoder, ByteWiseCountedEncoder, type FrameShape } from "./byte-wise-counted.js";
import { decodeCase, encodeCase, Workload } from "./framing-cases.js";
import { anyByte, plainPackets, telemetryPackets } from "./packets.js";

const MAX_PACKET_LENGTH = 1024;
const SPACECRAFT_ID = 0x1234;
const TC_SPACECRAFT_ID = 0x2ab;

interface Counted {
  readonly name: string;
  readonly framing: Framing;
  readonly shape: FrameShape;
}

const noMarkers = (): void => {};

const lengths: Counted = {
  name: "length-prefixed",
  framing: lengthPrefixed({ maxPacketLength: MAX_PACKET_LENGTH }),
  shape: {
    maxFrameLength: MAX_PACKET_LENGTH + 2,
    leading: 2,
    trailing: 0,
    crc: false,
    lengthOf: (bytes, at, available) => (available < 2 ? 0 : 2 + ((bytes[at]! << 8) | bytes[at + 1]!)),
    write(bytes, at, length) {
      bytes[at] = (length - 2) >> 8;
      bytes[at + 1] = length - 2;
    },
  },
};

const netstrings: Counted = {
  name: "netstring",
  framing: netstring({ maxPacketLength: MAX_PACKET_LENGTH }),
  shape: {
    maxFrameLength: MAX_PACKET_LENGTH + 6,
    leading: 4,
    trailing: 1,
    crc: false,
    leadingOf: (bytes, at) => bytes.indexOf(0x3a, at) + 1 - at,
    lengthOf(bytes, at, available) {
      if (bytes[at + available - 1] !== 0x3a) {
        return 0;
      }
      let length = 0;
      for (let i = at; i < at + available - 1; i++) {
        length = length * 10 + bytes[i]! - 0x30;
      }
      return available + length + 1;
    },
    write: noMarkers,
  },
};

/** Three kinds of frame, of which those that come have the same header as another one. */
const MARKED_LENGTH = 192;
const markers: Counted = {
  name: "marker",
  framing: marker({
    kinds: [
      { header: [0xfd, 0xaa], length: 150, trailer: [0xcc, 0xdd] },
      { header: [0xfd, 0xcc], length: 190, trailer: [0xcc, 0xdd] },
      { header: [0xfd, 0xcc], length: MARKED_LENGTH, trailer: [0xcc, 0xdd] },
    ],
  }),
  shape: {
    maxFrameLength: MARKED_LENGTH + 4,
    leading: 2,
    trailing: 2,
    crc: false,
    lengthOf: (bytes, at, available) =>
      available < 2 ? 0 : bytes[at] === 0xfd && bytes[at + 1] === 0xcc ? MARKED_LENGTH + 4 : -1,
    write(bytes, at, length) {
      bytes[at] = 0xfd;
      bytes[at + 1] = 0xcc;
      bytes[at + length - 2] = 0xcc;
      bytes[at + length - 1] = 0xdd;
    },
  },
};

const FIXED_LENGTH = 256;
const fixedFrames: Counted = {
  name: "fixed",
  framing: fixed({ length: FIXED_LENGTH }),
  shape: {
    maxFrameLength: FIXED_LENGTH,
    leading: 0,
    trailing: 0,
    crc: false,
    lengthOf: () => FIXED_LENGTH,
    write: noMarkers,
  },
};

/** Reads of one packet each: all that the baseline knows is their length. */
const bursts: Counted = { ...fixedFrames, name: "raw", framing: raw({ maxPacketLength: MAX_PACKET_LENGTH }) };

const syncFrames: Counted = {
  name: "sync",
  framing: sync({ frameLength: FIXED_LENGTH }),
  shape: {
    maxFrameLength: FIXED_LENGTH + 4,
    leading: 4,
    trailing: 0,
    crc: false,
    lengthOf: (bytes, at, available) =>
      available < 4
        ? 0
        : bytes[at] === 0x1a && bytes[at + 1] === 0xcf && bytes[at + 2] === 0xfc && bytes[at + 3] === 0x1d
          ? FIXED_LENGTH + 4
          : -1,
    write: noMarkers,
  },
};

/** Transfer frames with a frame count of no octets: what the baseline writes does not change. */
const transferFrames: Counted = {
  name: "uslp",
  framing: uslp({ spacecraftId: SPACECRAFT_ID, vcFrameCountLength: 0, maxPacketLength: MAX_PACKET_LENGTH }),
  shape: {
    maxFrameLength: MAX_PACKET_LENGTH + 10,
    leading: 8,
    trailing: 2,
    crc: true,
    lengthOf: (bytes, at, available) =>
      available < 7 ? 0 : bytes[at]! >> 4 === 12 ? 1 + ((bytes[at + 4]! << 8) | bytes[at + 5]!) : -1,
    write(bytes, at, length) {
      const header = writeUslpHeader(bytes, at, SPACECRAFT_ID, 0, 0, 0, length, false, false, false, 0, 0);
      writeDataFieldHeader(bytes, header, NO_SEGMENTATION, 0, 0);
      writeCrc16(bytes, at, at + length);
    },
  },
};

/** @param chunk bytes to a read, where it matters */
function decode({ name, framing, shape }: Counted, packets: readonly number[][], chunk?: number): BenchCase {
  const make = (memory: Workload["memory"]) => new ByteWiseCountedDecoder(memory, shape);
  return decodeCase(`${name} decode, ${packets[0]!.length}`, new Workload(framing, packets), make, chunk);
}

function encode({ name, framing, shape }: Counted, packets: readonly number[][]): BenchCase {
  const make = (memory: Workload["memory"]) => new ByteWiseCountedEncoder(memory, shape);
  return encodeCase(`${name} encode, ${packets[0]!.length}`, new Workload(framing, packets), make);
}

const tcFrameShapes: Counted = {
  name: "tc-frames",
  framing: tcFrames({ spacecraftId: TC_SPACECRAFT_ID }),
  shape: {
    maxFrameLength: MAX_TC_FRAME_LENGTH,
    leading: TC_HEADER_LENGTH,
    trailing: 2,
    crc: true,
    lengthOf: (bytes, at, available) =>
      available < TC_HEADER_LENGTH
        ? 0
        : (bytes[at]! & 0xcc) === 0
          ? 1 + (((bytes[at + 2]! & 0x03) << 8) | bytes[at + 3]!)
          : -1,
    write(bytes, at, length) {
      writeTcHeader(bytes, at, TC_SPACECRAFT_ID, 0, length);
      writeCrc16(bytes, at, at + length);
    },
  },
};

/** Each case has a memory of its own; make them once. */
export function countedCases(): BenchCase[] {
  const random = plainPackets(48, FIXED_LENGTH, anyByte);
  const marked = plainPackets(48, MARKED_LENGTH, anyByte);
  const telemetry = telemetryPackets(48, 256);
  return [
    decode(lengths, random),
    encode(lengths, random),
    decode(netstrings, random),
    decode(markers, marked),
    encode(markers, marked),
    decode(fixedFrames, random),
    decode(bursts, random, FIXED_LENGTH),
    decode(syncFrames, random),
    decode(transferFrames, telemetry),
    encode(transferFrames, telemetry),
    decode(tcFrameShapes, telemetry),
    encode(tcFrameShapes, telemetry),
  ];
}
