import avaTest from "ava";
import { XsMachine } from "../../host/xs-machine.js";
import { modulePath, xs } from "../host/xs-support.js";

const PROGRAM = modulePath("./allocation-program.js", import.meta.url);
/** Packets: the plain way is measured over many. */
const COUNTS = { plain: [1_000, 10_000], other: [100, 1_000] } as const;

const test = xs.available ? avaTest : avaTest.skip;

/** Runs packets through a scenario. @returns slots in use afterwards */
async function run(machine: XsMachine, scenario: number, packets: number): Promise<number> {
  const command = Buffer.alloc(8);
  command.writeUInt32BE(scenario, 0);
  command.writeUInt32BE(packets, 4);
  return (await machine.call(command)).currentHeapCount;
}

test("on XS, packets received, routed, logged, encoded and written allocate no slot", async (t) => {
  const machine = new XsMachine();
  try {
    await machine.import(PROGRAM);
    const titles = JSON.parse(await machine.evaluate("scenarioTitles()")) as string[];
    for (const [scenario, title] of titles.entries()) {
      // What is made on first use is made now; then a collection, so that none comes while we count.
      await run(machine, scenario, 100);
      await machine.evaluate("gc(); globalThis.canary = new WeakRef({}); 0");
      const start = await run(machine, scenario, 0);
      const empty = await run(machine, scenario, 0);
      const [fewPackets, manyPackets] = title.endsWith(": one by one") ? COUNTS.plain : COUNTS.other;
      const few = await run(machine, scenario, fewPackets);
      const many = await run(machine, scenario, manyPackets);
      t.is(await machine.evaluate("typeof canary.deref()"), "object", `${title}: no collection came between`);
      const command = empty - start;
      if (title.endsWith("one object per packet")) {
        t.is(few - empty, fewPackets + command, `${title}: seen after ${fewPackets}`);
        t.is(many - few, manyPackets + command, `${title}: seen after ${manyPackets}`);
      } else {
        t.is(few - empty, command, `${title}: slots for ${fewPackets} packets`);
        t.is(many - few, command, `${title}: slots for ${manyPackets} packets`);
      }
    }
  } finally {
    await machine.stop();
  }
});
