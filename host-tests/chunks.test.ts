/**
 * Strings, arrays and buffers live in XS's chunk memory, which the slot count does not show. What is garbage there
 * shows by the collection that it leads to: the chunk memory is filled until little is free, then traffic must not fill
 * the rest.
 */
import avaTest from "ava";
import { XsMachine } from "../host/xs-machine.js";
import { modulePath, xs } from "./host/xs-support.js";

const test = xs.available ? avaTest : avaTest.skip;

/** Bytes that are garbage at once; what is left free is between one and two of them. */
const BLOCK = 32 * 1024;
const ROUNDS = 10_000;

/** Slots that are garbage at once: their going tells of a collection. (XS keeps WeakRefs alive in collections of its own.) */
const GARBAGE = 5000;

/** Collects, then fills so many blocks of chunk memory. @returns slots in use, garbage included */
async function fill(machine: XsMachine, blocks: number): Promise<number> {
  await machine.evaluate("gc(); 0");
  await machine.evaluate(`for (let i = 0; i < ${GARBAGE}; i++) ({}); 0`);
  const before = await slots(machine);
  await machine.evaluate(`for (let i = 0; i < ${blocks}; i++) new ArrayBuffer(${BLOCK}); 0`);
  return before;
}

/** The most blocks that can be filled without a collection. */
async function roomFor(machine: XsMachine): Promise<number> {
  let fits = 0;
  let tooMany = 4096;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if ((await fill(machine, middle)) <= (await slots(machine))) {
      fits = middle;
    } else {
      tooMany = middle;
    }
  }
  return fits;
}

async function slots(machine: XsMachine): Promise<number> {
  return (await machine.run("0")).currentHeapCount;
}

test("on XS, ten thousand telecommands and their reports make no string, array or buffer", async (t) => {
  const machine = new XsMachine();
  t.teardown(() => machine.stop());
  await machine.import(modulePath("./chunk-program.js", import.meta.url));
  for (const port of [0, 1, 2, 3]) {
    await machine.evaluate(`pings(${port}, 100)`);
  }
  const blocks = (await roomFor(machine)) - 1;
  const beforeStrings = await fill(machine, blocks);
  await machine.evaluate(`strings(${ROUNDS})`);
  t.true((await slots(machine)) < beforeStrings, "the control, a short string per round, is seen");
  for (const port of [0, 1, 2, 3]) {
    const before = await fill(machine, blocks);
    const taken = Number(await machine.evaluate(`String(pings(${port}, ${ROUNDS}))`));
    t.true(taken > ROUNDS * 80, "every telecommand was answered");
    t.true((await slots(machine)) >= before, `port ${port + 1}: a collection came`);
  }
});
