/** The Python package for tmtccmd. Python itself imports and runs it in `npm run test:interop`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { commandsOf, packetsOf } from "../../../ground/dictionary/messages.js";
import { packageName, TMTCCMD_GENERATOR } from "../../../ground/generate/tmtccmd/tmtccmd.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { Random } from "../../framing/random.js";
import { checkProperty } from "../../seeded-properties.js";
import { boardOf, SMALL } from "./cosmos-support.js";
import { decoratedBoard } from "./decorated-dictionaries.js";

interface FieldJson {
  readonly name: string;
  readonly type: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly constant?: number;
  readonly identifies?: boolean;
}

interface MessageJson {
  readonly name: string;
  readonly service: string;
  readonly dangerous?: string;
  readonly severity?: string;
  readonly text?: string;
  readonly fields: readonly FieldJson[];
  readonly trailer: readonly FieldJson[];
  readonly list?: { readonly countLength: number; readonly maxCount: number; readonly items: readonly FieldJson[] };
}

interface Definitions {
  readonly apid: number;
  readonly timeCode: string;
  readonly port: number;
  readonly failureCodeLength: number;
  readonly stepIdLength: number;
  readonly commands: readonly MessageJson[];
  readonly packets: readonly MessageJson[];
}

function files(board: BoardDictionary): ReadonlyMap<string, string> {
  return new Map(TMTCCMD_GENERATOR.generate(board).map(({ path, text }) => [path, text]));
}

function definitions(board: BoardDictionary): Definitions {
  return JSON.parse(files(board).get(`${packageName(board)}/definitions.json`)!) as Definitions;
}

function named(messages: readonly MessageJson[], name: string): MessageJson {
  return messages.find((each) => each.name === name)!;
}

test("a package has its modules, its definitions, what pip installs, and a README of three commands", (t) => {
  const made = files(SMALL);
  t.deepEqual([...made.keys()].sort(), [
    "README.md",
    "requirements.txt",
    "sample_tmtc/__init__.py",
    "sample_tmtc/__main__.py",
    "sample_tmtc/board.py",
    "sample_tmtc/codec.py",
    "sample_tmtc/commanding.py",
    "sample_tmtc/definitions.json",
    "sample_tmtc/messages.py",
  ]);
  const [, commands = ""] = made.get("README.md")!.match(/```sh\n([^`]*)```/) ?? [];
  t.is(commands.trim().split("\n").length, 3);
  t.true(commands.includes("python -m sample_tmtc monitor"));
});

test("the code is the same for every board", (t) => {
  const python = (board: BoardDictionary) =>
    [...files(board)].filter(([path]) => path.endsWith(".py")).map(([, text]) => text);
  t.deepEqual(python(SMALL), python(boardOf({ name: "other" })));
});

test("a package's name is one that Python can import, whatever the board's", (t) => {
  for (const [name, wanted] of [
    ["flatsat", "flatsat_tmtc"],
    ["My Board 2", "my_board_2_tmtc"],
    ["class", "class_tmtc"],
    ["../../x", "x_tmtc"],
    ["温度", "x_tmtc"],
    ["9lives", "x_9lives_tmtc"],
    ["a".repeat(200), `${"a".repeat(60)}_tmtc`],
  ] as const) {
    t.is(packageName(boardOf({ name })), wanted);
  }
});

test("the definitions have what both ends agree on", (t) => {
  const found = definitions(
    boardOf({}, { apid: 77, timeCode: "cuc", widths: { ...SMALL.conventions.widths, failureCodeType: "uint32" } }),
  );
  t.is(found.apid, 77);
  t.is(found.timeCode, "cuc");
  t.is(found.port, 7301);
  t.is(found.failureCodeLength, 4);
  t.is(found.stepIdLength, 1);
});

test("every command and every packet is there, by its name", (t) => {
  const found = definitions(SMALL);
  t.deepEqual(
    found.commands.map(({ name }) => name),
    commandsOf(SMALL).map(({ name }) => name),
  );
  t.deepEqual(
    found.packets.map(({ name }) => name),
    packetsOf(SMALL).map(({ name }) => name),
  );
  t.is(named(found.commands, "setCelsius").dangerous, "it burns");
  t.deepEqual(named(found.commands, "createStructure").list!.maxCount, 32);
  const event = named(found.packets, "mediumSeverityEventHot");
  t.deepEqual([event.severity, event.text], ["medium", "it is {celsius}"]);
});

test("a number has its range, whether it is narrowed or not", (t) => {
  const found = definitions(
    boardOf({ functions: { heat: { id: 16, arguments: { watts: { type: "uint8", maximum: 50 } } } } }),
  );
  const watts = named(found.commands, "heat").fields[1]!;
  t.deepEqual([watts.minimum, watts.maximum], [0, 50]);
});

test("what is always the same makes way for a parameter of its name", (t) => {
  const board = boardOf({
    parameters: { structureId: { id: 300, type: "uint8" }, count: { id: 301, type: "uint8", settable: true } },
    structures: { s: { id: 16, parameters: ["structureId", "count"], intervalMs: 1000 } },
  });
  const found = definitions(board);
  const names = (message: MessageJson) => message.fields.map(({ name }) => name);
  t.deepEqual(names(named(found.packets, "housekeepingReportS")), ["structureId_2", "structureId", "count"]);
  t.deepEqual(names(named(found.packets, "parameterReportCount")), ["count_2", "parameterId", "count"]);
  t.deepEqual(names(named(found.commands, "setCount")), ["count_2", "parameterId", "count"]);
});

test("only bare space packets will do, and a refusal is one line", (t) => {
  const port = (framing: string, role: "tmtc" | "tc" = "tmtc") =>
    definitions(boardOf({}, { ports: [{ framing, port: 7305, role }] })).port;
  t.is(port("space-packets"), 7305);
  t.is(port("space-packets,crc=off"), 7305);
  t.is(port("space-packets,crc=check16,packet-ids=0x1800"), 7305);
  for (const generate of [
    () => port("cobs"),
    () => port("space-packets,crc=crc16"),
    () => port("space-packets,crc=none"),
    () => port("space-packets", "tc"),
  ]) {
    const error = t.throws(generate, { instanceOf: RangeError, message: /^tmtccmd connects to bare space packets/ });
    t.false(error!.message.includes("\n"));
  }
});

test("random dictionaries of any names and texts: JSON comes back as it was, names are unique, the bytes are the same each time", (t) => {
  checkProperty(
    t,
    fc.property(fc.nat(), (seed) => {
      const board = decoratedBoard(new Random(seed), "nasty");
      const made = files(board);
      const again = files(JSON.parse(JSON.stringify(board)) as BoardDictionary);
      const { commands, packets } = definitions(board);
      const areUnique = [...commands, ...packets].every(({ fields, trailer, list }) =>
        [[...fields, ...trailer], list?.items ?? []].every(
          (some) => new Set(some.map(({ name }) => name)).size === some.length,
        ),
      );
      const areRanged = [...commands, ...packets]
        .flatMap(({ fields }) => fields)
        .every(({ type, minimum, maximum }) => type === "ascii" || type === "bytes" || minimum! <= maximum!);
      const isSame = [...made].every(([path, text]) => again.get(path) === text);
      const isPackage = /^[a-z][a-z0-9_]*_tmtc$/.test(packageName(board));
      return areUnique && areRanged && isSame && isPackage;
    }),
    60,
  );
});

/** Loads the package's modules without what they are installed with: neither codec nor layouts need it. */
const LOAD = `import json, sys, types
for name in ("spacepackets", "spacepackets.ecss", "spacepackets.ecss.tc", "spacepackets.ecss.tm", "flat_tmtc"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["spacepackets.ecss.tc"].PusTc = lambda app_data, **_: app_data
sys.modules["spacepackets.ecss.tm"].PusTm = None
sys.modules["flat_tmtc"].__path__ = [sys.argv[1]]
from flat_tmtc.codec import decode, value_of
from flat_tmtc.messages import PACKETS, telecommand
def data(name, arguments):
    try:
        return telecommand(name, arguments).hex()
    except ValueError as error:
        return str(error)
`;

/** @returns what the program prints, as JSON; undefined where there is no Python */
function python(t: ExecutionContext, board: BoardDictionary, program: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-tmtccmd-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of files(board)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const run = spawnSync("python3", ["-c", LOAD + program, join(folder, packageName(board))], { encoding: "utf8" });
  if (run.error !== undefined) {
    t.pass("there is no Python");
    return undefined;
  }
  t.is(run.status, 0, run.stderr);
  return JSON.parse(run.stdout);
}

const LISTS = boardOf({
  services: {
    own: {
      type: 200,
      requests: {
        some: {
          subtype: 1,
          list: {
            countType: "uint8",
            items: {
              one: { type: "uint8", minimum: 7, maximum: 7 },
              x: { type: "uint8" },
              y: { type: "int8", unit: "V", calibration: { polynomial: [10, -0.5] }, default: 2 },
            },
            minCount: 1,
            maxCount: 3,
          },
        },
        status: {
          subtype: 2,
          values: { flags: { type: "uint8", bits: { on: { width: 1 }, mode: { width: 3 } }, default: 0xd0 } },
        },
      },
    },
  },
});

test("lists: as many items as there may be, with their constants and defaults", (t) => {
  const made = python(
    t,
    LISTS,
    `print(json.dumps([data("some", each) for each in (
    {"x": [1, 2]}, {"x": "1,2", "y": "9,8"}, {}, {"x": []}, {"x": [1, 2, 3, 4]}, {"y": [9]}, {"x": [1], "y": [1, 2]},
    {"x": [1], "one": [7]})] + [data("deleteStructures", {}), data("deleteStructures", {"structureId": [33]})]))`,
  );
  if (made !== undefined) {
    t.deepEqual(made, [
      "02070102070202",
      "02070102070204",
      "x is missing",
      "some takes 1 to 3 items, not 0",
      "some takes 1 to 3 items, not 4",
      "x is missing",
      "x, y must have as many values each",
      "some has no argument one; it has x, y",
      "structureId is missing",
      "0121",
    ]);
  }
});

test("a number with parts is a dict, a text, or a whole number: its default is one", (t) => {
  const made = python(
    t,
    LISTS,
    `print(json.dumps([data("status", each) for each in (
    {}, {"flags": {"on": 1, "mode": 5}}, {"flags": "mode:5,on:1"}, {"flags": 208}, {"flags": 256})]))`,
  );
  if (made !== undefined) {
    t.deepEqual(made, ["d0", "d0", "d0", "d0", "flags must be 0 to 255, not 256"]);
  }
});

test("a value that is only read may have a calibration without a way back", (t) => {
  const board = boardOf({
    parameters: {
      level: { id: 300, type: "uint8", calibration: { polynomial: [5] } },
      curve: { id: 301, type: "uint8", calibration: { polynomial: [1, 0, 2] } },
    },
    structures: { s: { id: 16, parameters: ["level", "curve"], intervalMs: 1000 } },
  });
  const made = python(
    t,
    board,
    `fields = PACKETS["housekeepingReportS"]["fields"][1:]
print(json.dumps([value_of(field, decode(field, bytes([3]), 0)).value for field in fields]))`,
  );
  if (made !== undefined) {
    t.deepEqual(made, [5, 19]);
  }
});
