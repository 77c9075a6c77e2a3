import { readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import {
  BAD_FRAME_LENGTH,
  bypassFlag,
  checkUslpHeader,
  constructionRule,
  DESTINATION,
  dataFieldHeaderLength,
  firstHeaderPointer,
  mapId,
  NO_FIRST_HEADER,
  NO_SEGMENTATION,
  operationalControlFieldFlag,
  PACKETS,
  PACKETS_SPANNING,
  protocolControlCommandFlag,
  protocolIdentifier,
  SOURCE,
  sourceOrDestination,
  spacecraftId,
  TOO_SHORT,
  TRUNCATED_HEADER,
  transferFrameLength,
  UNSUPPORTED_VERSION,
  uslpHeaderLength,
  VALID,
  vcFrameCount,
  vcFrameCountLength,
  vcFrameCountModulus,
  virtualChannelId,
  writeDataFieldHeader,
  writeUslpHeader,
} from "../../modules/ccsds/uslp.js";
import { checkProperty } from "../seeded-properties.js";

interface Header {
  spacecraftId: number;
  sourceOrDestination: 0 | 1;
  virtualChannelId: number;
  mapId: number;
  transferFrameLength: number;
  bypass: boolean;
  protocolControlCommand: boolean;
  operationalControlField: boolean;
  vcFrameCountLength: number;
  vcFrameCount: number;
}

const file = new URL("../../../host-tests/ccsds/uslp-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  spacepackets: string;
  headers: (Header & { bytes: string })[];
};

function read(bytes: Uint8Array, start: number): Header {
  return {
    spacecraftId: spacecraftId(bytes, start),
    sourceOrDestination: sourceOrDestination(bytes, start),
    virtualChannelId: virtualChannelId(bytes, start),
    mapId: mapId(bytes, start),
    transferFrameLength: transferFrameLength(bytes, start),
    bypass: bypassFlag(bytes, start),
    protocolControlCommand: protocolControlCommandFlag(bytes, start),
    operationalControlField: operationalControlFieldFlag(bytes, start),
    vcFrameCountLength: vcFrameCountLength(bytes, start),
    vcFrameCount: vcFrameCount(bytes, start),
  };
}

/** Writes at an offset, among bytes of another value. */
function write(header: Header): Uint8Array {
  const bytes = new Uint8Array(24).fill(0x5a);
  const end = writeUslpHeader(
    bytes,
    5,
    header.spacecraftId,
    header.sourceOrDestination,
    header.virtualChannelId,
    header.mapId,
    header.transferFrameLength,
    header.bypass,
    header.protocolControlCommand,
    header.operationalControlField,
    header.vcFrameCountLength,
    header.vcFrameCount,
  );
  if (!bytes.every((byte, i) => byte === 0x5a || (i >= 5 && i < end))) {
    throw new Error("written outside the header");
  }
  return bytes.slice(5, end);
}

test(`USLP primary headers are those of spacepackets ${vectors.spacepackets}, written and read.`, (t) => {
  t.is(vectors.headers.length, 56);
  for (const { bytes, ...header } of vectors.headers) {
    const expected = Buffer.from(bytes, "hex");
    t.is(Buffer.from(write(header)).toString("hex"), bytes);
    t.deepEqual(read(Uint8Array.of(0xff, ...expected), 1), header);
    t.is(uslpHeaderLength(expected, 0), expected.length);
    t.is(checkUslpHeader(expected, 0, expected.length), VALID);
  }
});

test("Every field of a primary header is read as it was written, and no other one changes.", (t) => {
  const header = fc.record({
    spacecraftId: fc.nat(0xffff),
    sourceOrDestination: fc.constantFrom<0 | 1>(SOURCE, DESTINATION),
    virtualChannelId: fc.nat(63),
    mapId: fc.nat(15),
    transferFrameLength: fc.integer({ min: 1, max: 65_536 }),
    bypass: fc.boolean(),
    protocolControlCommand: fc.boolean(),
    operationalControlField: fc.boolean(),
    vcFrameCountLength: fc.nat(6),
    vcFrameCount: fc.nat(2 ** 31 - 1).map((count) => count * 0x10001),
  });
  const property = fc.property(header, (fields) => {
    const vcFrameCount = fields.vcFrameCount % vcFrameCountModulus(fields.vcFrameCountLength);
    const expected = { ...fields, vcFrameCount };
    return JSON.stringify(read(write(expected), 0)) === JSON.stringify(expected);
  });
  checkProperty(t, property, 500);
});

test("Of a frame count of seven octets, the lower six are read.", (t) => {
  const bytes = write({ ...vectors.headers[0]!, vcFrameCountLength: 7, vcFrameCount: 0x0102030405 });
  t.is(bytes.length, 14);
  bytes[7] = 0x99;
  t.is(vcFrameCount(bytes, 0), 0x0102030405);
  t.is(vcFrameCountModulus(7), 256 ** 6);
});

test("What is no primary header, or not all of one, is told apart by cause.", (t) => {
  const good = Buffer.from(vectors.headers.at(-1)!.bytes, "hex");
  for (let length = 0; length < good.length; length++) {
    t.is(checkUslpHeader(good, 0, length), TOO_SHORT, `${length} octets`);
  }
  for (let version = 0; version < 16; version++) {
    const bytes = good.map((byte, i) => (i === 0 ? (version << 4) | (byte & 0x0f) : byte));
    t.is(checkUslpHeader(bytes, 0, 20), version === 12 ? VALID : UNSUPPORTED_VERSION, `version ${version}`);
    t.is(checkUslpHeader(bytes, 0, 1), version === 12 ? TOO_SHORT : UNSUPPORTED_VERSION, `version ${version} alone`);
  }
  const truncated = good.map((byte, i) => (i === 3 ? byte | 1 : byte));
  t.is(checkUslpHeader(truncated, 0, 4), TRUNCATED_HEADER);
  const short = write({ ...vectors.headers.at(-1)!, transferFrameLength: good.length - 1 });
  t.is(checkUslpHeader(short, 0, short.length), BAD_FRAME_LENGTH);
});

test("The header of a data field has a pointer with the first three construction rules only.", (t) => {
  for (let rule = 0; rule < 8; rule++) {
    const bytes = new Uint8Array(5).fill(0x5a);
    const end = writeDataFieldHeader(bytes, 1, rule, 0x15, 0x1234);
    t.is(end - 1, rule <= 2 ? 3 : 1, `rule ${rule}`);
    t.is(dataFieldHeaderLength(rule), end - 1);
    t.deepEqual([constructionRule(bytes, 1), protocolIdentifier(bytes, 1)], [rule, 0x15]);
    t.deepEqual([bytes[0], bytes[end]], [0x5a, 0x5a]);
  }
  const bytes = new Uint8Array(3);
  writeDataFieldHeader(bytes, 0, PACKETS_SPANNING, PACKETS, NO_FIRST_HEADER);
  t.deepEqual([...bytes, firstHeaderPointer(bytes, 0)], [0x00, 0xff, 0xff, NO_FIRST_HEADER]);
  writeDataFieldHeader(bytes, 0, NO_SEGMENTATION, PACKETS, 0);
  t.is(bytes[0], 0xe0);
});
