import test from "ava";
import { modulePath } from "../host/xs-support.js";
import { testCasesOnXs } from "../link/xs-cases.js";
import { ownCases } from "./own-cases.js";

for (const [title, run] of Object.entries(ownCases)) {
  test(title, (t) => {
    t.notThrows(run);
  });
}

testCasesOnXs(
  "services on a dictionary behave inside XS as on Node, case by case",
  modulePath("./own-cases.js", import.meta.url),
  ownCases,
);
