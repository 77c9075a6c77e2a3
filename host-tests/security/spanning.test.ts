/** Packets that lie in several secured USLP frames: whole, or not at all, and once. */
import test from "ava";
import { XsModule, xsTest } from "../framing/xs-module.js";
import { runSpanningCase, spanningCases } from "./spanning-cases.js";

const xs = new XsModule(import.meta.url, "spanning-cases.js");
test.after.always(() => xs.stop());

for (const title of Object.keys(spanningCases)) {
  test(title, (t) => {
    t.is(runSpanningCase(title), "ok");
  });

  xsTest(`on XS: ${title}`, async (t) => {
    t.is(await xs.call("runSpanningCase", title), "ok");
  });
}
