/** Keys and lines that do not end as they should. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { closeKeys } from "../../../ground/keys/close-keys.js";
import { KeyError } from "../../../ground/keys/key-error.js";
import { writeAll } from "../../../ground/keys/write-all.js";

test("a key that cannot be closed leaves no other open", (t) => {
  const closed: string[] = [];
  const key = (name: string, fails: boolean) => ({
    close() {
      closed.push(name);
      if (fails) {
        throw new KeyError(name);
      }
    },
  });
  const error = t.throws(() => closeKeys([key("a", true), undefined, key("b", true), key("c", false)]), {
    instanceOf: KeyError,
  });
  t.is(error?.message, "a");
  t.deepEqual(closed, ["a", "b", "c"]);
});

(process.platform === "win32" ? test.skip : test)("a line that takes nothing is told in one line", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-line-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "line");
  execFileSync("mkfifo", [path]);
  const line = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  t.teardown(() => closeSync(line));
  writeAll(line, Buffer.from("key"), "the line", 100);
  t.throws(
    () => {
      for (;;) {
        writeSync(line, Buffer.alloc(1024));
      }
    },
    { code: "EAGAIN" },
  );
  t.throws(() => writeAll(line, Buffer.alloc(1024), "the line", 100), {
    instanceOf: KeyError,
    message: /^the line takes nothing/,
  });
  t.throws(() => writeAll(-1, Buffer.alloc(1), "the line", 100), { instanceOf: KeyError, message: /^the line: / });
});
