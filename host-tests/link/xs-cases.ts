/** A table of cases in an XS machine, one by one. */
import test from "ava";
import { XsMachine } from "../../host/xs-machine.js";
import { xs } from "../host/xs-support.js";

/**
 * @param program path of a module that offers `caseTitles()` and `runCase(title)`
 * @param cases those that it must have, by title
 */
export function testCasesOnXs(title: string, program: string, cases: Readonly<Record<string, unknown>>): void {
  (xs.available ? test : test.skip)(title, async (t) => {
    const machine = new XsMachine();
    try {
      await machine.import(program);
      const titles = JSON.parse(await machine.evaluate("caseTitles()")) as string[];
      t.deepEqual(titles, Object.keys(cases));
      for (const each of titles) {
        t.is(await machine.evaluate(`runCase(${JSON.stringify(each)})`).catch(String), "ok", each);
      }
    } finally {
      await machine.stop();
    }
  });
}
