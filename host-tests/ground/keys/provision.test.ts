import { PassThrough } from "node:stream";
import test from "ava";
import { type BoardConsole, provisionConsole } from "../../../ground/keys/board-console.js";
import { KeyError } from "../../../ground/keys/key-error.js";
import { idOf } from "../../../ground/keys/key-file.js";
import { nvsCsv } from "../../../ground/keys/nvs-csv.js";
import { type ListedStore, provisionStore } from "../../../ground/keys/provision.js";
import { Aes256Gcm } from "../../../modules/crypto/aes-gcm.js";
import { ACTIVE, READY } from "../../../modules/security/association-states.js";
import { BoardSecurity } from "../../../modules/security/board-security.js";
import { parseSecurity } from "../../../modules/security/roles.js";
import { MemoryStore } from "../../security/memory-store.js";

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const OTHER = KEY.map((octet) => octet + 1);
const HEX = Buffer.from(KEY).toString("hex");
const ID = idOf(new Aes256Gcm(KEY));

class ListedMemory extends MemoryStore implements ListedStore {
  names(): readonly string[] {
    return [...this.kept.keys()];
  }
}

const one = { spi: 1, key: KEY, isReady: false, isTelemetry: false };

test("the records are those that a board finds", (t) => {
  const store = new ListedMemory();
  provisionStore(store, one);
  provisionStore(store, { ...one, spi: 2, key: OTHER, isReady: true });
  provisionStore(store, { ...one, spi: 9, key: KEY.map((octet) => octet + 2), isTelemetry: true });
  const board = new BoardSecurity(
    parseSecurity("1=commander 2=operator:17 9=telemetry"),
    store,
    (key) => new Aes256Gcm(key),
  );
  t.is(board.stateOf(1), ACTIVE);
  t.is(board.stateOf(2), READY);
  t.is(board.stateOf(9), ACTIVE);
  t.true(board.seals);
  t.is(Buffer.from(board.idOf(1)!).toString("hex"), ID);
  t.deepEqual(
    KEY,
    Uint8Array.from({ length: 32 }, (_, i) => i),
  );
});

test("a key that some SPI has, or had, is refused; so is a second key, and a second direction", (t) => {
  const refused = (store: ListedStore, how: Partial<typeof one>, message: RegExp): void => {
    t.throws(() => provisionStore(store, { ...one, ...how }), { instanceOf: KeyError, message });
  };
  const store = new ListedMemory();
  provisionStore(store, one);
  refused(store, {}, /^SPI 1 has a key that is in use: retire it first$/);
  refused(store, { key: OTHER }, /^SPI 1 has a key that is in use/);
  refused(store, { spi: 2 }, /^SPI 1 has this key, or had it: each needs one of its own$/);
  refused(store, { spi: 9, isTelemetry: true }, /^SPI 1 has this key/);
  refused(store, { key: OTHER, isTelemetry: true }, /^SPI 1 is for telecommands there/);
  const board = new BoardSecurity(parseSecurity("1=commander 2=commander"), store, (key) => new Aes256Gcm(key));
  t.is(board.retire(1, true), 0);
  refused(store, {}, /^SPI 1 had this key before, and its counter would begin anew/);
  refused(store, { spi: 2 }, /^SPI 1 has this key, or had it/);
  provisionStore(store, { ...one, key: OTHER });

  const sender = new ListedMemory();
  const telemetry = { isTelemetry: true };
  provisionStore(sender, { ...one, ...telemetry });
  refused(sender, telemetry, /^SPI 1 has a key that is in use/);
  refused(sender, { key: OTHER }, /^SPI 1 is for telemetry there/);
  sender.erase("spi1key");
  refused(sender, telemetry, /^SPI 1 had this key before/);
  provisionStore(sender, { ...one, ...telemetry, key: OTHER });
});

test("CSV for NVS: a namespace, and a blob for each record", (t) => {
  const lines = nvsCsv({ ...one, spi: 65534, isReady: true })
    .toString()
    .split("\n");
  t.deepEqual(lines.slice(0, 2), ["key,type,encoding,value", "flatlink,namespace,,"]);
  t.is(lines.at(-1), "");
  t.deepEqual(lines.slice(2, -1).sort(), [
    `spi65534id,data,hex2bin,${ID}`,
    `spi65534key,data,hex2bin,${HEX}`,
    "spi65534last0,data,hex2bin,000000000000000000000000",
    "spi65534last1,data,hex2bin,000000000000000000000000",
    "spi65534state,data,hex2bin,01",
  ]);
  for (const line of lines.slice(2, -1)) {
    t.true(line.split(",")[0]!.length <= 15, line);
  }
});

/** A console whose board answers the line with the key. */
function consoleWith(answer: string | undefined): BoardConsole & { written: string } {
  const input = new PassThrough();
  return {
    input,
    written: "",
    write(text) {
      this.written += text;
      if (text.startsWith("key")) {
        input.write("log\r\nSPI 1: commander\r\nkey 2: stored, id 0000000000000000, active\r\n");
        if (answer === undefined) {
          input.end();
        } else {
          input.write(answer.slice(0, 3));
          input.write(`${answer.slice(3)}\r\n`);
        }
      }
    },
    close: () => void input.destroy(),
  };
}

const QUICK = { quietMs: 1, mostQuietMs: 20, answerMs: 60_000 };

test("the console gets one line, and its answer is told", async (t) => {
  const board = consoleWith(`key 1: stored, id ${ID}, active`);
  t.is(await provisionConsole(board, "it", one, QUICK), `stored, id ${ID}, active`);
  t.is(board.written, `\nkey 1 ${HEX} active\n`);
  const ready = consoleWith(`\u001b[0mkey 1: stored, id ${ID}, ready\u001b[0m`);
  t.is(await provisionConsole(ready, "it", { ...one, isReady: true }, QUICK), `stored, id ${ID}, ready`);
  t.is(ready.written, `\nkey 1 ${HEX} ready\n`);
});

test("what the board refuses is told with its reason, and never with the key", async (t) => {
  const refused = async (answer: string | undefined, message: string): Promise<void> => {
    const how = { instanceOf: KeyError, message };
    await t.throwsAsync(provisionConsole(consoleWith(answer), "it", one, QUICK), how);
  };
  const told = "the board did not take the key of SPI 1: ";
  await refused("key 1: refused: another SPI has this key", `${told}refused: another SPI has this key`);
  await refused("key 1: not stored: Error: nvs set fail", `${told}not stored: Error: nvs set fail`);
  await refused("key: refused: the SPI must be from 1 to 65534", `${told}refused: the SPI must be from 1 to 65534`);
  await refused("not understood; there are: keys", `${told}not understood; there are: keys`);
  await refused("passed over: one line every 250 ms", `${told}passed over: one line every 250 ms`);
  await refused(`key 1: ${HEX.toUpperCase()} what?`, `${told}(the key) what?`);
  await refused(
    `key 1: stored, id ${"0".repeat(16)}, active`,
    `the board has another key now, its identifier is ${"0".repeat(16)}: retire it, and try again`,
  );
  await refused(undefined, "the line is closed");
});

test("no answer is told", async (t) => {
  const silent: BoardConsole = { input: new PassThrough(), write() {}, close() {} };
  const error = await t.throwsAsync(provisionConsole(silent, "/dev/it", one, { ...QUICK, answerMs: 50 }));
  t.is(error?.message, "/dev/it: nothing answered in 0.05 s. Is that the board's console, at this speed?");
});

test("a board that starts is waited for until it is quiet, but not for ever", async (t) => {
  const board = consoleWith(`key 1: stored, id ${ID}, active`);
  const chatter = setInterval(() => (board.input as PassThrough).write("boot\r\n"), 5);
  t.teardown(() => clearInterval(chatter));
  const provisioned = provisionConsole(board, "it", one, { ...QUICK, quietMs: 60_000, mostQuietMs: 200 });
  t.is(await provisioned, `stored, id ${ID}, active`);
});
