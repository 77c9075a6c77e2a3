/** `flatlink generate`: what it takes, what it writes, and what it leaves alone. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { boardChoice, boardDictionary, simulateCommand } from "../../../ground/commands/board-choice.js";
import { parseGenerateOptions } from "../../../ground/commands/generate-options.js";
import { nearestName } from "../../../ground/dictionary/nearest-name.js";
import { GENERATORS } from "../../../ground/generate/registry.js";
import { writeFiles } from "../../../ground/generate/write-files.js";
import { UsageError } from "../../../host/command.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { PROJECT } from "../../project.js";

const PROGRAM = `${PROJECT}dist/ground/flatlink.js`;

function folder(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), "flatlink-generate-"));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function generate(cwd: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [PROGRAM, "generate", ...args], { encoding: "utf8", cwd, timeout: 60_000 });
}

function dictionaryIn(directory: string): BoardDictionary {
  return JSON.parse(readFileSync(join(directory, "dictionary.json"), "utf8")) as BoardDictionary;
}

test("the help lists everything that can be generated", (t) => {
  const { status, stdout } = generate(PROJECT, "--help");
  t.is(status, 0);
  for (const { name, help } of GENERATORS) {
    t.true(stdout.includes(name) && stdout.includes(help), name);
  }
});

test("the README's simulator runs the same board with the same settings", (t) => {
  const choice = boardChoice({ board: "my board's.ts" }, ["time_code=cuc", "listen=space-packets:7431 cobs:1"]);
  t.is(
    simulateCommand(choice),
    `npx flatlink simulate 'my board'\\''s.ts' --time-code cuc --listen 'space-packets:7431 cobs:1'`,
  );
  t.is(simulateCommand(boardChoice({}, [])), "npx flatlink simulate");
  const cwd = folder(t);
  for (const name of ["json", "icd", "yamcs"]) {
    t.is(generate(cwd, name, "--board", "none", "time_code=cuc", "-o", name).status, 0);
    const readme = readFileSync(join(cwd, name, "README.md"), "utf8");
    t.true(readme.includes("`npx flatlink simulate none --time-code cuc`"), readme);
  }
});

test("without a board it is the flatsat's dictionary; told is what was written, and what to read next", (t) => {
  const cwd = folder(t);
  const { status, stdout, stderr } = generate(cwd, "json", "-o", "new/out");
  t.is(status, 0, stderr);
  t.is(stderr, "");
  t.regex(stdout, /^written to new\/out: .*dictionary\.json.*\n/);
  const { name, conventions, parameters } = dictionaryIn(join(cwd, "new/out"));
  t.is(name, "flatsat");
  t.is(conventions.timeCode, "cds");
  t.true("batteryVoltage" in parameters!);
  t.is(readdirSync(join(cwd, "new/out")).filter((file) => file.startsWith(".")).length, 0, "nothing is left over");
});

test("a board of one's own is found from the current directory; settings are the simulator's, in both spellings", (t) => {
  const cwd = folder(t);
  writeFileSync(
    join(cwd, "board.ts"),
    `import { defineDictionary } from "flatlink/dictionary/define-dictionary";
export const dictionary = defineDictionary({ name: "mine", parameters: { x: { id: 256, type: "uint8" } } });
export function bind() { return {}; }
`,
  );
  const settings = ["time_code=cuc", "--apid", "77", "listen=cobs:7400,delimiter=both", "listen=slip:7401"];
  const { status, stderr } = generate(cwd, "json", "--board", "board.ts", ...settings, "--output", "out");
  t.is(status, 0, stderr);
  const { name, conventions, parameters } = dictionaryIn(join(cwd, "out"));
  t.is(name, "mine");
  t.deepEqual([conventions.timeCode, conventions.apid], ["cuc", 77]);
  t.deepEqual(conventions.ports, [
    { framing: "cobs,delimiter=both", port: 7400, role: "tmtc" },
    { framing: "slip", port: 7401, role: "tmtc" },
  ]);
  t.is(parameters!["x"]!.id, 256);
});

test("none is the link alone", (t) => {
  const cwd = folder(t);
  t.is(generate(cwd, "json", "--board", "none", "-o", ".").status, 0);
  t.false("batteryVoltage" in dictionaryIn(cwd).parameters!);
});

for (const [title, args, message] of [
  ["a mistyped name", ["jsno", "-o", "out"], /^nothing called "jsno" can be generated, did you mean json\?$/],
  [
    "a name that is like none",
    ["pdf-report", "-o", "out"],
    /^nothing called "pdf-report" can be generated; there is .*json/,
  ],
  ["no name", ["-o", "out"], /^missing required argument 'name'$/],
  ["no directory", ["json"], /^required option '-o, --output <dir>' not specified$/],
  ["an empty directory name", ["json", "-o", ""], /^--output: an empty name is no directory$/],
  ["an unknown option", ["json", "-o", "out", "--bord", "x"], /^unknown option '--bord' \(Did you mean --board\?\)$/],
  [
    "a word that is no setting",
    ["json", "-o", "out", "cuc"],
    /^"cuc" is no setting; write key=value, as in time_code=cuc$/,
  ],
  ["an unknown setting", ["json", "-o", "out", "colour=red"], /^no setting is called "colour"; there are listen, /],
  ["a wrong setting", ["json", "-o", "out", "time_code=utc"], /^time_code must be cds or cuc or cuc-tai, not "utc"$/],
  [
    "a report that no packet has room for",
    ["json", "-o", "out", "--max-telemetry", "64"],
    /^a housekeeping report has \d+ bytes, but max_telemetry allows 64: raise it, or name fewer ports$/,
  ],
  ["a board that is not there", ["json", "-o", "out", "--board", "absent.ts"], /^there is no file absent\.ts$/],
  ["framings that are not there", ["json", "-o", "out", "--framings", "absent.js"], /^Cannot find module /],
] as const) {
  test(`${title}: one line, exit code 2, and nothing is written`, (t) => {
    const cwd = folder(t);
    const { status, stdout, stderr } = generate(cwd, ...args);
    t.is(status, 2, stderr);
    t.is(stdout, "");
    t.regex(stderr, /^flatlink generate: [^\n]+\n$/);
    t.regex(stderr.slice("flatlink generate: ".length, -1), message);
    t.deepEqual(readdirSync(cwd), []);
  });
}

test("a board without dictionary is told in one line", (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "board.ts"), "export const nothing = 1;\n");
  const { status, stderr } = generate(cwd, "json", "--board", "board.ts", "-o", "out");
  t.is(status, 2);
  t.regex(stderr, /^flatlink generate: board\.ts exports no dictionary; [^\n]*\n$/);
});

test("a file in the way of a directory is told, and stays", (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "out"), "mine");
  for (const output of ["out", "out/deeper"]) {
    const { status, stderr } = generate(cwd, "json", "-o", output);
    t.is(status, 1);
    t.regex(stderr, /^flatlink generate: out[^\n]* (is a file|a file stands)[^\n]*\n$/);
  }
  t.is(readFileSync(join(cwd, "out"), "utf8"), "mine");
});

test("the package as it is published generates, too", (t) => {
  const cwd = folder(t);
  const packed = spawnSync("npm", ["pack", "--ignore-scripts", "--pack-destination", cwd], {
    cwd: PROJECT,
    encoding: "utf8",
  });
  t.is(packed.status, 0, packed.stderr);
  const modules = join(cwd, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  t.is(spawnSync("tar", ["-xzf", packed.stdout.trim().split("\n").at(-1)!, "-C", modules], { cwd }).status, 0);
  spawnSync("mv", [join(modules, "package"), join(modules, "flatlink")]);
  for (const dependency of ["commander", "esbuild", "@esbuild"]) {
    symlinkSync(`${PROJECT}node_modules/${dependency}`, join(modules, dependency));
  }
  chmodSync(join(modules, "flatlink/dist/ground/flatlink.js"), 0o755);
  symlinkSync("../flatlink/dist/ground/flatlink.js", join(modules, ".bin/flatlink"));
  const board = "node_modules/flatlink/examples/thermometer/board.ts";
  const run = spawnSync("npx", ["--offline", "flatlink", "generate", "json", "--board", board, "-o", "out"], {
    cwd,
    encoding: "utf8",
  });
  t.is(run.status, 0, run.stderr);
  t.is(dictionaryIn(join(cwd, "out")).name, "thermometer");
});

test("files are replaced, others stay, those to be run can be run", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "a.txt"), "old");
  writeFileSync(join(cwd, "own.txt"), "own");
  await writeFiles(cwd, [
    { path: "a.txt", text: "new" },
    { path: "deep/er/run.sh", text: "#!/bin/sh\n", executable: true },
  ]);
  t.is(readFileSync(join(cwd, "a.txt"), "utf8"), "new");
  t.is(readFileSync(join(cwd, "own.txt"), "utf8"), "own");
  t.is(statSync(join(cwd, "deep/er/run.sh")).mode & 0o777, 0o755);
  t.is(statSync(join(cwd, "a.txt")).mode & 0o111, 0);
  t.deepEqual(readdirSync(cwd).sort(), ["a.txt", "deep", "own.txt"]);
});

test("where one file cannot be written, none is", async (t) => {
  const cwd = folder(t);
  mkdirSync(join(cwd, "b.txt"));
  writeFileSync(join(cwd, "c"), "");
  for (const path of ["b.txt", "c/d.txt"]) {
    await t.throwsAsync(
      writeFiles(cwd, [
        { path: "a.txt", text: "new" },
        { path, text: "" },
      ]),
      {
        message: /^[^\n]*(is a directory; a file|is a file; a directory) is to be written there$/,
      },
    );
    t.false(existsSync(join(cwd, "a.txt")));
  }
  t.deepEqual(readdirSync(cwd).sort(), ["b.txt", "c"]);
});

test("as functions: options, the board's choice and its dictionary", async (t) => {
  const options = parseGenerateOptions(["json", "apid=9", "-o", "x", "--board", "none"], () => {});
  t.is(options?.generator.name, "json");
  t.is(options?.output, "x");
  t.is((await boardDictionary(options!.board)).conventions.apid, 9);
  t.is(
    parseGenerateOptions(["--help"], () => {}),
    undefined,
  );
  t.throws(() => boardChoice({}, ["=5"]), { instanceOf: UsageError });
  t.is(boardChoice({}, ["sntp=a=b"]).settings["sntp"], "a=b");
  t.is(boardChoice({}, ["time-code=cuc"]).settings["time_code"], "cuc");
});

test("the nearest name: letters swapped, missing, too many, in another case; none where none is near", (t) => {
  const names = ["yamcs", "cosmos", "json", "icd"];
  for (const [typed, name] of Object.entries({
    ymacs: "yamcs",
    cosmo: "cosmos",
    jsson: "json",
    ICD: "icd",
    idc: "icd",
    jsom: "json",
  })) {
    t.is(nearestName(typed, names), name, typed);
  }
  t.is(nearestName("openmct", names), undefined);
  t.is(nearestName("x", []), undefined);
});
