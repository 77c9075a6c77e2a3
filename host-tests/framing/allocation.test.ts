import avaTest from "ava";
import { modulePath, xs } from "../host/xs-support.js";
import { ProgramOnXs } from "../link/heap-growth.js";

const PROGRAM = modulePath("./allocation-program.js", import.meta.url);

const test = xs.available ? avaTest : avaTest.skip;

test("on XS, frames received, damaged, given up, refused and sent allocate no slot", async (t) => {
  await ProgramOnXs.use(PROGRAM, async (program) => {
    for (const title of program.titles) {
      const growth = await program.growth(title, 50, 500);
      if (title === "one object per round") {
        t.true(growth.few >= 50 && growth.many >= 500, "the control is seen");
      } else {
        t.deepEqual(growth, { few: 0, many: 0 }, title);
      }
    }
  });
});
