import test from "ava";
import { XsMachine } from "../../host/xs-machine.js";
import { modulePath, xs } from "../host/xs-support.js";
import { allCases } from "./all-cases.js";

const PROGRAM = modulePath("./cases-on-xs.js", import.meta.url);

(xs.available ? test : test.skip)("the client behaves inside XS as on Node, case by case", async (t) => {
  const machine = new XsMachine();
  try {
    await machine.import(PROGRAM);
    const titles = JSON.parse(await machine.evaluate("caseTitles()")) as string[];
    t.deepEqual(titles, Object.keys(allCases));
    for (const title of titles) {
      t.is(await machine.evaluate(`runCase(${JSON.stringify(title)})`).catch(String), "ok", title);
    }
  } finally {
    await machine.stop();
  }
});
