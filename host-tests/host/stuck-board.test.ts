/** A board's own code that does not return: it is told, and where. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { Running } from "../../host/run.js";
import { runOnXs } from "../../host/run-xs.js";
import { XsError } from "../../host/xs-machine.js";
import type { AnyBoardModule } from "../../modules/flatsat/board-module.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { Program } from "../project.js";
import { connectPeer, until } from "./node-rig.js";
import { modulePath, xs } from "./xs-support.js";

// One at a time: each keeps a processor busy.
const xsTest = xs.available ? test.serial : test.serial.skip;
const APPLICATION = modulePath("../../host/engine/flatsat.js", import.meta.url);
const LIMIT_MS = 1000;

const LOOP = "for (;;) {}";
const RECURSION = "const again = () => again() + 1; again();";
const DICTIONARY = `export const dictionary = {
  name: "stuck",
  parameters: { p: { id: 256, type: "uint8" } },
  structures: { s: { id: 16, parameters: ["p"], intervalMs: 100, enabled: false } },
  functions: { f: { id: 16 } },
};
`;
const binding = (rest: string) =>
  `${DICTIONARY}export function bind() { return { functions: { f() {} }, ${rest} }; }`.replace(
    "functions: { f() {} }, functions:",
    "functions:",
  );

interface Stuck {
  /** What the application failed with, at its start or later. */
  readonly failure: Error;
  /** Whether it had started. */
  readonly started: boolean;
  /** By `board.log`. */
  readonly said: string[];
}

/** Runs a board on XS and gives it the telecommand, if there is one, until it fails. */
async function runUntilStuck(t: ExecutionContext, source: string, data?: readonly number[]): Promise<Stuck> {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-test-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "board.js");
  writeFileSync(path, source);
  let failure: Error | undefined;
  let port = 0;
  const said: string[] = [];
  let running: Running | undefined;
  try {
    running = await runOnXs({
      application: APPLICATION,
      settings: { listen: "cobs:0", address: "127.0.0.1", beacon_interval_ms: "0" },
      listen: [{ port: 0, address: "127.0.0.1" }],
      board: { dictionary: { name: "stuck" }, module: {} as AnyBoardModule, path, remove: async () => {} },
      turnLimitMs: LIMIT_MS,
      onReport(event) {
        const { port: listening, text } = event as { port?: number; text?: string };
        port = listening ?? port;
        said.push(...(text === undefined ? [] : [text]));
      },
      onFailure(error) {
        failure = error;
      },
    });
  } catch (error) {
    return { failure: error as Error, started: false, said };
  }
  if (data !== undefined) {
    const peer = await connectPeer(port);
    const [serviceType, messageSubtype, ...rest] = data as [number, number, ...number[]];
    const request = { apid: 2, serviceType, messageSubtype, applicationData: Uint8Array.from(rest) };
    peer.send(encodeFrame(cobs(), buildTelecommand(request)));
    peer.socket.on("error", () => {});
    t.teardown(() => peer.socket.destroy());
  }
  await until("the failure", () => failure !== undefined, 60_000);
  await running.stop();
  return { failure: failure!, started: true, said };
}

const HANDLER = [8, 1, 16];
const GETTER = [20, 1, 1, 1, 0];

xsTest("XS: a board that is slow and returns has not failed", async (t) => {
  const slow = "const end = Date.now() + 100; while (Date.now() < end) {}";
  const bind = `let ticks = 0;
  const tick = () => { ${slow} ticks++; if (ticks === 19) { board.log("nineteen"); } if (ticks === 20) { ${LOOP} } };
  return { functions: { f() {} }, tick };`;
  const { failure, said } = await runUntilStuck(t, `${DICTIONARY}export function bind(board) { ${bind} }`);
  // It was under way for nearly two seconds in all, but not in one turn.
  t.deepEqual(said, ["nineteen"]);
  t.regex(failure.message, /not returned for 1 s/);
});

/** Those that are tried with a loop, too, which takes some seconds each. */
const LOOPING = ["tick", "a function", "bind"];

/** By title: the board, the telecommand that it gets, whether it starts, and where it is. */
const CASES: readonly [
  title: string,
  source: string,
  data: readonly number[] | undefined,
  started: boolean,
  where: RegExp,
][] = [
  ["tick", binding(`tick() { ${LOOP} }`), undefined, true, /, in tick(, the handler of a telecommand)? or a getter$/],
  [
    "a function",
    binding(`functions: { f() { ${LOOP} } }`),
    HANDLER,
    true,
    /, in (tick, )?the handler of a telecommand or a getter$/,
  ],
  [
    "a getter",
    binding(`parameters: { p() { ${LOOP} } }`),
    GETTER,
    true,
    /, in (tick, )?the handler of a telecommand or a getter$/,
  ],
  ["bind", `${DICTIONARY}export function bind() { ${LOOP} }`, undefined, false, /, in its module or in bind$/],
  [
    "the module",
    `${DICTIONARY}${LOOP}\nexport function bind() { return {}; }`,
    undefined,
    false,
    /, in its module or in bind$/,
  ],
];

for (const [title, source, data, started, where] of CASES.filter(([title]) => LOOPING.includes(title))) {
  xsTest(`XS: ${title} that does not return is told, and the application has failed`, async (t) => {
    const stuck = await runUntilStuck(t, source, data);
    t.is(stuck.started, started);
    t.true(stuck.failure instanceof XsError);
    t.regex(stuck.failure.message, /^the board's code has not returned for 1 s, in /);
    t.regex(stuck.failure.message, where);
  });
}

for (const [title, source, data, started, where] of CASES) {
  xsTest(`XS: ${title} that calls itself without end is told, and the application has failed`, async (t) => {
    const stuck = await runUntilStuck(t, source.replace(LOOP, RECURSION), data);
    t.is(stuck.started, started);
    t.regex(stuck.failure.message, /^the XS worker ended \(exit code 12, stack overflow\)/);
    t.regex(stuck.failure.message, where);
  });
}

const WATCH = modulePath("../../host/return-watch.js", import.meta.url);

/** A program that watches itself, is busy for so long, so many times, and then ends by itself. */
function watched(limitMs: number, busyMs: number, times: number): Program {
  const busy = `const end = performance.now() + ${busyMs}; while (performance.now() < end) {}`;
  const program = `import { watchReturns } from ${JSON.stringify(WATCH)};
watchReturns("stuck\\n", ${limitMs});
for (let k = 0; k < ${times}; k++) {
  await new Promise((resolve) => setTimeout(resolve, 300));
  ${busy}
}`;
  return new Program(process.execPath, ["--input-type=module", "--eval", program]);
}

test.serial("Node: another thread tells that code does not return, each time, and keeps nothing alive", async (t) => {
  for (const times of [1, 2]) {
    const program = watched(500, 1500, times);
    t.is(await program.exitCode, 0);
    t.is(program.output, "stuck\n".repeat(times));
  }
});

test.serial("Node: of code that returns nothing is told", async (t) => {
  const program = watched(1000, 100, 5);
  t.is(await program.exitCode, 0);
  t.is(program.output, "");
});

const SIMULATOR = modulePath("../../host/simulator.js", import.meta.url);

for (const engine of xs.available ? ["node", "xs"] : ["node"]) {
  test(`the simulator on ${engine} says of a board that does not return what it knows`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "flatlink-test-"));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "board.ts");
    writeFileSync(file, binding(`tick() { ${LOOP} }`));
    const program = new Program(
      process.execPath,
      [SIMULATOR, "--engine", engine, "--listen", "cobs:0", "--board", file, "--quiet"],
      { TMPDIR: folder },
    );
    t.teardown(() => program.stop("SIGKILL"));
    if (engine === "node") {
      t.truthy(
        await program.prints(
          /^flatlink-simulator: this program has not come back for 10 s; most likely the board's code, in its module, bind, tick, a handler or a getter; Ctrl-C cannot stop it, kill -9 \d+ does$/m,
        ),
      );
    } else {
      t.is(await program.exitCode, 1);
      t.regex(
        program.output,
        /\nflatlink-simulator: the application failed: the board's code has not returned for 10 s, in tick or a getter\n$/,
      );
    }
  });
}
