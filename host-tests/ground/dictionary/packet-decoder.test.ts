import test from "ava";
import type { DecodedValue } from "../../../ground/dictionary/decoded-value.js";
import { describePacket, describeTime, describeValue, parametersIn } from "../../../ground/dictionary/describe.js";
import { decodePacket, PacketDecoder } from "../../../ground/dictionary/packet-decoder.js";
import { PacketError, type PacketFault } from "../../../ground/dictionary/packet-error.js";
import { CdsShort } from "../../../modules/ccsds/cds-short.js";
import { writeCrc16 } from "../../../modules/ccsds/crc16.js";
import { buildTelecommand, buildTelemetry } from "../../../modules/pus/build-parse.js";
import { boardWith, FLATSAT, fromHex } from "./boards.js";

const stamp = new Uint8Array(7);
new CdsShort().write(stamp, 0, Date.parse("2026-08-21T12:00:00.000Z"));

function telemetry(serviceType: number, messageSubtype: number, hex: string, timeReferenceStatus = 1): Uint8Array {
  return buildTelemetry({
    apid: 2,
    packetSequenceCount: 5,
    serviceType,
    messageSubtype,
    messageTypeCounter: 7,
    timeStamp: stamp,
    timeReferenceStatus,
    sourceData: fromHex(hex),
  });
}

/** What people read, by name. */
function shown(values: readonly DecodedValue[]): Record<string, string> {
  return Object.fromEntries(values.map((value) => [value.name, describeValue(value)]));
}

test("a housekeeping report: headers, stamp, values in their units, words, bit fields, limits, and where each stands", (t) => {
  // Voltage 3200 is 8 V; charge 20 % is below the critical limit of 25 %.
  const packet = decodePacket(FLATSAT, telemetry(3, 25, "10 0c80 ff38 14 0064 40f00000 03e8"));
  t.like(packet, {
    kind: "telemetry",
    apid: 2,
    sequenceCount: 5,
    serviceType: 3,
    subtype: 25,
    messageTypeCounter: 7,
    service: "housekeeping",
    message: "housekeepingReport",
    variant: "power",
    dataOffset: 20,
    time: Date.parse("2026-08-21T12:00:00.000Z"),
    timeReferenceStatus: 1,
  });
  t.deepEqual(shown(packet.values), {
    structureId: "power",
    batteryVoltage: "8 V",
    batteryCurrent: "-200 mA",
    batteryCharge: "20 %",
    solarCurrent: "50 mA",
    busVoltage: "7.5 V",
    load: "1000 mW",
  });
  t.deepEqual(
    packet.values.map(({ offset, bits, limit }) => [offset, bits, limit]),
    [
      [20, 8, undefined],
      [21, 16, "ok"],
      [23, 16, undefined],
      [25, 8, "criticalLow"],
      [26, 16, undefined],
      [28, 32, "ok"],
      [32, 16, "ok"],
    ],
  );
  t.deepEqual(
    parametersIn(packet).map(({ name }) => name),
    ["batteryVoltage", "batteryCurrent", "batteryCharge", "solarCurrent", "busVoltage", "load"],
  );
});

test("bit fields are parts with places of their own, the most significant bit first", (t) => {
  const packet = decodePacket(FLATSAT, telemetry(20, 2, "01 0131 d000"));
  const [, status] = packet.list!.items[0]!.values as [DecodedValue, DecodedValue];
  t.deepEqual(
    status.parts!.map(({ name, offset, bit, bits, raw, word }) => [name, offset, bit, bits, raw, word]),
    [
      ["sunlit", 23, 0, 1, 1, "sunlit"],
      ["heaterControl", 23, 1, 2, 2, "automatic"],
      ["heaterOn", 23, 3, 1, 1, undefined],
      ["payloadOn", 23, 4, 1, 0, undefined],
      ["detumbling", 23, 5, 1, 0, undefined],
      ["batteryLow", 23, 6, 1, 0, undefined],
      ["overTemperature", 23, 7, 1, 0, undefined],
    ],
  );
});

test("a report of several parameters: each item as its identifier says", (t) => {
  const packet = decodePacket(FLATSAT, telemetry(20, 2, "03 0001 00000100 0121 0001 fffe 0003 0130 02"));
  t.deepEqual(
    packet.list!.items.map(({ variant, values }) => [variant, describeValue(values[1]!)]),
    [
      ["uptime", "256 ms"],
      ["magneticField", "[1, -2, 3] nT"],
      ["mode", "payload"],
    ],
  );
  t.deepEqual(
    parametersIn(packet).map(({ name, offset }) => [name, offset]),
    [
      ["uptime", 23],
      ["magneticField", 29],
      ["mode", 37],
    ],
  );
  t.is(
    describePacket(FLATSAT, packet),
    "TM[20,2] parameterReport: uptime 256 ms, magneticField [1, -2, 3] nT, mode payload",
  );
});

test("an event is its text with its values in it", (t) => {
  t.is(
    describePacket(FLATSAT, decodePacket(FLATSAT, telemetry(5, 2, "0102 01 00 01"))),
    "TM[5,2] lowSeverityEvent modeChanged: mode nominal became safe: batteryLow",
  );
  t.is(
    describePacket(FLATSAT, decodePacket(FLATSAT, telemetry(5, 3, "0105 02 1388"))),
    "TM[5,3] mediumSeverityEvent overTemperature: payload has 50 degC, which is too hot",
  );
});

test("a board without the time: its stamps count from boot", (t) => {
  new CdsShort().write(stamp, 0, new CdsShort().epoch + 12_345);
  const packet = decodePacket(FLATSAT, telemetry(17, 2, "", 0));
  t.is(packet.kind === "telemetry" && describeTime(packet), "up 12.345 s");
  new CdsShort().write(stamp, 0, Date.parse("2026-08-21T12:00:00.000Z"));
});

test("a telecommand: acknowledgement flags, source ID and arguments", (t) => {
  const applicationData = fromHex("11 01");
  const packet = decodePacket(
    FLATSAT,
    buildTelecommand({
      apid: 2,
      serviceType: 8,
      messageSubtype: 1,
      sourceId: 9,
      acknowledgementFlags: 9,
      applicationData,
    }),
  );
  t.like(packet, { kind: "telecommand", sourceId: 9, acknowledgementFlags: 9, variant: "setHeater", dataOffset: 11 });
  t.deepEqual(shown(packet.values), { functionId: "setHeater", control: "on" });
});

test("64-bit integers are exact, booleans that are none are shown as they came, text does not move the cursor", (t) => {
  const board = boardWith({
    name: "own",
    parameters: {
      big: { id: 300, type: "uint64" },
      flag: { id: 301, type: "boolean" },
      text: { id: 302, type: "ascii", length: 4 },
      octets: { id: 303, type: "bytes", length: 2 },
    },
  });
  const packet = decodePacket(board, telemetry(20, 2, "04 012c ffffffffffffffff 012d 07 012e 1b5b4100 012f 00ff"));
  const values = parametersIn(packet);
  t.deepEqual(
    values.map(({ raw }) => raw),
    [18446744073709551615n, 7, "\u001b[A", "00ff"],
  );
  t.deepEqual(values.map(describeValue), ["18446744073709551615", "7", "\\x1b[A", "00ff"]);
});

test("only the identifier is left out, not what stands in front of it, whatever that is called", (t) => {
  const level = { type: "uint8", words: { low: 0, high: 1 } } as const;
  const board = boardWith({
    name: "own",
    services: {
      own: {
        type: 200,
        reports: {
          told: {
            subtype: 1,
            values: { level, side: { type: "uint8" }, kind: { type: "uint8" } },
            variants: { high: { id: 7, values: { x: { type: "uint8" } } } },
          },
          listed: {
            subtype: 2,
            list: {
              countType: "uint8",
              items: { level, kind: { type: "uint8" } },
              maxCount: 2,
              variants: { high: { id: 7, values: { x: { type: "uint8" } } } },
            },
          },
        },
      },
    },
  });
  t.is(
    describePacket(board, decodePacket(board, telemetry(200, 1, "01 05 07 09"))),
    "TM[200,1] told high: level high, side 5, x 9",
  );
  t.is(
    describePacket(board, decodePacket(board, telemetry(200, 2, "02 00 07 09 01 07 08"))),
    "TM[200,2] listed: level low x 9, level high x 8",
  );
  const error = t.throws(() => decodePacket(board, telemetry(200, 2, "03 00 07 09 01 07 08 01 07 08"))) as PacketError;
  t.like(error, { fault: "wrongCount", offset: 20, found: 3, required: 2 });
  const short = t.throws(() => decodePacket(board, telemetry(200, 2, "02 00 07"))) as PacketError;
  t.like(short, { fault: "wrongLength", offset: 20, found: 2, required: 4 });
});

test("reports of a structure that the ground has created are read once the board has told what it is made of", (t) => {
  const decoder = new PacketDecoder(FLATSAT);
  const told = (id: string, parameters: string) => telemetry(3, 10, `${id} 00 000001f4 ${parameters} 00`);
  const created = telemetry(3, 25, "80 00000100 02");
  const unknown = { instanceOf: PacketError, message: /no structureId 128/ };
  t.throws(() => decoder.decode(created), unknown);
  decoder.decode(told("80", "02 0001 0130"));
  const packet = decoder.decode(created);
  t.is(describePacket(FLATSAT, packet), "TM[3,25] housekeepingReport: structureId 128, uptime 256 ms, mode payload");
  t.deepEqual(
    parametersIn(packet).map(({ name, offset }) => [name, offset]),
    [
      ["uptime", 21],
      ["mode", 25],
    ],
  );
  // Deleted, and created again with the same ID.
  decoder.decode(told("80", "02 0130 0001"));
  t.regex(describePacket(FLATSAT, decoder.decode(telemetry(3, 25, "80 02 00000100"))), /mode payload, uptime 256 ms$/);
  decoder.decode(told("80", "02 0130 7fff"));
  t.throws(() => decoder.decode(created), unknown, "of a parameter that the dictionary does not have");
});

test("no more structures are kept than the board has room for, and none in place of the dictionary's", (t) => {
  const decoder = new PacketDecoder(FLATSAT);
  const told = (id: number) => telemetry(3, 10, `${id.toString(16)} 00 000001f4 01 0001 00`);
  const { createdStructures } = FLATSAT.conventions;
  for (let k = 0; k <= createdStructures; k++) {
    decoder.decode(told(0x80 + k));
  }
  t.throws(() => decoder.decode(telemetry(3, 25, "80 00000100")), { message: /no structureId 128/ });
  for (let k = 1; k <= createdStructures; k++) {
    const report = telemetry(3, 25, `${(0x80 + k).toString(16)} 00000100`);
    t.regex(describePacket(FLATSAT, decoder.decode(report)), /uptime 256 ms$/);
  }
  decoder.decode(told(0x10));
  t.deepEqual(decoder.decode(housekeeping), decodePacket(FLATSAT, housekeeping));
});

test("what a structure of the dictionary is made of may be longer than one that the ground creates", (t) => {
  const names = Array.from({ length: 40 }, (_, k) => `p${k}`);
  const board = boardWith({
    name: "own",
    parameters: Object.fromEntries(names.map((name, k) => [name, { id: 300 + k, type: "uint8" }])),
    structures: { long: { id: 16, parameters: names, intervalMs: 1000 } },
  });
  const ids = names.map((_, k) => (300 + k).toString(16).padStart(4, "0")).join("");
  const packet = decodePacket(board, telemetry(3, 10, `10 01 000003e8 28 ${ids} 00`));
  t.is(packet.list!.items.length, 40);
});

const housekeeping = telemetry(3, 25, "10 0c80 ff38 14 0064 40f00000 03e8");

/** The same octets with some changed, and the CRC right again. */
function changed(bytes: Uint8Array, changes: Readonly<Record<number, number>>): Uint8Array {
  const copy = bytes.slice();
  for (const [at, octet] of Object.entries(changes)) {
    copy[Number(at)] = octet;
  }
  writeCrc16(copy, 0, copy.length);
  return copy;
}

const damaged = housekeeping.slice();
damaged[22]! ^= 1;

const FAULTS: readonly [string, Uint8Array, PacketFault, number, RegExp][] = [
  ["no octets", new Uint8Array(0), "tooShort", 0, /7 octets at least, and 0/],
  ["a part of a header", housekeeping.slice(0, 5), "tooShort", 5, /octet 5: .* and 5 are here/],
  ["another version", changed(housekeeping, { 0: 0x28 }), "wrongVersion", 0, /no CCSDS space packet: its version is 1/],
  ["a packet that is cut", housekeeping.slice(0, 30), "wrongLength", 4, /says that it has 36 octets, and 30 are here/],
  ["octets too many", Uint8Array.from([...housekeeping, 0]), "wrongLength", 4, /36 octets, and 37 are here/],
  ["an idle packet", fromHex("07ff c000 0000 00"), "idle", 0, /idle/],
  ["no secondary header", changed(housekeeping, { 0: 0 }), "noSecondaryHeader", 0, /no secondary header/],
  ["a damaged packet", damaged, "wrongCrc", 34, /the CRC is 0x[0-9a-f]{4}, and 0x[0-9a-f]{4} would be right/],
  ["PUS-A", changed(housekeeping, { 6: 0x11 }), "wrongPusVersion", 6, /PUS version is 1, not 2/],
  ["a segment", changed(housekeeping, { 2: 0x40 }), "segmented", 2, /segment/],
  ["another APID", changed(housekeeping, { 1: 3 }), "wrongApid", 0, /has APID 2, not 3/],
  ["another time code", changed(housekeeping, { 13: 0x2e }), "wrongTimeCode", 13, /begins with 0x40; 0x2e is here/],
  ["an unknown report", telemetry(99, 1, ""), "unknownMessage", 7, /no report of type 99,1/],
  ["an unknown structure", telemetry(3, 25, "63"), "unknownIdentifier", 20, /no structureId 99/],
  [
    "a value cut off",
    telemetry(3, 25, "10 0c80 ff"),
    "wrongLength",
    23,
    /batteryCurrent has 2 octets, and 1 octet are? left/,
  ],
  ["a value that is missing", telemetry(3, 25, "10 0c80"), "wrongLength", 23, /and none is left/],
  ["data behind the end", telemetry(17, 2, "0102"), "wrongLength", 20, /ends here, and 2 octets follow/],
  ["more items than there is room for", telemetry(20, 2, "10 0001"), "wrongLength", 20, /16 items, and 2 octets/],
  ["more items than there may be", telemetry(20, 2, "ff 0001"), "wrongCount", 20, /\d+ items at most, .* to be 255/],
  [
    "fewer items than there must be",
    buildTelecommand({ apid: 2, serviceType: 20, messageSubtype: 1, applicationData: Uint8Array.of(0) }),
    "wrongCount",
    11,
    /there are 1 items at least, and there are to be 0/,
  ],
  ["an unknown parameter in a list", telemetry(20, 2, "01 7fff 00"), "unknownIdentifier", 21, /no parameterId 32767/],
];

for (const [what, bytes, fault, offset, message] of FAULTS) {
  test(`${what}: the octet is named, and why`, (t) => {
    const error = t.throws(() => decodePacket(FLATSAT, bytes), { instanceOf: PacketError }) as PacketError;
    t.is(error.fault, fault);
    t.is(error.offset, offset);
    t.regex(error.message, message);
  });
}

test("of a wrong CRC both values are told", (t) => {
  const error = t.throws(() => decodePacket(FLATSAT, damaged)) as PacketError;
  t.is(error.found, damaged[34]! * 256 + damaged[35]!);
  t.not(error.found, error.required);
});
