import avaTest from "ava";
import { modulePath, xs } from "../host/xs-support.js";
import { ProgramOnXs } from "../link/heap-growth.js";

const PROGRAM = modulePath("./allocation-program.js", import.meta.url);
const COME_AND_GO = ": connections come and go";
/** Makes one object per packet, and must be seen. */
const CONTROL = ": one object per packet";

const test = xs.available ? avaTest : avaTest.skip;

test("on XS, packets that a client sends and receives, and its heartbeats, allocate no slot", async (t) => {
  await ProgramOnXs.use(PROGRAM, async (program) => {
    for (const title of program.titles) {
      if (title.endsWith(COME_AND_GO)) {
        continue;
      }
      const perPacket = title.endsWith(CONTROL) ? 1 : 0;
      t.deepEqual(await program.growth(title, 100, 1000), { few: 100 * perPacket, many: 1000 * perPacket }, title);
    }
  });
});

test("on XS, a thousand reconnections leave nothing behind", async (t) => {
  await ProgramOnXs.use(PROGRAM, async (program) => {
    for (const title of program.titles) {
      if (title.endsWith(COME_AND_GO)) {
        const left = await program.leftBehind(title);
        t.true(left < 10, `${title}: ${left} slots left`);
      }
    }
  });
});
