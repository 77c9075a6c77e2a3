import avaTest from "ava";
import { modulePath, xs } from "../host/xs-support.js";
import { ChunkMemory, ENOUGH_ROUNDS } from "../link/chunk-memory.js";
import { ProgramOnXs } from "../link/heap-growth.js";

const PROGRAM = modulePath("./allocation-program.js", import.meta.url);
const COME_AND_GO = ": connections come and go";
/** Makes one string per packet, and must be seen. */
const CONTROL = ": one string per packet";

const test = xs.available ? avaTest : avaTest.skip;

test("on XS, packets that a client sends and receives, and its heartbeats, make no string, array or buffer", async (t) => {
  await ProgramOnXs.use(PROGRAM, async (program) => {
    const titles = program.titles.filter((title) => !title.endsWith(COME_AND_GO));
    for (const title of titles) {
      // What is made on first use is made now.
      await program.run(title, 100);
    }
    const chunks = new ChunkMemory(program.machine);
    await chunks.measure();
    for (const title of titles) {
      t.is(await chunks.isCollected(() => program.run(title, ENOUGH_ROUNDS)), title.endsWith(CONTROL), title);
    }
  });
});

test("on XS, a thousand reconnections leave no strings, arrays or buffers behind", async (t) => {
  await ProgramOnXs.use(PROGRAM, async (program) => {
    const chunks = new ChunkMemory(program.machine);
    for (const title of program.titles) {
      if (title.endsWith(COME_AND_GO)) {
        await program.run(title, 10);
        const before = await chunks.measure();
        await program.run(title, 1000);
        const left = before - (await chunks.measure());
        // The in-engine network keeps a list of all connections there were, both their ends, and XS grows lists generously.
        t.true(left <= 200_000, `${title}: ${left} bytes left`);
      }
    }
  });
});
