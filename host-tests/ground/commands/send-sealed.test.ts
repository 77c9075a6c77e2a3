/** `flatlink send` and `ping` over a link with SDLS that is cut: what is told of a telecommand is what became of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { type Cut, CuttingProxy } from "../link/sealed-board.js";
import { flatlink, flatsat, objectsIn, type Run } from "./run.js";

const folder = mkdtempSync(join(tmpdir(), "flatlink-sealed-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const KEY = join(folder, "commander");
const SECURITY = ["--security", "1=commander"];
const FRAMING = "tc-frames,scid=1,sdls=tc";
/** Octets of a frame beside its packet: header, security header, MAC, FECF. */
const OVERHEAD = 5 + 14 + 16 + 2;
/** The question for the hash: a telecommand with a count and one parameter's ID. */
const QUESTION = OVERHEAD + 6 + 5 + 1 + 2 + 2;
/** `setHeater`, 15 octets. */
const COMMAND = OVERHEAD + 15;

let stores = 0;

async function sealedBoard(t: ExecutionContext, provisions = true): Promise<{ port: number }> {
  const store = join(folder, `store${stores++}`);
  if (provisions) {
    const given = await flatlink(["keys", "provision", KEY, "--spi", "1", "--keys", store]);
    t.is(given.code, 0, given.stderr);
  }
  const listen = FRAMING.replace("tc-frames", "tc-frames:0");
  const { program, ports } = await flatsat("node", "--keys", store, ...SECURITY, "--listen", listen);
  t.teardown(() => program.stop());
  return { port: ports[0]! };
}

/** As people type it. */
function send(port: number, command: readonly string[], ...options: string[]): Promise<Run> {
  const where = ["--listen", FRAMING.replace("tc-frames", `tc-frames:${port}`)];
  return flatlink(["send", ...command, ...SECURITY, ...where, "--key", KEY, "--timeout", "30000", ...options]);
}

/** How many telecommands the board has carried out, this question included. */
async function accepted(t: ExecutionContext, port: number): Promise<number> {
  const { code, stdout, stderr } = await send(
    port,
    ["reportParameters", "parameterId=telecommandsAccepted"],
    "--no-check",
  );
  t.is(code, 0, stderr);
  return Number(/telecommandsAccepted (\d+)/.exec(stdout)?.[1]);
}

test.before(async (t) => {
  const { code, stderr } = await flatlink(["keys", "new", KEY]);
  t.is(code, 0, stderr);
});

test.serial(
  "a telecommand and its question go over a sealed link; a ping, too; the key is told to nobody",
  async (t) => {
    const board = await sealedBoard(t);
    const sent = await send(board.port, ["setHeater", "control=on"], "--json");
    t.is(sent.code, 0, sent.stderr);
    t.deepEqual(objectsIn(sent.stdout).at(-1), { kind: "result", outcome: "done" });
    const ping = await flatlink([
      "ping",
      "--port",
      `${board.port}`,
      "--framing",
      FRAMING,
      "--key",
      KEY,
      "--count",
      "2",
      "--timeout",
      "20000",
    ]);
    t.is(ping.code, 0, ping.stderr);
    const key = readFileSync(KEY).toString("hex");
    t.false(`${sent.stdout}${ping.stdout}`.includes(key));
    // Whoever only listens needs no key.
    const tail = await flatlink([
      "tail",
      "--port",
      `${board.port}`,
      "--framing",
      FRAMING,
      ...SECURITY,
      "--count",
      "1",
      "--listen",
      FRAMING.replace("tc-frames", `tc-frames:${board.port}`),
    ]);
    t.is(tail.code, 0, tail.stderr);
  },
);

test.serial("cut anywhere, it is carried out once, and that is told", async (t) => {
  // Behind every octet it is cut where no processes are started for it: sealing-client.test.ts.
  const ups = [1, QUESTION - 1, QUESTION, QUESTION + 20, QUESTION + COMMAND];
  for (const up of ups) {
    const board = await sealedBoard(t);
    const proxy = await CuttingProxy.before(t, board, [{ up }]);
    const { code, stdout, stderr } = await send(proxy.port, ["setHeater", "control=on"]);
    // Where its reports came, it is 0; where they were lost, it is not known whether it could be carried out.
    const pattern =
      code === 3
        ? /^ {2}taken by the board; its reports were lost: it may have failed$/m
        : /^ {2}completed +[\d.]+ ms$/m;
    t.regex(stdout, pattern, `${up}: ${code} ${stdout}${stderr}`);
    // The question for the hash, the command, the question behind what was cut; and the question of the test.
    const count = await accepted(t, board.port);
    // Where the answer to the question for the hash was lost, it may have been asked again.
    t.true(count === 4 || (up <= QUESTION && count === 5), `${up}: ${count}`);
  }
});

test.serial("the reports of a command are lost: the board says that it took it", async (t) => {
  const board = await sealedBoard(t);
  const cuts: Cut[] = [{ deafBehind: QUESTION + COMMAND }];
  const proxy = await CuttingProxy.before(t, board, cuts);
  const { code, stdout, stderr } = await send(proxy.port, ["setHeater", "control=on"], "--json");
  t.is(code, 3, stderr);
  t.deepEqual(objectsIn(stdout).at(-1), { kind: "result", outcome: "taken" });
  t.is(await accepted(t, board.port), 4);
});

test.serial("the answer to the question for the hash is lost: it is asked again", async (t) => {
  const board = await sealedBoard(t);
  const proxy = await CuttingProxy.before(t, board, [{ deafBehind: QUESTION }]);
  const { code, stdout, stderr } = await send(proxy.port, ["setHeater", "control=on"]);
  t.is(code, 0, stdout + stderr);
  t.regex(stdout, /completed/);
});

test.serial("the board cannot be reached again: only then it is not known", async (t) => {
  const board = await sealedBoard(t);
  const proxy = await CuttingProxy.before(t, board, [{ deafBehind: QUESTION + COMMAND }]);
  proxy.isLast = true;
  const { code, stderr } = await send(proxy.port, ["setHeater", "control=on"], "--timeout", "10000");
  t.is(code, 1);
  t.regex(stderr, /setHeater: the board cannot be reached again in 10000 ms: not known whether it was completed\n$/);
});

test.serial("the board that comes again has lost its keys: not taken", async (t) => {
  const [first, second] = [await sealedBoard(t), await sealedBoard(t, false)];
  const target = { port: first.port };
  // A part of the command only.
  const proxy = await CuttingProxy.before(t, target, [{ up: QUESTION + 20 }]);
  proxy.onCut = () => {
    target.port = second.port;
  };
  const { code, stderr } = await send(proxy.port, ["setHeater", "control=on"], "--timeout", "15000");
  t.is(code, 1);
  t.regex(stderr, /setHeater: the board has not taken it so far, by its counter/);
});

test.serial("another key than the board's is suspected, and a counter that is older than the board's", async (t) => {
  const board = await sealedBoard(t);
  const other = join(folder, "other");
  await flatlink(["keys", "new", other]);
  const link = ["--port", `${board.port}`, "--framing", FRAMING];
  const ping = await flatlink(["ping", ...link, "--key", other, "--count", "1", "--timeout", "5000"]);
  t.is(ping.code, 1);
  t.regex(ping.stderr, /are --key and --spi 1 the board's/);
  t.is((await send(board.port, ["areYouAlive"])).code, 0);
  t.is((await send(board.port, ["areYouAlive"])).code, 0);
  writeFileSync(`${KEY}.counter`, `${"0".repeat(24)}\n`);
  const { code, stderr } = await send(board.port, ["setHeater", "control=on"]);
  t.is(code, 1);
  t.regex(stderr, /the board has taken a frame with counter \d+, and this end sealed none above \d+: .*\n$/);
});

test.serial("telemetry is sealed, too: with its own key it is read, carried by COBS as well", async (t) => {
  const [key, telemetryKey, store] = ["up", "down", "both"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const words of [
    ["new", key],
    ["new", telemetryKey],
    ["provision", key, "--spi", "1", "--keys", store],
    ["provision", telemetryKey, "--spi", "9", "--telemetry", "--keys", store],
  ]) {
    const { code, stderr } = await flatlink(["keys", ...words]);
    t.is(code, 0, stderr);
  }
  const framing = "scid=1,sdls=tmtc,over=cobs";
  const security = ["--security", "1=commander 9=telemetry"];
  const { program, ports } = await flatsat("node", "--keys", store, ...security, "--listen", `tc-frames:0,${framing}`);
  t.teardown(() => program.stop());
  const link = [...security, "--listen", `tc-frames:${ports[0]},${framing}`, "--telemetry-key", telemetryKey];
  const sent = await flatlink(["send", "setHeater", "control=on", "--key", key, "--timeout", "30000", ...link]);
  t.is(sent.code, 0, sent.stderr);
  t.regex(sent.stdout, /completed/);
  const tail = await flatlink(["tail", "--count", "1", ...link]);
  t.is(tail.code, 0, tail.stderr);
  t.regex(tail.stdout, /TM\[/);
});

test("what is wrong with keys is one line", async (t) => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["--framing", FRAMING], /tc-frames with sdls needs --key FILE/],
    [["--framing", "cobs", "--key", KEY], /--key: cobs without sdls seals nothing/],
    [["--framing", FRAMING, "--key", join(folder, "none")], /none/],
    [["--framing", FRAMING, "--key", KEY, "--spi", "0"], /--spi/],
    [["--framing", FRAMING, "--spi", "2"], /--spi is of no use without --key/],
    [["--framing", "tc-frames,scid=1,sdls=tmtc", "--key", KEY], /sdls=tmtc needs --telemetry-key FILE/],
    [["--framing", FRAMING, "--key", KEY, "--telemetry-key", KEY], /--telemetry-key: without sdls=tmtc/],
  ];
  for (const [options, pattern] of cases) {
    for (const command of [["ping"], ["send", "areYouAlive"]]) {
      const { code, stdout, stderr } = await flatlink([...command, ...options, "--port", "1"]);
      t.is(code, 2, options.join(" "));
      t.is(stdout, "");
      t.regex(stderr, pattern);
      t.is(stderr.split("\n").length, 2, stderr);
    }
  }
  const tail = await flatlink(["tail", "--framing", "tc-frames,scid=1,sdls=tmtc"]);
  t.regex(tail.stderr, /--telemetry-key FILE/);
  t.is(tail.code, 2);
});
