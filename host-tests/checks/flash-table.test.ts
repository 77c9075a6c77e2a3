import test from "ava";
import { XsMachine } from "../../host/xs-machine.js";
import { flashTable } from "../../modules/checks/flash-table.js";
import { xs } from "../host/xs-support.js";
import { PROJECT } from "../project.js";

test("V8 keeps a table that it reads fast", (t) => {
  const table = [1, 2];
  t.is(flashTable(table), table);
  t.false(Object.isFrozen(table));
});

(xs.available ? test : test.skip)("XS freezes a table, which lies in flash when it is preloaded", async (t) => {
  const machine = new XsMachine();
  try {
    const path = JSON.stringify(`${PROJECT}dist/modules/checks/flash-table.js`);
    t.is(
      await machine.evaluate(`import(${path}).then((made) => String(Object.isFrozen(made.flashTable([1, 2]))))`),
      "true",
    );
  } finally {
    await machine.stop();
  }
});
