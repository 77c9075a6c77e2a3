/** Limits, hashes and verification: what a decoded packet means. */
import test from "ava";
import fc from "fast-check";
import { HashCheck, hashText } from "../../../ground/dictionary/hash-check.js";
import { limitState, worseState } from "../../../ground/dictionary/limit-state.js";
import { decodePacket } from "../../../ground/dictionary/packet-decoder.js";
import { describeFailure, verificationIn } from "../../../ground/dictionary/verification.js";
import { calibrate } from "../../../modules/dictionary/calibration.js";
import { wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { buildTelemetry } from "../../../modules/pus/build-parse.js";
import { checkProperty } from "../../seeded-properties.js";
import { report } from "../link/board.js";
import { boardWith, FLATSAT } from "./boards.js";

const LIMITS = { warning: { low: 10, high: 20 }, critical: { low: 5, high: 25 } } as const;

test("a value is good up to its limits, the limits included", (t) => {
  const states = [4, 5, 9, 10, 20, 21, 25, 26].map((raw) => limitState({ type: "uint8", limits: LIMITS }, raw));
  t.deepEqual(states, [
    "criticalLow",
    "warningLow",
    "warningLow",
    "ok",
    "ok",
    "warningHigh",
    "warningHigh",
    "criticalHigh",
  ]);
  t.is(limitState({ type: "uint8" }, 7), undefined);
  t.is(limitState({ type: "float32", limits: LIMITS }, Number.NaN), undefined);
  t.is(limitState({ type: "boolean", limits: LIMITS }, true), undefined);
});

test("limits are in the unit: also where greater raw numbers are smaller values, and where there is no way back", (t) => {
  const falling = { type: "int16", limits: LIMITS, calibration: { polynomial: [30, -1] } } as const;
  t.deepEqual(
    [4, 5, 10, 20, 21, 25, 26].map((raw) => limitState(falling, raw)),
    ["criticalHigh", "warningHigh", "ok", "ok", "warningLow", "warningLow", "criticalLow"],
  );
  const square = { type: "int16", limits: LIMITS, calibration: { polynomial: [0, 0, 1] } } as const;
  t.deepEqual(
    [0, 3, 4, 5].map((raw) => limitState(square, raw)),
    ["criticalLow", "warningLow", "ok", "warningHigh"],
  );
  // 0.1 is a little more as a float32, and good all the same.
  t.is(limitState({ type: "float32", limits: { warning: { high: 0.1 } } }, Math.fround(0.1)), "ok");
});

test("of integers with a line for calibration, the state is what the calibrated value says", (t) => {
  checkProperty(
    t,
    fc.property(
      fc.integer({ min: -99, max: 99 }),
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: -500, max: 500 }),
      (offset, slope, raw) => {
        const calibration = { polynomial: [offset, slope] };
        const value = calibrate(calibration, raw);
        const expected =
          value < 5
            ? "criticalLow"
            : value > 25
              ? "criticalHigh"
              : value < 10
                ? "warningLow"
                : value > 20
                  ? "warningHigh"
                  : "ok";
        t.is(limitState({ type: "int16", limits: LIMITS, calibration }, raw), expected);
      },
    ),
    500,
  );
});

test("critical is worse than a warning, which is worse than good", (t) => {
  t.is(worseState("ok", "warningLow"), "warningLow");
  t.is(worseState("criticalHigh", "warningLow"), "criticalHigh");
  t.is(worseState("warningLow", "warningHigh"), "warningLow");
  t.is(worseState(undefined, "ok"), "ok");
});

/** A parameter report, with the hash. */
function hashReport(hash: number): Uint8Array {
  return report(20, 2, Uint8Array.of(1, 0, 20, hash >>> 24, (hash >>> 16) & 0xff, (hash >>> 8) & 0xff, hash & 0xff));
}

test("the hash is found in a report of the parameter, and told when it is news", (t) => {
  const check = new HashCheck(FLATSAT);
  t.is(check.own, wireHash(FLATSAT));
  t.is(check.look(report(17, 2)), undefined);
  t.is(check.look(report(20, 2, Uint8Array.of(1, 0, 1, 0, 0, 0, 9))), undefined, "another parameter");
  t.is(check.found, undefined);
  t.is(check.look(hashReport(check.own)), true);
  t.is(check.look(hashReport(check.own)), undefined, "nothing new");
  t.is(check.look(hashReport(7)), false);
  t.is(check.look(hashReport(7)), undefined);
  t.is(check.found, 7);
  const damaged = hashReport(9);
  damaged[23]! ^= 1;
  t.is(check.look(damaged), undefined);
  t.is(check.look(report(20, 2, Uint8Array.of(1, 0, 20))), undefined, "cut off");
  t.is(hashText(0xff), "0x000000ff");
});

test("the hash is found in housekeeping, also where the packet does not decode", (t) => {
  const check = new HashCheck(FLATSAT);
  const own = boardWith({ name: "other" }, { listen: "cobs:7302" });
  // The parameters up to the hash are every board's; those of its ports are not.
  const octets = FLATSAT.structures!["board"]!.parameters.indexOf("dictionaryHash");
  t.true(octets > 0);
  const values = new Uint8Array(1 + 200);
  values[0] = 1;
  const at = 1 + 4 * octets - 3 - 3;
  new DataView(values.buffer).setUint32(at, wireHash(own));
  const packet = report(3, 25, values);
  t.throws(() => decodePacket(FLATSAT, packet));
  t.is(check.look(packet), false);
  t.is(check.found, wireHash(own));
});

test("stages and failures, with the words and the data of the dictionary", (t) => {
  const requestId = [0x18, 0x02, 0xc0, 0x05];
  const of = (subtype: number, ...more: number[]) =>
    verificationIn(FLATSAT, decodePacket(FLATSAT, report(1, subtype, Uint8Array.of(...requestId, ...more))));
  t.deepEqual(of(1), { requestId: 0x1802c005, stage: "accepted" });
  t.deepEqual(of(3), { requestId: 0x1802c005, stage: "started" });
  t.deepEqual(of(5, 4), { requestId: 0x1802c005, stage: "progressed", step: 4 });
  t.deepEqual(of(7), { requestId: 0x1802c005, stage: "completed" });
  t.like(of(10, 0, 7, 0, 0, 0, 9), {
    stage: "accepted",
    failure: { code: 7, word: "unknownApplicationProcess", data: 9 },
  });
  const failed = of(8, 1, 2, 0, 0, 0, 3)!;
  t.is(describeFailure(failed.failure!), "noSpin (258), there is no spin to brake; failure data 3");
  const unknown = of(2, 0x7f, 0xff, 0, 0, 0, 3)!;
  t.is(describeFailure(unknown.failure!), "failure code 32767 (32767); failure data 3");
  const timeStamp = Uint8Array.of(0x40, 0, 0, 0, 0, 0, 0);
  const alive = buildTelemetry({ apid: 2, serviceType: 17, messageSubtype: 2, timeStamp });
  t.is(verificationIn(FLATSAT, decodePacket(FLATSAT, alive)), undefined);
});
