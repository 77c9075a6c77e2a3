import test from "ava";
import { Report } from "../../host/report.js";

/** What people see of an event. */
function shown(...events: Parameters<Report["log"]>): string {
  let line = "";
  new Report({ json: false, quiet: false, write: (written) => (line = written) }).log(...events);
  return line.replace(/^\S+ /, "");
}

test("a board's own text is one line, and moves no cursor", (t) => {
  const text = "boom\nsecond \u001b[31mred\u0007\u009b and ok: äö ✓";
  const plain = "boom second  [31mred   and ok: äö ✓";
  t.is(shown({ event: "message", text }), `board: ${plain}`);
  t.is(shown({ event: "error", message: text, connection: undefined, server: undefined }), `error: ${plain}`);
});
