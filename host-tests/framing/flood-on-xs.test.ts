/** What one call of a decoder may cost on a board, in XS's own instructions: they are the same every time. */
import test from "ava";
import { XsMachine } from "../../host/xs-machine.js";
import { modulePath } from "../host/xs-support.js";
import { xsTest } from "./xs-module.js";

const PROGRAM = modulePath("./flood-program.js", import.meta.url);

let machine: XsMachine | undefined;
test.after.always(() => machine?.stop());

/** Runs code on the flood. @returns what it gave, and the instructions that it took */
async function run(code: string): Promise<{ text: string; compute: number }> {
  return (machine as XsMachine).run(`String(${code})`);
}

xsTest("on XS, a call of a decoder that finds nothing costs no more than ten calls that find packets.", async (t) => {
  machine = new XsMachine();
  await machine.evaluate(
    `import(${JSON.stringify(PROGRAM)}).then(({ Flood }) => { globalThis.flood = new Flood(); return "" })`,
  );
  await run("flood.fill()");
  const good = await run("flood.push()");
  t.deepEqual([good.text, (await run("flood.packets")).text], ["done", "85"]);

  const worst = { push: 0, expire: 0 };
  let calls = 0;
  // Behind the first chunk, all of the second one's bytes complete what begins in the first.
  for (let chunk = 0; chunk < 2; chunk++) {
    await run("flood.fill(3)");
    for (let state = "?"; state !== "done"; calls++) {
      const { text, compute } = await run("flood.push()");
      state = text;
      worst.push = Math.max(worst.push, compute);
    }
  }
  for (let state = "?"; state !== "done"; ) {
    const { text, compute } = await run("flood.expire()");
    state = text;
    worst.expire = Math.max(worst.expire, compute);
  }
  t.log(`${good.compute} instructions for a chunk of packets; at most`, worst, `in each of ${calls} calls`);
  t.true(worst.push < 10 * good.compute, "push");
  t.true(worst.expire < 10 * good.compute, "expire");
  t.true(calls > 40, "the work is done in many calls");

  for (let chunk = 0; chunk < 2; chunk++) {
    await run("flood.fill()");
    for (let state = "?"; state !== "done"; ) {
      state = (await run("flood.push()")).text;
    }
  }
  t.is((await run("flood.packets")).text, String(3 * 85), "the packets behind the flood");
});
