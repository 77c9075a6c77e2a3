import test from "ava";
import fc from "fast-check";
import * as construct from "../../modules/ccsds/construct.js";
import * as header from "../../modules/ccsds/primary-header.js";
import {
  InvalidSpacePacketError,
  parseSpacePacket,
  SPACE_PACKET_STATUS_NAMES,
  SpacePacketView,
} from "../../modules/ccsds/space-packet.js";
import { checkProperty } from "../seeded-properties.js";

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

test("a view reads every field of a packet in the middle of other bytes", (t) => {
  const bytes = fromHex("ffff1fa5d2340004aabbccddeeffff");
  const view = new SpacePacketView();
  t.is(view.attach(bytes, 2, bytes.length), header.VALID);
  t.like(view, {
    start: 2,
    end: 13,
    packetVersionNumber: 0,
    packetType: header.TELECOMMAND,
    secondaryHeaderFlag: true,
    apid: 0x7a5,
    packetId: 0x1fa5,
    sequenceFlags: header.UNSEGMENTED,
    packetSequenceCount: 0x1234,
    packetDataLengthField: 4,
    packetDataLength: 5,
    packetLength: 11,
    packetDataFieldStart: 8,
    packetDataFieldEnd: 13,
    isIdle: false,
  });
  t.is(view.bytes, bytes);
});

test("a view stays where it was when the next bytes are no packet", (t) => {
  const view = new SpacePacketView();
  const good = fromHex("0801c000000001");
  t.is(view.attach(good), header.VALID);
  t.is(view.attach(fromHex("0802c000000101")), header.PARTIAL_PACKET);
  t.is(view.apid, 1);
  t.is(view.bytes, good);
});

test("a view's setters keep the packet valid, or throw and change nothing", (t) => {
  const bytes = fromHex("0801c000000001020304");
  const view = parseSpacePacket(bytes);
  view.packetType = header.TELECOMMAND;
  view.secondaryHeaderFlag = false;
  view.apid = 0x7ff;
  view.sequenceFlags = header.FIRST;
  view.packetSequenceCount = 16383;
  view.packetDataLength = 4;
  t.is(Buffer.from(bytes).toString("hex"), "17ff7fff000301020304");
  t.true(view.isIdle);
  const before = bytes.slice();
  const range = { instanceOf: construct.SpacePacketConstructionError };
  t.is(
    t.throws(() => {
      view.secondaryHeaderFlag = true;
    }, range)?.status,
    construct.IDLE_APID_WITH_SECONDARY_HEADER,
  );
  t.like(
    t.throws(() => {
      view.packetDataLength = 5;
    }, range),
    { status: construct.RANGE_TOO_SMALL, found: 10, required: 11 },
  );
  t.is(
    t.throws(() => {
      view.packetDataLength = 0;
    }, range)?.status,
    construct.EMPTY_DATA_FIELD,
  );
  t.like(
    t.throws(() => {
      view.apid = 2048;
    }, range),
    { status: construct.APID_OUT_OF_RANGE, found: 2048, required: 2047, name: "SpacePacketConstructionError" },
  );
  t.is(
    t.throws(() => {
      view.packetSequenceCount = 16384;
    }, range)?.status,
    construct.SEQUENCE_COUNT_OUT_OF_RANGE,
  );
  t.deepEqual(bytes, before);
});

test("the throwing form says what was found and what is required", (t) => {
  const cases: [string, Partial<InvalidSpacePacketError>][] = [
    ["0801c0", { status: header.TOO_SHORT, found: 3, required: 7 }],
    ["6801c000000000", { status: header.UNSUPPORTED_VERSION, found: 3, required: 0 }],
    ["0801c000000900", { status: header.PARTIAL_PACKET, found: 7, required: 16 }],
    ["0fffc000000000", { status: header.IDLE_WITH_SECONDARY_HEADER, found: 1, required: 0 }],
  ];
  for (const [hex, fields] of cases) {
    const error = t.throws(() => parseSpacePacket(fromHex(hex)), { instanceOf: InvalidSpacePacketError });
    t.like(error, { ...fields, name: "InvalidSpacePacketError" });
    t.is<string | undefined, string | undefined>(error?.reason, SPACE_PACKET_STATUS_NAMES[fields.status ?? 0]);
  }
  const message = t.throws(() => parseSpacePacket(fromHex("0801c000000900")))?.message;
  t.is(message, "the packet has 16 bytes, only 7 of them are here");
});

test("status and throwing form agree on every string of up to 9 bytes over a small alphabet", (t) => {
  // Enough to meet every version, both types, the idle APID, and lengths on both sides of what is there.
  const alphabet = [0x00, 0x02, 0x0f, 0xff];
  const view = new SpacePacketView();
  const seen = new Set<number>();
  let disagreements = 0;
  for (let length = 0; length <= 9; length++) {
    const bytes = new Uint8Array(length);
    const count = alphabet.length ** length;
    for (let n = 0; n < count; n++) {
      for (let i = 0, rest = n; i < length; i++, rest = Math.floor(rest / alphabet.length)) {
        bytes[i] = alphabet[rest % alphabet.length] as number;
      }
      const status = view.attach(bytes);
      seen.add(status);
      // Throwing is slow: every string in the status form, one in seven in both.
      if (n % 7 === 0) {
        let thrown: number = header.VALID;
        try {
          parseSpacePacket(bytes);
        } catch (error) {
          thrown = (error as InvalidSpacePacketError).status;
        }
        disagreements += thrown === status ? 0 : 1;
      }
    }
  }
  t.is(disagreements, 0);
  t.deepEqual([...seen].sort(), [0, 1, 2, 3, 4]);
});

test("what is constructed parses to the same fields", (t) => {
  checkProperty(
    t,
    fc.property(
      fc.constantFrom(header.TELEMETRY, header.TELECOMMAND),
      fc.boolean(),
      fc.nat(2047),
      fc.constantFrom(header.CONTINUATION, header.FIRST, header.LAST, header.UNSEGMENTED),
      fc.nat(16383),
      fc.integer({ min: 1, max: 300 }),
      fc.nat(5),
      (packetType, flag, apid, sequenceFlags, packetSequenceCount, packetDataLength, start) => {
        const secondaryHeaderFlag = flag && apid !== header.IDLE_APID;
        const bytes = new Uint8Array(start + 6 + packetDataLength + 4).fill(0xa5);
        const status = construct.constructSpacePacket(
          bytes,
          start,
          bytes.length,
          packetType,
          secondaryHeaderFlag,
          apid,
          sequenceFlags,
          packetSequenceCount,
          packetDataLength,
        );
        t.is(status, construct.CONSTRUCTED);
        const fields = { packetType, secondaryHeaderFlag, apid, sequenceFlags, packetSequenceCount };
        t.like(parseSpacePacket(bytes, start), { ...fields, packetDataLength, packetVersionNumber: 0 });
        const packetDataField = bytes.slice(start + 6, start + 6 + packetDataLength);
        t.deepEqual(packetDataField, new Uint8Array(packetDataLength).fill(0xa5), "the data field is left alone");
        t.deepEqual(
          construct.buildSpacePacket({ ...fields, packetDataField }),
          bytes.slice(start, start + 6 + packetDataLength),
        );
      },
    ),
    300,
  );
});

test("every reason not to construct, in both forms", (t) => {
  const { TELEMETRY, UNSEGMENTED } = header;
  const bytes = new Uint8Array(65600).fill(0xa5);
  const at = (
    end: number,
    dataLength: number | undefined,
    apid = 1,
    count = 0,
    flags = UNSEGMENTED as number,
    type = TELEMETRY as number,
    secondaryHeader = false,
  ) =>
    construct.constructSpacePacket(
      bytes,
      0,
      end,
      type as header.PacketType,
      secondaryHeader,
      apid,
      flags as header.SequenceFlags,
      count,
      dataLength,
    );
  t.is(at(6, 1), construct.RANGE_TOO_SMALL);
  t.is(at(10, 5), construct.RANGE_TOO_SMALL);
  t.is(at(10, 0), construct.EMPTY_DATA_FIELD);
  t.is(at(10, Number.NaN), construct.EMPTY_DATA_FIELD);
  t.is(at(65600, 65537), construct.DATA_FIELD_TOO_LONG);
  t.is(at(65600, undefined), construct.DATA_FIELD_TOO_LONG, "all of the range");
  t.is(at(10, 1, 2048), construct.APID_OUT_OF_RANGE);
  t.is(at(10, 1, -1), construct.APID_OUT_OF_RANGE);
  t.is(at(10, 1, 1, 16384), construct.SEQUENCE_COUNT_OUT_OF_RANGE);
  t.is(at(10, 1, 1, -1), construct.SEQUENCE_COUNT_OUT_OF_RANGE);
  t.is(at(10, 1, 1, 0, 4), construct.SEQUENCE_FLAGS_OUT_OF_RANGE);
  t.is(at(10, 1, 1, 0, 3, 2), construct.PACKET_TYPE_OUT_OF_RANGE);
  t.is(at(10, 1, 0x7ff, 0, 3, 0, true), construct.IDLE_APID_WITH_SECONDARY_HEADER);
  t.true(
    bytes.every((byte) => byte === 0xa5),
    "nothing was written",
  );
  t.is(at(10, undefined), construct.CONSTRUCTED);
  t.is(header.packetLength(bytes, 0), 10);

  const build = (fields: Partial<construct.SpacePacketFields>) => () =>
    construct.buildSpacePacket({ packetType: TELEMETRY, apid: 1, packetDataField: new Uint8Array(1), ...fields });
  const statusOf = (fields: Partial<construct.SpacePacketFields>) =>
    t.throws(build(fields), { instanceOf: construct.SpacePacketConstructionError })?.status;
  t.is(statusOf({ packetDataField: new Uint8Array(0) }), construct.EMPTY_DATA_FIELD);
  t.is(statusOf({ packetDataField: new Uint8Array(65537) }), construct.DATA_FIELD_TOO_LONG);
  t.is(statusOf({ apid: 2048 }), construct.APID_OUT_OF_RANGE);
  t.is(statusOf({ apid: 1.5 }), construct.APID_OUT_OF_RANGE);
  t.is(statusOf({ packetSequenceCount: 1.5 }), construct.SEQUENCE_COUNT_OUT_OF_RANGE);
  t.is(statusOf({ sequenceFlags: 1.5 as header.SequenceFlags }), construct.SEQUENCE_FLAGS_OUT_OF_RANGE);
  t.is(statusOf({ packetSequenceCount: 16384 }), construct.SEQUENCE_COUNT_OUT_OF_RANGE);
  t.is(statusOf({ sequenceFlags: 4 as header.SequenceFlags }), construct.SEQUENCE_FLAGS_OUT_OF_RANGE);
  t.is(statusOf({ packetType: 2 as header.PacketType }), construct.PACKET_TYPE_OUT_OF_RANGE);
  t.is(statusOf({ apid: 0x7ff, secondaryHeaderFlag: true }), construct.IDLE_APID_WITH_SECONDARY_HEADER);
  t.is(build({ packetDataField: new Uint8Array(65536) })().length, 65542);
});
