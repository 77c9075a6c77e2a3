import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { createKeyFile } from "../../ground/keys/key-file.js";
import { openSenderKey } from "../../ground/keys/sender-key.js";
import { FolderStore } from "../../host/folder-store.js";
import { LockedError, ProcessLock } from "../../host/process-lock.js";
import { runOnNode } from "../../host/run-node.js";
import { runOnXs } from "../../host/run-xs.js";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { NOT_KEPT, OPENED, REPLAYED, UNKNOWN_SPI } from "../../modules/framing/contract/frame-security.js";
import {
  ACTIVE,
  EMPTY,
  KEY_USED_BEFORE,
  LOCKED,
  PROVISIONED,
  RETIRED,
} from "../../modules/security/association-states.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { KEY, Sender } from "./sealed.js";
import type { StoreSettings } from "./store-application.js";
import { modulePath, xs } from "./xs-support.js";

const APPLICATION = modulePath("./store-application.js", import.meta.url);
const PROGRAM = modulePath("./store-program.js", import.meta.url);
const root = mkdtempSync(join(tmpdir(), "flatlink-store-"));
test.after.always(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

function newPath(): string {
  return join(root, String(count++));
}

const sender = new Sender();
const FRAMES = [1, 2, 3, 4].map(() => Array.from(sender.next()));
const KEY_OCTETS = Array.from(KEY);

type Run = typeof runOnNode;
type Report = Record<string, unknown> & { event: string };

/** Runs the application until it has reported so often. */
async function run(on: Run, folder: string, settings: StoreSettings, reports = 1): Promise<Report[]> {
  const store = new FolderStore(folder);
  try {
    const events: Report[] = [];
    let enough = (): void => {};
    const all = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const running = await on({
      application: APPLICATION,
      settings,
      listen: [],
      securityStore: store,
      onReport(event) {
        events.push(event as Report);
        if (events.length === reports) {
          enough();
        }
      },
      onFailure(error) {
        throw error;
      },
    });
    await all;
    await running.stop();
    return events;
  } finally {
    store.close();
  }
}

const engines: [string, Run, boolean][] = [
  ["Node", runOnNode, true],
  ["XS", runOnXs, xs.available],
];

for (const [engine, on, available] of engines) {
  const check = available ? test.serial : test.serial.skip;

  check(`${engine}: keys and counters outlive a restart of the board, and one of the process`, async (t) => {
    const folder = newPath();
    const [first, second] = await run(on, folder, { key: KEY_OCTETS, frames: FRAMES.slice(0, 2), restarts: true }, 2);
    t.like(first, { restarted: false, before: EMPTY, provisioned: PROVISIONED, verdicts: [OPENED, OPENED], last: 2 });
    t.like(second, { restarted: true, before: ACTIVE, verdicts: [REPLAYED, REPLAYED], last: 2 });
    const [third] = await run(on, folder, { frames: FRAMES });
    t.like(third, { before: ACTIVE, verdicts: [REPLAYED, REPLAYED, OPENED, OPENED], last: 4 });
    if (process.platform !== "win32") {
      t.is(statSync(folder).mode & 0o777, 0o700);
      for (const name of readdirSync(folder)) {
        t.is(statSync(join(folder, name)).mode & 0o777, 0o600, name);
      }
    }
  });

  check(`${engine}: a counter that cannot be written refuses the telecommand, until it can`, async (t) => {
    const folder = newPath();
    await run(on, folder, { key: KEY_OCTETS, frames: FRAMES.slice(0, 1) });
    // No file takes the place of a folder, not even for root. The place of the counter that is older is written next.
    for (const name of ["spi1last0", "spi1last1"]) {
      mkdirSync(join(folder, `${name}.new`));
      writeFileSync(join(folder, `${name}.new`, "in the way"), "");
    }
    const [refused] = await run(on, folder, { frames: FRAMES.slice(0, 3) });
    t.like(refused, { before: ACTIVE, verdicts: [REPLAYED, NOT_KEPT, NOT_KEPT], last: 1 });
    for (const name of ["spi1last0", "spi1last1"]) {
      rmSync(join(folder, `${name}.new`), { recursive: true });
    }
    const [again] = await run(on, folder, { frames: FRAMES.slice(0, 3) });
    t.like(again, { verdicts: [REPLAYED, OPENED, OPENED], last: 3 });
  });

  check(`${engine}: with its counters lost, a key opens nothing, and is not taken again`, async (t) => {
    const folder = newPath();
    await run(on, folder, { key: KEY_OCTETS, frames: FRAMES.slice(0, 1) });
    rmSync(join(folder, "spi1last0"));
    rmSync(join(folder, "spi1last1"));
    const [lost] = await run(on, folder, { frames: FRAMES });
    t.like(lost, { before: LOCKED, verdicts: [UNKNOWN_SPI, UNKNOWN_SPI, UNKNOWN_SPI, UNKNOWN_SPI] });
    const [anew] = await run(on, folder, { key: KEY_OCTETS, frames: FRAMES.slice(0, 1) });
    t.like(anew, { before: LOCKED, provisioned: KEY_USED_BEFORE, verdicts: [UNKNOWN_SPI] });
  });

  check(`${engine}: a key that is retired is gone from the folder`, async (t) => {
    const folder = newPath();
    const [, retired] = await run(on, folder, { key: KEY_OCTETS, frames: [], retires: true }, 2);
    t.like(retired, { retired: true, state: RETIRED });
    t.false(existsSync(join(folder, "spi1key")));
    t.false(readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(Buffer.from(KEY))));
  });

  check(`${engine}: without a store, the application is told so`, async (t) => {
    const options = { application: APPLICATION, settings: { frames: [] }, listen: [], onReport() {}, onFailure() {} };
    await t.throwsAsync(on(options), { message: /there is no store/ });
  });
}

(xs.available ? test.serial : test.serial.skip)("one folder serves Node and XS in turn", async (t) => {
  const folder = newPath();
  const lasts: unknown[] = [];
  for (const [index, on] of [runOnNode, runOnXs, runOnNode, runOnXs].entries()) {
    const key = index === 0 ? { key: KEY_OCTETS } : {};
    const [report] = await run(on, folder, { ...key, frames: FRAMES.slice(0, index + 1) });
    t.deepEqual(report!["verdicts"], [...Array<number>(index).fill(REPLAYED), OPENED]);
    lasts.push(report!["last"]);
  }
  t.deepEqual(lasts, [1, 2, 3, 4]);
});

test("no name leads out of the folder", (t) => {
  const store = new FolderStore(newPath());
  t.teardown(() => store.close());
  for (const name of ["", "../key", "a/b", ".lock", "a.new", "sixteenCharacter", "a\0b"]) {
    t.throws(() => store.load(name), { instanceOf: RangeError });
    t.throws(() => store.save(name, new Uint8Array(1)), { instanceOf: RangeError });
    t.throws(() => store.erase(name), { instanceOf: RangeError });
  }
  store.save("fifteenLetters1", Uint8Array.of(1, 2));
  t.deepEqual(store.names(), ["fifteenLetters1"]);
  t.deepEqual(store.load("fifteenLetters1"), Uint8Array.of(1, 2));
  store.erase("fifteenLetters1");
  store.erase("fifteenLetters1");
  t.is(store.load("fifteenLetters1"), undefined);
});

test("a folder is one process's at a time", (t) => {
  const folder = newPath();
  const store = new FolderStore(folder);
  const error = t.throws(() => new FolderStore(folder), { instanceOf: LockedError });
  t.is(error.message, `${folder} is in use by process ${process.pid}: one simulator for each folder of keys`);
  store.close();
  new FolderStore(folder).close();
});

/** The lines that a program has told so far, whole ones. */
class Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<unknown>;
  #text = "";
  #errors = "";

  constructor(t: ExecutionContext, what: string, path: string) {
    this.process = spawn(process.execPath, [PROGRAM, what, path]);
    this.process.stdout.on("data", (chunk: Buffer) => {
      this.#text += chunk;
    });
    this.process.stderr.on("data", (chunk: Buffer) => {
      this.#errors += chunk;
    });
    this.ended = new Promise((resolve) => this.process.once("close", resolve));
    t.teardown(() => void this.process.kill("SIGKILL"));
  }

  get lines(): string[] {
    return this.#text.split("\n").slice(0, -1);
  }

  async tells(lines: number): Promise<void> {
    while (this.lines.length < lines) {
      if (this.process.exitCode !== null) {
        throw new Error(this.#errors);
      }
      await setTimeout(5);
    }
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  /** What each line ends with. */
  get numbers(): number[] {
    return this.lines.map((line) => Number(/\d+$/.exec(line)![0]));
  }
}

test.serial("a counter survives a killed board: nothing that was taken is taken again", async (t) => {
  const folder = newPath();
  const store = new FolderStore(folder);
  const association = new ReceivingAssociation(1, store, (key) => new Aes256Gcm(key));
  t.is(association.provision(KEY, ACTIVE), PROVISIONED);
  store.close();
  let told = 0;
  for (let round = 0; round < 8; round++) {
    const child = new Child(t, "take", folder);
    await child.tells(2 + round);
    await child.kill();
    const [last, ...taken] = child.numbers;
    // What was taken, but not told any more, is one at most.
    t.true(last === told || last === told + 1, `${last} after ${told}`);
    t.is(taken[0], last! + 1);
    told = taken.at(-1)!;
  }
});

test.serial("a killed sender uses no IV twice", async (t) => {
  const file = newPath();
  createKeyFile(file);
  let told = 0;
  for (let round = 0; round < 8; round++) {
    const child = new Child(t, "send", file);
    await child.tells(2 + round);
    await child.kill();
    const [first, ...sent] = child.numbers;
    t.true(first! > told, `${first} after ${told}`);
    t.deepEqual(
      sent,
      sent.map((_, i) => first! + i),
    );
    told = sent.at(-1)!;
  }
  t.true(existsSync(`${file}.lock`));
  const { sealer, close } = openSenderKey({ file, spi: 1 });
  t.true(sealer.next > told);
  close();
});

test.serial("of many processes that find a dead lock at once, one gets the key", async (t) => {
  for (let round = 0; round < 3; round++) {
    const file = newPath();
    createKeyFile(file);
    const dead = new Child(t, "hold", file);
    await dead.tells(1);
    await dead.kill();
    t.true(existsSync(`${file}.lock`));
    const children = Array.from({ length: 6 }, () => new Child(t, "hold", file));
    await Promise.all(children.map((child) => child.tells(1)));
    const told = children.map(({ lines }) => lines[0]!);
    t.is(told.filter((line) => line === "got it").length, 1, told.join("\n"));
    for (const line of told.filter((each) => each !== "got it")) {
      t.regex(line, /^refused: \d+ is (in use by process \d+: one sender for each key|just being taken over)/);
    }
    for (const child of children) {
      child.process.stdin.end();
    }
    await Promise.all(children.map(({ ended }) => ended));
    t.deepEqual(
      readdirSync(root).filter((name) => name.includes(".lock")),
      [],
    );
  }
});

test("the lock of a process whose ID was given again is taken over; what is no lock is, too", (t) => {
  const path = newPath();
  for (const text of ["999999999\n", "", "no number\n"]) {
    writeFileSync(path, text);
    new ProcessLock(path, "it", "one at a time").release();
    t.false(existsSync(path));
  }
  if (process.platform === "linux") {
    // Began at another time than the process that has this ID now.
    writeFileSync(path, `${process.ppid} 1\n`);
    new ProcessLock(path, "it", "one at a time").release();
  }
  writeFileSync(path, `${process.ppid}\n`);
  t.throws(() => new ProcessLock(path, "it", "one at a time"), {
    instanceOf: LockedError,
    message: `it is in use by process ${process.ppid}: one at a time`,
  });
});

test("the lock of a process that has ended is taken over, before anybody has asked how it ended", async (t) => {
  if (process.platform !== "linux") {
    t.pass("the system does not tell");
    return;
  }
  // Its parent becomes a program that never asks, before it ends.
  const parent = spawn("sh", ["-c", "sleep 600 & echo $!; exec sleep 600"]);
  t.teardown(() => parent.kill("SIGKILL"));
  const [chunk] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(chunk.toString());
  while (readFileSync(`/proc/${parent.pid}/comm`, "utf8") !== "sleep\n") {
    await setTimeout(20);
  }
  process.kill(pid, "SIGKILL");
  while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) {
    await setTimeout(20);
  }
  const path = newPath();
  writeFileSync(path, `${pid}\n`);
  new ProcessLock(path, "it", "one at a time").release();
  t.false(existsSync(path));
});

test("a folder that others may read is refused, and so is what is no folder, and where none can be made", (t) => {
  const folder = newPath();
  new FolderStore(folder).close();
  t.is(statSync(folder).mode & 0o777, 0o700);
  if (process.platform !== "win32") {
    chmodSync(folder, 0o750);
    t.throws(() => new FolderStore(folder), {
      message: `others may read ${folder}, where a board's keys are: chmod 700 ${folder}`,
    });
  }
  const file = newPath();
  writeFileSync(file, "");
  t.throws(() => new FolderStore(file), { message: `${file} is no folder` });
  if (process.platform === "linux") {
    t.throws(() => new FolderStore("/proc/flatlink/keys"), { code: "ENOENT" });
  }
  const deep = join(newPath(), "a", "b");
  new FolderStore(deep).close();
  t.is(statSync(deep).mode & 0o777, 0o700);
});

test("a takeover that was cut short says which file to remove", (t) => {
  const path = newPath();
  writeFileSync(path, "999999999\n");
  writeFileSync(`${path}.takeover`, "999999998\n");
  t.throws(() => new ProcessLock(path, "it", "one at a time"), { message: new RegExp(`remove ${path}.takeover$`) });
  rmSync(`${path}.takeover`);
  const lock = new ProcessLock(path, "it", "one at a time");
  lock.release();
  lock.release();
});
