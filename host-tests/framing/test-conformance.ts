/** The conformance suite as tests: on Node with every step, on XS with those that leave out no kind of position or length. */
import test from "ava";
import { casesFor, runCase } from "./conformance.js";
import { framingOf, subjects } from "./subjects.js";
import { XsModule, xsTest } from "./xs-module.js";

/** @param framing its own name: all that are made with it are tested */
export function testConformance(framing: string): void {
  const xs = new XsModule(import.meta.url, "conformance.js");
  test.after.always(() => xs.stop());
  for (const subject of subjects.filter((each) => framingOf(each) === framing)) {
    for (const title of Object.keys(casesFor(subject))) {
      test(`${subject.name}: ${title}`, (t) => {
        t.is(runCase(subject.name, title), "ok");
      });

      xsTest(`on XS: ${subject.name}: ${title}`, async (t) => {
        t.is(await xs.call("runCase", subject.name, title, true), "ok");
      });
    }
  }
}
