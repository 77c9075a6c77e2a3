/** docs/tutorial.md, step by step, in an empty folder, with the package as `npm pack` makes it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { EXAMPLES, type Example } from "./examples.js";
import { PROJECT, Program, portToKeep } from "./project.js";

const { dependencies } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { dependencies: object };
/** The registry is not asked: what the package needs comes from here, and what hyparquet-writer needs. */
const INSTALLED = [...Object.keys(dependencies), "hyparquet"].map((name) => join(PROJECT, "node_modules", name));
const OFFLINE = "--offline --omit=optional --no-audit --no-fund --ignore-scripts";

const examples = EXAMPLES.filter(({ page }) => page === "docs/tutorial.md");

/** The next example, which must be of this language. */
function next(language: string, pattern: RegExp): string {
  const example = examples.shift() as Example;
  if (example?.language !== language || !pattern.test(example.code)) {
    throw new Error(`the next example is not ${language} like ${pattern}: ${example?.code}`);
  }
  return example.code;
}

function shell(t: ExecutionContext, command: string, cwd: string): string {
  const run = spawnSync("sh", ["-e", "-c", command], { cwd, encoding: "utf8", timeout: 300_000 });
  t.is(run.status, 0, `${command}\n${run.stdout}${run.stderr}`);
  return run.stdout;
}

/** What is printed, but for its numbers. */
function shape(text: string): string {
  return text
    .replace(/20\d\d-\S+Z/g, "TIME")
    .replace(/\d+(\.\d+)?/g, "N")
    .trim();
}

const hasPython = spawnSync("python3", ["--version"]).status === 0;

(hasPython ? test : test.skip)("every step of the tutorial does what it says", async (t) => {
  t.timeout(600_000);
  const root = mkdtempSync(join(tmpdir(), "flatlink-tutorial-"));
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  shell(t, `npm pack --silent --ignore-scripts --pack-destination '${root}'`, PROJECT);
  const folder = join(root, "thermometer");
  shell(t, `mkdir '${folder}'`, root);
  const port = String(await portToKeep());
  const write = (name: string, language: string, pattern: RegExp): void =>
    writeFileSync(join(folder, name), next(language, pattern).replaceAll("7301", port));
  let simulator: Program | undefined;
  t.teardown(() => simulator?.stop());
  const simulate = async (command: string): Promise<void> => {
    simulator = new Program("sh", ["-c", `cd '${folder}' && exec ${command.replace("7301", port)}`]);
    await simulator.prints(new RegExp(`listening on 127.0.0.1 port ${port}: space-packets`));
  };

  const install = next("sh", /^npm init/);
  t.regex(install, /npm install \.\.\/flatlink\/flatlink-0\.1\.0\.tgz$/);
  const tarball = join(root, "flatlink-0.1.0.tgz");
  shell(t, install.replace("../flatlink/flatlink-0.1.0.tgz", `${OFFLINE} ${tarball} ${INSTALLED.join(" ")}`), folder);

  write("board.ts", "ts", /room: \{ id: 256/);
  await simulate(next("sh", /^npx flatlink simulate/));
  const ping = next("sh", /^npx flatlink ping/);
  const pinged = shell(t, `${ping} --port ${port}`, folder);
  t.is(shape(pinged), shape(next("text", /^TC\[17,1\]/)));
  write("read.py", "python", /values < 3/);
  const read = shell(t, next("sh", /^python3 read\.py$/), folder);
  t.is(shape(read), shape(next("text", /degC/)));
  for (const line of read.trim().split("\n")) {
    const celsius = Number.parseFloat(line);
    t.true(celsius >= 18.95 && celsius <= 21.05, line);
  }
  await simulator!.stop("SIGINT");

  write("board.ts", "ts", /switchHeater/);
  const compile = next("sh", /^npm install --save-dev typescript\nnpx tsc/);
  const typescript = join(PROJECT, "node_modules", "typescript");
  const offline = compile.replace("--save-dev typescript", `${OFFLINE} --save-dev '${typescript}'`);
  shell(t, offline, folder);
  const check = compile.split("\n")[1]!;
  for (const [right, wrong] of [
    ['parameter("room")', 'parameter("rom")'],
    ["switchHeater(isOn)", "switchHeat(isOn)"],
  ] as const) {
    const source = examplesOfBoard().replace(right, wrong);
    writeFileSync(join(folder, "wrong.ts"), source);
    const run = spawnSync("sh", ["-c", check.replace("board.ts", "wrong.ts")], { cwd: folder, encoding: "utf8" });
    t.not(run.status, 0, wrong);
    t.regex(run.stdout, /wrong\.ts.*error TS/, wrong);
  }
  await simulate(next("sh", /^npx flatlink simulate/));
  write("command.py", "python", /crc_hqx/);
  const commanded = shell(t, next("sh", /^python3 command\.py$/), folder);
  const said = next("text", /^verification 1/);
  const verification = (text: string): string[] => text.match(/^verification \d$/gm) ?? [];
  t.deepEqual(verification(commanded), verification(said));
  t.is(
    commanded
      .trim()
      .split("\n")
      .at(-1)!
      .replace(/22\.\d\d/, "22.00"),
    said.split("\n").at(-1)!,
  );
  t.regex(commanded, /^room 2[01]\.\d\d degC, heater 1, set-point 22$/m);
  const refused = shell(
    t,
    "sed 's/258, 22/258, 40/; s/service == 1:/service == 1 and message == 4:/' command.py > refused.py; timeout 3 python3 -u refused.py || true",
    folder,
  );
  t.regex(refused, /^verification 4$/m);
  await simulator!.stop("SIGINT");
  t.deepEqual(examples, [], "no step is left");
});

/** The second board. */
function examplesOfBoard(): string {
  return EXAMPLES.find(({ page, code }) => page === "docs/tutorial.md" && code.includes("switchHeater"))!.code;
}
