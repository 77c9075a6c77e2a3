import test from "ava";
import { modulePath } from "../host/xs-support.js";
import { testCasesOnXs } from "../link/xs-cases.js";
import { allCases } from "./all-cases.js";

for (const [title, run] of Object.entries(allCases)) {
  test(title, (t) => {
    t.notThrows(run);
  });
}

testCasesOnXs(
  "keys and roles behave inside XS as on Node, case by case",
  modulePath("./cases-on-xs.js", import.meta.url),
  allCases,
);
