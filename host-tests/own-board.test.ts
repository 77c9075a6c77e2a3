/** docs/own-board.md: its board runs on either engine; its tables are what the code says. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { compileBoard } from "../host/compile-board.js";
import { CdsShort } from "../modules/ccsds/cds-short.js";
import { defineDictionary } from "../modules/dictionary/define-dictionary.js";
import type { Dictionary } from "../modules/dictionary/dictionary.js";
import { Flatsat } from "../modules/flatsat/application.js";
import type { AnyBoardModule } from "../modules/flatsat/board-module.js";
import { parseConfiguration } from "../modules/flatsat/configuration.js";
import { slotsNeeded } from "../modules/flatsat/heap-slots.js";
import { decodeFrames } from "../modules/framing/encode-decode.js";
import { spacePackets } from "../modules/framing/formats/space-packets.js";
import { FixedMemory } from "../modules/memory/fixed-memory.js";
import { buildTelecommand, parseTelemetry } from "../modules/pus/build-parse.js";
import { compileExamples, EXAMPLES } from "./examples.js";
import { Desk } from "./flatsat/desk.js";
import { connectPeer, type NodePeer, until } from "./host/node-rig.js";
import { xs } from "./host/xs-support.js";
import { Program, portToKeep, projectFile } from "./project.js";

const PAGE = "docs/own-board.md";
const examples = EXAMPLES.filter(({ page, notRun }) => page === PAGE && !notRun);
const [command, board, manifest] = ["sh", "ts", "json"].map((wanted, k) => {
  const { language, code } = examples[k]!;
  if (language !== wanted) {
    throw new Error(`example ${k} of ${PAGE} is ${language}, not ${wanted}`);
  }
  return code;
}) as [string, string, string];

test("there is no example beside these", (t) => {
  t.is(examples.length, 3);
});

test.serial("the command that runs the thermometer works as printed", async (t) => {
  const port = await portToKeep();
  const program = new Program("sh", ["-c", `${command} --listen space-packets:${port}`]);
  t.teardown(() => program.stop());
  await program.prints(new RegExp(`listening on 127.0.0.1 port ${port}`));
  const peer = await connectPeer(port);
  t.teardown(() => peer.socket.destroy());
  await until("the thermometer's structure", () => reports(peer, 3).some((report) => report.startsWith("3,25 16 ")));
  await program.stop("SIGINT");
  t.regex(program.output, /stopped/);
});

/** Reports of these types, as `type,subtype: octets of source data`. */
function reports(peer: NodePeer, ...types: number[]): string[] {
  return decodeFrames(spacePackets(), peer.received())
    .map((packet) => parseTelemetry(packet, new CdsShort()))
    .filter(({ serviceType }) => types.includes(serviceType))
    .map(({ serviceType, messageSubtype, bytes, sourceDataStart, sourceDataEnd }) => {
      // Behind the ID of the telecommand, of verification.
      const start = sourceDataStart + (serviceType === 1 ? 4 : 0);
      return [`${serviceType},${messageSubtype}`, ...bytes.subarray(start, sourceDataEnd)].join(" ");
    });
}

for (const engine of ["node", "xs"]) {
  const on = engine === "xs" && !xs.available ? test.serial.skip : test.serial;

  on(`${engine}: the board of the page does what its dictionary says`, async (t) => {
    // As strict as a user's project may be.
    compileExamples("own-board", { board }, ["--noUncheckedIndexedAccess", "--noPropertyAccessFromIndexSignature"]);
    const folder = mkdtempSync(join(tmpdir(), "flatlink-test-"));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "board.ts");
    writeFileSync(file, board);
    const program = new Program(process.execPath, [
      ...["dist/host/simulator.js", "--engine", engine, "--board", file],
      ...["--listen", "space-packets:0", "--beacon-interval-ms", "0"],
    ]);
    t.teardown(() => program.stop());
    const [, port] = await program.prints(/listening on 127\.0\.0\.1 port (\d+)/);
    const peer = await connectPeer(Number(port));
    t.teardown(() => peer.socket.destroy());
    const said = async (count: number, serviceType: number, messageSubtype: number, ...data: number[]) => {
      const before = reports(peer, 1, 20, 128).length;
      const applicationData = Uint8Array.from(data);
      peer.send(buildTelecommand({ apid: 2, serviceType, messageSubtype, applicationData }));
      await until("the answer", () => reports(peer, 1, 20, 128).length >= before + count);
      return reports(peer, 1, 20, 128).slice(before);
    };
    t.deepEqual(await said(3, 128, 1, 2), ["1,1", "1,3", "1,8 1 0 0 0 0 0"], "switched off: code 256, no pictures");
    t.deepEqual(await said(2, 8, 1, 16, 1, 8), ["1,1", "1,4 0 21 0 0 0 1"], "gain 8");
    t.deepEqual(await said(3, 8, 1, 16, 1, 5), ["1,1", "1,3", "1,7"], "on, gain 5");
    t.deepEqual(await said(4, 128, 1, 2), ["1,1", "1,3", "128,2 0 0 0 2", "1,7"], "two pictures");
    t.deepEqual(reports(peer, 5).at(-1), "5,1 1 0 0 0 0 2 0 20", "the event");
    t.deepEqual(await said(3, 20, 3, 1, 1, 5, 0, 30), ["1,1", "1,3", "1,8 0 32 0 0 1 5"], "an exposure that flickers");
    t.deepEqual(await said(3, 20, 3, 1, 1, 5, 0, 40), ["1,1", "1,3", "1,7"], "one that does not");
    const read = await said(4, 20, 1, 3, 1, 2, 1, 3, 1, 5);
    const text = Array.from("CAM-0001", (character) => character.charCodeAt(0)).join(" ");
    t.is(read[2], `20,2 3 1 2 208 1 3 ${text} 1 5 0 40`, "status, serial number, exposure");
    await until("housekeeping", () => reports(peer, 3).length >= 2);
    t.regex(reports(peer, 3).at(-1)!, /^3,25 16 6 64 0 0 0 \d+ 208 15 160 15 161 15 162 15 163$/);
    t.is(await program.stop(), 0);
  });
}

test("the manifest is that of the thermometer, but for where flatlink is", (t) => {
  const own = JSON.parse(manifest) as { include: string[]; preload: string[] };
  const example = JSON.parse(projectFile("examples/thermometer/manifest.json")) as typeof own;
  t.deepEqual({ ...own, include: example.include, preload: example.preload }, example);
  t.true(own.preload.every((name) => example.preload.includes(name)));
});

/** First and second cells of the tables below a heading. */
function rows(heading: string): [string, string][] {
  const text = projectFile(PAGE);
  const at = text.indexOf(`\n${heading}\n`);
  const section = text.slice(at, text.indexOf("\n#", at + heading.length));
  return Array.from(
    section.matchAll(/^\| (.+?) \| (.*?) ?\|$/gm),
    ([, first, second]) => [first!, second!] as [string, string],
  ).slice(2);
}

/** What stands in backquotes. */
function names(text: string): string[] {
  return Array.from(text.matchAll(/`(\w+)`/g), ([, name]) => name!);
}

/** The properties of an entry, as the check of a wrong one lists them. */
function properties(wrong: object): string[] {
  try {
    defineDictionary({ name: "x", ...wrong } as Dictionary);
  } catch (error) {
    return /there are (.*)$/.exec((error as Error).message)![1]!.split(", ");
  }
  throw new Error("nothing is wrong with it");
}

const NO = { none: 0 };
const ENTRIES: [string, string[]][] = [
  ["### The dictionary", properties(NO)],
  ["### A parameter", properties({ parameters: { p: { id: 256, type: "int8", ...NO } } })],
  ["### Monitoring", properties({ parameters: { p: { id: 256, type: "int8", monitoring: NO } } })],
  ["### A structure", properties({ structures: { s: NO } })],
  ["### An event", properties({ events: { e: NO } })],
  ["### A function", properties({ functions: { f: NO } })],
  ["### A failure code", properties({ failureCodes: { f: NO } })],
  ["### A service", properties({ services: { s: NO } })],
  ["### A request or a report", properties({ services: { s: { type: 128, requests: { r: NO } } } })],
];

test("the tables have every property that there is, and no other", (t) => {
  for (const [heading, expected] of ENTRIES) {
    t.deepEqual(
      rows(heading)
        .flatMap(([first]) => names(first))
        .sort(),
      [...expected].sort(),
      heading,
    );
  }
  const [, types] = rows("### A parameter").find(([first]) => first === "`type`")!;
  const message = t.throws(() =>
    defineDictionary({ name: "x", parameters: { p: { id: 1, type: "q" as "int8" } } }),
  ).message;
  t.deepEqual(
    names(types),
    names(/must be (.*), not/.exec(message)![1]!.replace(/\w+/g, "`$&`")).filter((name) => name !== "or"),
  );
});

test("the members of board are those of the page", (t) => {
  const members: string[] = [];
  const bind = (given: object) => {
    members.push(...Object.keys(given));
    return {};
  };
  const desk = new Desk({}, { board: { dictionary: { name: "x" }, bind } as unknown as AnyBoardModule });
  t.truthy(desk);
  t.deepEqual(
    rows("## What bind gets")
      .map(([first]) => /`(\w+)/.exec(first)![1]!)
      .sort(),
    members.sort(),
  );
});

test("the slots of the page are those that the board counts", (t) => {
  const configuration = { ...parseConfiguration({}), memory: new FixedMemory(1) };
  const slots = (own: Omit<Dictionary, "name">) => slotsNeeded({ ...configuration, dictionary: { name: "x", ...own } });
  const none = slots({});
  const request = { services: { s: { type: 128, requests: { r: { subtype: 1 } } } } } as const;
  const counted: Record<string, number> = {
    "a board of your own": none - slotsNeeded(configuration),
    "a parameter": slots({ parameters: { p: { id: 256, type: "int8" } } }) - none,
    "monitoring, if there is any": slots({ parameters: { p: { id: 256, type: "int8", monitoring: {} } } }) - none - 1,
    "an event": slots({ events: { e: { id: 256, severity: "low" } } }) - none,
    "a structure": slots({ structures: { s: { id: 16, parameters: [], intervalMs: 1000 } } }) - none,
    "a function": slots({ functions: { f: { id: 16 } } }) - none,
    "a service": slots({ services: { s: { type: 128 } } }) - none,
    "a request": slots(request) - slots({ services: { s: { type: 128 } } }),
    "a report of a service":
      slots({ services: { s: { type: 128, reports: { r: { subtype: 1 } } } } }) -
      slots({ services: { s: { type: 128 } } }),
    "a value of a request":
      slots({ services: { s: { type: 128, requests: { r: { subtype: 1, values: { v: { type: "int8" } } } } } } }) -
      slots(request),
    "a variant of a request":
      slots({ services: { s: { type: 128, requests: { r: { subtype: 1, variants: { v: { id: 1 } } } } } } }) -
      slots(request),
  };
  t.deepEqual(Object.fromEntries(rows("## What it costs").map(([first, second]) => [first, Number(second)])), counted);
});

/** What makes a board that is refused, each for one row. */
const REFUSED: (() => unknown)[] = [
  () => compiled("export {};"),
  () => compiled("export const dictionary = {};"),
  () => compiled('import "node:fs";'),
  () => defineDictionary({ name: "x", parameters: { celsius: { id: 256, type: "int8", units: "degC" } } } as never),
  () => defineDictionary(thermal({ celsius: 1 }, "Celsius")),
  () => started({ name: "x", parameters: { celsius: { id: 1, type: "int8" } } }, {}),
  () => started({ name: "x", functions: { wave: { id: 16 } } }, {}),
  () => started({ name: "x", functions: { wave: { id: 16 } } }, { functions: { wave: () => 0, waves: () => 0 } }),
  () => started(thermal({ celsius: 600, history: 579 }, "celsius", "history"), {}),
  () => started({ name: "x" }, {}, { memory: "10000" }),
  () => started({ name: "x" }, {}, { max_clients: "8", memory: "60000" }, 6144),
];

function thermal(lengths: Record<string, number>, ...reported: string[]): Dictionary {
  const parameters = Object.fromEntries(
    Object.entries(lengths).map(([name, length], k) => [name, { id: 256 + k, type: "bytes", length } as const]),
  );
  return { name: "x", parameters, structures: { thermal: { id: 16, parameters: reported, intervalMs: 1000 } } };
}

async function compiled(source: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-test-"));
  try {
    writeFileSync(join(folder, "board.ts"), source);
    const { remove } = await compileBoard(join(folder, "board.ts"));
    await remove();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function started(
  dictionary: Dictionary,
  binding: object,
  settings: Record<string, string> = {},
  heapSlots?: number,
): Flatsat {
  const desk = new Desk();
  return new Flatsat({
    ...parseConfiguration(settings),
    io: { Listener: class {}, TCP: class {} } as never,
    ticker: desk.time.ticker,
    clock: desk.time.clock,
    heapSlots,
    board: { dictionary: defineDictionary(dictionary), bind: () => binding } as AnyBoardModule,
  });
}

test("every error of the page is what such a board is told, but for its numbers", async (t) => {
  const told = rows("## Errors").map(([first]) => first.replaceAll("`", ""));
  t.is(told.length, REFUSED.length);
  const shape = (text: string): string => text.replace(/\d+/g, "N");
  for (const [k, make] of REFUSED.entries()) {
    const error = await t.throwsAsync(async () => make(), undefined, told[k]);
    const message = error.message.replace(/^board\.ts:\d+: /, "");
    t.true(shape(message).startsWith(shape(told[k]!)), `${told[k]}: ${message}`);
  }
});
