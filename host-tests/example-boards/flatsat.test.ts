import avaTest from "ava";
import * as flatsat from "../../examples/flatsat/board.js";
import type { EventDefinition, ParameterDefinition } from "../../modules/dictionary/dictionary.js";
import { Desk, lastData, messages, telecommand } from "../flatsat/desk.js";
import { modulePath, xs } from "../host/xs-support.js";
import { ProgramOnXs } from "../link/heap-growth.js";
import { testCasesOnXs } from "../link/xs-cases.js";
import { flatsatCases } from "./flatsat-cases.js";

const { dictionary } = flatsat;
const test = avaTest;
const xsTest = xs.available ? avaTest : avaTest.skip;

for (const [title, run] of Object.entries(flatsatCases)) {
  test(title, (t) => {
    t.notThrows(run);
  });
}

testCasesOnXs(
  "the simulated flatsat behaves inside XS as on Node, case by case",
  modulePath("./cases-on-xs.js", import.meta.url),
  flatsatCases,
);

xsTest("on XS, the simulated flatsat allocates no slot for a minute of ticks, or a telecommand", async (t) => {
  t.timeout(300_000);
  await ProgramOnXs.use(modulePath("./allocation-program.js", import.meta.url), async (program) => {
    for (const title of program.titles) {
      t.deepEqual(await program.growth(title, 2, 20), { few: 0, many: 0 }, title);
    }
  });
});

test("it has something of everything: what the documents promise", (t) => {
  const parameters: [string, ParameterDefinition][] = Object.entries(dictionary.parameters);
  t.true(parameters.length >= 20 && parameters.length <= 30, `${parameters.length} parameters`);
  t.is(Object.keys(dictionary.structures).length, 4);
  const reported = Object.values(dictionary.structures).flatMap(({ parameters: names }): readonly string[] => names);
  t.deepEqual([...reported].sort(), parameters.map(([name]) => name).sort(), "each is reported once");
  for (const [name, { group }] of parameters) {
    t.not(group, undefined, name);
  }
  for (const [name, { text }] of Object.entries<EventDefinition>(dictionary.events)) {
    t.not(text, undefined, name);
  }
});

test("its functions are telecommands, with failure codes of its own; its parameters can be read and set", (t) => {
  const desk = new Desk({}, { board: flatsat });
  desk.flatsat.start();
  const client = desk.connect();
  const send = (packet: Uint8Array): string[] => {
    const before = messages(client).length;
    client.peer.send(packet);
    desk.network.settle();
    return messages(client).slice(before);
  };
  const { functions, failureCodes, parameters } = dictionary;
  const { payload } = parameters.mode.words;
  t.deepEqual(send(telecommand(8, 1, [functions.switchPayload.id, 1])), ["1,1", "1,3", "1,8"]);
  const failed = lastData(client, "1,8");
  t.is(failed[4]! * 256 + failed[5]!, failureCodes.notInPayloadMode.code);
  t.deepEqual(Array.from(failed.subarray(6)), [0, 0, 0, parameters.mode.words.nominal], "with the mode");
  t.deepEqual(send(telecommand(8, 1, [functions.setMode.id, payload])), ["1,1", "1,3", "5,2", "1,7"]);
  t.deepEqual(send(telecommand(8, 1, [functions.setMode.id, 3])), ["1,1", "1,4"]);
  t.deepEqual(send(telecommand(20, 3, [1, 1, 64, 30])), ["1,1", "1,4"], "out of its range");
  t.deepEqual(send(telecommand(20, 3, [1, 1, 64, 10])), ["1,1", "1,3", "1,8"], "not below the other set-point");
  t.deepEqual(send(telecommand(20, 3, [1, 1, 64, 2])), ["1,1", "1,3", "1,7"]);
  t.is(desk.value("heaterOnBelow"), 2);
  desk.advance(10_000);
  const counts = new Map<number, number>();
  for (const packet of client.packets()) {
    if (packet[7] === 3 && packet[8] === 25) {
      counts.set(packet[20]!, (counts.get(packet[20]!) ?? 0) + 1);
    }
  }
  t.deepEqual(
    Object.values(dictionary.structures).map(({ id }) => counts.get(id)),
    [5, 2, 10, 2],
    "reports in 10 s",
  );
  t.deepEqual(send(telecommand(8, 1, [functions.switchPayload.id, 1])), ["1,1", "1,3", "1,7"]);
  for (let k = 0; k < 12 && !messages(client).includes("12,12"); k++) {
    desk.advance(10_000);
  }
  t.deepEqual([...lastData(client, "12,12").subarray(0, 3)], [1, 1, 18], "the board's own watch: the payload is warm");
});
