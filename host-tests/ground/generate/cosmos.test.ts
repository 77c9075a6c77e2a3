/** The plugin for COSMOS: what each rule of the dictionary becomes in it. openc3 itself reads it in `npm run test:interop`. */
import test from "ava";
import type { PortConvention } from "../../../modules/dictionary/conventions.js";
import type { ParameterDefinition } from "../../../modules/dictionary/dictionary.js";
import { boardOf, inHousekeeping, lines, PORTS, plugin, SMALL } from "./cosmos-support.js";

test("a plugin has what COSMOS looks for, and a README of three commands", (t) => {
  const { files, target } = plugin(SMALL);
  t.is(target, "SAMPLE");
  t.deepEqual([...files.keys()].sort(), [
    "README.md",
    "Rakefile",
    "openc3-cosmos-sample.gemspec",
    "plugin.txt",
    "targets/SAMPLE/cmd_tlm/cmd.txt",
    "targets/SAMPLE/cmd_tlm/tlm.txt",
    "targets/SAMPLE/lib/flatlink_count_conversion.py",
    "targets/SAMPLE/lib/flatlink_list_conversion.py",
    "targets/SAMPLE/lib/flatlink_protocol.py",
    "targets/SAMPLE/lib/flatlink_raw_conversion.py",
    "targets/SAMPLE/lib/flatlink_time_conversion.py",
    "targets/SAMPLE/screens/thermal.txt",
    "targets/SAMPLE/target.txt",
  ]);
  const [, commands = ""] = files.get("README.md")!.match(/```sh\n([^`]*)```/) ?? [];
  t.is(commands.trim().split("\n").length, 3);
});

test("the interface is a TCP client; the CRC is checked on the way in, and made on the way out", (t) => {
  t.is(
    plugin(SMALL).files.get("plugin.txt"),
    `VARIABLE sample_host 192.168.4.1
VARIABLE sample_port 7301

TARGET SAMPLE SAMPLE
INTERFACE SAMPLE_INT openc3/interfaces/tcpip_client_interface.py <%= sample_host %> <%= sample_port %> <%= sample_port %> 10.0 nil LENGTH 32 16 7 1 BIG_ENDIAN 0 nil 2048
  MAP_TARGET SAMPLE
  PROTOCOL READ openc3/interfaces/protocols/crc_protocol.py nil FALSE ERROR -16 16 BIG_ENDIAN 0x1021 0xFFFF FALSE FALSE
  PROTOCOL WRITE flatlink_protocol.py
`,
  );
});

const FRAMINGS: readonly (readonly [framing: string, protocol: string | undefined])[] = [
  ["space-packets", "LENGTH 32 16 7 1 BIG_ENDIAN 0 nil 2048"],
  ["space-packets,crc=off", "LENGTH 32 16 7 1 BIG_ENDIAN 0 nil 2048"],
  ["space-packets,crc=none", undefined],
  ["space-packets,crc=check32", undefined],
  ["space-packets,crc=crc16", "LENGTH 32 16 9 1 BIG_ENDIAN 0 nil 2048"],
  ["space-packets,crc=crc32", "LENGTH 32 16 11 1 BIG_ENDIAN 0 nil 2048"],
  ["cobs", "COBS"],
  ["cobs,delimiter=trailing,max-packet=512", "COBS"],
  ["cobs,delimiter=both", undefined],
  ["slip", "SLIP"],
  ["slip,delimiter=both", "SLIP 0xC0"],
  ["slip,kiss-type=0", undefined],
  ["length-prefixed", "LENGTH 0 16 2 1 BIG_ENDIAN 2 nil 2048 TRUE"],
  ["length-prefixed,size=4,endian=little", "LENGTH 0 32 4 1 LITTLE_ENDIAN 4 nil 2048 TRUE"],
  ["length-prefixed,size=3,endian=little", undefined],
  ["length-prefixed,sync=1acffc1d,offset=4", undefined],
  ["netstring", undefined],
  ["uslp,scid=0x1234", undefined],
  ["tc-frames,scid=0x2ab", undefined],
  ["my-own-framing", undefined],
];

for (const [framing, protocol] of FRAMINGS) {
  test(`a port with ${framing}: ${protocol ?? "COSMOS cannot speak it"}`, (t) => {
    const generate = () => plugin(boardOf({}, { ports: [{ framing, port: 7305, role: "tmtc" }] }));
    if (protocol === undefined) {
      const error = t.throws(generate, { instanceOf: RangeError });
      t.true(error?.message.includes(framing), error?.message);
      t.false(error?.message.includes("\n"));
    } else {
      t.true(generate().files.get("plugin.txt")!.includes(` 10.0 nil ${protocol}\n`));
    }
  });
}

test("a checksum layer is a PROTOCOL of its own, in front of the packet's CRC", (t) => {
  const text = plugin(boardOf({}, { ports: [{ framing: "cobs,crc=crc32", port: 1, role: "tmtc" }] })).files.get(
    "plugin.txt",
  )!;
  const protocols = text.split("\n").filter((line) => line.startsWith("  PROTOCOL"));
  t.is(protocols.length, 3);
  t.is(protocols[0], "  PROTOCOL READ_WRITE openc3/interfaces/protocols/crc_protocol.py nil TRUE ERROR -32 32");
});

test("of several ports the best one is taken; a pair of one-way ports, where there is no other", (t) => {
  const ports = (...all: PortConvention[]) => plugin(boardOf({}, { ports: all })).files.get("plugin.txt")!;
  const tmtc = { framing: "cobs", port: 7302, role: "tmtc" } as const;
  t.regex(ports(tmtc, PORTS.ports[0]), /VARIABLE flat_port 7301\n/);
  const up = { framing: "slip", port: 7401, role: "tc" } as const;
  const down = { framing: "slip", port: 7402, role: "tm" } as const;
  t.regex(ports(down, up), /VARIABLE flat_tc_port 7401\nVARIABLE flat_tm_port 7402\n/);
  t.regex(ports(down, up), /<%= flat_host %> <%= flat_tc_port %> <%= flat_tm_port %> 10.0 nil SLIP\n/);
  t.throws(() => ports(up, { ...down, framing: "cobs" }), {
    instanceOf: RangeError,
    message: /^COSMOS speaks none of/,
  });
  t.throws(() => ports(), { instanceOf: RangeError, message: /there are none/ });
});

test("longer telemetry makes the longest frame longer", (t) => {
  t.regex(plugin(boardOf({}, { maxTelemetryLength: 4000 })).files.get("plugin.txt")!, / 0 nil 4016\n/);
});

test("a report is told by APID, service, subtype, and by its identifier", (t) => {
  const { telemetry } = plugin(SMALL);
  const ids = (name: string) =>
    telemetry
      .find((each) => each.name === name)!
      .items.filter(({ keyword }) => keyword === "APPEND_ID_ITEM")
      .map(({ name: item, words }) => `${item} ${words[3]}`);
  t.deepEqual(ids("ARE_YOU_ALIVE_REPORT"), ["CCSDSAPID 2", "PUS_SERVICE 17", "PUS_SUBTYPE 2"]);
  t.deepEqual(ids("HOUSEKEEPING_REPORT_THERMAL"), [
    "CCSDSAPID 2",
    "PUS_SERVICE 3",
    "PUS_SUBTYPE 25",
    "STRUCTURE_ID 16",
  ]);
  t.deepEqual(ids("PARAMETER_REPORT_MODE").slice(2), ["PUS_SUBTYPE 2", "COUNT 1", "PARAMETER_ID 2"]);
  const names = telemetry.map(({ name }) => name);
  t.deepEqual(names.slice(-3), ["HOUSEKEEPING_REPORT_OTHER", "MEDIUM_SEVERITY_EVENT_OTHER", "PARAMETER_REPORT_OTHER"]);
});

test("a stamp is read as the board's time code has it", (t) => {
  for (const [timeCode, names] of [
    ["cds", ["STAMP_PFIELD", "STAMP_DAY", "STAMP_MS"]],
    ["cuc", ["STAMP_PFIELD", "STAMP_SECONDS", "STAMP_FRACTION"]],
    ["cuc-tai", ["STAMP_PFIELD", "STAMP_SECONDS", "STAMP_FRACTION"]],
  ] as const) {
    const { telemetry } = plugin(boardOf({}, { timeCode }));
    const { items } = telemetry[0]!;
    t.deepEqual(
      items.map(({ name }) => name).filter((name) => name.startsWith("STAMP")),
      [...names],
    );
    const time = items.find(({ name }) => name === "PACKET_TIME")!;
    t.deepEqual(time.told, [["READ_CONVERSION", "flatlink_time_conversion.py", timeCode.toUpperCase()]]);
  }
});

test("types: integers, floats, booleans, text, bytes, arrays", (t) => {
  const first = (parameter: Omit<ParameterDefinition, "id">) => lines(inHousekeeping(parameter));
  t.deepEqual(first({ type: "int24" }), ["APPEND_ITEM P 24 INT"]);
  t.deepEqual(first({ type: "uint64" }), ["APPEND_ITEM P 64 UINT"]);
  t.deepEqual(first({ type: "float32" }), ["APPEND_ITEM P 32 FLOAT"]);
  t.deepEqual(first({ type: "boolean" }), ["APPEND_ITEM P 8 UINT", "STATE FALSE 0", "STATE TRUE 1"]);
  t.deepEqual(first({ type: "ascii", length: 5 }), ["APPEND_ITEM P 40 STRING"]);
  t.deepEqual(first({ type: "bytes", length: 3 }), ["APPEND_ITEM P 24 BLOCK"]);
  t.deepEqual(first({ type: "int16", count: 3 }), ["APPEND_ARRAY_ITEM P 16 INT 48"]);
});

test("parts of a number lie over it", (t) => {
  const bits = { on: { width: 1 }, mode: { width: 3, words: { off: 0, "stand by": 5 } } };
  t.deepEqual(lines(inHousekeeping({ type: "uint8", bits })), [
    "APPEND_ITEM P 8 UINT",
    "ITEM P_ON 168 1 UINT",
    "OVERLAP",
    "ITEM P_MODE 169 3 UINT",
    "OVERLAP",
    "STATE OFF 0",
    "STATE STAND_BY 5",
  ]);
});

test("a polynomial is one, points are segments, and the outer lines go on", (t) => {
  t.deepEqual(lines(inHousekeeping({ type: "int16", unit: "degC", calibration: { polynomial: [-5, 0.1, 1e-7] } })), [
    "APPEND_ITEM P 16 INT",
    "POLY_READ_CONVERSION -5 0.1 1e-7",
    "UNITS degC degC",
  ]);
  const points = [
    [0, 10],
    [10, 20],
    [20, 50],
  ] as const;
  t.deepEqual(lines(inHousekeeping({ type: "int16", calibration: { points } })).slice(1), [
    "SEG_POLY_READ_CONVERSION 0 10 1",
    "SEG_POLY_READ_CONVERSION 10 -10 3",
  ]);
});

test("words are states, and their number has an item beside it where it is calibrated", (t) => {
  const words = { off: 0, "it's on": 1 };
  t.deepEqual(lines(inHousekeeping({ type: "uint8", unit: "V", words })), [
    "APPEND_ITEM P 8 UINT",
    "STATE OFF 0",
    "STATE IT_S_ON 1",
  ]);
  t.deepEqual(
    lines(inHousekeeping({ type: "uint8", unit: "V", words, calibration: { polynomial: [1, 2] } })).slice(3),
    ["ITEM P_VALUE 168 8 UINT", "OVERLAP", "POLY_READ_CONVERSION 1 2", "UNITS V V"],
  );
});

test("words that become the same are told apart", (t) => {
  const words = { "a b": 0, a_b: 1, "A-B": 2, "": 3, "#": 4, größe: 5 };
  t.deepEqual(lines(inHousekeeping({ type: "uint8", words })).slice(1), [
    "STATE A_B 0",
    "STATE A_B_2 1",
    "STATE A-B 2",
    "STATE X 3",
    "STATE X_2 4",
    "STATE GR_E 5",
  ]);
});

const LIMITS: readonly (readonly [string, Omit<ParameterDefinition, "id">, string])[] = [
  [
    "all four, where no raw number is one of them",
    { type: "uint8", limits: { warning: { low: 1.5, high: 2.5 }, critical: { low: 0.5, high: 3.5 } } },
    "0.5 1.5 2.5 3.5",
  ],
  [
    "some are missing",
    { type: "uint8", limits: { warning: { low: 1.5 }, critical: { high: 8.5 } } },
    "-1e+308 1.5 8.5 8.5",
  ],
  [
    "a limit that a raw number reaches is moved out of its way",
    { type: "uint8", limits: { warning: { low: 10, high: 20 } } },
    "-1e+308 9.99999999 20.00000002 1e+308",
  ],
  [
    "so is one that it reaches through a calibration",
    { type: "uint8", calibration: { polynomial: [0, 0.5] }, limits: { warning: { high: 4.5 } } },
    "-1e+308 -1e+308 4.5000000045 1e+308",
  ],
  [
    "a float32 reaches what is a float32",
    { type: "float32", limits: { warning: { low: 0.1, high: 0.5 } } },
    "-1e+308 0.1 0.5000000005 1e+308",
  ],
];

for (const [what, parameter, limits] of LIMITS) {
  test(`limits: ${what}`, (t) => {
    const [item] = inHousekeeping(parameter);
    t.deepEqual(item!.told.at(-1)!.join(" "), `LIMITS DEFAULT 1 ENABLED ${limits}`);
  });
}

test("limits that leave nothing good are still limits to COSMOS", (t) => {
  for (const limits of [
    { warning: { low: 5 }, critical: { high: 4 } },
    { warning: { high: 4 }, critical: { low: 5 } },
  ]) {
    // The reader checks their order.
    t.is(inHousekeeping({ type: "int16", limits })[0]!.told.at(-1)![0], "LIMITS");
  }
});

test("elements of an array have limits in items of their own", (t) => {
  const items = inHousekeeping({ type: "int8", count: 2, limits: { warning: { low: -1.5 } } });
  t.deepEqual(lines(items), [
    "APPEND_ARRAY_ITEM P 8 INT 16",
    "ITEM P_1 168 8 INT",
    "OVERLAP",
    "LIMITS DEFAULT 1 ENABLED -1e+308 -1.5 1e+308 1e+308",
    "ITEM P_2 176 8 INT",
    "OVERLAP",
    "LIMITS DEFAULT 1 ENABLED -1e+308 -1.5 1e+308 1e+308",
  ]);
});
