/** What the README and the pages in docs/ say in tables is what the code does. */
import test from "ava";
import { createNodeIo, nodeClock, nodeTicker } from "../host/node-io.js";
import { Flatsat } from "../modules/flatsat/application.js";
import { parseConfiguration, TIME_CODES } from "../modules/flatsat/configuration.js";
import { boardFunctions, END_REASONS, EVENTS } from "../modules/flatsat/definitions.js";
import { RESET_REASONS } from "../modules/flatsat/platform.js";
import { platformFunctions } from "../modules/flatsat/platform-definitions.js";
import { SETTINGS } from "../modules/flatsat/settings.js";
import { FAILURE_CODES } from "../modules/pus/failure-codes.js";
import { PAGES } from "./examples.js";
import { projectFile } from "./project.js";

test("the tables name every message, failure code, parameter, event, function and time code, and no others", async (t) => {
  const io = await createNodeIo();
  t.teardown(() => io.network.shutDown());
  const { process: board } = new Flatsat({ ...parseConfiguration({}), io, ticker: nodeTicker, clock: nodeClock });
  const functions = [...boardFunctions(board), ...platformFunctions(() => {})];
  const section = projectFile("docs/telecommands.md");
  const messages = board.services.flatMap(({ serviceType, requests, reports = [] }) =>
    [...requests, ...reports].map(({ messageSubtype }) => `${serviceType},${messageSubtype}`),
  );
  const rows = section.split("\n").filter((line) => line.startsWith("| ST["));
  t.deepEqual(new Set(rows.join().match(/\b\d+,\d+\b/g)), new Set(messages));
  const inReadme = Array.from(projectFile("README.md").matchAll(/^\| ST\[(\d+)\] \|/gm), ([, type]) => Number(type));
  const types = board.services.map(({ serviceType }) => serviceType);
  t.deepEqual(
    inReadme,
    [...new Set(types)].sort((a, b) => a - b),
  );
  const names = [
    ...FAILURE_CODES.map(({ name }) => name),
    ...board.parameters.filter(({ id }) => id < 256).map(({ name }) => name),
    ...EVENTS.flatMap(({ name, auxiliaryData = [] }) => [name, ...auxiliaryData.map((field) => field.name)]),
    ...functions.map(({ name }) => name),
    ...TIME_CODES,
  ];
  for (const name of names) {
    t.regex(section, new RegExp(`\\b${name}\\b`), name);
  }
  const known = [
    ...names,
    "time_code",
    "acknowledge",
    "failure_code_bytes",
    "log_policy",
    "refuseNew",
    "powerOn",
    "software",
  ];
  for (const [, word] of section.matchAll(/`(\w+)(?:=\w+)?`/g)) {
    t.true(known.includes(word as string), word);
  }
  for (const { code, name } of FAILURE_CODES) {
    t.regex(section, new RegExp(`\\| (?:\\d+, )*${code}(?:, \\d+)* \\| [^|]*\`${name}\``), name);
  }
  for (const { id, name } of [...EVENTS, ...functions]) {
    t.true(section.includes(`| ${id} \`${name}\` `), name);
  }
  for (const [reasons, what] of [
    [END_REASONS, "Reasons of event 3"],
    [RESET_REASONS, "Reasons of event 1"],
  ] as const) {
    const [, said = ""] = new RegExp(`${what}[^:0]*[:0]([^.]+)\\.`).exec(section.replace(/\s+/g, " ")) ?? [];
    t.deepEqual(
      [...said.matchAll(/[a-z]\w+/gi)].map(([word]) => word),
      [...reasons],
      what,
    );
  }
});

/** Rows of tables whose last column is a setting. */
function settingRows(page: string): { name: string; value: string }[] {
  return Array.from(
    projectFile(page).matchAll(/^\|[^|\n]+\| ([^|\n]+) \|[^|\n]+\| `(\w+)` \|$/gm),
    ([, value, name]) => ({
      name: name as string,
      value: value as string,
    }),
  );
}

test("the ports that are said to be listened on by default are", (t) => {
  const listen = SETTINGS.find(({ name }) => name === "listen")?.value ?? "";
  for (const port of listen.split(" ")) {
    t.true(projectFile("docs/simulator.md").includes(`\`${port}\``), port);
    // The README says the number, and the framing in words.
    t.true(projectFile("README.md").includes(`port ${/:(\d+)/.exec(port)?.[1]} takes`), port);
  }
});

test("the limits have the defaults that are said, and every setting but listen and address is among them", (t) => {
  const inWords: Record<string, string> = { idle_timeout_ms: "never ended", sntp: "none" };
  for (const page of PAGES) {
    for (const { name, value } of settingRows(page)) {
      const setting = SETTINGS.find((each) => each.name === name);
      const said = value.replace(/`/g, "").replace(/(\d),(\d)/g, "$1$2");
      t.is(said.match(/^\d+|^\w+$/)?.[0] ?? said, inWords[name] ?? setting?.value ?? "no setting", `${page}: ${name}`);
    }
  }
  t.deepEqual(
    settingRows("docs/limits.md")
      .map(({ name }) => name)
      .sort(),
    SETTINGS.map(({ name }) => name)
      .filter((name) => name !== "listen" && name !== "address")
      .sort(),
  );
});
