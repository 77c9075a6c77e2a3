import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import avaTest from "ava";
import { NetstringReader, netstring } from "../../host/netstring.js";
import { XsError, XsMachine } from "../../host/xs-machine.js";
import { cases } from "./socket-cases.js";
import { modulePath, xs } from "./xs-support.js";

const test = avaTest.serial;
const xsTest = xs.available ? test : test.skip;

function machine(lines: string[] = []): XsMachine {
  return new XsMachine({ onOutput: (line) => lines.push(line) });
}

test("availability names the version or the reason", (t) => {
  if (xs.available) {
    t.regex(xs.version, /^xsnap \d+\.\d+\.\d+ \(XS \d+\.\d+\.\d+\)$/);
  } else {
    t.regex(xs.reason, /^.+$/);
  }
});

test("netstrings come back whole from any split", (t) => {
  const stream = Buffer.concat([
    netstring("a", Buffer.from("bc")),
    netstring("", Buffer.alloc(0)),
    netstring("?", Buffer.alloc(12, 0x2c)),
  ]);
  for (let split = 0; split <= stream.length; split++) {
    const reader = new NetstringReader();
    const messages: string[] = [];
    reader.push(stream.subarray(0, split), (message) => messages.push(message.toString()));
    reader.push(stream.subarray(split), (message) => messages.push(message.toString()));
    t.deepEqual(messages, ["abc", "", `?${",".repeat(12)}`]);
  }
});

test("what is no netstring is refused", (t) => {
  for (const text of ["x3:abc,", ":abc,", "3:abcd", "-1:,"]) {
    t.throws(() => new NetstringReader().push(Buffer.from(text), () => {}), { message: /not a netstring/ }, text);
  }
});

xsTest("evaluate gives a value as text, and waits for promises", async (t) => {
  const xsMachine = machine();
  t.is(await xsMachine.evaluate("1 + 1"), "2");
  t.is(await xsMachine.evaluate("undefined"), "undefined");
  t.is(await xsMachine.evaluate("Promise.resolve('späť ✓')"), "späť ✓");
  t.is(await xsMachine.evaluate("globalThis.kept = 5; typeof console"), "undefined");
  t.is(await xsMachine.evaluate("String(kept)"), "5");
  await xsMachine.stop();
});

xsTest("evaluate rejects with what the program threw, and the machine goes on", async (t) => {
  const xsMachine = machine();
  await t.throwsAsync(xsMachine.evaluate("throw new RangeError('too wide')"), {
    instanceOf: XsError,
    message: /RangeError: too wide/,
  });
  await t.throwsAsync(xsMachine.evaluate("Promise.reject(new Error('later'))"), { message: /Error: later/ });
  await t.throwsAsync(xsMachine.evaluate("let let"), { message: /SyntaxError/ });
  await t.throwsAsync(xsMachine.evaluate("new Promise(() => {})"), { message: /nothing is left/ });
  t.is(await xsMachine.evaluate("3"), "3");
  await xsMachine.stop();
});

xsTest("import loads a module with what it imports, and says what is wrong with one", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "flatlink-xs-"));
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  await write("good.js", "import { five } from './five.js'; globalThis.seen = five;");
  await write("five.js", "export const five = 5;");
  await write("throws.js", "throw new Error('from the body');");
  await write("wrong.js", "export const = 1;");
  await write("orphan.js", "import './missing.js';");
  const xsMachine = machine();
  await xsMachine.import(join(folder, "good.js"));
  t.is(await xsMachine.evaluate("seen"), "5");
  await t.throwsAsync(xsMachine.import(join(folder, "throws.js")), { message: /from the body/ });
  await t.throwsAsync(xsMachine.import(join(folder, "wrong.js")), { message: /SyntaxError/ });
  await t.throwsAsync(xsMachine.import(join(folder, "orphan.js")), { message: /no module/ });
  await t.throwsAsync(xsMachine.import(join(folder, "nowhere.js")), { message: /no module/ });
  await xsMachine.import(join(folder, "good.js"));
  await xsMachine.stop();
  await rm(folder, { recursive: true });
});

xsTest("call exchanges bytes with handleCommand, in order, and measures", async (t) => {
  const xsMachine = machine();
  await xsMachine.evaluate("globalThis.handleCommand = (bytes) => bytes.slice(0).concat(new ArrayBuffer(1)); 0");
  const replies = await Promise.all([
    xsMachine.call(Buffer.from("first")),
    xsMachine.call(Buffer.alloc(0)),
    xsMachine.call(Buffer.alloc(300_000, 0x3a)),
  ]);
  t.is(Buffer.from(replies[0].bytes).toString("latin1"), "first\0");
  t.is(replies[1].bytes.length, 1);
  t.true(replies[2].bytes.length === 300_001 && replies[2].bytes[299_999] === 0x3a);
  t.true(replies[0].currentHeapCount > 0 && replies[0].compute > 0 && replies[0].allocate > 0);
  await xsMachine.evaluate("globalThis.handleCommand = () => { throw new Error('no'); }; 0");
  await t.throwsAsync(xsMachine.call(Buffer.alloc(1)), { instanceOf: XsError, message: "Error: no" });
  await xsMachine.stop();
});

xsTest("the heap count grows by exactly what a program allocates", async (t) => {
  const xsMachine = machine();
  await xsMachine.evaluate(`
    let total = 0;
    globalThis.handleCommand = (bytes) => {
      const count = new Uint8Array(bytes)[0];
      for (let round = 0; round < count; round++) ({}), (total += round);
    }; 0`);
  const measure = async (count: number): Promise<number> => {
    const before = (await xsMachine.call(Uint8Array.of(0))).currentHeapCount;
    return (await xsMachine.call(Uint8Array.of(count))).currentHeapCount - before;
  };
  const none = await measure(0);
  t.is((await measure(200)) - none, 200);
  t.is(await measure(0), none);
  await xsMachine.stop();
});

xsTest("a question in the middle of a command is answered", async (t) => {
  const asked: string[] = [];
  const xsMachine = new XsMachine({
    async onQuestion(question) {
      asked.push(Buffer.from(question).toString());
      await sleep(5);
      return Buffer.from("42");
    },
  });
  t.is(
    await xsMachine.evaluate(
      "new TextDecoder().decode(new Uint8Array(issueCommand(new TextEncoder().encode('what?').buffer)))",
    ),
    "42",
  );
  t.deepEqual(asked, ["what?"]);
  await xsMachine.stop();
});

xsTest("a question that nobody answers ends the machine with a clear error", async (t) => {
  const xsMachine = machine();
  await t.throwsAsync(xsMachine.evaluate("issueCommand(new ArrayBuffer(1))"), { message: /question.*nobody answers/ });
  await xsMachine.ended;
});

xsTest("what the worker prints comes line by line", async (t) => {
  const lines: string[] = [];
  const xsMachine = machine(lines);
  await xsMachine.evaluate("print('one'); print('two', 3);");
  await xsMachine.stop();
  t.deepEqual(lines, ["one", "two 3"]);
});

xsTest("a crash rejects what is under way and what comes after, with the reason", async (t) => {
  const xsMachine = machine();
  const deep = xsMachine.evaluate("const deeper = () => 1 + deeper(); deeper()");
  const queued = xsMachine.evaluate("1");
  await t.throwsAsync(deep, { instanceOf: XsError, message: /XS worker ended.*stack overflow/ });
  await t.throwsAsync(queued, { message: /XS worker ended/ });
  await t.throwsAsync(xsMachine.evaluate("1"), { message: /XS worker ended/ });
  await xsMachine.stop();
});

xsTest("a worker that is killed is reported", async (t) => {
  const xsMachine = machine();
  await xsMachine.evaluate("1");
  const stuck = xsMachine.evaluate("for (;;);");
  process.kill(xsMachine.pid as number, "SIGKILL");
  await t.throwsAsync(stuck, { message: /SIGKILL/ });
});

xsTest("stop is idempotent, waits for what is under way, and kills a worker that is stuck", async (t) => {
  const xsMachine = machine();
  const last = xsMachine.evaluate("7");
  await Promise.all([xsMachine.stop(), xsMachine.stop()]);
  t.is(await last, "7");
  await t.throwsAsync(xsMachine.evaluate("1"), { message: /stopped|ended/ });
  const stuck = machine();
  const endless = t.throwsAsync(stuck.evaluate("for (;;);"), { message: /SIGKILL/ });
  await stuck.stop();
  await endless;
});

test("a binary that is not there is a clear error", async (t) => {
  const xsMachine = new XsMachine({ binary: "/nonexistent/xsnap-worker" });
  await t.throwsAsync(xsMachine.evaluate("1"), { instanceOf: XsError, message: /does not start.*xsnap-worker/ });
  await xsMachine.stop();
});

xsTest("the sockets keep their contract inside XS", async (t) => {
  const xsMachine = machine();
  const path = modulePath("./loopback-rig.js", import.meta.url);
  await xsMachine.evaluate(`import(${JSON.stringify(path)}).then((rig) => { globalThis.rig = rig; })`);
  for (const name of Object.keys(cases)) {
    t.is(await xsMachine.evaluate(`rig.runLoopbackCase(${JSON.stringify(name)})`), "ok", name);
  }
  await xsMachine.stop();
});

xsTest("traffic over the loopback network allocates nothing on the XS heap", async (t) => {
  const xsMachine = machine();
  await xsMachine.import(modulePath("./loopback-echo.js", import.meta.url));
  const slots = async (rounds: number): Promise<number> => {
    const command = Buffer.alloc(4);
    command.writeUInt32BE(rounds);
    const before = (await xsMachine.call(Buffer.alloc(4))).currentHeapCount;
    return (await xsMachine.call(command)).currentHeapCount - before;
  };
  const none = await slots(0);
  t.is((await slots(100)) - none, 0);
  t.is((await slots(2000)) - none, 0);
  await xsMachine.stop();
});
