import test from "ava";
import fc from "fast-check";
import * as header from "../../modules/ccsds/primary-header.js";
import { checkProperty } from "../seeded-properties.js";

function written(
  type: header.PacketType,
  secondaryHeader: boolean,
  apid: number,
  flags: header.SequenceFlags,
  count: number,
  dataLength: number,
): Uint8Array {
  const bytes = new Uint8Array(8).fill(0xa5);
  header.writePrimaryHeader(bytes, 1, type, secondaryHeader, apid, flags, count, dataLength);
  return bytes;
}

test("every value of every field is written and read back, and touches no other", (t) => {
  const expect = (
    bytes: Uint8Array,
    type: number,
    secondaryHeader: boolean,
    apid: number,
    flags: number,
    count: number,
    dataLength: number,
  ) =>
    header.packetVersionNumber(bytes, 1) === 0 &&
    header.packetType(bytes, 1) === type &&
    header.secondaryHeaderFlag(bytes, 1) === secondaryHeader &&
    header.apid(bytes, 1) === apid &&
    header.sequenceFlags(bytes, 1) === flags &&
    header.packetSequenceCount(bytes, 1) === count &&
    header.packetDataLength(bytes, 1) === dataLength &&
    header.packetDataLengthField(bytes, 1) === dataLength - 1 &&
    header.packetLength(bytes, 1) === dataLength + 6 &&
    header.packetId(bytes, 1) === ((type << 12) | (secondaryHeader ? 0x800 : 0) | apid) &&
    header.isIdle(bytes, 1) === (apid === 0x7ff) &&
    bytes[0] === 0xa5 &&
    bytes[7] === 0xa5;
  let wrong = 0;
  for (const type of [header.TELEMETRY, header.TELECOMMAND] as const) {
    for (const secondaryHeader of [false, true]) {
      for (const flags of [header.CONTINUATION, header.FIRST, header.LAST, header.UNSEGMENTED] as const) {
        wrong += expect(written(type, secondaryHeader, 77, flags, 99, 5), type, secondaryHeader, 77, flags, 99, 5)
          ? 0
          : 1;
      }
    }
  }
  for (let apid = 0; apid <= header.MAX_APID; apid++) {
    wrong += expect(written(1, true, apid, 3, 0, 1), 1, true, apid, 3, 0, 1) ? 0 : 1;
  }
  for (let count = 0; count <= header.MAX_PACKET_SEQUENCE_COUNT; count++) {
    wrong += expect(written(0, false, 1, 1, count, 1), 0, false, 1, 1, count, 1) ? 0 : 1;
  }
  for (let dataLength = 1; dataLength <= header.MAX_PACKET_DATA_LENGTH; dataLength++) {
    wrong += expect(written(0, true, 1, 3, 2, dataLength), 0, true, 1, 3, 2, dataLength) ? 0 : 1;
  }
  t.is(wrong, 0);
});

test("each setter changes its field alone, from any header", (t) => {
  const fieldsOf = (bytes: Uint8Array) => ({
    version: header.packetVersionNumber(bytes, 0),
    type: header.packetType(bytes, 0),
    secondaryHeader: header.secondaryHeaderFlag(bytes, 0),
    apid: header.apid(bytes, 0),
    flags: header.sequenceFlags(bytes, 0),
    count: header.packetSequenceCount(bytes, 0),
    dataLength: header.packetDataLength(bytes, 0),
  });
  const junk = fc.uint8Array({ minLength: 6, maxLength: 6 });
  checkProperty(
    t,
    fc.property(
      junk,
      fc.nat(7),
      fc.constantFrom(header.TELEMETRY, header.TELECOMMAND),
      fc.boolean(),
      fc.nat(2047),
      fc.constantFrom(header.CONTINUATION, header.FIRST, header.LAST, header.UNSEGMENTED),
      fc.nat(16383),
      fc.integer({ min: 1, max: 65536 }),
      (bytes, version, type, secondaryHeader, apid, flags, count, dataLength) => {
        const expected = fieldsOf(bytes);
        header.setPacketVersionNumber(bytes, 0, version);
        t.deepEqual(fieldsOf(bytes), Object.assign(expected, { version }));
        header.setPacketType(bytes, 0, type);
        t.deepEqual(fieldsOf(bytes), Object.assign(expected, { type }));
        header.setSecondaryHeaderFlag(bytes, 0, secondaryHeader);
        t.deepEqual(fieldsOf(bytes), Object.assign(expected, { secondaryHeader }));
        header.setApid(bytes, 0, apid);
        t.deepEqual(fieldsOf(bytes), Object.assign(expected, { apid }));
        header.setSequenceFlags(bytes, 0, flags);
        t.deepEqual(fieldsOf(bytes), Object.assign(expected, { flags }));
        header.setPacketSequenceCount(bytes, 0, count);
        t.deepEqual(fieldsOf(bytes), Object.assign(expected, { count }));
        header.setPacketDataLength(bytes, 0, dataLength);
        t.deepEqual(fieldsOf(bytes), Object.assign(expected, { dataLength }));
      },
    ),
    200,
  );
});

test("a packet is judged by the first rule that it breaks", (t) => {
  const check = (hex: string, start = 0) => {
    const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
    return header.checkSpacePacket(bytes, start, bytes.length);
  };
  t.is(check(""), header.TOO_SHORT);
  t.is(check("0801c0000000"), header.TOO_SHORT, "a header without a data field");
  t.is(check("0801c000000000"), header.VALID, "the shortest packet");
  t.is(check("ffff0801c000000000", 2), header.VALID, "not at the beginning");
  t.is(check("0801c000000000ffff"), header.VALID, "more bytes follow");
  t.is(check("0801c000000100"), header.PARTIAL_PACKET);
  t.is(check("0801c000ffff00"), header.PARTIAL_PACKET);
  t.is(check("2801c000000000"), header.UNSUPPORTED_VERSION);
  t.is(check("e801c000ffff00"), header.UNSUPPORTED_VERSION, "before it is partial: more bytes cannot mend it");
  t.is(check("0fffc000000000"), header.IDLE_WITH_SECONDARY_HEADER);
  t.is(check("07ffc000000000"), header.VALID, "an idle packet");
  t.is(check("17ffc000000000"), header.VALID, "an idle telecommand packet");
});

test("the longest packet is taken whole, and not with a byte less", (t) => {
  const bytes = new Uint8Array(header.MAX_SPACE_PACKET_LENGTH);
  t.is(bytes.length, 65542);
  header.writePrimaryHeader(bytes, 0, header.TELEMETRY, false, 1, header.UNSEGMENTED, 0, 65536);
  t.is(header.checkSpacePacket(bytes, 0, bytes.length), header.VALID);
  t.is(header.checkSpacePacket(bytes, 0, bytes.length - 1), header.PARTIAL_PACKET);
});

test("out of range values are cut to their field", (t) => {
  t.deepEqual(written(1, true, 0x7fff, 3, 0x7fff, 65536), written(1, true, 0x7ff, 3, 0x3fff, 65536));
});
