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

async function withMachine(run: (machine: XsMachine, titles: string[]) => Promise<void>): Promise<void> {
  const machine = new XsMachine();
  try {
    await machine.import(PROGRAM);
    await run(machine, JSON.parse(await machine.evaluate("scenarioTitles()")) as string[]);
  } finally {
    await machine.stop();
  }
}

test("on XS, packets received, routed, logged, encoded and written allocate no slot", async (t) => {
  await withMachine(async (machine, titles) => {
    for (const [scenario, title] of titles.entries()) {
      if (title.endsWith(": clients come and go")) {
        continue;
      }
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
      // The control makes one object per packet, and must be seen.
      const perPacket = title.endsWith(": one object per packet") ? 1 : 0;
      t.is(few - empty, command + perPacket * fewPackets, `${title}: slots for ${fewPackets} packets`);
      t.is(many - few, command + perPacket * manyPackets, `${title}: slots for ${manyPackets} packets`);
    }
  });
});

test("on XS, a thousand connections leave nothing behind", async (t) => {
  await withMachine(async (machine, titles) => {
    for (const [scenario, title] of titles.entries()) {
      if (title.endsWith(": clients come and go")) {
        const collected = async (connections: number): Promise<number> => {
          await run(machine, scenario, connections);
          return (await machine.run("gc()")).currentHeapCount;
        };
        await collected(100);
        const few = await collected(1);
        const left = (await collected(1000)) - few;
        // Not one slot per connection, nor per hundred; the commands themselves leave two or so.
        t.true(left < 10, `${title}: ${left} slots left`);
      }
    }
  });
});
