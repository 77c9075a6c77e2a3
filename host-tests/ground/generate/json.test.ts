/** The dictionary as data: its schema holds for every board, and refuses what is no dictionary; the script that comes with it reads a board. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import test from "ava";
import { boardChoice, boardDictionary } from "../../../ground/commands/board-choice.js";
import { allServices } from "../../../ground/dictionary/standard-services.js";
import { DICTIONARY_SCHEMA } from "../../../ground/generate/json/schema.js";
import { JSON_GENERATOR } from "../../../ground/generate/json.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { wholeHash, wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { buildTelemetry } from "../../../modules/pus/build-parse.js";
import { Random } from "../../framing/random.js";
import { projectFile } from "../../project.js";
import { simulator } from "../link/board.js";
import { nastyBoard, randomBoard, SMALL_BOARD } from "./boards.js";

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strict: true, strictRequired: false });
const validate = ajv.compile(DICTIONARY_SCHEMA);

function fileOf(board: BoardDictionary, name: string): string {
  return JSON_GENERATOR.generate(board).find(({ path }) => path === name)!.text;
}

function dictionaryOf(board: BoardDictionary): Record<string, never> {
  return JSON.parse(fileOf(board, "dictionary.json")) as Record<string, never>;
}

test("the schema holds for the flatsat, a small board, one with every odd name, and random ones", async (t) => {
  const boards = [
    await boardDictionary(boardChoice({}, [])),
    await boardDictionary(
      boardChoice({}, ["time_code=cuc", "acknowledge=asRequested", "failure_code_bytes=4", "beacon_interval_ms=0"]),
    ),
    SMALL_BOARD,
    nastyBoard(),
    ...Array.from({ length: 200 }, (_, seed) => randomBoard(new Random(seed))),
  ];
  for (const board of boards) {
    t.true(validate(dictionaryOf(board)), `${board.name}: ${ajv.errorsText(validate.errors)}`);
  }
});

test("it is the dictionary, with every service and both hashes", (t) => {
  const { hashes, services, ...board } = dictionaryOf(SMALL_BOARD) as unknown as BoardDictionary & { hashes: unknown };
  t.deepEqual(hashes, { wire: wireHash(SMALL_BOARD), whole: wholeHash(SMALL_BOARD) });
  t.deepEqual(services, JSON.parse(JSON.stringify(allServices(SMALL_BOARD))));
  t.deepEqual({ ...board, services: SMALL_BOARD.services }, JSON.parse(JSON.stringify(SMALL_BOARD)));
  t.deepEqual(JSON.parse(fileOf(SMALL_BOARD, "dictionary.schema.json")), DICTIONARY_SCHEMA);
});

for (const [title, path, value] of [
  ["no name", "name", undefined],
  ["an empty name", "name", ""],
  ["no hashes", "hashes", undefined],
  ["a property that there is not", "colour", "red"],
  ["an entry with a name that is none", "parameters.a-b", { id: 1, type: "uint8" }],
  ["a parameter without ID", "parameters.mode.id", undefined],
  ["a type that there is not", "parameters.mode.type", "uint48"],
  ["a length of a number", "parameters.mode.length", 3],
  ["text without length", "parameters.label.length", undefined],
  ["a word for half a number", "parameters.mode.words.half", 0.5],
  [
    "a calibration of both kinds",
    "parameters.celsius.calibration.points",
    [
      [0, 0],
      [1, 1],
    ],
  ],
  [
    "a point of three numbers",
    "parameters.pressure.calibration.points",
    [
      [0, 0, 0],
      [1, 1],
    ],
  ],
  ["an ID beyond 16 bits", "parameters.mode.id", 65_536],
  ["a severity that there is not", "events.hot.severity", "fatal"],
  ["a structure without parameters", "structures.thermal.parameters", []],
  ["a service without type", "services.camera.type", undefined],
  ["a message without subtype", "services.camera.requests.shoot.subtype", undefined],
  ["a list without items", "services.camera.reports.picture.list.items", undefined],
  ["a time code that there is not", "conventions.timeCode", "utc"],
  ["a width that is missing", "conventions.widths.countType", undefined],
  ["a port that is no number", "conventions.ports.0.port", "7301"],
  ["a hash below 0", "hashes.wire", -1],
] as const) {
  test(`the schema refuses ${title}`, (t) => {
    const dictionary = dictionaryOf(SMALL_BOARD);
    const keys = path.split(".");
    let entry: Record<string, unknown> = dictionary;
    for (const key of keys.slice(0, -1)) {
      entry = entry[key] as Record<string, unknown>;
    }
    if (value === undefined) {
      t.true(keys.at(-1)! in entry, "it was there");
      delete entry[keys.at(-1)!];
    } else {
      entry[keys.at(-1)!] = value;
    }
    t.false(validate(dictionary));
  });
}

test("the document names every property of the schema", (t) => {
  const page = projectFile("docs/dictionary-json.md");
  const named = new Set<string>();
  const collect = (schema: unknown): void => {
    if (typeof schema !== "object" || schema === null) {
      return;
    }
    for (const [key, part] of Object.entries(schema)) {
      if (key === "properties") {
        for (const name of Object.keys(part as object)) {
          named.add(name);
        }
      }
      collect(part);
    }
  };
  collect(DICTIONARY_SCHEMA);
  t.true(named.size > 50);
  for (const name of named) {
    t.true(page.includes(`\`${name}\``), name);
  }
});

test("the script prints the values of a simulated board, in their units and words", async (t) => {
  if (spawnSync("python3", ["--version"]).status !== 0) {
    t.pass("there is no Python");
    return;
  }
  const { program, ports } = await simulator("node", ["space-packets:0"], "--board", "examples/flatsat/board.ts");
  t.teardown(() => program.stop());
  const folder = mkdtempSync(join(tmpdir(), "flatlink-json-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const { path, text } of JSON_GENERATOR.generate(
    await boardDictionary(boardChoice({}, ["listen=space-packets:0"])),
  )) {
    writeFileSync(join(folder, path), text);
  }
  const run = spawnSync("python3", [join(folder, "values.py"), "127.0.0.1", String(ports[0]), "16"], {
    encoding: "utf8",
    timeout: 60_000,
  });
  t.is(run.status, 0, run.stderr);
  t.regex(run.stdout, /^uptime: \d+ ms$/m);
  t.regex(run.stdout, /^batteryVoltage: [78]\.\d+ V$/m);
  t.regex(run.stdout, /^batteryTemperature: -?\d+(\.\d+)? degC$/m);
  t.regex(run.stdout, /^magneticField: -?\d+ nT, -?\d+ nT, -?\d+ nT$/m);
  t.regex(run.stdout, /^mode: 1 nominal$/m);
  t.regex(run.stdout, /^status: sunlit [01] (sunlit|eclipse), heaterControl 2 automatic, heaterOn [01], /m);

  for (const { path, text } of JSON_GENERATOR.generate(await boardDictionary(boardChoice({ board: "none" }, [])))) {
    writeFileSync(join(folder, path), text);
  }
  const wrong = spawnSync("python3", [join(folder, "values.py"), "127.0.0.1", String(ports[0])], { encoding: "utf8" });
  t.is(wrong.status, 1);
  t.is(wrong.stdout, "", "no wrong values");
  t.regex(wrong.stderr, /^the board has another dictionary, 0x[0-9a-f]{8}: this one is 0x[0-9a-f]{8}; [^\n]*\n$/);
});

test("the script looks for a word by the raw number, and takes identifiers as wide as they are", async (t) => {
  if (spawnSync("python3", ["--version"]).status !== 0) {
    t.pass("there is no Python");
    return;
  }
  const { conventions } = SMALL_BOARD;
  const board: BoardDictionary = {
    name: "wide",
    parameters: { way: { id: 300, type: "uint8", words: { up: 1, down: 3 }, calibration: { polynomial: [0, 3] } } },
    structures: { s: { id: 0x102, parameters: ["way"], intervalMs: 1000 } },
    conventions: { ...conventions, timeCode: "cds", widths: { ...conventions.widths, structureIdType: "uint16" } },
  };
  const folder = mkdtempSync(join(tmpdir(), "flatlink-json-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const { path, text } of JSON_GENERATOR.generate(board)) {
    writeFileSync(join(folder, path), text);
  }
  const packet = buildTelemetry({
    apid: 2,
    serviceType: 3,
    messageSubtype: 25,
    timeStamp: new Uint8Array(7),
    sourceData: Uint8Array.of(1, 2, 1),
  });
  // The script reads from whatever it connects to.
  const server = createServer((socket) => socket.end(packet));
  t.teardown(() => server.close());
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const script = spawn("python3", [join(folder, "values.py"), "127.0.0.1", String(port), "1"]);
  let said = "";
  for (const stream of [script.stdout, script.stderr]) {
    stream.on("data", (chunk) => {
      said += String(chunk);
    });
  }
  await new Promise((closed) => script.on("close", closed));
  t.is(said, "way: 3 up\n");
});
