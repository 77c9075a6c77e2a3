/**
 * Keys of a board with a real Moddable SDK: given over a serial port, kept by the SDK's `Preference`, and there after a restart,
 * with the counter, below which nothing is taken.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import type { FrameSecurity } from "../../modules/framing/contract/frame-security.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { parseFraming } from "../../modules/framing/registry.js";
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
const PING = Uint8Array.from(Buffer.from("1802c00000062f11010000a7d2", "hex"));
const PINGS = 50;
/** Whoever is not ended in so long has a place. */
const PLACE_MS = 10_000;

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

/** A ground with a key, which goes on where it was, whatever becomes of the board. @param sent frames with it before: times 65,536 */
function ground(key = KEY, sent = 0): FrameSecurity {
  const store = new MemoryStore();
  store.save("limit", Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, sent, 0, 0));
  const sealer = new SendingAssociation({ spi: 1, aead: new Aes256Gcm(key), store, name: "limit" });
  return { end: "ground", opener: undefined, sealer };
}

async function boot(t: ExecutionContext, made: Build): Promise<Simulator> {
  const simulator = new Simulator(made);
  t.teardown(() => simulator.stop());
  await simulator.until("listening", () => simulator.lines.find((line) => line.startsWith("listening on port")));
  return simulator;
}

const FRAMING = "tc-frames,scid=171,over=cobs,sdls=tc";
let terminal: Terminal;
let device: string;
let port: number;
let made: Build;

if (skipped === undefined) {
  test.before("the firmware is built", async (t) => {
    t.timeout(900_000);
    terminal = new Terminal();
    [device = ""] = await terminal.until(() => true);
    port = await portToKeep();
    made = build("lin", [
      `listen=${FRAMING.replace(",", `:${port},`)}`,
      "security=1=commander 2=operator:17",
      `console=${device}`,
      "beacon_interval_ms=0",
    ]);
    t.is(made.status, 0, made.log);
  });

  test.after.always(async () => {
    await terminal?.close();
    made?.remove();
  });
}

firmwareTest("a key is given over a serial port, and is there after a restart, with its counter", async (t) => {
  t.timeout(300_000);
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
  const commander = new Commander(FRAMING, port, security);
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
  const old = new Commander(FRAMING, port, ground());
  const answer = old.ping().then(
    () => "answered",
    () => "not answered",
  );
  await simulator.until("the refusal", () => simulator.samples[3]);
  old.reset();
  t.is(await answer, "not answered");
  const again = new Commander(FRAMING, port, security);
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

/** Comes from an address, and sends frames that somebody sealed who does not have the key. @returns (resolves) when it is ended */
async function forge(localAddress: string, count: number): Promise<void> {
  const framing = parseFraming(FRAMING, FRAMING, { maxPacketLength: 1024, security: ground(KEY.slice().reverse(), 2) });
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  socket.on("error", () => {
    // A reset is an end, too.
  });
  const ended = once(socket.resume(), "close");
  await once(socket, "connect");
  for (let k = 0; k < count; k++) {
    socket.write(encodeFrame(framing, PING));
  }
  await ended;
}

/** @returns (resolves) whether a client that comes from there is ended; otherwise, it has got a place, and gives it back */
async function isEnded(localAddress: string): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  socket.on("error", () => {
    // A reset is an end, too.
  });
  const closed = once(socket.resume(), "close").then(() => true);
  const stays = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PLACE_MS));
  const wasEnded = await Promise.race([closed, stays]);
  socket.destroy();
  await closed;
  return wasEnded;
}

/** Comes from there until it gets a place, and an answer. */
async function whenLetIn(security: FrameSecurity, localAddress: string): Promise<Commander> {
  for (const deadline = Date.now() + 120_000; ; ) {
    const commander = new Commander(FRAMING, port, security, localAddress);
    try {
      await commander.ping();
      return commander;
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

firmwareTest("who forges frames is ended and held; others get their place meanwhile", async (t) => {
  t.timeout(300_000);
  const simulator = await boot(t, made);
  if ((await terminal.ask("keys", 2))[0]?.includes("empty") === true) {
    await terminal.ask(`key 1 ${HEX}`);
  }
  const security = ground(KEY, 1);
  const before = new Commander(FRAMING, port, security, "127.0.0.2");
  await before.ping();
  let connections = 1;
  const pong = ["1,1", "1,3", "17,2", "1,7"];
  for (let isHeld = false; !isHeld; ) {
    await forge("127.0.0.2", 12);
    const forger = ++connections;
    const end = new RegExp(`connection ${forger} ended.*forged`);
    await simulator.until("the end", () => simulator.lines.find((line) => end.test(line)));
    const other = new Commander(FRAMING, port, security, "127.0.0.3");
    // It sends nothing, and is ended at once; other lines tell nothing of it.
    isHeld = await isEnded("127.0.0.2");
    // Each gets all reports, those on the pings of the other one, too.
    const [others, befores] = [await other.ping(), await before.ping()];
    t.true(
      pong.every((type) => others.includes(type)),
      `a place, and an answer, from elsewhere: ${others}`,
    );
    t.true(
      pong.every((type) => befores.includes(type)),
      `who was there is served: ${befores}`,
    );
    await other.close();
    // On a busy machine the time may be over before anybody comes. It is twice as long the next time.
    connections += isHeld ? 1 : 2;
  }
  const later = await whenLetIn(security, "127.0.0.2");
  for (const client of [before, later]) {
    await client.close();
  }
  t.deepEqual(
    simulator.lines.filter(
      (line) => /abort/.test(line) || Number(/connection (\d+)/.exec(line)?.[1]) > connections + 1,
    ),
    [],
  );
});
