import test from "ava";
import { casesFor, runCase } from "./conformance.js";
import { subjects } from "./subjects.js";
import { XsModule, xsTest } from "./xs-module.js";

const xs = new XsModule(import.meta.url, "conformance.js");
test.after.always(() => xs.stop());

for (const subject of subjects) {
  for (const title of Object.keys(casesFor(subject))) {
    test(`${subject.name}: ${title}`, (t) => {
      t.is(runCase(subject.name, title), "ok");
    });

    xsTest(`on XS: ${subject.name}: ${title}`, async (t) => {
      t.is(await xs.call("runCase", subject.name, title), "ok");
    });
  }
}
