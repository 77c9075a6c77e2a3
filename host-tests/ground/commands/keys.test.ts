import {
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
import test, { type ExecutionContext } from "ava";
import { idOf } from "../../../ground/keys/key-file.js";
import { openSenderKey } from "../../../ground/keys/sender-key.js";
import { FolderStore } from "../../../host/folder-store.js";
import { Aes256Gcm } from "../../../modules/crypto/aes-gcm.js";
import { ACTIVE, READY } from "../../../modules/security/association-states.js";
import { ReceivingAssociation } from "../../../modules/security/receiving-association.js";
import { PROJECT, Program } from "../../project.js";
import { flatlink } from "./run.js";
import { hasTerminal } from "./terminal.js";

const BOARD_LINE = `${PROJECT}host-tests/ground/keys/board-line.py`;
const root = mkdtempSync(join(tmpdir(), "flatlink-keys-command-"));
test.after.always(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

function newPath(): string {
  return join(root, String(count++));
}

async function done(t: ExecutionContext, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await flatlink(["keys", ...args]);
  t.is(code, 0, stderr);
  t.is(stderr, "");
  return stdout;
}

async function fails(t: ExecutionContext, code: number, ...args: string[]): Promise<string> {
  const run = await flatlink(["keys", ...args]);
  t.is(run.code, code, run.stderr);
  t.is(run.stdout, "");
  t.regex(run.stderr, /^flatlink keys: [^\n]+\n$/);
  return run.stderr.slice("flatlink keys: ".length, -1);
}

/** Nothing of the key, in any form that somebody would print it in. */
function isSilent(t: ExecutionContext, file: string, text: string): void {
  const key = readFileSync(file);
  for (const form of ["hex", "base64", "latin1"] as const) {
    t.false(text.toLowerCase().includes(key.toString(form).slice(0, 10).toLowerCase()), form);
  }
}

test("a key is made, has an identifier, and a counter that is set", async (t) => {
  const file = newPath();
  const told = await done(t, "new", file, "--spi", "3");
  isSilent(t, file, told);
  const id = idOf(new Aes256Gcm(readFileSync(file)));
  t.true(told.includes(`its identifier is ${id}; its counter is ${file}.counter`), told);
  t.true(told.includes(`flatlink keys provision ${file} --spi 3`), told);
  t.is(await done(t, "show-id", file), `${id}\n`);
  t.is(await done(t, "counter", file), "0\n");
  t.is(await done(t, "counter", file, "--set", "1234567890123456"), "1234567890123456\n");
  t.regex(await fails(t, 1, "counter", file, "--set", "5"), /is 1234567890123456 already, and never goes back$/);
  rmSync(`${file}.counter`);
  t.regex(await fails(t, 1, "counter", file), /is lost: .* \(spiNCounter .*: flatlink keys counter \S+ --set N$/);
  t.is(await done(t, "counter", file, "--set", "9"), "9\n");
  t.regex(await fails(t, 1, "new", file), /is there already: a key is never written over$/);
});

test("a counter is not set while somebody sends with the key", async (t) => {
  const file = newPath();
  await done(t, "new", file);
  const sender = openSenderKey({ file, spi: 1 });
  t.teardown(() => sender.close());
  t.regex(await fails(t, 1, "counter", file, "--set", "99999"), /is in use by process \d+: one sender for each key$/);
  t.is(await done(t, "counter", file), "1024\n");
});

test("a simulated board gets a key in its folder, while it does not run", async (t) => {
  const file = newPath();
  const folder = newPath();
  await done(t, "new", file);
  t.is(await done(t, "provision", file, "--spi", "4", "--keys", folder), `SPI 4 in ${folder}: active\n`);
  t.regex(await fails(t, 1, "provision", file, "--spi", "5", "--keys", folder), /^SPI 4 has this key/);
  const other = newPath();
  await done(t, "new", other);
  t.is(await done(t, "provision", other, "--spi", "5", "--ready", "--keys", folder), `SPI 5 in ${folder}: ready\n`);
  const third = newPath();
  await done(t, "new", third);
  t.is(
    await done(t, "provision", third, "--spi", "9", "--telemetry", "--keys", folder),
    `SPI 9 in ${folder}: seals telemetry\n`,
  );
  const store = new FolderStore(folder);
  t.teardown(() => store.close());
  const stateOf = (spi: number): number => new ReceivingAssociation(spi, store, (key) => new Aes256Gcm(key)).state;
  t.deepEqual([stateOf(4), stateOf(5)], [ACTIVE, READY]);
  t.true(store.names().includes("spi9limit"));
  t.regex(
    await fails(t, 1, "provision", third, "--spi", "6", "--keys", folder),
    /is in use by process \d+: one simulator for each folder of keys; stop it first$/,
  );
});

test("CSV for NVS is one's own, and written over nothing", async (t) => {
  const file = newPath();
  const output = newPath();
  await done(t, "new", file);
  const told = await done(t, "provision", file, "--nvs", output);
  isSilent(t, file, told);
  t.regex(told, /esp_idf_nvs_partition_gen generate/);
  t.true(readFileSync(output, "utf8").includes(`spi1key,data,hex2bin,${readFileSync(file).toString("hex")}\n`));
  if (process.platform !== "win32") {
    t.is(statSync(output).mode & 0o777, 0o600);
  }
  t.regex(await fails(t, 1, "provision", file, "--nvs", output), /is there already: give another name$/);
});

(hasTerminal ? test : test.skip)("a board on a serial line gets one line, and its answer is shown", async (t) => {
  const file = newPath();
  await done(t, "new", file);
  const id = (await done(t, "show-id", file)).trim();
  for (const [answer, isTaken] of [
    [`key 7: stored, id ${id}, active`, true],
    ["key 7: refused: another SPI has this key: each needs one of its own", false],
  ] as const) {
    const board = new Program("python3", [BOARD_LINE, answer]);
    t.teardown(() => board.stop("SIGKILL"));
    const [device] = await board.prints(/^\/dev\/\S+$/m);
    const args = ["provision", file, "--spi", "7", "--serial", device!, "--baud", "57600"];
    if (isTaken) {
      t.is(await done(t, ...args), `SPI 7 on ${device}: stored, id ${id}, active\n`);
    } else {
      const told = await fails(t, 1, ...args);
      t.is(told, `the board did not take the key of SPI 7: ${answer.slice("key 7: ".length)}`);
    }
    await board.prints(new RegExp(`\\\\nkey 7 ${readFileSync(file).toString("hex")} active\\\\n$`, "m"));
  }
});

test("what is no serial line is told", async (t) => {
  const file = newPath();
  await done(t, "new", file);
  if (process.platform !== "win32") {
    t.regex(await fails(t, 1, "provision", file, "--serial", file), /is no serial line$/);
    t.regex(await fails(t, 1, "provision", file, "--serial", newPath()), /ENOENT/);
  }
});

test("what is wrong with the command line is one line, and does nothing", async (t) => {
  const folder = newPath();
  mkdirSync(folder);
  const file = join(folder, "key");
  await done(t, "new", file);
  for (const [args, message] of [
    [["provision", file], /^say where the key goes, one of --keys FOLDER, --serial DEVICE and --nvs FILE$/],
    [["provision", file, "--keys", "a", "--nvs", "b"], /^say where the key goes/],
    [["provision", file, "--keys", ""], /^--keys: an empty name is none$/],
    [["provision", file, "--keys", "a", "--baud", "9600"], /^--baud is the speed of --serial$/],
    [["provision", file, "--serial", "a", "--telemetry"], /^--telemetry: a board knows that/],
    [["provision", file, "--keys", "a", "--ready", "--telemetry"], /^--ready: a key of telemetry is used as soon/],
    [["provision", file, "--keys", "a", "--spi", "0"], /It must be 1 to 65534/],
    [["provision", file, "--keys", "a", "--spi", "65535"], /It must be 1 to 65534/],
    [["counter", file, "--set", "-1"], /It must be a number from 0 to/],
    [["counter", file, "--set", String(2n ** 53n)], /It must be a number from 0 to/],
    [["show-id", file, "--keys", "a"], /^--keys is an option of provision, not of show-id$/],
    [["counter", file, "--spi", "1"], /^--spi is an option of new and provision, not of counter$/],
    [["old", file], /Allowed choices are new, show-id, counter, provision/],
    [["new"], /missing required argument 'file'/],
  ] as const) {
    t.regex(await fails(t, 2, ...args), message);
  }
  t.deepEqual(readdirSync(folder).sort(), ["key", "key.counter"]);
  t.false(existsSync("a"));
});

test("what is no key is told, and not shown", async (t) => {
  const file = newPath();
  writeFileSync(file, "0123456789abcdef".repeat(4), { mode: 0o600 });
  for (const args of [
    ["show-id", file],
    ["provision", file, "--keys", newPath()],
  ]) {
    t.is(await fails(t, 1, ...args), `${file} is no key: it has 64 octets, and a key has 32, raw`);
  }
});
