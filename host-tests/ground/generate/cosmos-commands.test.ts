/** Commands, names and texts of the plugin for COSMOS. */
import test from "ava";
import fc from "fast-check";
import { COSMOS_GENERATOR } from "../../../ground/generate/cosmos/cosmos.js";
import { Random } from "../../framing/random.js";
import { checkProperty } from "../../seeded-properties.js";
import { boardOf, inCommand, inHousekeeping, lines, plugin, SMALL } from "./cosmos-support.js";
import { CosmosError, readPackets, readScreen, words } from "./cosmos-tokens.js";
import { decoratedBoard } from "./decorated-dictionaries.js";

const HEADER = 12;

test("a command's header has all that is known before it is sent", (t) => {
  const { commands } = plugin(SMALL);
  const { items } = commands.find(({ name }) => name === "ARE_YOU_ALIVE")!;
  t.deepEqual(lines(items), [
    "APPEND_PARAMETER CCSDSVER 3 UINT 0 0 0",
    "APPEND_PARAMETER CCSDSTYPE 1 UINT 1 1 1",
    "APPEND_PARAMETER CCSDSSHF 1 UINT 1 1 1",
    "APPEND_ID_PARAMETER CCSDSAPID 11 UINT 2 2 2",
    "APPEND_PARAMETER CCSDSSEQFLAGS 2 UINT 3 3 3",
    "APPEND_PARAMETER CCSDSSEQCNT 14 UINT 0 16383 0",
    "APPEND_PARAMETER CCSDSLENGTH 16 UINT 0 65535 6",
    "APPEND_PARAMETER PUS_VERSION 4 UINT 2 2 2",
    "APPEND_PARAMETER PUS_ACK 4 UINT 0 15 15",
    "APPEND_ID_PARAMETER PUS_SERVICE 8 UINT 17 17 17",
    "APPEND_ID_PARAMETER PUS_SUBTYPE 8 UINT 1 1 1",
    "APPEND_PARAMETER PUS_SOURCE 16 UINT 0 65535 0",
  ]);
});

test("each function and each setting is a command, and a dangerous one is hazardous, with its reason", (t) => {
  const { commands } = plugin(SMALL);
  const named = (name: string) => commands.find((each) => each.name === name)!;
  t.is(named("HEAT").hazardous, "hot");
  t.is(named("SET_CELSIUS").hazardous, "it burns");
  t.is(named("ARE_YOU_ALIVE").hazardous, undefined);
  t.deepEqual(lines(named("SET_CELSIUS").items.slice(HEADER, HEADER + 2)), [
    "APPEND_ID_PARAMETER COUNT 8 UINT 1 1 1",
    "APPEND_ID_PARAMETER PARAMETER_ID 16 UINT 1 1 1",
  ]);
});

test("an argument has its range, its default, or must be given", (t) => {
  t.deepEqual(lines(inCommand({ type: "uint8", maximum: 50, default: 10 })).slice(1), [
    "APPEND_PARAMETER WATTS 8 UINT 0 50 10",
  ]);
  t.deepEqual(lines(inCommand({ type: "int16", minimum: 5 })).slice(1), [
    "APPEND_PARAMETER WATTS 16 INT 5 32767 5",
    "REQUIRED",
  ]);
  t.deepEqual(lines(inCommand({ type: "float64" })).slice(1), [
    "APPEND_PARAMETER WATTS 64 FLOAT -1.7976931348623157e+308 1.7976931348623157e+308 0",
    "REQUIRED",
  ]);
});

test("the operator gives values in the unit; whole raw numbers are rounded", (t) => {
  t.deepEqual(
    lines(inCommand({ type: "int8", unit: "V", calibration: { polynomial: [10, -0.5] }, default: 2 })).slice(1),
    [
      "APPEND_PARAMETER WATTS 8 INT -53.5 74 9",
      "POLY_READ_CONVERSION 10 -0.5",
      "WRITE_CONVERSION flatlink_raw_conversion.py WHOLE_LINE 10 -0.5",
      "UNITS V V",
    ],
  );
  const points = [
    [0, 0],
    [10, 5],
  ] as const;
  t.true(
    lines(inCommand({ type: "float32", calibration: { points } })).includes(
      "WRITE_CONVERSION flatlink_raw_conversion.py POINTS 0 0 10 5",
    ),
  );
});

test("words are a choice where there are two; a single one leaves the other numbers free", (t) => {
  t.deepEqual(lines(inCommand({ type: "uint8", words: { off: 0, on: 7 }, default: 7 })).slice(1), [
    "APPEND_PARAMETER WATTS 8 UINT 0 255 7",
    "STATE OFF 0",
    "STATE ON 7",
  ]);
  t.deepEqual(lines(inCommand({ type: "boolean", default: true })).slice(1), [
    "APPEND_PARAMETER WATTS 8 UINT 0 1 1",
    "STATE FALSE 0",
    "STATE TRUE 1",
  ]);
  const [, item] = inCommand({ type: "uint8", words: { never: 0 }, default: 0 });
  t.deepEqual(item!.told, []);
  t.is(item!.words.at(-1), "0: never");
});

test("a list of one value is an array that sets its count; behind it, places count from the end", (t) => {
  const { items } = plugin(SMALL).commands.find(({ name }) => name === "CREATE_STRUCTURE")!;
  t.deepEqual(lines(items.slice(HEADER + 2)), [
    "APPEND_PARAMETER COUNT 8 UINT 1 32 1",
    "APPEND_ARRAY_PARAMETER PARAMETER_ID 16 UINT -8",
    "REQUIRED",
    "WRITE_CONVERSION flatlink_count_conversion.py COUNT PARAMETER_ID 1 32 CELSIUS=1 MODE=2 AXES=3 LABEL=4 STATUS=5 PRESSURE=6",
    "PARAMETER SUPER_COMMUTATED_GROUPS -8 8 UINT 0 0 0",
  ]);
});

test("a list of several values takes one item", (t) => {
  const { items } = plugin(SMALL).commands.find(({ name }) => name === "MODIFY_COLLECTION_INTERVAL")!;
  t.deepEqual(lines(items.slice(HEADER)), [
    "APPEND_PARAMETER COUNT 8 UINT 1 1 1",
    "APPEND_PARAMETER STRUCTURE_ID 8 UINT 0 255 0",
    "REQUIRED",
    "APPEND_PARAMETER COLLECTION_INTERVAL 32 UINT 0 4294967295 0",
    "REQUIRED",
    "UNITS ms ms",
  ]);
});

test("the parts of a number are given one by one, and what is left is zero", (t) => {
  const board = boardOf({
    parameters: { status: { id: 300, type: "uint8", settable: true, bits: { on: { width: 1 }, mode: { width: 3 } } } },
  });
  const { items } = plugin(board).commands.find(({ name }) => name === "SET_STATUS")!;
  t.deepEqual(lines(items.slice(HEADER + 2)), [
    "APPEND_PARAMETER STATUS_ON 1 UINT 0 1 0",
    "REQUIRED",
    "APPEND_PARAMETER STATUS_MODE 3 UINT 0 7 0",
    "REQUIRED",
    "APPEND_PARAMETER STATUS_RESERVED 4 UINT 0 0 0",
  ]);
});

test("lists in reports: an array up to the end, or a conversion where COSMOS has no items for it", (t) => {
  const board = boardOf({
    services: {
      own: {
        type: 200,
        reports: {
          plain: { subtype: 1, list: { countType: "uint8", items: { each: { type: "int24" } }, maxCount: 9 } },
          mixed: {
            subtype: 2,
            list: { countType: "uint16", items: { x: { type: "uint8" }, y: { type: "float32" } }, maxCount: 9 },
            maxDataLength: 4,
          },
        },
      },
    },
  });
  const { telemetry } = plugin(board);
  const behind = (name: string) => {
    const { items } = telemetry.find((each) => each.name === name)!;
    return lines(items.slice(items.findIndex((each) => each.name === "COUNT")));
  };
  t.deepEqual(behind("PLAIN"), [
    "APPEND_ITEM COUNT 8 UINT",
    "APPEND_ARRAY_ITEM EACH 24 INT -16",
    "ITEM CRC -16 16 UINT",
  ]);
  t.deepEqual(behind("MIXED"), [
    "APPEND_ITEM COUNT 16 UINT",
    "APPEND_ITEM LIST -16 BLOCK",
    "ITEM X 0 0 DERIVED",
    "READ_CONVERSION flatlink_list_conversion.py EACH 20 2 5 0 uint8 1 0",
    "ITEM Y 0 0 DERIVED",
    "READ_CONVERSION flatlink_list_conversion.py EACH 20 2 5 1 float32 1 0",
    "ITEM DATA 0 0 DERIVED",
    "READ_CONVERSION flatlink_list_conversion.py REST 20 2 5 0 bytes 0 0",
    "ITEM CRC -16 16 UINT",
  ]);
});

test("what is always the same in an item stays so", (t) => {
  const one = { type: "uint8", minimum: 7, maximum: 7 } as const;
  const board = boardOf({
    services: {
      own: {
        type: 200,
        requests: {
          pairs: { subtype: 1, list: { countType: "uint8", items: { one, x: { type: "uint8" } }, maxCount: 3 } },
          ones: { subtype: 2, list: { countType: "uint8", items: { one }, maxCount: 3 } },
        },
      },
    },
  });
  const { commands } = plugin(board);
  const behind = (name: string) => lines(commands.find((each) => each.name === name)!.items.slice(HEADER));
  const head = ["APPEND_PARAMETER COUNT 8 UINT 1 1 1", "APPEND_PARAMETER ONE 8 UINT 7 7 7"];
  t.deepEqual(behind("PAIRS"), [...head, "APPEND_PARAMETER X 8 UINT 0 255 0", "REQUIRED"]);
  t.deepEqual(behind("ONES"), head);
});

test("a value that is only read may have a calibration without a way back", (t) => {
  for (const calibration of [{ polynomial: [5] }, { polynomial: [1, -0.5, 0.001] }]) {
    const value = { type: "uint8", calibration } as const;
    const board = boardOf({
      parameters: { p: { id: 300, ...value } },
      structures: { s: { id: 16, parameters: ["p"], intervalMs: 1000 } },
      events: { hot: { id: 300, severity: "low", values: { level: value } } },
    });
    const { files } = plugin(board);
    const [commands, telemetry] = ["cmd", "tlm"].map((name) => files.get(`targets/FLAT/cmd_tlm/${name}.txt`)!);
    t.is(telemetry!.split(`POLY_READ_CONVERSION ${calibration.polynomial.join(" ")}\n`).length, 4);
    t.false(commands!.includes("flatlink_raw_conversion"));
    for (const parameter of ["settable", "function"] as const) {
      const wanted =
        parameter === "settable"
          ? { parameters: { p: { id: 300, settable: true, ...value } } }
          : { functions: { heat: { id: 16, arguments: { watts: value } } } };
      t.throws(() => boardOf(wanted), { instanceOf: TypeError, message: /inverse/ });
    }
  }
});

const NAMES: readonly (readonly [name: string, wanted: string])[] = [
  ["batteryVoltage", "BATTERY_VOLTAGE"],
  ["a__b_", "A_B"],
  ["HTTPServer2Go", "HTTP_SERVER2_GO"],
  ["packetTime", "PACKET_TIME_2"],
  ["receivedCount", "RECEIVED_COUNT_2"],
  ["CCSDSAPID", "CCSDSAPID_2"],
  ["structureId", "STRUCTURE_ID_2"],
  ["a".repeat(200), "A".repeat(80)],
];

for (const [name, wanted] of NAMES) {
  test(`an item's name: ${name.slice(0, 20)}`, (t) => {
    t.is(inHousekeeping({ type: "uint8" }, name)[0]!.name, wanted);
  });
}

test("names that become the same have numbers, always the same ones", (t) => {
  const parameters = Object.fromEntries(
    ["level", "Level", "LEVEL", "l_evel", "lEvel"].map((name, k) => [name, { id: 300 + k, type: "uint8" } as const]),
  );
  const board = boardOf({
    parameters,
    structures: { s: { id: 16, parameters: Object.keys(parameters), intervalMs: 1000 } },
  });
  const { items } = plugin(board).telemetry.find(({ name }) => name === "HOUSEKEEPING_REPORT_S")!;
  t.deepEqual(
    items.slice(-6, -1).map(({ name }) => name),
    ["LEVEL", "LEVEL_2", "LEVEL_3", "L_EVEL", "L_EVEL_2"],
  );
});

test("a target, a gem and files have names that every board's name gives", (t) => {
  for (const [name, target, gem] of [
    ["flatsat", "FLATSAT", "openc3-cosmos-flatsat"],
    ["My Board/../x", "MY_BOARD_X", "openc3-cosmos-my-board-x"],
    ["'\"\n<%= 1 %>", "X_1", "openc3-cosmos-x-1"],
    ["温度", "X", "openc3-cosmos-x"],
    ["system", "SYSTEM_2", "openc3-cosmos-system-2"],
  ] as const) {
    const made = plugin(boardOf({ name }));
    t.is(made.target, target);
    t.true(made.files.has(`${gem}.gemspec`), [...made.files.keys()].join());
  }
});

test("texts stay on their line, in their quotes, out of ERB", (t) => {
  const [item] = inHousekeeping({ type: "uint8", description: 'a "b"\n\\c\u0000 <%= d %> &' });
  t.is(item!.words.at(-1), "a 'b' /c < %= d % > &");
});

test("a screen for each structure shows every value of it, by group", (t) => {
  const { files } = plugin(SMALL);
  t.is(
    files.get("targets/SAMPLE/screens/thermal.txt"),
    `SCREEN AUTO AUTO 1.0
TITLE "sample: thermal (structure 16)"
LABEL "heat"
LABELVALUE SAMPLE HOUSEKEEPING_REPORT_THERMAL PACKET_TIMEFORMATTED
HORIZONTAL
  VERTICALBOX "thermal"
    LABELVALUELIMITSBAR SAMPLE HOUSEKEEPING_REPORT_THERMAL CELSIUS
  END
  VERTICALBOX "SAMPLE"
    LABELVALUE SAMPLE HOUSEKEEPING_REPORT_THERMAL MODE
  END
END
`,
  );
});

test("a group with many values has several boxes, and each value once", (t) => {
  const names = Array.from({ length: 30 }, (_, k) => `p${k}`);
  const parameters = Object.fromEntries(
    names.map((name, k) => [name, { id: 300 + k, type: "uint8", group: "many" } as const]),
  );
  const board = boardOf({ parameters, structures: { s: { id: 16, parameters: names, intervalMs: 1000 } } });
  const text = plugin(board).files.get("targets/FLAT/screens/s.txt")!;
  t.is(text.match(/VERTICALBOX "many"/g)!.length, 2);
  const shown = readScreen(text).slice(1);
  t.deepEqual(
    shown,
    names.map((name) => `FLAT HOUSEKEEPING_REPORT_S ${name.toUpperCase()}`),
  );
});

test("random dictionaries of any names and texts: every line is one that COSMOS reads, and the bytes are the same each time", (t) => {
  checkProperty(
    t,
    fc.property(fc.nat(), (seed) => {
      const board = decoratedBoard(new Random(seed), "nasty");
      const { files, target, telemetry } = plugin(board);
      const shown = [...files].filter(([path]) => path.includes("/screens/")).flatMap(([, text]) => readScreen(text));
      const items = new Set(
        telemetry.flatMap(({ name, items: all }) => all.map((item) => `${target} ${name} ${item.name}`)),
      );
      const missing = shown.filter((each) => !items.has(each) && !each.endsWith(" PACKET_TIMEFORMATTED"));
      const again = COSMOS_GENERATOR.generate(JSON.parse(JSON.stringify(board)) as typeof board);
      const isSame = again.every(({ path, text }) => files.get(path) === text) && again.length === files.size;
      return missing.length === 0 && isSame;
    }),
    60,
  );
});

test("the reader of these tests refuses what COSMOS would", (t) => {
  const packet = 'TELEMETRY T P BIG_ENDIAN ""\n';
  t.is(readPackets(`${packet}  APPEND_ITEM A 8 UINT ""\n`, "T")[0]!.items.length, 1);
  for (const line of [
    'APPEND_ITEM A__B 8 UINT ""',
    'APPEND_ITEM A 8 UINT "a "quote""',
    'APPEND_ITEM A 8 UINT "open',
    "APPEND_ITEM A 8 UINT",
    'APPEND_ITEM RECEIVED_COUNT 8 UINT ""',
    'APPEND_ITEM A 8 UINT "<% x %>"',
    'APPEND_ITEM A 8 UINT "\u0007"',
    'APPEND_ITEM A 8 UINT ""\n    STATE a b 1',
    'APPEND_ITEM A 8 UINT ""\n    STATE A 1\n    UNITS "V" "V"',
    'APPEND_ITEM A 8 UINT ""\n    LIMITS DEFAULT 1 ENABLED 1 3 2 4',
    'APPEND_ITEM A 8 UINT ""\n  APPEND_ITEM A 8 UINT ""',
    'APPEND_ITEM A 8 UINT "" &',
  ]) {
    t.throws(() => readPackets(`${packet}  ${line}\n`, "T"), { instanceOf: CosmosError }, line);
  }
  t.deepEqual(words('  A "b c" \'d "e\' f'), ["A", "b c", 'd "e', "f"]);
});
