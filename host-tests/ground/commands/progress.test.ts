import test from "ava";
import { withProgress } from "../../../ground/commands/progress.js";

test("what takes longer is told on a terminal, and the line is gone when it is done", async (t) => {
  const written: string[] = [];
  let done: (value: number) => void = () => {};
  const result = new Promise<number>((resolve) => {
    done = resolve;
  });
  // It is done when the line has been seen.
  const stream = {
    isTTY: true,
    write(text: string) {
      written.push(text);
      done(7);
    },
  };
  t.is(await withProgress("compiling", result, stream, 10), 7);
  t.deepEqual(written, ["compiling ...", "\r\u001b[K"]);
});

test("what is quick, fails, or has no terminal is not told", async (t) => {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  t.is(await withProgress("quick", Promise.resolve(1), { isTTY: true, write }, 600_000), 1);
  await t.throwsAsync(withProgress("failing", Promise.reject(new Error("no")), { isTTY: true, write }, 600_000), {
    message: "no",
  });
  let done: () => void = () => {};
  const slow = new Promise<void>((resolve) => {
    done = resolve;
  });
  const waiting = withProgress("slow", slow, { write }, 0);
  setTimeout(done, 20);
  await waiting;
  t.deepEqual(written, []);
});
