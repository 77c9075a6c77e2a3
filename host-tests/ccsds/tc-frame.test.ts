import { readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import { hasValidCrc16 } from "../../modules/ccsds/crc16.js";
import {
  controlCommandFlag,
  frameSequenceNumber,
  isTcVersion,
  segmentMapId,
  segmentSequenceFlags,
  tcBypassFlag,
  tcFrameLength,
  tcSpacecraftId,
  tcVirtualChannelId,
  UNSEGMENTED,
  writeSegmentHeader,
  writeTcHeader,
} from "../../modules/ccsds/tc-frame.js";
import { checkProperty } from "../seeded-properties.js";

const file = new URL("../../../host-tests/ccsds/tc-frame-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  "fprime-gds": string;
  frames: { spacecraftId: number; virtualChannelId: number; packet: string; bytes: string }[];
};

test(`the header is that of the transfer frames that fprime-gds ${vectors["fprime-gds"]} makes`, (t) => {
  t.is(vectors.frames.length, 11);
  for (const { spacecraftId, virtualChannelId, packet, bytes } of vectors.frames) {
    const frame = Buffer.from(bytes, "hex");
    t.true(isTcVersion(frame, 0));
    t.true(tcBypassFlag(frame, 0));
    t.false(controlCommandFlag(frame, 0));
    t.is(tcSpacecraftId(frame, 0), spacecraftId);
    t.is(tcVirtualChannelId(frame, 0), virtualChannelId);
    t.is(tcFrameLength(frame, 0), frame.length);
    t.is(frameSequenceNumber(frame, 0), 0);
    t.true(hasValidCrc16(frame, 0, frame.length));
    const written = new Uint8Array(5).fill(0xff);
    t.is(writeTcHeader(written, 0, spacecraftId, virtualChannelId, packet.length / 2 + 7), 5);
    t.deepEqual(Buffer.from(written), frame.subarray(0, 5));
  }
});

test("flags, sequence number and segment header are read as they stand", (t) => {
  const frame = Uint8Array.of(0x03, 0xab, 0xfe, 0xdc, 0x77, 0x45);
  t.true(isTcVersion(frame, 0));
  t.false(tcBypassFlag(frame, 0));
  t.is(tcSpacecraftId(frame, 0), 0x3ab);
  t.is(tcVirtualChannelId(frame, 0), 63);
  t.is(tcFrameLength(frame, 0), 0x2dc + 1);
  t.is(frameSequenceNumber(frame, 0), 0x77);
  t.deepEqual([segmentSequenceFlags(frame, 0), segmentMapId(frame, 0)], [1, 5]);
  t.true(controlCommandFlag(frame.with(0, 0x13), 0));
  for (const bit of [0x80, 0x40, 0x08, 0x04]) {
    t.false(isTcVersion(frame.with(0, 0x03 | bit), 0), `${bit}`);
  }
});

test("a header that is written is read as it was written, whatever stood there, and values are cut to their field", (t) => {
  const property = fc.property(
    fc.nat(0xffff),
    fc.nat(0xff),
    fc.integer({ min: 1, max: 1024 }),
    fc.nat(0xff),
    (...all) => {
      const [scid, vcid, length, map] = all;
      const bytes = new Uint8Array(12).fill(0xff);
      t.is(writeTcHeader(bytes, 3, scid, vcid, length), 8);
      t.is(writeSegmentHeader(bytes, 8, map), 9);
      t.deepEqual(
        [
          tcSpacecraftId(bytes, 3),
          tcVirtualChannelId(bytes, 3),
          tcFrameLength(bytes, 3),
          frameSequenceNumber(bytes, 3),
        ],
        [scid & 0x3ff, vcid & 0x3f, length, 0],
      );
      t.deepEqual([segmentSequenceFlags(bytes, 3), segmentMapId(bytes, 3)], [UNSEGMENTED, map & 0x3f]);
      t.true(isTcVersion(bytes, 3) && tcBypassFlag(bytes, 3) && !controlCommandFlag(bytes, 3));
      t.deepEqual([bytes[2], bytes[9]], [0xff, 0xff]);
    },
  );
  checkProperty(t, property, 300);
});
