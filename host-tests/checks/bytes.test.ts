import { runInNewContext } from "node:vm";
import test from "ava";
import { className, isBytes } from "../../modules/checks/bytes.js";

/** As what a test runner hands over that gives each test a realm of its own: a Buffer keeps the class of another one. */
const FOREIGN = `({
  bytes: new Uint8Array(2),
  buffer: new (class Buffer extends Uint8Array {})(2),
  clamped: new Uint8ClampedArray(2),
  signed: new Int8Array(2),
  view: new DataView(new ArrayBuffer(2)),
})`;

test("Bytes are told from everything else, in this realm and in another.", (t) => {
  const foreign = runInNewContext(FOREIGN) as Record<string, unknown>;
  t.false(foreign["bytes"] instanceof Uint8Array);
  for (const bytes of [new Uint8Array(2), Buffer.from("ab"), foreign["bytes"], foreign["buffer"]]) {
    t.true(isBytes(bytes));
  }
  const others = [new Uint8ClampedArray(2), new Int8Array(2), new DataView(new ArrayBuffer(2)), new ArrayBuffer(2)];
  const impostors = [Object.create(Uint8Array.prototype), { length: 2, constructor: Uint8Array }, [1, 2], "ab", null];
  for (const other of [...others, ...impostors, foreign["clamped"], foreign["signed"], foreign["view"], undefined]) {
    t.false(isBytes(other));
  }
});

test("A class has its name, and what has no class has none.", (t) => {
  t.is(className(new Uint16Array(1)), "Uint16Array");
  t.is(className(new (class {})()), "");
  t.is(className(Object.create(null)), "");
  t.is(className({ constructor: null }), "");
});
