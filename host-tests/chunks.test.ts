import avaTest from "ava";
import { XsMachine } from "../host/xs-machine.js";
import { modulePath, xs } from "./host/xs-support.js";
import { ChunkMemory, ENOUGH_ROUNDS } from "./link/chunk-memory.js";

const test = xs.available ? avaTest : avaTest.skip;

const ROUNDS = 2 * ENOUGH_ROUNDS;

test("on XS, two thousand telecommands on each port and their reports make no string, array or buffer", async (t) => {
  const machine = new XsMachine();
  t.teardown(() => machine.stop());
  await machine.import(modulePath("./chunk-program.js", import.meta.url));
  for (const port of [0, 1, 2, 3, 4]) {
    await machine.evaluate(`pings(${port}, 100)`);
  }
  const chunks = new ChunkMemory(machine);
  await chunks.measure();
  t.true(await chunks.isCollected(() => machine.evaluate(`strings(${ROUNDS})`)), "the control, a string per round");
  for (const port of [0, 1, 2, 3, 4]) {
    let taken = 0;
    const pings = async () => {
      taken = Number(await machine.evaluate(`String(pings(${port}, ${ROUNDS}))`));
    };
    t.false(await chunks.isCollected(pings), `port ${port + 1}: a collection came`);
    t.true(taken > ROUNDS * 80, "every telecommand was answered");
  }
});
