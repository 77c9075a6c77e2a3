import test from "ava";
import { XsMachine } from "../../host/xs-machine.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { ServiceDefinition } from "../../modules/dictionary/dictionary.js";
import { wholeHash, wireHash } from "../../modules/dictionary/dictionary-hash.js";
import { modulePath, xs } from "../host/xs-support.js";
import { FOR_THE_GROUND, hashes, ON_THE_WIRE } from "./hash-changes.js";
import { BOARD } from "./sample.js";

const [original = "", ...changed] = hashes();
const [wire, whole] = original.split(" ");

for (const [k, [path, value]] of ON_THE_WIRE.entries()) {
  test(`another wire hash, another whole hash: ${path} ${JSON.stringify(value) ?? "taken away"}`, (t) => {
    const [itsWire, itsWhole] = changed[k]!.split(" ");
    t.not(itsWire, wire);
    t.not(itsWhole, whole);
  });
}

for (const [k, [path, value]] of FOR_THE_GROUND.entries()) {
  test(`the same wire hash, another whole hash: ${path} ${JSON.stringify(value) ?? "taken away"}`, (t) => {
    const [itsWire, itsWhole] = changed[ON_THE_WIRE.length + k]!.split(" ");
    t.is(itsWire, wire);
    t.not(itsWhole, whole);
  });
}

test("every change has a hash of its own", (t) => {
  t.is(new Set(hashes().map((line) => line.split(" ")[1])).size, hashes().length);
  t.is(new Set(changed.slice(0, ON_THE_WIRE.length).map((line) => line.split(" ")[0])).size, ON_THE_WIRE.length);
});

test("hashes are 32 bits, known ones, and the same after a way through JSON", (t) => {
  const again = JSON.parse(JSON.stringify(BOARD)) as BoardDictionary;
  for (const hash of [wireHash, wholeHash]) {
    t.true(Number.isInteger(hash(BOARD)) && hash(BOARD) >= 0 && hash(BOARD) < 2 ** 32);
    t.is(hash(again), hash(BOARD));
    t.is(hash(BOARD), hash(BOARD), "and the same when asked again");
  }
});

test("names are for people: another one changes the whole hash only", (t) => {
  const { celsius, ...rest } = BOARD.parameters!;
  const renamed = {
    ...BOARD,
    parameters: { warmth: celsius!, ...rest },
    structures: { thermal: { ...BOARD.structures!["thermal"]!, parameters: ["warmth", "mode"] } },
  };
  t.is(wireHash(renamed), wireHash(BOARD));
  t.not(wholeHash(renamed), wholeHash(BOARD));
});

test("a variant of one message is not taken for another message", (t) => {
  const withRequests = (requests: ServiceDefinition["requests"]) =>
    wireHash({ ...BOARD, services: { x: { type: 200, ...(requests === undefined ? {} : { requests }) } } });
  const head = { values: { id: { type: "uint8" } } } as const;
  t.not(
    withRequests({ a: { subtype: 1, ...head, variants: { v: { id: 2 } } } }),
    withRequests({ a: { subtype: 1, ...head }, v: { subtype: 2 } }),
  );
});

(xs.available ? test : test.skip)("XS and Node have the same hashes", async (t) => {
  const machine = new XsMachine();
  t.teardown(() => machine.stop());
  await machine.import(modulePath("./hash-changes.js", import.meta.url));
  t.deepEqual(JSON.parse(await machine.evaluate("hashes()")), hashes());
});
