/** Security associations: their states, their counters, their stores. */
import test from "ava";
import { XsModule, xsTest } from "../framing/xs-module.js";
import { associationCases, runAssociationCase } from "./association-cases.js";

const given = process.env["FLATLINK_SEED"];
const seed = given === undefined ? Date.now() & 0x3fffffff : Number(given);

const xs = new XsModule(import.meta.url, "association-cases.js");
test.after.always(() => xs.stop());

for (const title of Object.keys(associationCases)) {
  test(title, (t) => {
    t.log(`FLATLINK_SEED=${seed}`);
    t.is(runAssociationCase(title, seed), "ok");
  });

  xsTest(`on XS: ${title}`, async (t) => {
    t.is(await xs.call("runAssociationCase", title, seed), "ok");
  });
}
