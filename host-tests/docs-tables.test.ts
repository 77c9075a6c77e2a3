/** What the README and the pages in docs/ say in tables is what the code does. */
import test from "ava";
import { standardServices } from "../ground/dictionary/standard-services.js";
import { defineDictionary } from "../modules/dictionary/define-dictionary.js";
import { dictionaryOf } from "../modules/flatsat/board-dictionary.js";
import { parseConfiguration, TIME_CODES } from "../modules/flatsat/configuration.js";
import { SETTINGS } from "../modules/flatsat/settings.js";
import { PAGES } from "./examples.js";
import { PAGE, withTables } from "./generated-tables.js";
import { projectFile } from "./project.js";

/** With a monitored parameter, a board has every service. */
const MONITORED = defineDictionary({
  name: "monitored",
  parameters: { celsius: { id: 256, type: "int8", limits: { warning: { high: 50 } }, monitoring: {} } },
});

test("the tables name every message and time code, and no others", (t) => {
  const board = dictionaryOf(parseConfiguration({}), { dictionary: MONITORED });
  const services = Object.values({
    ...standardServices(board),
    inCuc: standardServices({ ...board, conventions: { ...board.conventions, timeCode: "cuc" } })["timeManagement"]!,
  });
  const section = projectFile("docs/telecommands.md");
  const messages = services.flatMap(({ type, requests = {}, reports = {} }) =>
    [...Object.values(requests), ...Object.values(reports)].map(({ subtype }) => `${type},${subtype}`),
  );
  const rows = section.split("\n").filter((line) => line.startsWith("| ST["));
  t.deepEqual([...new Set(rows.join().match(/\b\d+,\d+\b/g))].sort(), [...new Set(messages)].sort());
  const inReadme = Array.from(projectFile("README.md").matchAll(/\bST\[(\d+)\] [a-z]/g), ([, type]) => Number(type));
  const types = services.map(({ type }) => type);
  t.deepEqual(
    inReadme,
    [...new Set(types)].sort((a, b) => a - b),
  );
  for (const code of TIME_CODES) {
    t.true(section.includes(`| \`${code}\` |`), code);
  }
});

test("the tables of every board's parameters, events, functions and failure codes are those of its dictionary", (t) => {
  const page = projectFile(PAGE);
  for (const table of ["parameters", "events", "functions", "failureCodes"]) {
    t.true(page.includes(`<!-- dictionary: ${table} -->`), table);
    t.is(page.includes(`<!-- security: ${table} -->`), table !== "parameters", table);
  }
  t.is(withTables(page), page, "npm run docs writes them anew");
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
  const inWords: Record<string, string> = { idle_timeout_ms: "never ended", sntp: "none", security: "none" };
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
