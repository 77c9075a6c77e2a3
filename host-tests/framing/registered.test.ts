/** Every framing of the registry keeps the contract, whether somebody has written a subject for it or not. */
import test from "ava";
import { registeredCases, registeredSubjects, runRegistered } from "./registered-subjects.js";
import { subjects } from "./subjects.js";
import { XsModule, xsTest } from "./xs-module.js";

const xs = new XsModule(import.meta.url, "registered-subjects.js");
test.after.always(() => xs.stop());

/** Framings that the conformance suite has a subject for: it runs them on XS. */
const KNOWN = new Set(subjects.map((subject) => subject.framing(64).name));

for (const subject of registeredSubjects) {
  for (const title of Object.keys(registeredCases(subject))) {
    test(`${subject.name}: ${title}`, (t) => {
      t.is(runRegistered(subject.name, title), "ok");
    });

    if (!KNOWN.has(subject.framing(64).name)) {
      xsTest(`on XS: ${subject.name}: ${title}`, async (t) => {
        t.is(await xs.call("runRegistered", subject.name, title), "ok");
      });
    }
  }
}
