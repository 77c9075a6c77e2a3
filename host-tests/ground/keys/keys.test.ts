import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import test from "ava";
import { readCounter, setCounter } from "../../../ground/keys/counter-file.js";
import { KeyError } from "../../../ground/keys/key-error.js";
import { createKeyFile, idOf, readAead, readKeyFile } from "../../../ground/keys/key-file.js";
import { openSenderKey } from "../../../ground/keys/sender-key.js";
import { openTelemetryKey } from "../../../ground/keys/telemetry-key.js";
import { writeSpi } from "../../../modules/ccsds/sdls.js";
import { OPENED, REPLAYED } from "../../../modules/framing/contract/frame-security.js";

const folder = mkdtempSync(join(tmpdir(), "flatlink-keys-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const onUnix = process.platform === "win32" ? test.skip : test;
let files = 0;

function newFile(): string {
  return join(folder, `${files++}.key`);
}

function newKey(): { file: string; id: string } {
  const file = newFile();
  return { file, id: createKeyFile(file) };
}

function messageOf(t: { throws(run: () => unknown, how: object): Error | undefined }, run: () => unknown): string {
  return t.throws(run, { instanceOf: KeyError })!.message;
}

/** A frame of 10 octets of data with this sealer, opened in place later. */
const TEXT = 16;
const MASK = [0, 0, 0, 0, 0];
function frame(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(256);
  bytes.fill(7, 5 + 14, 5 + 14 + TEXT);
  return bytes;
}
const END = 5 + 14 + TEXT + 16;

test("a key has 32 octets that nobody else reads, and a counter at 0", (t) => {
  const { file, id } = newKey();
  t.is(readFileSync(file).length, 32);
  if (process.platform !== "win32") {
    t.is(statSync(file).mode & 0o777, 0o600);
    t.is(statSync(`${file}.counter`).mode & 0o777, 0o600);
  }
  t.is(readFileSync(`${file}.counter`, "utf8"), `${"0".repeat(24)}\n`);
  t.regex(id, /^[0-9a-f]{16}$/);
  t.is(idOf(readAead(file)), id);
  t.not(newKey().id, id);
});

test("a key is never written over", (t) => {
  const { file } = newKey();
  const before = readFileSync(file);
  t.regex(
    messageOf(t, () => createKeyFile(file)),
    /is there already/,
  );
  t.deepEqual(readFileSync(file), before);
});

test("what is no key is refused, and not shown", (t) => {
  const file = newFile();
  t.regex(
    messageOf(t, () => readKeyFile(file)),
    /is not there: flatlink keys new /,
  );
  for (const [text, found] of [
    ["", 0],
    ["k".repeat(31), 31],
    ["k".repeat(33), 33],
    [`${"ab".repeat(32)}\n`, 65],
  ] as const) {
    writeFileSync(file, text, { mode: 0o600 });
    const message = messageOf(t, () => readKeyFile(file));
    t.is(message, `${file} is no key: it has ${found} octets, and a key has 32, raw`);
  }
});

onUnix("a key that others may read is refused, with what helps", (t) => {
  const { file } = newKey();
  for (const mode of [0o640, 0o604, 0o660, 0o610]) {
    chmodSync(file, mode);
    t.is(
      messageOf(t, () => openSenderKey({ file, spi: 1 })),
      `others may read ${file}: chmod 600 ${file}`,
    );
  }
  chmodSync(file, 0o400);
  t.notThrows(() => openSenderKey({ file, spi: 1 }).close());
});

test("each start begins behind the block that was reserved, and the block is in the file before", (t) => {
  const { file, id } = newKey();
  const one = openSenderKey({ file, spi: 1, block: 10 });
  t.is(one.id, id);
  t.is(one.sealer.next, 1);
  t.is(Number(`0x${readFileSync(`${file}.counter`, "latin1").trim()}`), 10);
  for (let i = 0; i < 10; i++) {
    t.true(one.sealer.seal(frame(), 0, 5, END, MASK, 100));
    one.sealer.taken();
  }
  t.is(Number(`0x${readFileSync(`${file}.counter`, "latin1").trim()}`), 20);
  one.close();
  one.close();
  const other = openSenderKey({ file, spi: 1 });
  t.is(other.sealer.next, 21);
  t.is(readFileSync(`${file}.counter`, "utf8"), `${(20 + 1024).toString(16).padStart(24, "0")}\n`);
  other.close();
  t.false(existsSync(`${file}.lock`));
  t.throws(() => one.sealer.seal(frame(), 0, 5, END, MASK, 100));
});

test("two senders with one key: the second is told which process has it", (t) => {
  const { file } = newKey();
  const link = `${file}.link`;
  const { close } = openSenderKey({ file, spi: 1 });
  const counter = readFileSync(`${file}.counter`, "utf8");
  const name = file.slice(folder.length + 1);
  t.is(
    messageOf(t, () => openSenderKey({ file, spi: 1 })),
    `${name} is in use by process ${process.pid}: one sender for each key`,
  );
  if (process.platform !== "win32") {
    symlinkSync(file, link);
    t.regex(
      messageOf(t, () => openSenderKey({ file: link, spi: 1 })),
      /in use by process/,
    );
  }
  t.is(readFileSync(`${file}.counter`, "utf8"), counter);
  t.true(existsSync(`${file}.lock`));
  close();
  openSenderKey({ file, spi: 1 }).close();
});

test("without its counter, no key sends: the message says what helps", (t) => {
  const { file } = newKey();
  for (const damage of [
    () => rmSync(`${file}.counter`),
    () => writeFileSync(`${file}.counter`, ""),
    () => writeFileSync(`${file}.counter`, "00ff"),
    () => writeFileSync(`${file}.counter`, `${"g".repeat(24)}\n`),
  ]) {
    damage();
    const message = messageOf(t, () => openSenderKey({ file, spi: 3 }));
    t.true(message.startsWith(`${file}.counter is lost`), message);
    t.true(message.includes("spi3Counter"));
    t.true(message.endsWith(`flatlink keys counter ${file} --set N`));
    t.false(existsSync(`${file}.lock`));
  }
  setCounter(file, 5000n);
  const { sealer, close } = openSenderKey({ file, spi: 3 });
  t.is(sealer.next, 5001);
  close();
});

test("a counter never goes back", (t) => {
  const { file } = newKey();
  setCounter(file, 2n ** 70n);
  t.is(
    messageOf(t, () => setCounter(file, 2n ** 70n - 1n)),
    `the counter of ${file} is ${2n ** 70n} already, and never goes back`,
  );
  setCounter(file, 2n ** 70n);
  t.is(Buffer.from(readCounter(file)!).toString("hex"), "000000400000000000000000");
});

test("a counter that cannot be written is no key to send with", (t) => {
  const { file } = newKey();
  const { sealer, close } = openSenderKey({ file, spi: 1, block: 2 });
  t.teardown(close);
  const seals = (): boolean => {
    const isSealed = sealer.seal(frame(), 0, 5, END, MASK, 100);
    sealer.taken();
    return isSealed;
  };
  // A folder in its place is replaced by no file, not even for root.
  rmSync(`${file}.counter`);
  mkdirSync(`${file}.counter`);
  t.deepEqual([seals(), seals(), seals()], [true, true, false]);
  t.false(existsSync(`${file}.counter.new`));
  close();
  t.regex(
    messageOf(t, () => openSenderKey({ file, spi: 1 })),
    /EISDIR|is lost/,
  );
});

test("who removes a lock by hand lets nobody use an IV twice", (t) => {
  const { file } = newKey();
  const one = openSenderKey({ file, spi: 1, block: 2 });
  rmSync(`${file}.lock`);
  // As another process finds it.
  writeFileSync(`${file}.counter`, `${"4".padStart(24, "0")}\n`);
  const seals = (): boolean => {
    const isSealed = one.sealer.seal(frame(), 0, 5, END, MASK, 100);
    one.sealer.taken();
    return isSealed;
  };
  t.deepEqual([seals(), seals(), seals()], [true, true, false]);
  writeFileSync(`${file}.lock`, "999999999\n");
  one.close();
  t.is(readFileSync(`${file}.counter`, "utf8"), `${"4".padStart(24, "0")}\n`);
  t.is(readFileSync(`${file}.lock`, "utf8"), "999999999\n");
});

test("whoever prints what was opened sees nothing of the key", (t) => {
  const { file } = newKey();
  const other = newKey();
  const sender = openSenderKey({ file, spi: 1 });
  const telemetry = openTelemetryKey({ file: other.file, spi: 9 });
  for (const [path, opened] of [
    [file, sender],
    [other.file, telemetry],
  ] as const) {
    const key = readFileSync(path);
    const text = `${inspect(opened, { depth: 9, showHidden: true, maxArrayLength: null })}${JSON.stringify(opened)}`;
    t.true(text.includes(opened.id));
    t.false(text.includes(key.toString("hex").slice(0, 8)));
    t.false(text.replaceAll(/\s/g, "").includes(Array.from(key.subarray(0, 4)).join(",")));
    t.false(text.includes(key.subarray(0, 4).toString("hex").match(/../g)!.join(" ")));
  }
  sender.close();
  telemetry.close();
});

test("a copy of a key, with a counter of its own, does not send beside it", (t) => {
  const { file } = newKey();
  const copy = newFile();
  writeFileSync(copy, readFileSync(file), { mode: 0o600 });
  writeFileSync(`${copy}.counter`, `${"0".repeat(24)}\n`);
  const sender = openSenderKey({ file, spi: 1 });
  t.regex(
    messageOf(t, () => openSenderKey({ file: copy, spi: 1 })),
    /sends already, from another file: one key for each sender/,
  );
  sender.close();
  openSenderKey({ file: copy, spi: 1 }).close();
});

test("telemetry: what was taken is not taken again, by another process neither", (t) => {
  const { file, id } = newKey();
  const copy = newFile();
  writeFileSync(copy, readFileSync(file), { mode: 0o600 });
  writeFileSync(`${copy}.counter`, `${"0".repeat(24)}\n`);
  const board = openSenderKey({ file: copy, spi: 9 });
  const frames = [0, 1, 2].map(() => {
    const bytes = frame();
    writeSpi(bytes, 5, 9);
    t.true(board.sealer.seal(bytes, 0, 5, END, MASK, 100));
    board.sealer.taken();
    return bytes;
  });
  t.regex(
    messageOf(t, () => openTelemetryKey({ file, spi: 9 })),
    /sends already: one key for each direction/,
  );
  board.close();
  const one = openTelemetryKey({ file, spi: 9 });
  t.is(one.id, id);
  const other = openTelemetryKey({ file, spi: 9 });
  const take = ({ opener }: typeof one, bytes: Uint8Array): number => {
    const work = bytes.slice();
    const verdict = opener.open(work, 0, 5, END, MASK, 100);
    return verdict === OPENED ? opener.commit(work, 5) : verdict;
  };
  t.is(take(one, frames[0]!), OPENED);
  t.is(take(one, frames[1]!), OPENED);
  t.is(take(one, frames[1]!), REPLAYED);
  t.is(take(other, frames[0]!), OPENED);
  t.regex(
    messageOf(t, () => openSenderKey({ file, spi: 9 })),
    /receives already: one key for each direction/,
  );
  one.close();
  // It is behind: what the first one kept stays.
  other.close();
  t.is(readFileSync(`${file}.counter`, "utf8"), `${"2".padStart(24, "0")}\n`);
  const third = openTelemetryKey({ file, spi: 9 });
  t.is(take(third, frames[1]!), REPLAYED);
  t.is(take(third, frames[2]!), OPENED);
  third.close();
  rmSync(`${file}.counter`);
  t.regex(
    messageOf(t, () => openTelemetryKey({ file, spi: 9 })),
    /is lost: old telemetry/,
  );
});
