import avaTest from "ava";
import { XsMachine } from "../../host/xs-machine.js";
import { modulePath, xs } from "../host/xs-support.js";
import { ChunkMemory, ENOUGH_ROUNDS } from "../link/chunk-memory.js";
import { ProgramOnXs } from "../link/heap-growth.js";

const PROGRAM = modulePath("./gcm-program.js", import.meta.url);

const test = xs.available ? avaTest : avaTest.skip;

test("on XS, texts sealed, opened and refused allocate no slot", async (t) => {
  await ProgramOnXs.use(PROGRAM, async (program) => {
    for (const title of program.titles) {
      const growth = await program.growth(title, 20, 200);
      if (title === "one object per round") {
        t.true(growth.few >= 20 && growth.many >= 200, "the control is seen");
      } else {
        t.deepEqual(growth, { few: 0, many: 0 }, title);
      }
    }
  });
});

test("on XS, texts sealed, opened and refused make no string, array or buffer", async (t) => {
  const machine = new XsMachine();
  t.teardown(() => machine.stop());
  await machine.import(PROGRAM);
  await machine.evaluate("rounds(20)");
  const chunks = new ChunkMemory(machine);
  await chunks.measure();
  t.true(
    await chunks.isCollected(() => machine.evaluate(`strings(${2 * ENOUGH_ROUNDS})`)),
    "the control, a string per round",
  );
  let done = 0;
  const work = async () => {
    done = Number(await machine.evaluate(`String(rounds(${2 * ENOUGH_ROUNDS}))`));
  };
  t.false(await chunks.isCollected(work), "a collection came");
  t.is(done, 4 * ENOUGH_ROUNDS);
});
