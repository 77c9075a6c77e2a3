/** Secured frames of which one bit is another one. */
import test from "ava";
import { XsModule, xsTest } from "../framing/xs-module.js";
import { flipAll, flipCarried, flipCases } from "./flip-cases.js";

const xs = new XsModule(import.meta.url, "flip-cases.js");
test.after.always(() => xs.stop());

const FECF_BITS = 16;
/** Far more than it takes, however busy the machine is. */
const PATIENCE_MS = 300_000;

for (const [name, { frame, uncovered }] of Object.entries(flipCases)) {
  const bits = 8 * frame.length;
  const damaged = `${bits} bits, 0 without effect`;
  const forged = `${bits - FECF_BITS} bits, ${uncovered.length} without effect`;

  test(`${name}: no bit that flips goes through, none changes what the board knows, and the good frame comes through.`, (t) => {
    t.is(flipAll(name, false), damaged);
  });

  test(`${name}: with the FECF right again, only bits go through that mean nothing to the board, and once.`, (t) => {
    t.is(flipAll(name, true), forged);
  });

  xsTest(`on XS: ${name}: no bit that flips goes through, with the FECF right again or not.`, async (t) => {
    t.timeout(PATIENCE_MS);
    t.is(await xs.call("flipAll", name, false), damaged);
    t.is(await xs.call("flipAll", name, true), forged);
  });
}

test("no bit of a frame that flips goes through over COBS.", (t) => {
  t.regex(flipCarried(), /^[0-9]{3} bits, 1 good frame$/);
});
