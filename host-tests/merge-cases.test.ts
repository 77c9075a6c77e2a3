import test from "ava";
import { addCase, mergeCases } from "./merge-cases.js";

test("tables of cases are joined, in order", (t) => {
  t.deepEqual(Object.entries(mergeCases({ a: 1, b: 2 }, {}, { c: 3 })), [
    ["a", 1],
    ["b", 2],
    ["c", 3],
  ]);
});

test("a title that was used before is refused: no case is lost", (t) => {
  t.throws(() => mergeCases({ a: 1, b: 2 }, { b: 2 }), { message: /"b"/ });
  const table = { a: 1 };
  t.throws(() => addCase(table, "a", 2), { message: /"a"/ });
  t.deepEqual(table, { a: 1 });
});
