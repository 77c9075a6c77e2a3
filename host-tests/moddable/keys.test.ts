/**
 * Keys of a board with a real Moddable SDK: given over a serial port, kept by the SDK's `Preference`, and there after a restart,
 * with the counter, below which nothing is taken.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import type { FrameSecurity } from "../../modules/framing/contract/frame-security.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import { portToKeep } from "../project.js";
import { MemoryStore } from "../security/memory-store.js";
import { Commander } from "./commander.js";
import { type Build, build, Simulator, whyNot } from "./simulator.js";

/** A pair of terminals: says the name of the board's, then hands on what comes and goes at the other. */
const TERMINAL = `
import os, pty, select, sys, tty
master, board = pty.openpty()
tty.setraw(board)
print(os.ttyname(board), flush=True)
while True:
    ready, _, _ = select.select([master, 0], [], [])
    if 0 in ready:
        data = os.read(0, 4096)
        if not data:
            break
        os.write(master, data)
    if master in ready:
        os.write(1, os.read(master, 4096))
`;

function whyNotHere(): string | undefined {
  const why = whyNot();
  return (
    why ?? (spawnSync("python3", ["-c", "import pty"]).status === 0 ? undefined : "a terminal is made with python3")
  );
}

const skipped = whyNotHere();
if (skipped !== undefined) {
  console.log(`Tests of keys skipped: ${skipped}`);
}
const firmwareTest = skipped === undefined ? test.serial : test.serial.skip;

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i + 0xa0);
const HEX = Buffer.from(KEY).toString("hex");
const PINGS = 50;

class Terminal {
  readonly #process: ChildProcess = spawn("python3", ["-u", "-c", TERMINAL], { stdio: ["pipe", "pipe", "inherit"] });
  #text = "";
  #ended = once(this.#process, "exit");

  constructor() {
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#text += text;
    });
  }

  /** What came since it was last asked, when that ends as a line and is enough. */
  async until(enough: (lines: string[]) => boolean): Promise<string[]> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const lines = this.#text.split(/\r?\n/);
      if (lines.length > 1 && lines.at(-1) === "" && enough(lines.slice(0, -1))) {
        this.#text = "";
        return lines.slice(0, -1);
      }
      if (Date.now() > deadline) {
        throw new Error(`the terminal has only got: ${JSON.stringify(this.#text)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** @returns the answer, of so many lines */
  async ask(line: string, count = 1): Promise<string[]> {
    // The board passes over what comes too soon after the last line.
    await new Promise((resolve) => setTimeout(resolve, 400));
    this.#process.stdin?.write(`${line}\r\n`);
    return this.until((lines) => lines.length >= count);
  }

  async close(): Promise<void> {
    this.#process.stdin?.end();
    await this.#ended;
  }
}

/** A ground with the key. It goes on where it was, whatever becomes of the board. */
function ground(): FrameSecurity {
  const store = new MemoryStore();
  store.save("limit", new Uint8Array(12));
  const sealer = new SendingAssociation({ spi: 1, aead: new Aes256Gcm(KEY), store, name: "limit" });
  return { end: "ground", opener: undefined, sealer };
}

async function boot(t: ExecutionContext, made: Build): Promise<Simulator> {
  const simulator = new Simulator(made);
  t.teardown(() => simulator.stop());
  await simulator.until("listening", () => simulator.lines.find((line) => line.startsWith("listening on port")));
  return simulator;
}

firmwareTest("a key is given over a serial port, and is there after a restart, with its counter", async (t) => {
  t.timeout(900_000);
  const terminal = new Terminal();
  t.teardown(() => terminal.close());
  const [device] = await terminal.until(() => true);
  const port = await portToKeep();
  const framing = "tc-frames,scid=171,over=cobs,sdls=tc";
  const made = build("lin", [
    `listen=${framing.replace(",", `:${port},`)}`,
    "security=1=commander 2=operator:17",
    `console=${device}`,
    "beacon_interval_ms=0",
  ]);
  t.teardown(() => made.remove());
  t.is(made.status, 0, made.log);
  const lines: string[] = [];

  let simulator = await boot(t, made);
  t.true(simulator.lines.includes(`key console: on ${device}, 115200 baud`), simulator.lines.join("\n"));
  t.deepEqual(await terminal.ask("keys", 2), ["SPI 1: commander, empty", "SPI 2: operator:17, empty"]);
  const [stored] = await terminal.ask(`key 1 ${HEX}`);
  t.regex(stored as string, /^key 1: stored, id [0-9a-f]{16}, active$/);
  t.deepEqual(await terminal.ask(`key 2 ${HEX}`), [
    "key 2: refused: another SPI has this key: each needs one of its own",
  ]);
  const security = ground();
  const commander = new Commander(framing, port, security);
  t.deepEqual(await commander.ping(), ["1,1", "1,3", "17,2", "1,7"]);
  const before = await simulator.sample();
  for (let i = 0; i < PINGS; i++) {
    await commander.ping();
  }
  const after = await simulator.sample();
  t.log(`slots ${before.slots} and ${after.slots} bytes, chunks ${before.chunks} and ${after.chunks}, ${PINGS} pings`);
  await commander.close();
  const [kept] = await terminal.ask("keys", 2);
  t.regex(kept as string, /^SPI 1: commander, active, id [0-9a-f]{16}, counter 51$/);
  lines.push(...simulator.lines);
  // As when the power fails.
  await simulator.stop();

  simulator = await boot(t, made);
  t.is((await terminal.ask("keys", 2))[0], kept);
  const old = new Commander(framing, port, ground());
  const answer = old.ping().then(
    () => "answered",
    () => "not answered",
  );
  await simulator.until("the refusal", () => simulator.samples[3]);
  old.reset();
  t.is(await answer, "not answered");
  const again = new Commander(framing, port, security);
  t.deepEqual(await again.ping(), ["1,1", "1,3", "17,2", "1,7"]);
  await again.close();
  t.regex((await terminal.ask("keys", 2))[0] as string, /counter 52$/);
  lines.push(...simulator.lines);

  const said = lines.join("\n").toLowerCase();
  t.false(said.includes(HEX.slice(0, 16)), "no key is logged");
  t.deepEqual(
    lines.filter((line) => /abort/.test(line)),
    [],
  );
  t.true(readFileSync(join(made.directory, "modpreferences.json"), "utf8").includes('"spi1last0"'));
});
