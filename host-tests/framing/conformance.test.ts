import test from "ava";
import { cases, runCase } from "./conformance.js";
import { subjects } from "./subjects.js";

for (const { name } of subjects) {
  for (const title of Object.keys(cases)) {
    test(`${name}: ${title}`, (t) => {
      t.is(runCase(name, title), "ok");
    });
  }
}
