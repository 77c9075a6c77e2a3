/** On the XS engine: the same results as on Node, and views that allocate nothing. */
import avaTest from "ava";
import { XsMachine } from "../../host/xs-machine.js";
import { modulePath, xs } from "../host/xs-support.js";
import { results } from "./xs-program.js";

const PROGRAM = modulePath("./xs-program.js", import.meta.url);
const test = xs.available ? avaTest : avaTest.skip;
const skipped = xs.available ? "" : ` (skipped: ${xs.reason})`;
const CONTROL = "control: one object each";

async function start(): Promise<{ machine: XsMachine; titles: string[] }> {
  const machine = new XsMachine();
  await machine.import(PROGRAM);
  return { machine, titles: JSON.parse(await machine.evaluate("payload.titles")) as string[] };
}

async function slots(machine: XsMachine, source = "0"): Promise<number> {
  return (await machine.run(source)).currentHeapCount;
}

test(`on XS, no way to read, write, attach or build takes a heap slot${skipped}`, async (t) => {
  const { machine, titles } = await start();
  t.teardown(() => machine.stop());
  t.is(titles.length, 12);
  for (const title of titles) {
    const run = (count: number) => slots(machine, `payload.access(${JSON.stringify(title)}, ${count})`);
    await run(10);
    // A collection, so that none comes while we count; and something that it would take.
    await machine.evaluate("gc(); globalThis.canary = new WeakRef({}); 0");
    await run(100);
    const before = await run(100);
    const few = (await run(100)) - before;
    const many = (await run(1100)) - before - few;
    t.is(await machine.evaluate("typeof canary.deref()"), "object", `${title}: no collection came between`);
    // What the command takes is the same each time; a thousand times more may add nothing.
    const perTime = (many - few) / 1000;
    t.true(title === CONTROL ? perTime >= 1 : perTime === 0, `${title}: ${perTime} slots each time`);
  }
});

/** Bytes that are garbage at once; what is left free is between one and two of them. */
const BLOCK = 32 * 1024;
const GARBAGE = 5000;
const TIMES = 3000;

/** Collects, then fills so many blocks of chunk memory: strings, BigInts and buffers, which no slot count shows. */
async function fill(machine: XsMachine, blocks: number): Promise<number> {
  await machine.evaluate("gc(); 0");
  await machine.evaluate(`for (let i = 0; i < ${GARBAGE}; i++) ({}); 0`);
  const before = await slots(machine);
  await machine.evaluate(`for (let i = 0; i < ${blocks}; i++) new ArrayBuffer(${BLOCK}); 0`);
  return before;
}

test(`on XS, no way to read, write, attach or build takes chunk memory${skipped}`, async (t) => {
  const { machine, titles } = await start();
  t.teardown(() => machine.stop());
  let fits = 0;
  for (let tooMany = 4096; tooMany - fits > 1; ) {
    const middle = Math.floor((fits + tooMany) / 2);
    if ((await fill(machine, middle)) <= (await slots(machine))) {
      fits = middle;
    } else {
      tooMany = middle;
    }
  }
  for (const title of [...titles, "control: one BigInt each"]) {
    if (title === CONTROL) {
      continue;
    }
    await machine.evaluate(`payload.chunks(${JSON.stringify(title)}, 10)`);
    const before = await fill(machine, fits - 1);
    await machine.evaluate(`payload.chunks(${JSON.stringify(title)}, ${TIMES})`);
    // When the garbage went, chunk memory had been filled.
    const collected = (await slots(machine)) < before;
    t.is(collected, title.startsWith("control"), title);
  }
});

for (const name of Object.keys(results)) {
  test(`XS and Node agree: ${name}${skipped}`, async (t) => {
    const { machine } = await start();
    t.teardown(() => machine.stop());
    const onNode = (results[name] as () => string)().split("\n");
    const onXs = (await machine.evaluate(`payload.result(${JSON.stringify(name)})`)).split("\n");
    t.is(onXs.length, onNode.length);
    for (const [index, line] of onNode.entries()) {
      if (onXs[index] !== line) {
        t.is(onXs[index], line, `line ${index}`);
        break;
      }
    }
    t.true(onNode.length > 10);
  });
}
