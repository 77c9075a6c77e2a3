import avaTest, { type ExecutionContext } from "ava";
import { XsMachine } from "../../host/xs-machine.js";
import { Flatsat } from "../../modules/flatsat/application.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { EXAMPLES } from "../ground/framing-examples.js";
import { modulePath, xs } from "../host/xs-support.js";
import { projectFile } from "../project.js";
import { Desk } from "./desk.js";

const xsTest = xs.available ? avaTest : avaTest.skip;
const test = avaTest;

/** More than is needed, at most. */
const MARGIN = 0.1;

type Settings = Record<string, string>;

/** Holds what is said to be needed against what XS counts. */
async function compare(t: ExecutionContext, configurations: readonly Settings[], monitors = false): Promise<void> {
  const machine = new XsMachine();
  t.teardown(() => machine.stop());
  await machine.import(modulePath("./heap-program.js", import.meta.url));
  // Two collections: the first one may find the value of the command before it still in use.
  const count = async () => {
    await machine.evaluate("gc(); 0");
    return (await machine.run("gc(); 0")).currentHeapCount;
  };
  await machine.evaluate(`boot({}, ${monitors})`);
  let most = 0;
  for (const settings of configurations) {
    const before = await count();
    const said = Number(await machine.evaluate(`boot(${JSON.stringify(settings)}, ${monitors})`));
    const taken = (await count()) - before;
    const what = `${JSON.stringify(settings)}: ${said} said, ${taken} taken`;
    t.true(said >= taken, what);
    t.true(said <= taken * (1 + MARGIN), what);
    most = Math.max(most, said / taken);
  }
  t.log(`${configurations.length} configurations: at most ${Math.round((most - 1) * 1000) / 10} % more than is taken`);
}

xsTest(
  "The slots that are said to be needed are those that XS counts, or somewhat more: ports and clients.",
  async (t) => {
    const ports = [
      "space-packets:1,crc=check16,packet-ids=0x1800,id-mask=0x1800",
      "cobs:2",
      "slip:3,role=tc",
      "uslp:4,scid=1",
    ];
    const configurations: Settings[] = [];
    for (let n = 1; n <= ports.length; n++) {
      for (const clients of [1, 2, 4, 6, 8]) {
        configurations.push({ listen: ports.slice(0, n).join(" "), max_clients: String(clients) });
      }
    }
    await compare(t, [
      ...configurations,
      { staging: "8" },
      { staging: "8192", max_telemetry: "8000", log_length: "9000" },
      { listen: "cobs:1 cobs:2 cobs:3 cobs:4", max_clients: "8" },
    ]);
  },
);

xsTest("The slots that are said to be needed are those that XS counts, or somewhat more: every framing.", async (t) => {
  await compare(
    t,
    EXAMPLES.map(({ framing }, n) => {
      const [name, ...options] = framing.split(",");
      return { listen: [`${name}:${n + 1}`, ...options].join(","), max_clients: String(1 + (n % 6)) };
    }),
  );
});

xsTest("The slots that are said to be needed are those that XS counts, or somewhat more: a board that monitors.", (t) =>
  compare(t, [{}, { max_clients: "6" }, { listen: "cobs:1", max_clients: "1" }], true),
);

/** The heap of the manifest, and what it is told. */
const { creation, config } = JSON.parse(projectFile("manifest.json")) as {
  creation: { heap: { initial: number } };
  config: { heap_slots: number };
};

test("The main program is told of the heap that the manifest makes.", (t) => {
  t.is(config.heap_slots, creation.heap.initial);
});

function make(heapSlots: number, settings: Settings): Flatsat {
  const desk = new Desk();
  return new Flatsat({
    ...parseConfiguration({ memory: "100000", ...settings }),
    io: { Listener: class {}, TCP: class {} } as never,
    ticker: desk.time.ticker,
    clock: desk.time.clock,
    heapSlots,
  });
}

test("The default ports with six clients fit the board's heap.", (t) => {
  t.notThrows(() => make(creation.heap.initial, { max_clients: "6" }));
});

test("What does not fit the heap is refused before it is made, in words, with what would do.", (t) => {
  const refusal = (slots: number, settings: Settings) =>
    t.throws(() => make(slots, settings), { instanceOf: RangeError })!.message;
  const four = "cobs:1 cobs:2 cobs:3 cobs:4";
  const message = refusal(creation.heap.initial, { listen: four, max_clients: "6" });
  const [, clients] =
    /^the heap has 6144 slots, and \d+ are needed for 4 ports and max_clients 6: max_clients=(\d) fits, or name fewer ports, or raise creation\.heap\.initial in manifest\.json$/.exec(
      message,
    ) ?? [];
  t.true(Number(clients) >= 1 && Number(clients) < 6, message);
  t.notThrows(() => make(creation.heap.initial, { listen: four, max_clients: clients! }));
  t.throws(() => make(creation.heap.initial, { listen: four, max_clients: String(Number(clients) + 1) }));
  t.regex(
    refusal(1000, { listen: "cobs:1", max_clients: "1" }),
    /for 1 port and max_clients 1: name fewer ports, or raise/,
  );
});
