import { readdirSync } from "node:fs";
import test from "ava";
import { casesFor } from "./conformance.js";
import { cuts, rooms, step } from "./steps.js";
import type { Subject } from "./subject.js";
import { framingNames, subjects } from "./subjects.js";

test("The suite is run on every framing, in a file of its own.", (t) => {
  const folder = new URL("conformance/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".test.js"));
  t.deepEqual(files.map((name) => name.replace(".test.js", "")).sort(), [...framingNames]);
});

test("No two subjects have the same name, and each has cases.", (t) => {
  t.is(new Set(subjects.map(({ name }) => name)).size, subjects.length);
  t.true(subjects.every((subject) => Object.keys(casesFor(subject)).length > 1));
});

const whole = subjects[0] as Subject;
const stepped = { ...whole, stepped: true };
const parts = [20, 7, 33].map((length) => new Uint8Array(length));

test("Where no steps are taken, every position and length is tried.", (t) => {
  t.deepEqual(
    cuts(whole, parts),
    Array.from({ length: 61 }, (_, at) => at),
  );
  t.deepEqual(rooms(whole, 5, 9, 12), [5, 6, 7, 8, 9, 10, 11, 12]);
  t.is(step(whole, 7, 8), 7);
});

test("Steps leave out no kind of position: both ends, around the joints, and in between.", (t) => {
  const tried = cuts(stepped, parts);
  t.deepEqual(
    tried,
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30, 33, 44, 55, 56, 57, 58, 59, 60],
  );
  t.deepEqual(rooms(stepped, 10, 50, 70), [10, 11, 12, 21, 32, 43, 48, 49, 50, 51, 52, 54, 65, 68, 69, 70]);
  t.is(step(stepped, 7, 8), 56);
});
