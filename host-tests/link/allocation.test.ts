import avaTest from "ava";
import { modulePath, xs } from "../host/xs-support.js";
import { ProgramOnXs } from "./heap-growth.js";

const PROGRAM = modulePath("./allocation-program.js", import.meta.url);
const COME_AND_GO = ": clients come and go";
/** Makes one object per packet, and must be seen. */
const CONTROL = ": one object per packet";

const test = xs.available ? avaTest : avaTest.skip;

test("on XS, packets received, routed, logged, encoded and written allocate no slot", async (t) => {
  await ProgramOnXs.use(PROGRAM, async (program) => {
    for (const title of program.titles) {
      if (title.endsWith(COME_AND_GO)) {
        continue;
      }
      const few = title.endsWith(": one by one") ? 1_000 : 100;
      const many = 10 * few;
      const perPacket = title.endsWith(CONTROL) ? 1 : 0;
      t.deepEqual(await program.growth(title, few, many), { few: perPacket * few, many: perPacket * many }, title);
    }
  });
});

test("on XS, a thousand connections leave nothing behind", async (t) => {
  await ProgramOnXs.use(PROGRAM, async (program) => {
    for (const title of program.titles) {
      if (title.endsWith(COME_AND_GO)) {
        const left = await program.leftBehind(title);
        // Not one slot per connection, nor per hundred; the commands themselves leave two or so.
        t.true(left < 10, `${title}: ${left} slots left`);
      }
    }
  });
});
