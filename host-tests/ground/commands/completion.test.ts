import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { completionData } from "../../../ground/commands/completion-data.js";
import { completionScript } from "../../../ground/commands/completion-scripts.js";
import { SUBCOMMANDS } from "../../../ground/subcommands.js";
import { boardWith, FLATSAT } from "../dictionary/boards.js";
import { flatlink } from "./run.js";
import { hasTerminal, Terminal } from "./terminal.js";

const folder = mkdtempSync(join(tmpdir(), "flatlink-completion-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const BASH = join(folder, "flatlink.bash");
const ZSH = join(folder, "flatlink.zsh");
const data = completionData(FLATSAT);
writeFileSync(BASH, completionScript("bash", data));
writeFileSync(ZSH, completionScript("zsh", data));
writeFileSync(join(folder, "recording.jsonl"), "");
writeFileSync(join(folder, "first pass.jsonl"), "");

const hasZsh = spawnSync("zsh", ["-c", "true"]).status === 0;

/** What bash offers for a line, with the cursor at its end. @param setup in front, for another bash than usual */
function offered(line: string, setup = ""): string[] {
  const script = `${setup}
source ${BASH}
COMP_LINE="$1"; COMP_POINT=\${#1}
_flatlink
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-c", script, "bash", line], { encoding: "utf8" });
  if (status !== 0 || stderr !== "") {
    throw new Error(stderr);
  }
  return stdout.split("\n").filter((word) => word !== "");
}

const LINES: readonly [line: string, words: readonly string[]][] = [
  ["flatlink se", ["send", "secure"]],
  ["flatlink re", ["record", "replay"]],
  ["flatlink send setHeater", ["setHeater", "setHeaterOnBelow", "setHeaterOffAbove"]],
  ["flatlink send setHeater con", ["control="]],
  ["flatlink send setHeater control=", ["off", "on", "automatic"]],
  ["flatlink send setHeater control=a", ["automatic"]],
  ["flatlink send switchPayload on=t", ["true"]],
  [
    "flatlink send reportParameters parameterId=uptime,clients,seed,mod",
    ["uptime,clients,seed,mode", "uptime,clients,seed,modeChanges"],
  ],
  ["flatlink send --port 7301 --json setHe", ["setHeater", "setHeaterOnBelow", "setHeaterOffAbove"]],
  ["flatlink send --port=7301 setHeater con", ["control="]],
  ["flatlink send --wa", ["--wait"]],
  ["flatlink send --wait ", ["accepted", "started", "completed"]],
  ["flatlink send setHeater --wait s", ["started"]],
  ["flatlink send --wait=c", ["completed"]],
  ["flatlink send --port ", []],
  ["flatlink send areYouAlive ", []],
  ["flatlink tail ", ["packets", "values", "events"]],
  ["flatlink tail values ", []],
  ["flatlink watch uptime batteryV", ["batteryVoltage"]],
  ["flatlink commands det", ["detumble"]],
  ["flatlink completion ", ["bash", "zsh"]],
  ["flatlink generate j", ["json"]],
  ["flatlink ping --time-code cuc", ["cuc", "cuc-tai"]],
  ["flatlink decode --no-such", []],
  [`flatlink replay ${folder}/rec`, [`${folder}/recording.jsonl`]],
  [`flatlink replay ${folder}/fi`, [`${folder}/first pass.jsonl`]],
  [`flatlink tail --board ${folder}/flatlink.b`, [BASH]],
];

for (const [line, words] of LINES) {
  test(`bash completes "${line.replace(folder, "...")}"`, (t) => {
    t.deepEqual(offered(line), words);
  });
}

test("where = ends no word for readline, the whole word is offered", (t) => {
  const setup = "COMP_WORDBREAKS=$' \\t\\n'";
  t.deepEqual(offered("flatlink send setHeater control=a", setup), ["control=automatic"]);
  t.deepEqual(offered("flatlink send --wait=c", setup), ["--wait=completed"]);
});

test("every subcommand is completed, and every one of its options", (t) => {
  t.deepEqual(offered("flatlink "), Object.keys(SUBCOMMANDS));
  for (const name of Object.keys(SUBCOMMANDS)) {
    const options = offered(`flatlink ${name} --`);
    t.true(options.includes("--help"), name);
    t.true(options.length > 1, name);
  }
  t.true(offered("flatlink tail --").includes("--time-code"), "settings, too");
});

test("the command prints the script of the board that is named", async (t) => {
  const usual = await flatlink(["completion", "bash"]);
  t.is(usual.code, 0, usual.stderr);
  t.is(usual.stdout, completionScript("bash", data));
  const none = await flatlink(["completion", "zsh", "--board", "none"]);
  t.is(none.code, 0, none.stderr);
  t.regex(none.stdout, /^#compdef flatlink\n/);
  t.false(none.stdout.includes("setHeater"));
  t.is((await flatlink(["completion", "fish"])).code, 2);
  t.is((await flatlink(["completion"])).code, 2);
});

(hasTerminal && hasZsh ? test : test.skip)("zsh completes commands, arguments, words and lists", async (t) => {
  const terminal = new Terminal(["-f", "-i"], { ZDOTDIR: folder, PS1: "> " }, ["zsh"]);
  t.teardown(() => terminal.kill());
  // A name with an underscore is not what was typed: it comes from zsh.
  terminal.type(`autoload -Uz compinit; compinit -u -D; source ${ZSH}; print rea"dy"\n`);
  await terminal.until("zsh", () => terminal.output.includes("\nready"));
  for (const [typed, completed] of [
    ["flatlink sen\t", "flatlink send "],
    ["detu\t", "detumble "],
    ["\u0015flatlink send setHeater con\t", "control="],
    ["au\t", "control=automatic"],
    ["\u0015flatlink send reportParameters parameterId=uptime,dictionaryH\t", "uptime,dictionaryHash"],
    ["\u0015flatlink send --wait comp\t", "completed"],
  ] as const) {
    const before = terminal.output.length;
    terminal.type(typed);
    await terminal.until(completed, () => plain(terminal.output.slice(before)).includes(rest(typed, completed)));
  }
  t.pass();
});

/** What zsh adds: it does not write again what is there. */
function rest(typed: string, completed: string): string {
  const word = typed
    .trim()
    .split(/[\s,=]/)
    .at(-1)!;
  return completed.slice(completed.lastIndexOf(word) + word.length).trim();
}

function plain(output: string): string {
  return output.replaceAll("\b", "");
}

test("a word that a shell would not take as it is stands in no script", (t) => {
  const odd = { "safe mode": 0, "$(touch x)": 1, 'a"b': 2, fine: 3 };
  const board = boardWith({
    name: "odd",
    functions: { go: { id: 20, arguments: { where: { type: "uint8", words: odd } } } },
  });
  const [go] = completionData(board).commands.filter(({ name }) => name === "go");
  t.deepEqual(go!.arguments, [{ name: "where", words: ["fine"] }]);
});
