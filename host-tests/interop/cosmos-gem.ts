/** What Ruby makes of generated plugins: `gem build`, and ERB, which COSMOS runs over each file. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boardDictionary } from "../../ground/commands/board-choice.js";
import { COSMOS_GENERATOR } from "../../ground/generate/cosmos/cosmos.js";
import { writeFiles } from "../../ground/generate/write-files.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { Random } from "../framing/random.js";
import { decoratedBoard } from "../ground/generate/decorated-dictionaries.js";
import { Unavailable } from "./environment.js";

const LIMIT_MS = 60_000;
const RANDOM_BOARDS = 6;
/** Files that change are printed. plugin.txt is meant to. */
const ERB = `
ARGV.each do |path|
  text = File.read(path, encoding: "UTF-8")
  puts path if ERB.new(text, trim_mode: "-").result != text
end
`;

/** @returns what is wrong, in words; empty: nothing */
async function build(board: BoardDictionary): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-gem-"));
  const run = (command: string, ...args: string[]) =>
    spawnSync(command, args, { cwd: folder, encoding: "utf8", timeout: LIMIT_MS });
  try {
    const files = COSMOS_GENERATOR.generate(board);
    await writeFiles(folder, files);
    const paths = files.map(({ path }) => path);
    const gem = run("gem", "build");
    if (gem.status !== 0 || /WARNING|ERROR/.test(gem.stderr)) {
      return gem.stderr || "gem build failed";
    }
    const packed = run("sh", "-c", "tar -xOf *.gem data.tar.gz | tar -tz").stdout.trim().split("\n");
    const missing = paths.filter((path) => !path.endsWith(".gemspec") && !packed.includes(path));
    const erb = run(
      "ruby",
      "-rerb",
      "-e",
      ERB,
      ...paths.filter((path) => path.endsWith(".txt") && path !== "plugin.txt"),
    );
    return [...missing.map((path) => `${path} is not in the gem`), erb.stdout + erb.stderr].join("\n").trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws Unavailable where there is no gem */
export async function runGem(seed: number, say: (line: string) => void): Promise<boolean> {
  if (spawnSync("gem", ["--version"], { timeout: LIMIT_MS }).status !== 0) {
    throw new Unavailable("there is no gem");
  }
  const boards = [
    await boardDictionary({ board: undefined, framings: undefined, settings: {} }),
    ...Array.from({ length: RANDOM_BOARDS }, (_, k) => decoratedBoard(new Random(seed + k), "nasty")),
  ];
  const wrong: string[] = [];
  for (const board of boards) {
    wrong.push(...[await build(board)].filter((each) => each !== ""));
  }
  say(wrong.length === 0 ? `  ok     ${boards.length} gems are built` : `  FAILED gem build: ${wrong.join("\n    ")}`);
  return wrong.length === 0;
}
