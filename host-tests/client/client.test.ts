import test from "ava";
import { allCases } from "./all-cases.js";

for (const [title, run] of Object.entries(allCases)) {
  test(title, (t) => {
    t.notThrows(run);
  });
}
