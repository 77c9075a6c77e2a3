/** Which board the simulator runs, on either engine: its flatsat, a file of one's own, or none; and files that are no board. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { dictionary as flatsat } from "../../examples/flatsat/board.js";
import { decodeFrames } from "../../modules/framing/encode-decode.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { PROJECT, Program } from "../project.js";
import { connectPeer, type NodePeer, until } from "./node-rig.js";
import { xs } from "./xs-support.js";

function start(...args: string[]): Program {
  return new Program(process.execPath, ["dist/host/simulator.js", "--listen", "space-packets:0", ...args]);
}

async function connected(program: Program): Promise<NodePeer> {
  const [, port] = await program.prints(/^listening on 127\.0\.0\.1 port (\d+)/m);
  return connectPeer(Number(port));
}

/** Identifiers of the structures that came. */
function structures(peer: NodePeer): Set<number> {
  const reports = decodeFrames(spacePackets(), peer.received()).filter((packet) => packet[7] === 3 && packet[8] === 25);
  return new Set(reports.map((packet) => packet[20]!));
}

function performFunction(id: number, ...values: number[]): Uint8Array {
  return buildTelecommand({
    apid: 2,
    serviceType: 8,
    messageSubtype: 1,
    applicationData: Uint8Array.of(id, ...values),
  });
}

/** Subtypes of the verification reports that came. */
function verification(peer: NodePeer): number[] {
  return decodeFrames(spacePackets(), peer.received())
    .filter((packet) => packet[7] === 1)
    .map((packet) => packet[8]!);
}

for (const engine of ["node", "xs"]) {
  const on = engine === "xs" && !xs.available ? test.serial.skip : test.serial;

  on(`${engine}: without --board, the simulated flatsat reports and obeys`, async (t) => {
    const program = start("--engine", engine);
    t.teardown(() => program.stop());
    const peer = await connected(program);
    const ids = Object.values(flatsat.structures).map(({ id }) => id);
    await until("every structure", () => ids.every((id) => structures(peer).has(id)), 20_000);
    peer.send(performFunction(flatsat.functions.setHeater.id, 1));
    await until("the answer", () => verification(peer).length === 3);
    t.deepEqual(verification(peer), [1, 3, 7]);
    peer.socket.destroy();
    t.is(await program.stop(), 0);
  });

  on(`${engine}: --board with a file runs that board, and leaves nothing behind`, async (t) => {
    const temporary = await mkdtemp(join(tmpdir(), "flatlink-test-"));
    t.teardown(() => rm(temporary, { recursive: true }));
    const program = new Program(
      process.execPath,
      ["dist/host/simulator.js", "--listen", "space-packets:0", "--engine", engine, "--board", THERMOMETER],
      { TMPDIR: temporary },
    );
    t.teardown(() => program.stop());
    const peer = await connected(program);
    await until("its structure", () => structures(peer).has(16), 20_000);
    peer.send(performFunction(16, 1));
    await until("the answer", () => verification(peer).length === 3);
    t.deepEqual(verification(peer), [1, 3, 7]);
    t.false(structures(peer).has(17), "the flatsat's structures");
    peer.socket.destroy();
    t.is(await program.stop(), 0);
    t.deepEqual(await readdir(temporary), []);
  });

  on(`${engine}: --board none has the link alone`, async (t) => {
    const program = start("--engine", engine, "--board", "none", "--beacon-interval-ms", "200");
    t.teardown(() => program.stop());
    const peer = await connected(program);
    await until("many reports", () => peer.received().length > 2500, 20_000);
    t.deepEqual([...structures(peer)], [1]);
    peer.send(performFunction(16, 1));
    await until("the answer", () => verification(peer).length === 2);
    t.deepEqual(verification(peer), [1, 4], "an unknown function");
    peer.socket.destroy();
    t.is(await program.stop(), 0);
  });
}

const THERMOMETER = join(PROJECT, "examples", "thermometer", "board.ts");
const IMPORT = 'import { defineDictionary } from "flatlink/dictionary/define-dictionary";\n';

/** Source, and what is said about it. */
const wrong: [string, string, RegExp][] = [
  ["no dictionary", "export function bind() { return {}; }", /^board\.ts exports no dictionary; write: export const/],
  [
    "no bind",
    `${IMPORT}export const dictionary = defineDictionary({ name: "x" });`,
    /^board\.ts exports no bind; write: export function bind/,
  ],
  ["no TypeScript", "export const = 1;", /^board\.ts:1: Expected identifier/],
  ["a file that is not there", 'import "./model.js";', /^board\.ts:1: Could not resolve ".\/model\.js"/],
  [
    "a module of the platform",
    'import "node:fs";',
    /^board\.ts:1: a board imports modules of flatlink and files of its own, not "node:fs"/,
  ],
  [
    "a wrong dictionary",
    `${IMPORT}export const dictionary = defineDictionary({ name: "x", structures: { s: { id: 16, parameters: ["celsius"], intervalMs: 1000 } } });
    export const bind = () => ({});`,
    /^structure "s": there is no parameter "celsius"$/,
  ],
  [
    "an ID that is flatlink's",
    `${IMPORT}export const dictionary = defineDictionary({ name: "x", parameters: { celsius: { id: 1, type: "int8" } } });
    export const bind = () => ({});`,
    /^parameter "celsius": the ID of a board's own must be 256 to 59999, not 1$/,
  ],
  [
    "a function without a handler",
    `${IMPORT}export const dictionary = defineDictionary({ name: "x", functions: { wave: { id: 16 } } });
    export const bind = () => ({});`,
    /^function "wave" is bound to nothing; bind must return functions\.wave$/,
  ],
];

for (const [what, source, message] of wrong) {
  test(`a board file with ${what} ends in one line and exit code 2`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "flatlink-test-"));
    t.teardown(() => rm(folder, { recursive: true }));
    const file = join(folder, "board.ts");
    await writeFile(file, source);
    const program = start("--board", file);
    t.is(await program.exitCode, 2, program.output);
    const lines = program.output.trim().split("\n");
    t.is(lines.length, 1, program.output);
    t.regex(lines[0]!.replace("flatlink-simulator: ", ""), message);
  });
}

test("a board file that is not there ends in one line and exit code 2", async (t) => {
  const program = start("--board", "no-such-board.ts");
  t.is(await program.exitCode, 2);
  t.is(program.output, "flatlink-simulator: there is no file no-such-board.ts\n");
});
