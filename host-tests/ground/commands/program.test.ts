import test from "ava";
import { EXIT_FAILED, EXIT_USAGE, endWith, FailedError } from "../../../ground/commands/program.js";
import { ArgumentError } from "../../../ground/dictionary/argument-error.js";
import { ClosedError } from "../../../ground/link/link-errors.js";
import { UsageError } from "../../../host/command.js";
import { flatlink } from "./run.js";

test("what people can mend is one line with a code of its own; a defect is told with its stack", (t) => {
  t.deepEqual(endWith(new UsageError("no such option")), { exitCode: EXIT_USAGE, text: "no such option" });
  t.deepEqual(endWith(new ArgumentError("x", "x is 1 to 2\nor so")), { exitCode: EXIT_USAGE, text: "x is 1 to 2" });
  t.deepEqual(endWith(new FailedError("not written")), { exitCode: EXIT_FAILED, text: "not written" });
  t.is(endWith(new ClosedError()).exitCode, EXIT_FAILED);
  for (const error of [new TypeError("x.trim is not a function"), new RangeError("Invalid array length")]) {
    t.deepEqual(endWith(error), { exitCode: EXIT_FAILED, text: error.stack! });
  }
});

test("what is wrong with settings, board, framings or host is one line, and a wrong option", async (t) => {
  for (const args of [
    ["--apid", "9999"],
    ["no_such_setting=1"],
    ["--board", "package.json"],
    ["--board", "absent.ts"],
    ["--framings", "absent.js"],
    ["--framing", "smoke"],
    ["--host", ""],
  ]) {
    const { code, stderr } = await flatlink(["tail", "--no-reconnect", "--port", "9", ...args]);
    t.is(code, 2, stderr);
    t.regex(stderr, /^flatlink tail: [^\n]+\n$/);
  }
});
