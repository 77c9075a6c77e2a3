/** On the XS engine: services on a dictionary allocate nothing per telecommand and report. */
import avaTest from "ava";
import { XsMachine } from "../../host/xs-machine.js";
import { modulePath, xs } from "../host/xs-support.js";
import { ChunkMemory, ENOUGH_ROUNDS } from "../link/chunk-memory.js";
import { kinds, run } from "./own-traffic.js";

const test = xs.available ? avaTest : avaTest.skip;

async function start(): Promise<XsMachine> {
  const machine = new XsMachine();
  await machine.import(modulePath("./own-traffic.js", import.meta.url));
  return machine;
}

const call = (kind: string, count: number) => `String(traffic.run(${JSON.stringify(kind)}, ${count}))`;

test("no telecommand of the dictionary's services and no report takes a slot on XS", async (t) => {
  const machine = await start();
  t.teardown(() => machine.stop());
  for (const kind of kinds) {
    const slots = async (count: number) => {
      const before = await machine.run("0");
      return (await machine.run(call(kind, count))).currentHeapCount - before.currentHeapCount;
    };
    await slots(10);
    const few = await slots(1000);
    t.is(await slots(2000), few, kind);
  }
});

test("nor any chunk memory: no string, no array, no buffer", async (t) => {
  const machine = await start();
  t.teardown(() => machine.stop());
  for (const kind of kinds) {
    await machine.evaluate(call(kind, 10));
  }
  const chunks = new ChunkMemory(machine);
  await chunks.measure();
  const rounds = 2 * ENOUGH_ROUNDS;
  t.true(await chunks.isCollected(() => machine.evaluate(`traffic.strings(${rounds})`)), "the control");
  for (const kind of kinds) {
    t.false(await chunks.isCollected(() => machine.evaluate(call(kind, rounds))), kind);
  }
});

test("XS writes as many reports as Node", async (t) => {
  const machine = await start();
  t.teardown(() => machine.stop());
  for (const kind of kinds) {
    const before = run(kind, 0);
    const written = run(kind, 3);
    t.true(written > before || kind === "samples", kind);
    t.is(await machine.evaluate(call(kind, 3)), String(written), kind);
  }
});
