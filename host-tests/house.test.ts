/** How the files of the project hang together. */
import test from "ava";
import { allImports, circlesOf } from "./circles.js";

test("no imports go in a circle, those of types included", (t) => {
  const imports = allImports();
  t.true(imports.size > 400);
  t.true([...imports.values()].flat().length > 1500);
  t.deepEqual(circlesOf(imports), []);
});

test("circles are found: of one file, of two, of several with a way in and a way out", (t) => {
  const imports = new Map([
    ["itself", ["itself"]],
    ["in", ["a"]],
    ["a", ["b", "out"]],
    ["b", ["c"]],
    ["c", ["a"]],
    ["out", []],
    ["one", ["other"]],
    ["other", ["one", "out"]],
  ]);
  t.deepEqual(circlesOf(imports), [["a", "b", "c"], ["itself"], ["one", "other"]]);
});
