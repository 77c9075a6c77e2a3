import test from "ava";
import { dialCases } from "./dial-cases.js";
import { loopbackRig, runLoopbackCase } from "./loopback-rig.js";
import { nodeRig } from "./node-rig.js";
import { cases } from "./socket-cases.js";

for (const [name, run] of Object.entries(cases)) {
  test(`loopback: ${name}`, async (t) => {
    t.is(await runLoopbackCase(name), "ok");
  });

  test.serial(`node:net: ${name}`, async (t) => {
    const rig = nodeRig();
    try {
      await run(rig);
      t.pass();
    } finally {
      await rig.close();
    }
  });
}

for (const [name, run] of Object.entries(dialCases)) {
  test(`loopback: ${name}`, async (t) => {
    await t.notThrowsAsync(run(loopbackRig()));
  });

  test.serial(`node:net: ${name}`, async (t) => {
    const rig = nodeRig();
    try {
      await run(rig);
      t.pass();
    } finally {
      await rig.close();
    }
  });
}
