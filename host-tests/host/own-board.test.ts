/** A board of one's own on the desk: what its file must be, what the simulator says when it is not, and that nothing is left behind. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { compileBoard } from "../../host/compile-board.js";
import { XsMachine } from "../../host/xs-machine.js";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { PROJECT, Program } from "../project.js";
import { connectPeer, until } from "./node-rig.js";
import { warm } from "./thermometer-program.js";
import { modulePath, xs } from "./xs-support.js";

const SIMULATOR = modulePath("../../host/simulator.js", import.meta.url);
const THERMOMETER = `${PROJECT}examples/thermometer/board.ts`;
const ENGINES = xs.available ? ["node", "xs"] : ["node"];

const DEFINE = 'import { defineDictionary } from "flatlink/dictionary/define-dictionary";\n';
const BIND = "export function bind() { return {}; }\n";

/** By what is wrong: the file, and the line that says so. `FILE` stands for its path. */
const WRONG: Readonly<Record<string, readonly [source: string | undefined, line: string]>> = {
  "no file": [undefined, "there is no file FILE"],
  "a syntax error": ["export const dictionary = {\n", "board.ts:2: Expected identifier but found end of file"],
  "no dictionary": [BIND, "board.ts exports no dictionary; write: export const dictionary = defineDictionary({ ... })"],
  "a dictionary that is text": [
    `export const dictionary = "board";\n${BIND}`,
    "board.ts exports no dictionary; write: export const dictionary = defineDictionary({ ... })",
  ],
  "no bind": [
    'export const dictionary = { name: "x" };\n',
    "board.ts exports no bind; write: export function bind(board) { return { ... }; }",
  ],
  "a module of Node": [
    `import { readFileSync } from "node:fs";\nexport const dictionary = { name: String(readFileSync) };\n${BIND}`,
    'board.ts:1: a board imports modules of flatlink and files of its own, not "node:fs"',
  ],
  "a module of npm": [
    `import fc from "fast-check";\nexport const dictionary = { name: String(fc) };\n${BIND}`,
    'board.ts:1: a board imports modules of flatlink and files of its own, not "fast-check"',
  ],
  "a module that flatlink does not have": [
    `import { x } from "flatlink/dictionary/nothing";\nexport const dictionary = { name: String(x) };\n${BIND}`,
    'board.ts:1: flatlink has no module "flatlink/dictionary/nothing"',
  ],
  "a file of its own that is not there": [
    `import { x } from "./nothing.js";\nexport const dictionary = { name: String(x) };\n${BIND}`,
    'board.ts:1: Could not resolve "./nothing.js"',
  ],
  "a wrong dictionary": [
    `${DEFINE}export const dictionary = defineDictionary({ name: "x", structures: { s: { id: 16, parameters: ["q"], intervalMs: 1000 } } });\n${BIND}`,
    'structure "s": there is no parameter "q"',
  ],
  "a wrong dictionary that was not defined": [
    `export const dictionary = { name: "x", parameters: { p: { id: 256, type: "uint7" } } };\n${BIND}`,
    'parameter "p": type must be uint8, uint16, uint24, uint32, int8, int16, int24, int32, float32, float64, uint64, int64, boolean, ascii or bytes, not "uint7"',
  ],
  "a name that every board has": [
    `export const dictionary = { name: "x", parameters: { uptime: { id: 256, type: "uint8" } } };\n${BIND}`,
    'parameter "uptime": every board has a parameter of this name; take another one',
  ],
  "an ID that is flatlink's": [
    `export const dictionary = { name: "x", events: { e: { id: 255, severity: "low" } } };\n${BIND}`,
    'event "e": the ID of a board\'s own must be 256 to 65535, not 255',
  ],
  "a service that every board has": [
    `export const dictionary = { name: "x", services: { s: { type: 17 } } };\n${BIND}`,
    'service "s": every board has a service of type 17, or the standard does; 128 to 255 are free',
  ],
  "a structure that no packet has room for": [
    `export const dictionary = { name: "x", parameters: { p: { id: 256, type: "bytes", length: 600 }, q: { id: 257, type: "bytes", length: 600 } }, structures: { s: { id: 16, parameters: ["p", "q"], intervalMs: 1000 } } };\n${BIND}`,
    'a report of structure "s" has 1223 bytes, but --max-telemetry allows 1000: raise it, or report fewer parameters',
  ],
  "a parameter that no packet has room for": [
    `export const dictionary = { name: "x", parameters: { p: { id: 256, type: "bytes", length: 2000 } } };\n${BIND}`,
    'a report of parameter "p" has 2025 bytes, but --max-telemetry allows 1000: raise it, or make the parameter shorter',
  ],
  "a report of its own that no packet has room for": [
    `export const dictionary = { name: "x", services: { s: { type: 200, reports: { r: { subtype: 1, maxDataLength: 2000 } } } } };\n${BIND}`,
    'report "r" of service "s" has up to 2022 bytes, but --max-telemetry allows 1000: raise it, or make the report shorter',
  ],
  "a function that nothing is bound to": [
    `export const dictionary = { name: "x", functions: { f: { id: 16 } } };\n${BIND}`,
    'function "f" is bound to nothing; bind must return functions.f',
  ],
  "a bind that returns nothing": [
    'export const dictionary = { name: "x" };\nexport function bind() {}\n',
    "what bind returns must be an object, not undefined",
  ],
  "a bind that throws": [
    'export const dictionary = { name: "x" };\nexport function bind() { throw new Error("no sensor"); }\n',
    "no sensor",
  ],
  "a name that the dictionary does not have": [
    'export const dictionary = { name: "x" };\nexport function bind(board) { board.event("hot"); return {}; }\n',
    'the dictionary has no event "hot"; there is none',
  ],
};

/** A folder for a board, and one that the simulator takes for temporary files. */
function folders(t: ExecutionContext, source?: string): { file: string; temporary: string } {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-test-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const file = join(folder, "board.ts");
  if (source !== undefined) {
    writeFileSync(file, source);
  }
  return { file, temporary };
}

function simulate(file: string, temporary: string, ...args: string[]): Program {
  return new Program(process.execPath, [SIMULATOR, "--board", file, "--listen", "cobs:0", ...args], {
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
  });
}

for (const [what, [source, line]] of Object.entries(WRONG)) {
  test(`refused in one line, with nothing left behind: ${what}`, async (t) => {
    const { file, temporary } = folders(t, source);
    for (const engine of ENGINES) {
      const simulator = simulate(file, temporary, "--engine", engine);
      t.teardown(() => simulator.stop());
      t.is(await simulator.exitCode, 2, engine);
      t.is(simulator.output, `flatlink-simulator: ${line.replace("FILE", file)}\n`, engine);
      t.deepEqual(readdirSync(temporary), [], engine);
    }
  });
}

test("a port that is taken: the board's files are gone all the same", async (t) => {
  const { temporary } = folders(t);
  const first = simulate(THERMOMETER, temporary, "--engine", "node");
  t.teardown(() => first.stop());
  const [, port] = await first.prints(/listening on 127\.0\.0\.1 port (\d+)/);
  // Read by now, and needed no more.
  await first.prints(/try it/);
  t.deepEqual(readdirSync(temporary), []);
  const { temporary: other } = folders(t);
  for (const engine of ENGINES) {
    const second = new Program(
      process.execPath,
      [SIMULATOR, "--board", THERMOMETER, "--listen", `cobs:${port}`, "--engine", engine],
      { TMPDIR: other },
    );
    t.is(await second.exitCode, 2, second.output);
    t.regex(second.output, /^flatlink-simulator: .*\d+.*\n$/);
    t.deepEqual(readdirSync(other), [], engine);
  }
  await first.stop("SIGINT");
  t.deepEqual(readdirSync(temporary), []);
});

const FAULTY = `${DEFINE}
export const dictionary = defineDictionary({
  name: "faulty",
  parameters: { p: { id: 256, type: "int16" } },
  structures: { s: { id: 16, parameters: ["p"], intervalMs: 200 } },
  functions: { f: { id: 16 } },
});
export function bind() {
  return {
    parameters: { p: () => { throw new Error("no sensor"); } },
    functions: { f: () => { throw new Error("no function"); } },
    tick: () => { throw new Error("no tick"); },
  };
}
`;

/** Kinds and source data of the telemetry in a received stream. */
function messages(bytes: Uint8Array): { kind: string; data: number[] }[] {
  return decodeFrames(cobs(), bytes).map((packet) => {
    const { serviceType, messageSubtype, sourceDataStart, sourceDataEnd } = parseTelemetry(packet, new CdsShort());
    return { kind: `${serviceType},${messageSubtype}`, data: Array.from(packet.slice(sourceDataStart, sourceDataEnd)) };
  });
}

const telecommand = (serviceType: number, messageSubtype: number, data: number[]) =>
  encodeFrame(
    cobs(),
    buildTelecommand({ apid: 2, serviceType, messageSubtype, applicationData: Uint8Array.from(data) }),
  );

for (const engine of ENGINES) {
  test(`${engine}: a board whose tick, getter and function throw reports all the same, and says each once`, async (t) => {
    const { file, temporary } = folders(t, FAULTY);
    const simulator = simulate(file, temporary, "--engine", engine, "--beacon-interval-ms", "0");
    t.teardown(() => simulator.stop());
    const [, port] = await simulator.prints(/listening on 127\.0\.0\.1 port (\d+)/);
    const peer = await connectPeer(Number(port));
    peer.send(telecommand(8, 1, [16]));
    // Housekeeping structure 16 says that its value is invalid; then the errors, and the faults.
    const reports = () => messages(peer.received()).filter(({ kind }) => kind === "3,25");
    await until("three reports", () => reports().length >= 3, 20_000);
    t.deepEqual(reports()[0]!.data, [16, 0x80, 0]);
    peer.send(telecommand(20, 1, [2, 0, 11, 0, 19]));
    await until("the counters", () => messages(peer.received()).some(({ kind }) => kind === "20,2"));
    const all = messages(peer.received());
    const { data } = all.find(({ kind }) => kind === "20,2")!;
    t.true(data[6]! > 2, "errors");
    t.true(data[12]! > 2, "parameter faults");
    t.deepEqual(
      all.filter(({ kind }) => kind === "1,8").map(({ data: failure }) => failure.slice(4)),
      [[0, 34, 0, 0, 8, 1]],
    );
    t.deepEqual(
      all.filter(({ kind, data: event }) => kind === "5,2" && event[1] === 7).map(({ data: event }) => event),
      [[0, 7, 1, 0]],
    );
    t.is(await simulator.stop("SIGINT"), 0);
    for (const fault of ["no tick", "no sensor", "no function"]) {
      t.is(simulator.output.split(`Error: ${fault}`).length, 2, `${fault}\n${simulator.output}`);
    }
    t.deepEqual(readdirSync(temporary), []);
  });

  test(`${engine}: a board that talks without end costs ten lines a second`, async (t) => {
    const talker = `export const dictionary = { name: "talker" };
export function bind(board) {
  board.log("bound");
  return { tick() { for (let k = 0; k < 20000; k++) { board.log("tick"); } } };
}
`;
    const { file, temporary } = folders(t, talker);
    const simulator = simulate(file, temporary, "--engine", engine);
    t.teardown(() => simulator.stop());
    await simulator.prints(/board: \d+ more were left out(?:.|\n)*board: \d+ more were left out/);
    t.is(await simulator.stop("SIGINT"), 0);
    const lines = simulator.output.split("\n");
    t.is(lines.filter((line) => /^\d\d:\d\d:\d\d board: bound$/.test(line)).length, 1);
    const windows = lines.filter((line) => /more were left out: 10 a second are told$/.test(line)).length;
    const told = lines.filter((line) => line.endsWith(" board: tick")).length;
    // "bound" is one of the first ten.
    t.true(told >= 10 * windows - 1 && told < 10 * (windows + 1), `${told} lines, ${windows} times`);
    const quiet = simulate(file, temporary, "--engine", engine, "--quiet");
    t.teardown(() => quiet.stop());
    await quiet.prints(/listening/);
    t.is(await quiet.stop("SIGINT"), 0);
    t.notRegex(quiet.output, /board: /);
  });

  test(`${engine}: the thermometer runs from its file, and again after a restart by telecommand`, async (t) => {
    const { temporary } = folders(t);
    const port = 0;
    const simulator = simulate(THERMOMETER, temporary, "--engine", engine, "--beacon-interval-ms", String(port));
    t.teardown(() => simulator.stop());
    const [, listening] = await simulator.prints(/listening on 127\.0\.0\.1 port (\d+)/);
    const peer = await connectPeer(Number(listening));
    peer.send(telecommand(3, 27, [1, 16]));
    peer.send(telecommand(8, 1, [16, 1]));
    await until(
      "the heater",
      () => messages(peer.received()).filter(({ kind }) => kind === "1,7").length === 2,
      20_000,
    );
    const { data } = messages(peer.received()).find(({ kind }) => kind === "3,25")!;
    t.is(data.length, 7);
    t.deepEqual([data[0], data[6]], [16, 20]);
    t.is(await simulator.stop("SIGINT"), 0);
    t.deepEqual(readdirSync(temporary), []);
  });
}

const EXPECTED: readonly (string | RegExp)[] = [
  "5 reports in 10 s, of 7 octets; mode and set-point 0014",
  "1,1; 1,3; 1,7",
  "1,1; 1,4 001500000103",
  "1,1; 1,3; 20,2 0101031e; 1,7",
  "1,1; 1,4 001400000102",
  "1,1; 1,4 001500000000",
  "1,1; 1,3; 1,7",
  // Event 256, and a value above 3072: 80 degC.
  /^hot after [\d.]+ s: 01000c[0-9a-f]{2}$/,
  /^the room only warmed: true, to 1[12]\d\d$/,
  /^1,1; 1,3; 1,8 0100[0-9a-f]{8}$/,
  "1,1; 1,3; 1,7",
  "1,1; 1,3; 1,7",
  "errors: 0",
];

test("the thermometer from cold to too hot, on Node and on XS alike", async (t) => {
  const board = await compileBoard(THERMOMETER);
  t.teardown(() => board.remove());
  t.is(board.dictionary.name, "thermometer");
  const lines = warm(board.module);
  t.is(lines.length, EXPECTED.length, lines.join("\n"));
  for (const [k, expected] of EXPECTED.entries()) {
    if (typeof expected === "string") {
      t.is(lines[k], expected);
    } else {
      t.regex(lines[k]!, expected);
    }
  }
  if (xs.available) {
    const machine = new XsMachine();
    t.teardown(() => machine.stop());
    await machine.import(modulePath("./thermometer-program.js", import.meta.url));
    await machine.evaluate(`warm(${JSON.stringify(board.path)}).then((lines) => { globalThis.lines = lines; }); 0`);
    t.deepEqual(JSON.parse(await machine.evaluate("lines")), lines);
  }
});
