/** The report writer by itself: its options, its misuse, and how its fields are written. */
import test from "ava";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { TimeStamper } from "../../modules/ccsds/time-code.js";
import { FieldCodec } from "../../modules/data/field-codec.js";
import * as fields from "../../modules/data/field-kinds.js";
import { parseTelemetry } from "../../modules/pus/build-parse.js";
import { ReportWriter, type ReportWriterOptions } from "../../modules/pus/report-writer.js";
import { TestClock, TestLog, toHex } from "./support.js";

const TIME_CODE = new CdsShort();

function writer(options: Partial<ReportWriterOptions> = {}): { reports: ReportWriter; log: TestLog } {
  const log = new TestLog();
  return {
    reports: new ReportWriter({ log, apid: 2, time: new TimeStamper(TIME_CODE, new TestClock()), ...options }),
    log,
  };
}

/** Source data of the packets since the last call. */
function sourceData(log: TestLog): string[] {
  return log.take().map((packet) => {
    const view = parseTelemetry(packet, TIME_CODE);
    return toHex(packet.slice(view.sourceDataStart, view.sourceDataEnd));
  });
}

test("APID and destination ID: what a packet has room for, and nothing else", (t) => {
  for (const apid of [0, 2046]) {
    for (const destinationId of [0, 65_535]) {
      const { reports, log } = writer({ apid, destinationId });
      reports.begin(17, 2, 0);
      t.true(reports.end());
      const view = parseTelemetry(log.take()[0] as Uint8Array, TIME_CODE);
      t.deepEqual([view.apid, view.destinationId], [apid, destinationId]);
    }
  }
  for (const wrong of [-1, 2047, 1.5, Number.NaN]) {
    const message = `apid must be 0 to 2046, not ${wrong}`;
    t.throws(() => writer({ apid: wrong }), { instanceOf: RangeError, message });
  }
  for (const wrong of [-1, 65_536, 1.5, Number.NaN]) {
    const message = `destinationId must be 0 to 65535, not ${wrong}`;
    t.throws(() => writer({ destinationId: wrong }), { instanceOf: RangeError, message });
  }
});

test("as much as was announced fits, exactly; one octet more drops the report, and the next one is as if nothing was", (t) => {
  const { reports, log } = writer();
  t.true(reports.begin(200, 1, 4));
  reports.putUint8(1);
  reports.putUint16(0x0203);
  reports.putBytes(Uint8Array.of(9, 4, 9), 1, 2);
  t.true(reports.end());
  t.true(reports.begin(200, 1, 4));
  reports.putUint32(1);
  reports.putUint8(2);
  t.false(reports.end());
  t.true(reports.begin(200, 1, 4));
  reports.putUint16(7);
  t.true(reports.end(), "less than announced");
  t.deepEqual(sourceData(log), ["01020304", "0007"]);
  t.deepEqual([reports.written, reports.misused, reports.lost], [2, 1, 0]);
});

test("a report inside another, an end without a beginning, and what is put where none is open, are misuse and harm nothing", (t) => {
  const { reports, log } = writer();
  t.false(reports.end());
  reports.putUint8(0xee);
  t.true(reports.begin(200, 1, 2));
  t.false(reports.begin(200, 2, 2));
  reports.putUint16(5);
  t.true(reports.end());
  t.false(reports.end());
  t.is(reports.misused, 3);
  reports.abandon();
  t.is(reports.misused, 3, "nothing was open");
  t.true(reports.begin(200, 1, 2));
  reports.abandon();
  t.is(reports.misused, 4);
  t.true(reports.begin(200, 1, 2));
  t.true(reports.end());
  const packets = log.take().map((packet) => parseTelemetry(packet, TIME_CODE));
  t.deepEqual(
    packets.map((view) => [view.packetSequenceCount, view.messageTypeCounter]),
    [
      [0, 0],
      [2, 2],
    ],
    "a report that was given up leaves a gap",
  );
});

test("bytes whose end is before their start are misuse, and take back nothing that was put", (t) => {
  const { reports, log } = writer();
  reports.begin(200, 1, 8);
  reports.putUint32(1);
  reports.putBytes(new Uint8Array(8), 4, 2);
  t.false(reports.end());
  t.is(reports.misused, 1);
  t.deepEqual(log.take(), []);
});

test("message types with the same sum or product count apart", (t) => {
  const { reports, log } = writer();
  const types = [
    [1, 2],
    [2, 1],
    [3, 8],
    [8, 3],
    [4, 6],
    [255, 255],
    [255, 1],
    [1, 255],
  ] as const;
  for (let round = 0; round < 2; round++) {
    for (const [serviceType, subtype] of types) {
      reports.begin(serviceType, subtype, 0);
      reports.end();
    }
    const counters = log.take().map((packet) => parseTelemetry(packet, TIME_CODE).messageTypeCounter);
    t.deepEqual(counters, new Array<number>(types.length).fill(round));
  }
});

test("what was lost or dropped has its sequence count, and so the next report shows the gap", (t) => {
  const { reports, log } = writer();
  const count = (): number => {
    reports.begin(200, 1, 0);
    reports.end();
    return parseTelemetry(log.take().at(-1) as Uint8Array, TIME_CODE).packetSequenceCount;
  };
  t.is(count(), 0);
  reports.begin(200, 1, 0);
  reports.putUint8(1);
  reports.end();
  t.is(count(), 2, "more than announced");
  t.false(reports.begin(200, 1, 5000));
  t.is(reports.lost, 1);
  t.is(count(), 4, "no room");
});

test("a log that begins at offset 0, and says nothing of what it admits, will do", (t) => {
  const bytes = new Uint8Array(64);
  let committed = 0;
  const log = {
    bytes,
    reserve: (length: number) => (length > bytes.length ? -1 : 0),
    commit: (length: number) => {
      committed = length;
    },
  };
  const reports = new ReportWriter({ log, apid: 2, time: new TimeStamper(TIME_CODE, new TestClock()) });
  t.true(reports.hasRoom(1_000_000, 1000));
  t.true(reports.begin(200, 1, 4));
  reports.putUint32(0x01020304);
  t.true(reports.end());
  const view = parseTelemetry(bytes, TIME_CODE, 0, committed);
  t.is(toHex(bytes.slice(view.sourceDataStart, view.sourceDataEnd)), "01020304");
});

test("a value beyond its type is written as the nearest that the type has", (t) => {
  const { reports, log } = writer();
  const cases: [type: fields.NumberType, value: number, hex: string][] = [
    ["uint8", 255, "ff"],
    ["uint8", 256, "ff"],
    ["uint8", -1, "00"],
    ["int8", 127, "7f"],
    ["int8", 128, "7f"],
    ["int8", -128, "80"],
    ["int8", -129, "80"],
    ["uint16", 65_535, "ffff"],
    ["uint16", 65_536, "ffff"],
    ["uint16", 70_000, "ffff"],
    ["uint16", -1, "0000"],
    ["int16", 32_767, "7fff"],
    ["int16", 32_768, "7fff"],
    ["int16", -32_768, "8000"],
    ["int16", -32_769, "8000"],
    ["uint32", 0xffffffff, "ffffffff"],
    ["uint32", 2 ** 32, "ffffffff"],
    ["uint32", Number.POSITIVE_INFINITY, "ffffffff"],
    ["uint32", -1, "00000000"],
    ["uint32", 0x80000001, "80000001"],
    ["int32", 0x7fffffff, "7fffffff"],
    ["int32", 2 ** 31, "7fffffff"],
    ["int32", -(2 ** 31), "80000000"],
    ["int32", -(2 ** 31) - 1, "80000000"],
    ["int32", -(2 ** 40), "80000000"],
    ["int32", -2, "fffffffe"],
    ["uint16", Number.NaN, "0000"],
    ["uint24", 0x010203, "010203"],
    ["uint24", 0x1000000, "ffffff"],
    ["uint24", -1, "000000"],
    ["int24", -2, "fffffe"],
    ["int24", 0x7fffff, "7fffff"],
    ["int24", 0x800000, "7fffff"],
    ["int24", -0x800001, "800000"],
    ["uint64", 0x1234567890abc, "0001234567890abc"],
    ["uint64", 2 ** 60, "001fffffffffffff"],
    ["uint64", -1, "0000000000000000"],
    ["int64", -2, "fffffffffffffffe"],
    ["int64", -(2 ** 60), "ffe0000000000001"],
    ["float32", 1.5, "3fc00000"],
    ["float64", Math.PI, "400921fb54442d18"],
  ];
  for (const [type, value, hex] of cases) {
    const number = fields.kindOf(type);
    reports.begin(200, 1, 8);
    reports.putField(number, value);
    reports.end();
    t.deepEqual(sourceData(log), [hex], `${value} as ${type}`);
    const codec = new FieldCodec();
    const bytes = Uint8Array.from([0xaa, ...Buffer.from(hex, "hex"), 0xaa]);
    const clamped = Math.min(
      Math.max(value, fields.NUMBER_KINDS[number]!.minimum),
      fields.NUMBER_KINDS[number]!.maximum,
    );
    t.is(codec.read(number, bytes, 1), Number.isNaN(value) ? 0 : clamped, `${type} ${hex}`);
  }
  t.throws(() => fields.kindOf("uint48" as fields.NumberType), {
    instanceOf: TypeError,
    message:
      /no field type "uint48"; the types are uint8, uint16, uint24, uint32, int8, int16, int24, int32, float32, float64, uint64, int64$/,
  });
});
