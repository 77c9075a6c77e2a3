/**
 * Whatever the dictionary: what the board sends, read by a decoder made of the JSON alone, is what was set; what its encoder writes is what
 * the board is given. FLATLINK_DICTIONARIES=10000 tries more of them.
 */
import test from "ava";
import fc from "fast-check";
import { XsMachine } from "../../host/xs-machine.js";
import { modulePath, xs } from "../host/xs-support.js";
import { checkAsyncProperty, checkProperty } from "../seeded-properties.js";
import { decode, encode } from "./independent-codec.js";
import { checkWire } from "./wire-check.js";

const DICTIONARIES = Number(process.env["FLATLINK_DICTIONARIES"] ?? 300);
/** Dictionaries that XS tries in one command. */
const AT_ONCE = 25;
const seeds = fc.integer({ min: 0, max: 0xffffffff });

test("the independent decoder reads what it should, octet by octet", (t) => {
  const octets = Uint8Array.of(0xff, 0xfe, 1, 0x61, 0, 0x80, 0, 1, 0b10110000, 0x3f, 0xc0, 0, 0);
  const definitions = [
    { type: "int16" },
    { type: "boolean" },
    { type: "ascii", length: 2 },
    { type: "int24" },
    { type: "uint8", bits: { a: { width: 2 }, b: { width: 3 } } },
    { type: "float32" },
  ];
  const values = [-2, true, "a", -0x7fffff, { a: 2, b: 6 }, 1.5];
  t.deepEqual(decode(definitions, octets), values);
  t.deepEqual(
    definitions.flatMap((definition, k) => Array.from(encode(definition, values[k]!))),
    Array.from(octets),
  );
  t.throws(() => decode(definitions, octets.subarray(1)), { message: /bounds|octets/ });
  t.throws(() => decode([{ type: "uint8" }], octets), { message: "13 octets came, and the dictionary says 1" });
});

test(`${DICTIONARIES} random dictionaries on Node`, (t) => {
  t.timeout(600_000);
  checkProperty(
    t,
    fc.property(seeds, (seed) => checkWire(seed)),
    DICTIONARIES,
  );
});

(xs.available ? test : test.skip)(`${DICTIONARIES} random dictionaries on XS`, async (t) => {
  t.timeout(600_000);
  const machine = new XsMachine();
  t.teardown(() => machine.stop());
  await machine.import(modulePath("./wire-check.js", import.meta.url));
  const property = fc.asyncProperty(fc.array(seeds, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (some) => {
    t.is(await machine.evaluate(`checkWires(${JSON.stringify(some)})`), "");
  });
  await checkAsyncProperty(t, property, Math.ceil(DICTIONARIES / AT_ONCE));
});
