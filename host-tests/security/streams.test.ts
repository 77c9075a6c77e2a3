/** Streams of secured frames, cut anywhere: the same packets, the same counters. */
import test from "ava";
import { XsModule, xsTest } from "../framing/xs-module.js";
import { cutEverywhere, streams } from "./stream-cases.js";

const xs = new XsModule(import.meta.url, "stream-cases.js");
test.after.always(() => xs.stop());

/** Far more than it takes, however busy the machine is. */
const PATIENCE_MS = 300_000;
/** Prime: XS takes its time. */
const STEP_ON_XS = 7;

for (const name of Object.keys(streams)) {
  test(`${name}: a stream of good, damaged, forged and replayed frames can be cut at any point.`, (t) => {
    t.timeout(PATIENCE_MS);
    t.is(cutEverywhere(name), "the same");
  });

  xsTest(
    `on XS: ${name}: a stream of good, damaged, forged and replayed frames can be cut at many points.`,
    async (t) => {
      t.timeout(PATIENCE_MS);
      t.is(await xs.call("cutEverywhere", name, STEP_ON_XS), "the same");
    },
  );
}
