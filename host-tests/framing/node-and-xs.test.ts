/** The same streams on both engines: the same packets, the same counters. */
import test from "ava";
import { runStreams } from "./random-streams.js";
import { subjects } from "./subjects.js";
import { XsModule, xsTest } from "./xs-module.js";

const SEEDS = 20;

const xs = new XsModule(import.meta.url, "random-streams.js");
test.after.always(() => xs.stop());

for (const { name, cutsPass } of subjects) {
  xsTest(`${name}: Node and XS get the same packets and counters out of the same random streams.`, async (t) => {
    const onNode = runStreams(name, 1, SEEDS).split("\n");
    const onXs = (await xs.call("runStreams", name, 1, SEEDS)).split("\n");
    t.deepEqual(onXs, onNode);
    t.is(onNode.length, SEEDS);
    t.true(onNode.every((line) => !line.startsWith("0 packets") && (cutsPass || /"droppedBytes":[1-9]/.test(line))));
  });
}
