import avaTest, { type ExecutionContext } from "ava";
import * as flatsat from "../../examples/flatsat/board.js";
import { XsMachine } from "../../host/xs-machine.js";
import type { Dictionary } from "../../modules/dictionary/dictionary.js";
import { Flatsat } from "../../modules/flatsat/application.js";
import type { AnyBoardModule } from "../../modules/flatsat/board-module.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { EXAMPLES } from "../ground/link/framing-examples.js";
import { modulePath, xs } from "../host/xs-support.js";
import { projectFile } from "../project.js";
import { Desk } from "./desk.js";

const xsTest = xs.available ? avaTest : avaTest.skip;
const test = avaTest;

/** More than is needed, at most. */
const MARGIN = 0.1;

type Settings = Record<string, string>;

/** Holds what is said to be needed against what XS counts. @param boards of one's own by name; each is made with every configuration */
async function compare(
  t: ExecutionContext,
  configurations: readonly Settings[],
  boards: Readonly<Record<string, Dictionary | undefined>> = { none: undefined },
): Promise<void> {
  const machine = new XsMachine();
  t.teardown(() => machine.stop());
  await machine.import(modulePath("./heap-program.js", import.meta.url));
  // Two collections: the first one may find the value of the command before it still in use.
  const count = async () => {
    await machine.evaluate("gc(); 0");
    return (await machine.run("gc(); 0")).currentHeapCount;
  };
  await machine.evaluate("boot({})");
  let most = 0;
  for (const [name, dictionary] of Object.entries(boards)) {
    if (dictionary !== undefined) {
      await machine.evaluate(`define("${name}", ${JSON.stringify(dictionary)})`);
    }
    for (const settings of configurations) {
      const before = await count();
      const said = Number(await machine.evaluate(`boot(${JSON.stringify(settings)}, "${name}")`));
      const taken = (await count()) - before;
      const what = `${name}, ${JSON.stringify(settings)}: ${said} said, ${taken} taken`;
      t.true(said >= taken, what);
      t.true(said <= taken * (1 + MARGIN), what);
      most = Math.max(most, said / taken);
    }
  }
  t.log(
    `${configurations.length * Object.keys(boards).length} configurations: at most ${Math.round((most - 1) * 1000) / 10} % more than is taken`,
  );
}

xsTest(
  "The slots that are said to be needed are those that XS counts, or somewhat more: ports and clients.",
  async (t) => {
    const ports = [
      "space-packets:1,crc=check16,packet-ids=0x1800,id-mask=0x1800",
      "cobs:2",
      "slip:3,role=tc",
      "uslp:4,scid=1",
      "tc-frames:5,scid=1",
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

xsTest("The slots that are said to be needed are those that XS counts, or somewhat more: keys.", async (t) => {
  const commanders = Array.from({ length: 8 }, (_, n) => `${n + 1}=commander`);
  const secured = "tc-frames:1,scid=1,sdls=tc";
  const sealed = "tc-frames:2,scid=1,sdls=tmtc,over=cobs";
  const operator = `8=operator:${Array.from({ length: 40 }, (_, n) => n + 1).join("+")}`;
  await compare(t, [
    { security: "1=commander" },
    { security: commanders.join(" ") },
    { security: [...commanders.slice(0, 7), operator].join(" ") },
    { security: [...commanders.slice(0, 7), "9=telemetry"].join(" ") },
    ...[1, 4, 8].flatMap((clients) => [
      { listen: secured, security: "1=commander", max_clients: String(clients) },
      { listen: `${secured} ${sealed}`, security: "1=commander 9=telemetry", max_clients: String(clients) },
      {
        listen: "uslp:1,scid=1,sdls=tc uslp:2,scid=1,sdls=tmtc,over=cobs",
        security: "1=commander 9=telemetry",
        max_clients: String(clients),
      },
    ]),
  ]);
});

/** So many entries. */
function many<Entry>(count: number, entry: (k: number) => Entry): Record<string, Entry> {
  return Object.fromEntries(Array.from({ length: count }, (_, k) => [`entry${k}`, entry(k)]));
}

const values = (count: number) => many(count, () => ({ type: "uint8" }) as const);

/** One kind of entry each, so many that a wrong figure shows; and all of them. */
const BOARDS: Record<string, Dictionary> = {
  empty: { name: "empty" },
  parameters: { name: "parameters", parameters: many(400, (k) => ({ id: 256 + k, type: "uint16" })) },
  settable: { name: "settable", parameters: many(100, (k) => ({ id: 256 + k, type: "uint16", settable: true })) },
  events: { name: "events", events: many(100, (k) => ({ id: 256 + k, severity: "low", values: values(k % 5) })) },
  functions: { name: "functions", functions: many(60, (k) => ({ id: 16 + k, arguments: values(k % 5) })) },
  monitored: {
    name: "monitored",
    parameters: many(10, (k) => ({ id: 256 + k, type: "int8", limits: { warning: { high: 50 } }, monitoring: {} })),
  },
  structures: {
    name: "structures",
    parameters: many(20, (k) => ({ id: 256 + k, type: "uint16" })),
    structures: many(60, (k) => ({ id: 16 + k, parameters: ["entry0", `entry${1 + (k % 19)}`], intervalMs: 1000 })),
  },
  services: {
    name: "services",
    services: many(3, (n) => ({
      type: 128 + n,
      requests: many(6, (k) => ({
        subtype: 1 + k,
        values: values(1 + k),
        ...(k % 2 === 0
          ? { variants: many(4, (id) => ({ id, values: values(2) })) }
          : { list: { countType: "uint8", items: values(2), maxCount: 4 } }),
      })),
      reports: many(6, (k) => ({ subtype: 100 + k })),
    })),
  },
};
const EVERYTHING: Dictionary = Object.assign({}, ...Object.values(BOARDS), BOARDS["structures"], { name: "all" });

xsTest(
  "The slots that are said to be needed are those that XS counts, or somewhat more: boards of one's own.",
  async (t) => {
    await compare(t, [{}, { max_clients: "1", listen: "cobs:1" }], { flatsat: undefined, ...BOARDS, EVERYTHING });
  },
);

/** The heap of the manifest, and what it is told. */
const { creation, config } = JSON.parse(projectFile("manifest.json")) as {
  creation: { heap: { initial: number } };
  config: { heap_slots: number };
};

test("The main program is told of the heap that the manifest makes.", (t) => {
  t.is(config.heap_slots, creation.heap.initial);
});

function make(heapSlots: number, settings: Settings, board?: AnyBoardModule): Flatsat {
  const desk = new Desk();
  return new Flatsat({
    ...parseConfiguration({ memory: "100000", ...settings }),
    io: { Listener: class {}, TCP: class {} } as never,
    ticker: desk.time.ticker,
    clock: desk.time.clock,
    heapSlots,
    board,
  });
}

test("The default ports with six clients fit the board's heap.", (t) => {
  t.notThrows(() => make(creation.heap.initial, { max_clients: "6" }));
});

test("The simulated flatsat with six clients fits it, too; a board with too many services does not.", (t) => {
  t.notThrows(() => make(creation.heap.initial, { max_clients: "6" }, flatsat));
  t.throws(() => make(creation.heap.initial, {}, { dictionary: BOARDS["services"]!, bind: () => ({}) }), {
    instanceOf: RangeError,
    message: /^the heap has 6144 slots, and \d+ are needed/,
  });
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
