import test from "ava";
import fc from "fast-check";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { CucAgency } from "../../modules/ccsds/cuc.js";
import { VALID } from "../../modules/ccsds/primary-header.js";
import { TimeStamper } from "../../modules/ccsds/time-code.js";
import {
  buildTelecommand,
  buildTelemetry,
  InvalidPusPacketError,
  parseTelecommand,
  parseTelemetry,
} from "../../modules/pus/build-parse.js";
import * as status from "../../modules/pus/packet-status.js";
import { ReportWriter } from "../../modules/pus/report-writer.js";
import { VerificationService } from "../../modules/pus/st01-verification.js";
import { checkTelecommand, writeTelecommand } from "../../modules/pus/telecommand.js";
import { checkTelemetry } from "../../modules/pus/telemetry.js";
import { TelecommandView, TelemetryView } from "../../modules/pus/views.js";
import { checkProperty } from "../seeded-properties.js";
import { APID, fromHex, GOLDEN_INSTANT, TestClock, TestLog, toHex } from "./support.js";

// Made with spacepackets-py: APID 2, time stamp 40 6000 01020304.
const GOLDEN = {
  ping: "1802c00000062f11010000a7d2",
  acceptance: "0802c000001320010100000000406000010203041802c000646a",
  start: "0802c000001320010300000000406000010203041802c0002403",
  pong: "0802c001000f2011020000000040600001020304f3ab",
  completion: "0802c000001320010700000000406000010203041802c000a4d1",
  docstring: "1801c01600062f11010000ab62",
};
const STAMP = fromHex("40600001020304");
const cds = new CdsShort();

test("the golden telecommands are read and made, byte for byte", (t) => {
  for (const [hex, apid, count] of [
    [GOLDEN.ping, 2, 0],
    [GOLDEN.docstring, 1, 22],
  ] as const) {
    const packet = fromHex(hex);
    const view = parseTelecommand(packet);
    t.is(view.apid, apid);
    t.is(view.packetSequenceCount, count);
    t.is(view.pusVersion, 2);
    t.is(view.acknowledgementFlags, 0b1111);
    t.deepEqual([view.serviceType, view.messageSubtype, view.sourceId], [17, 1, 0]);
    t.deepEqual([view.applicationDataStart, view.applicationDataEnd, view.end], [11, 11, 13]);
    t.is(view.requestId, Number.parseInt(hex.slice(0, 8), 16));
    t.is(view.packetErrorControl, Number.parseInt(hex.slice(-4), 16));
    t.is(toHex(buildTelecommand({ apid, packetSequenceCount: count, serviceType: 17, messageSubtype: 1 })), hex);
  }
});

test("the golden reports are read, byte for byte", (t) => {
  for (const [hex, serviceType, messageSubtype, count, sourceData] of [
    [GOLDEN.acceptance, 1, 1, 0, "1802c000"],
    [GOLDEN.start, 1, 3, 0, "1802c000"],
    [GOLDEN.pong, 17, 2, 1, ""],
    [GOLDEN.completion, 1, 7, 0, "1802c000"],
  ] as const) {
    const packet = fromHex(hex);
    const view = parseTelemetry(packet, cds);
    t.deepEqual([view.apid, view.packetSequenceCount], [2, count]);
    t.deepEqual([view.pusVersion, view.timeReferenceStatus], [2, 0]);
    t.deepEqual([view.serviceType, view.messageSubtype], [serviceType, messageSubtype]);
    t.deepEqual([view.messageTypeCounter, view.destinationId], [0, 0]);
    t.is(view.time, GOLDEN_INSTANT);
    t.is(toHex(packet.slice(view.sourceDataStart, view.sourceDataEnd)), sourceData);
    t.is(view.sourceDataLength, sourceData.length / 2);
    t.is(
      toHex(
        buildTelemetry({
          apid: 2,
          packetSequenceCount: count,
          serviceType,
          messageSubtype,
          timeStamp: STAMP,
          sourceData: fromHex(sourceData),
        }),
      ),
      hex,
    );
  }
});

test("the report writer makes the golden reports in place", (t) => {
  const clock = new TestClock();
  clock.unixMs = GOLDEN_INSTANT;
  for (const [hex, make] of [
    [GOLDEN.acceptance, (verification: VerificationService) => verification.acceptanceSuccess(0x1802c000, 0b1111)],
    [GOLDEN.start, (verification: VerificationService) => verification.startSuccess(0x1802c000, 0b1111)],
    [GOLDEN.completion, (verification: VerificationService) => verification.completionSuccess(0x1802c000, 0b1111)],
  ] as const) {
    const log = new TestLog();
    const reports = new ReportWriter({ log, apid: APID, time: new TimeStamper(cds, clock, 0) });
    make(new VerificationService(reports));
    t.deepEqual(log.packets.map(toHex), [hex]);
  }
});

test("every reason not to be a telecommand, in both forms", (t) => {
  const ping = fromHex(GOLDEN.ping);
  const cases: [string, Uint8Array, number, Partial<InvalidPusPacketError>][] = [
    ["empty", ping.slice(0, 0), 1, { found: 0, required: 13 }],
    ["six bytes", ping.slice(0, 6), 1, { found: 6, required: 13 }],
    ["version 7", fromHex("f802c00000062f11010000a7d2"), 2, { found: 7, required: 0 }],
    ["one byte missing", ping.slice(0, 12), 3, { found: 12, required: 13 }],
    ["idle with a secondary header", fromHex("1fffc00000062f11010000a7d2"), 4, {}],
    ["telemetry", fromHex(GOLDEN.pong), status.WRONG_PACKET_TYPE, {}],
    ["no secondary header", fromHex("1002c00000062f11010000a7d2"), status.NO_SECONDARY_HEADER, {}],
    [
      "no room for headers",
      fromHex("1802c00000052f11010000a7"),
      status.DATA_FIELD_TOO_SHORT,
      { found: 12, required: 13 },
    ],
    ["one byte more", new Uint8Array([...ping, 0]), status.SURPLUS_BYTES, { found: 14, required: 13 }],
    ["damaged", fromHex("1802c00000062f11010001a7d2"), status.CRC_MISMATCH, {}],
    [
      "PUS-A",
      remade(ping, (bytes) => {
        bytes[6] = 0x1f;
      }),
      status.UNSUPPORTED_PUS_VERSION,
      { found: 1, required: 2 },
    ],
    [
      "a segment",
      remade(ping, (bytes) => {
        bytes[2] = 0x40;
      }),
      status.SEGMENTED,
      {},
    ],
  ];
  for (const [title, bytes, expected, fields] of cases) {
    t.is(checkTelecommand(bytes, 0, bytes.length), expected, title);
    const error = t.throws(() => parseTelecommand(bytes), { instanceOf: InvalidPusPacketError }, title);
    t.like(error, { name: "InvalidPusPacketError", status: expected, ...fields }, title);
    t.is(error?.reason ?? "", status.PUS_STATUS_NAMES[expected] ?? "?");
  }
});

test("every reason not to be telemetry, in both forms", (t) => {
  const pong = fromHex(GOLDEN.pong);
  const cases: [string, Uint8Array, number][] = [
    ["six bytes", pong.slice(0, 6), 1],
    ["version 1", new Uint8Array([0x28, ...pong.slice(1)]), 2],
    ["one byte missing", pong.slice(0, 21), 3],
    ["idle with a secondary header", new Uint8Array([0x0f, 0xff, ...pong.slice(2)]), 4],
    ["a telecommand", fromHex(GOLDEN.ping), status.WRONG_PACKET_TYPE],
    ["no secondary header", new Uint8Array([0x00, ...pong.slice(1)]), status.NO_SECONDARY_HEADER],
    ["no room for the stamp", fromHex("0802c001000e2011020000000040600001020304f3"), status.DATA_FIELD_TOO_SHORT],
    ["one byte more", new Uint8Array([...pong, 0]), status.SURPLUS_BYTES],
    ["damaged", new Uint8Array([...pong.slice(0, 21), 0]), status.CRC_MISMATCH],
    [
      "PUS-A",
      remade(pong, (bytes) => {
        bytes[6] = 0x10;
      }),
      status.UNSUPPORTED_PUS_VERSION,
    ],
    [
      "a segment",
      remade(pong, (bytes) => {
        bytes[2] = 0x00;
      }),
      status.SEGMENTED,
    ],
  ];
  for (const [title, bytes, expected] of cases) {
    t.is(checkTelemetry(bytes, 0, bytes.length, 7), expected, title);
    const error = t.throws(() => parseTelemetry(bytes, cds), { instanceOf: InvalidPusPacketError }, title);
    t.is(error?.status, expected, title);
  }
  t.is(checkTelemetry(pong, 0, pong.length, 8), status.DATA_FIELD_TOO_SHORT, "with a CUC stamp it would be too short");
});

test("the error for people says what is wrong with the packet, and of lengths only where they are wrong", (t) => {
  const [ping, pong] = [fromHex(GOLDEN.ping), fromHex(GOLDEN.pong)];
  const messages: [() => unknown, string][] = [
    [() => parseTelecommand(new Uint8Array([...pong, 0])), "wrongPacketType"],
    [() => parseTelecommand(new Uint8Array([0x10, ...ping.slice(1), 0])), "noSecondaryHeader"],
    [() => parseTelecommand(new Uint8Array([0x1f, 0xff, ...ping.slice(2), 0])), "idleWithSecondaryHeader"],
    [() => parseTelecommand(ping.slice(0, 12)), "partialPacket: found 12, required 13"],
    [() => parseTelecommand(new Uint8Array([...ping, 0])), "surplusBytes: found 14, required 13"],
    [() => parseTelemetry(new Uint8Array([...ping, 0]), cds), "wrongPacketType"],
    [() => parseTelemetry(pong.slice(0, 21), cds), "partialPacket: found 21, required 22"],
  ];
  for (const [parse, message] of messages) {
    t.throws(parse, { instanceOf: InvalidPusPacketError, message });
  }
});

function remade(packet: Uint8Array, change: (bytes: Uint8Array) => void): Uint8Array {
  const view = packet.slice();
  change(view);
  let crc = 0xffff;
  for (const byte of view.subarray(0, -2)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
    }
  }
  view.set([crc >> 8, crc & 0xff], view.length - 2);
  return view;
}

const telecommandFields = fc.record({
  apid: fc.nat(2046),
  packetSequenceCount: fc.nat(16383),
  acknowledgementFlags: fc.nat(15),
  serviceType: fc.nat(255),
  messageSubtype: fc.nat(255),
  sourceId: fc.nat(65535),
  applicationData: fc.uint8Array({ maxLength: 80 }),
});

test("what is built is read back, for all field values", (t) => {
  checkProperty(
    t,
    fc.property(telecommandFields, fc.nat(9), (fields, start) => {
      const packet = buildTelecommand(fields);
      const bytes = new Uint8Array(start + packet.length + 3).fill(0xee);
      bytes.set(packet, start);
      const view = new TelecommandView();
      t.is(view.attach(bytes, start, start + packet.length), VALID);
      const { applicationData, ...numbers } = fields;
      t.like(view, numbers);
      t.deepEqual(bytes.slice(view.applicationDataStart, view.applicationDataEnd), applicationData);
      // In place, over junk, around application data that is there already.
      const again = new Uint8Array(bytes.length).fill(0x55);
      again.set(applicationData, start + 11);
      const end = writeTelecommand(
        again,
        start,
        fields.apid,
        fields.packetSequenceCount,
        fields.acknowledgementFlags,
        fields.serviceType,
        fields.messageSubtype,
        fields.sourceId,
        applicationData.length,
      );
      t.deepEqual(again.slice(start, end), packet);
      t.deepEqual([...again.slice(0, start), ...again.slice(end)], new Array(start + 3).fill(0x55));
    }),
    400,
  );
  const timeCode = new CucAgency();
  checkProperty(
    t,
    fc.property(
      fc.record({
        apid: fc.nat(2046),
        packetSequenceCount: fc.nat(16383),
        timeReferenceStatus: fc.nat(15),
        serviceType: fc.nat(255),
        messageSubtype: fc.nat(255),
        messageTypeCounter: fc.nat(65535),
        destinationId: fc.nat(65535),
      }),
      fc.uint8Array({ maxLength: 80 }),
      fc.nat(4_000_000_000_000),
      (fields, sourceData, instant) => {
        const timeStamp = new Uint8Array(8);
        timeCode.write(timeStamp, 0, instant);
        const packet = buildTelemetry({ ...fields, timeStamp, sourceData });
        const view = new TelemetryView(timeCode);
        t.is(view.attach(packet), VALID);
        t.like(view, { ...fields });
        t.is(view.time, instant);
        t.deepEqual(packet.slice(view.sourceDataStart, view.sourceDataEnd), sourceData);
      },
    ),
    400,
  );
});

test("any single bit flipped is refused", (t) => {
  const flipAll = (packet: Uint8Array, check: (bytes: Uint8Array) => number) => {
    for (let bit = 0; bit < packet.length * 8; bit++) {
      const damaged = packet.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (0x80 >> (bit & 7));
      t.not(check(damaged), VALID, `bit ${bit} of ${toHex(packet)}`);
    }
  };
  for (const hex of Object.values(GOLDEN)) {
    flipAll(fromHex(hex), (bytes) =>
      hex.startsWith("18") ? checkTelecommand(bytes, 0, bytes.length) : checkTelemetry(bytes, 0, bytes.length, 7),
    );
  }
  checkProperty(
    t,
    fc.property(telecommandFields, (fields) => {
      flipAll(buildTelecommand(fields), (bytes) => checkTelecommand(bytes, 0, bytes.length));
    }),
    30,
  );
});

test("no bytes throw in the status form, and the throwing form agrees", (t) => {
  const agree = (bytes: Uint8Array) => {
    const telecommand = checkTelecommand(bytes, 0, bytes.length);
    const telemetry = checkTelemetry(bytes, 0, bytes.length, 7);
    const statusOf = (parse: () => unknown) => {
      try {
        parse();
        return VALID;
      } catch (error) {
        return (error as InvalidPusPacketError).status;
      }
    };
    return (
      statusOf(() => parseTelecommand(bytes)) === telecommand &&
      statusOf(() => parseTelemetry(bytes, cds)) === telemetry
    );
  };
  const header = fc.constantFrom("1802c0000006", "0802c001000f", "1802c000000b", "1fffc0000006", "1002c0000006");
  checkProperty(t, fc.property(fc.uint8Array({ maxLength: 40 }), agree), 2000);
  checkProperty(
    t,
    fc.property(header, fc.uint8Array({ maxLength: 20 }), (head, tail) =>
      agree(new Uint8Array([...fromHex(head), ...tail])),
    ),
    2000,
  );
  t.pass();
});

test("building refuses values out of their range by name", (t) => {
  const base = { apid: 2, serviceType: 17, messageSubtype: 1 };
  const timeStamp = STAMP;
  for (const [fields, name] of [
    [{ apid: 2048 }, "apid"],
    [{ packetSequenceCount: 16384 }, "packetSequenceCount"],
    [{ acknowledgementFlags: 16 }, "acknowledgementFlags"],
    [{ serviceType: -1 }, "serviceType"],
    [{ messageSubtype: 256 }, "messageSubtype"],
    [{ sourceId: 65536 }, "sourceId"],
    [{ applicationData: new Uint8Array(65530) }, "applicationData length"],
  ] as const) {
    t.throws(() => buildTelecommand({ ...base, ...fields }), {
      instanceOf: RangeError,
      message: new RegExp(`^${name} `),
    });
  }
  for (const [fields, name] of [
    [{ apid: 0.5 }, "apid"],
    [{ timeReferenceStatus: 16 }, "timeReferenceStatus"],
    [{ messageTypeCounter: 65536 }, "messageTypeCounter"],
    [{ destinationId: 65536 }, "destinationId"],
    [{ sourceData: new Uint8Array(65536) }, "packet data field length"],
  ] as const) {
    t.throws(() => buildTelemetry({ ...base, timeStamp, ...fields }), {
      instanceOf: RangeError,
      message: new RegExp(`^${name} `),
    });
  }
});
