/** What the README and the pages in docs/ say in tables is what the code does; what they link to is there. */
import { existsSync } from "node:fs";
import { posix } from "node:path";
import test from "ava";
import { createNodeIo, nodeClock, nodeTicker } from "../host/node-io.js";
import { Flatsat } from "../modules/flatsat/application.js";
import { dictionaryOf } from "../modules/flatsat/board-dictionary.js";
import { parseConfiguration, TIME_CODES } from "../modules/flatsat/configuration.js";
import { END_REASONS, LINK_DICTIONARY } from "../modules/flatsat/link-dictionary.js";
import { RESET_REASONS } from "../modules/flatsat/platform.js";
import { SETTINGS } from "../modules/flatsat/settings.js";
import { FAILURE_CODES } from "../modules/pus/failure-codes.js";
import { PAGES } from "./examples.js";
import { PROJECT, projectFile } from "./project.js";

test("the tables name every message, failure code, parameter, event, function and time code, and no others", async (t) => {
  const io = await createNodeIo();
  t.teardown(() => io.network.shutDown());
  const { process: board } = new Flatsat({ ...parseConfiguration({}), io, ticker: nodeTicker, clock: nodeClock });
  const { parameters = {} } = dictionaryOf(parseConfiguration({}));
  const { events, functions } = LINK_DICTIONARY;
  const [, services = ""] = projectFile("README.md").match(/\n## Telecommands and telemetry\n([\s\S]*?)\n## /) ?? [];
  const section = services + projectFile("docs/telecommands.md");
  const messages = board.services.flatMap(({ serviceType, requests, reports = [] }) =>
    [...requests, ...reports].map(({ messageSubtype }) => `${serviceType},${messageSubtype}`),
  );
  const rows = section.split("\n").filter((line) => line.startsWith("| ST["));
  t.deepEqual(new Set(rows.join().match(/\b\d+,\d+\b/g)), new Set(messages));
  const names = [
    ...FAILURE_CODES.map(({ name }) => name),
    ...Object.keys(parameters).filter((name) => parameters[name]!.id < 256),
    ...Object.entries(events).flatMap(([name, { values }]) => [name, ...Object.keys(values)]),
    ...Object.keys(functions),
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
    "sntp",
    "powerOn",
    "software",
  ];
  for (const [, word] of section.matchAll(/`(\w+)(?:=\w+)?`/g)) {
    t.true(known.includes(word as string), word);
  }
  for (const { code, name } of FAILURE_CODES) {
    t.regex(section, new RegExp(`\\| (?:\\d+, )*${code}(?:, \\d+)* \\| [^|]*\`${name}\``), name);
  }
  for (const [name, { id }] of [...Object.entries(events), ...Object.entries(functions)]) {
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

test("the ports that the README says are listened on by default are", (t) => {
  const listen = SETTINGS.find(({ name }) => name === "listen")?.value ?? "";
  for (const port of listen.split(" ")) {
    t.true(projectFile("README.md").includes(`\`${port}\``), port);
  }
});

test("the limits have the defaults that are said, and every setting but listen and address is among them", (t) => {
  const inWords: Record<string, string> = { idle_timeout_ms: "never ended", sntp: "none" };
  for (const page of ["README.md", "docs/limits.md"]) {
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

/** What GitHub calls the section. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replace(/ /g, "-");
}

const WITH_LINKS = [...PAGES, "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];
const LINKS = WITH_LINKS.flatMap((page) =>
  Array.from(projectFile(page).matchAll(/\]\(([^)\s:]+)\)/g), ([, link]) => {
    const [path, anchor] = (link as string).split("#") as [string, string | undefined];
    return { page, target: path === "" ? page : posix.join(posix.dirname(page), path), anchor };
  }),
);

test("every file and section that a page links to is there", (t) => {
  t.true(LINKS.length > 20, `${LINKS.length} links`);
  for (const { page, target, anchor } of LINKS) {
    t.true(existsSync(PROJECT + target), `${page}: ${target}`);
    if (anchor !== undefined) {
      const headings = Array.from(projectFile(target).matchAll(/^#+ (.+)$/gm), ([, heading]) =>
        anchorOf(heading as string),
      );
      t.true(headings.includes(anchor), `${page}: ${target}#${anchor}`);
    }
  }
});

test("every page that the README or docs/ link to is in the package", (t) => {
  const { files } = JSON.parse(projectFile("package.json")) as { files: string[] };
  // npm packs these whatever the list says.
  const packed = [...files, "README.md", "LICENSE"];
  for (const { page, target } of LINKS.filter((link) => PAGES.includes(link.page))) {
    t.true(
      packed.some((entry) => target === entry || target.startsWith(`${entry}/`)),
      `${page}: ${target}`,
    );
  }
});

test("every page of docs/ is linked from the README", (t) => {
  for (const page of PAGES.slice(1)) {
    t.true(
      LINKS.some((link) => link.page === "README.md" && link.target === page),
      page,
    );
  }
});
