import avaTest from "ava";
import { modulePath, xs } from "../host/xs-support.js";
import { ProgramOnXs } from "../link/heap-growth.js";

const PROGRAM = modulePath("./allocation-program.js", import.meta.url);

const test = xs.available ? avaTest : avaTest.skip;

test("on XS, the application allocates no slot for a telecommand or a report", async (t) => {
  await ProgramOnXs.use(PROGRAM, async (program) => {
    for (const title of program.titles) {
      t.deepEqual(await program.growth(title, 100, 1000), { few: 0, many: 0 }, title);
    }
  });
});
