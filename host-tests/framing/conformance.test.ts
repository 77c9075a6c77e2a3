import test from "ava";
import { allSubjects, casesFor, runCase } from "./conformance.js";
import { subjects } from "./subjects.js";
import { XsModule, xsTest } from "./xs-module.js";

const xs = new XsModule(import.meta.url, "conformance.js");
test.after.always(() => xs.stop());

/** Framings that `subjects` tells more of. */
const KNOWN = new Set(subjects.map((subject) => subject.framing(64).name));

for (const subject of allSubjects) {
  const isRepeated = !subjects.includes(subject) && KNOWN.has(subject.framing(64).name);
  for (const title of Object.keys(casesFor(subject))) {
    test(`${subject.name}: ${title}`, (t) => {
      t.is(runCase(subject.name, title), "ok");
    });

    // On XS once is enough.
    if (isRepeated) {
      continue;
    }

    xsTest(`on XS: ${subject.name}: ${title}`, async (t) => {
      t.is(await xs.call("runCase", subject.name, title), "ok");
    });
  }
}
