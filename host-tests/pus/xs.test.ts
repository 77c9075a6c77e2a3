/** On the XS engine: the PUS layer works as on Node, and allocates nothing per telecommand and report. */
import test from "ava";
import { xsAvailability } from "../../host/xs-availability.js";
import { XsMachine } from "../../host/xs-machine.js";
import { ChunkMemory, ENOUGH_ROUNDS } from "../link/chunk-memory.js";
import { kinds, run } from "./xs-traffic.js";

const xs = xsAvailability();
const xsTest = xs.available ? test.serial : test.serial.skip;
const title = xs.available ? "" : ` (skipped: ${xs.reason})`;

xsTest(`no kind of telecommand or report allocates on XS${title}`, async (t) => {
  const machine = new XsMachine();
  try {
    const path = new URL("xs-traffic.js", import.meta.url).pathname;
    await machine.evaluate(
      `import(${JSON.stringify(path)}).then((module) => { globalThis.traffic = module; return ""; })`,
    );
    for (const kind of kinds) {
      const slots = async (count: number) => {
        const before = await machine.run("0");
        const after = await machine.run(`traffic.run(${JSON.stringify(kind)}, ${count})`);
        return after.currentHeapCount - before.currentHeapCount;
      };
      await slots(1);
      // What the command itself takes is the same both times; a thousand more runs add nothing.
      const few = await slots(1000);
      t.is(await slots(2000), few, kind);
    }
  } finally {
    await machine.stop();
  }
});

xsTest(`no kind of telecommand or report makes a string, array or buffer on XS${title}`, async (t) => {
  const machine = new XsMachine();
  try {
    const path = new URL("xs-traffic.js", import.meta.url).pathname;
    await machine.evaluate(
      `globalThis.strings = (count) => { let last = ""; for (let i = 0; i < count; i++) { last = "" + (i % 10); } return last; };
       import(${JSON.stringify(path)}).then((module) => { globalThis.traffic = module; return ""; })`,
    );
    const runs = (kind: string, count: number) =>
      machine.evaluate(`String(traffic.run(${JSON.stringify(kind)}, ${count}))`);
    for (const kind of kinds) {
      await runs(kind, 10);
    }
    const chunks = new ChunkMemory(machine);
    await chunks.measure();
    t.true(await chunks.isCollected(() => machine.evaluate(`strings(${ENOUGH_ROUNDS})`)), "the control");
    for (const kind of kinds) {
      await chunks.measure();
      t.false(await chunks.isCollected(() => runs(kind, ENOUGH_ROUNDS)), kind);
    }
  } finally {
    await machine.stop();
  }
});

xsTest(`XS writes as many reports as Node${title}`, async (t) => {
  const machine = new XsMachine();
  try {
    const path = new URL("xs-traffic.js", import.meta.url).pathname;
    await machine.evaluate(
      `import(${JSON.stringify(path)}).then((module) => { globalThis.traffic = module; return ""; })`,
    );
    for (const kind of kinds) {
      t.is(await machine.evaluate(`String(traffic.run(${JSON.stringify(kind)}, 3))`), String(run(kind, 3)), kind);
    }
  } finally {
    await machine.stop();
  }
});
