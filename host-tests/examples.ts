/** The fenced examples of the README and of the pages in docs/: found, type-checked, compiled and run. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { PROJECT, Program, projectFile } from "./project.js";

export interface Example {
  /** The file that it stands in. */
  readonly page: string;
  /** Empty: none is given. */
  readonly language: string;
  readonly code: string;
  /** It has another program's syntax, or needs hardware: a comment in front of it says so. */
  readonly notRun: boolean;
  /** It runs in the Moddable SDK's simulator, too: a comment in front of it says so. */
  readonly onBoard: boolean;
}

export const COMMAND_LINE_PAGE = "docs/command-line.md";
/** Its commands belong together: a board, keys, a gateway. */
const SECURE_LINK_PAGE = "docs/secure-link.md";

/** Everything for users. */
export const PAGES: readonly string[] = [
  "README.md",
  ...readdirSync(`${PROJECT}docs`)
    .map((name) => `docs/${name}`)
    .sort(),
];

export function examplesOf(page: string): Example[] {
  const pattern = /^(?:<!-- (not run: needs [^\n]+|also on a board) -->\n)?```(\w*)\n([\s\S]*?)^```$/gm;
  return Array.from(projectFile(page).matchAll(pattern), ([, mark, language, code]) => ({
    page,
    language: language as string,
    code: (code as string).trim(),
    notRun: mark?.startsWith("not run") ?? false,
    onBoard: mark === "also on a board",
  }));
}

/** All but the drawings: Mermaid, and the architecture's list of rooms. */
export const EXAMPLES: readonly Example[] = PAGES.flatMap(examplesOf).filter(
  ({ page, language }) => language !== "mermaid" && (language !== "" || page !== "docs/architecture.md"),
);

/** The framing of one's own, what names it, and what talks to it. */
export function isCustomFraming({ code }: Example): boolean {
  return /\bhexLines\b|\| nc \S+ 7303/.test(code);
}

/** A board of one's own: the tests of the pages that have them run it. */
export function isBoard({ page }: Example): boolean {
  return page === "docs/tutorial.md" || page === "docs/own-board.md";
}

/** Of the page that has a test of its own, and the same in the README. */
export function isSecureLink({ page, code }: Example): boolean {
  return page === SECURE_LINK_PAGE || (page === "README.md" && code.includes("commander.key"));
}

/** What is typed at the command line: its own test runs it. */
export function isCommandLine(example: Example): boolean {
  const { page, code } = example;
  if (isSecureLink(example)) {
    return false;
  }
  return page === COMMAND_LINE_PAGE || /^(npx flatlink|npm run flatlink --) (send|tail|watch|record)/.test(code);
}

const PRINTS = /\bconsole\.log\(/g;
const PRINTS_AS_SAID = /\bconsole\.log\(.*\); \/\/ (.*)$/gm;

/** Everything that it prints, line by line, where a comment says so behind every `console.log`; else undefined. */
export function saidOutput({ language, code }: Example): string[] | undefined {
  const said = Array.from(code.matchAll(PRINTS_AS_SAID), ([, comment]) => comment as string);
  const prints = code.match(PRINTS)?.length ?? 0;
  return language === "ts" && prints > 0 && said.length === prints ? said : undefined;
}

/** It could run on a board: all that it imports is there, and it tells what it does, or makes what others do it with. */
export function suitsBoard(example: Example): boolean {
  const imports = Array.from(example.code.matchAll(/\bfrom "([^"]+)"/g), ([, specifier]) => specifier as string);
  return (
    (saidOutput(example) !== undefined || /^export function /m.test(example.code)) &&
    !isBoard(example) &&
    imports.every((specifier) => /^flatlink\/(?!host$|ground$)/.test(specifier))
  );
}

/** What a user's project may have set. */
const OPTIONS = [
  ...["--strict", "--noImplicitOverride", "--exactOptionalPropertyTypes", "--verbatimModuleSyntax"],
  ...["--target", "es2024", "--module", "nodenext", "--types", "node"],
];

/** What the compiler says of files, as a user of the package would compile them: `file.ts(line,column): error TS...: ...`. */
export function complaintsAbout(folder: string, sources: Readonly<Record<string, string>>): string[] {
  const path = `${PROJECT}dist/examples/${folder}/`;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  const files = Object.entries(sources).map(([name, code]) => {
    writeFileSync(`${path}${name}.ts`, `${code}\n`);
    return `${path}${name}.ts`;
  });
  const compiler = `${PROJECT}node_modules/typescript/bin/tsc`;
  const args = [compiler, "--ignoreConfig", "--noEmit", "--pretty", "false", ...OPTIONS, ...files];
  const { stdout } = spawnSync(process.execPath, args, { cwd: PROJECT, encoding: "utf8" });
  // What belongs to an error stands below it, further in.
  return stdout
    .split("\n")
    .filter((line) => /^\S/.test(line))
    .map((line) => line.replace(/^.*\//, ""));
}

/**
 * Compiles examples as a user of the package would, into a folder of their own in dist/examples/.
 * @param folder its name
 * @param sources by file name, without `.ts`
 * @param options of the compiler, beside the usual ones
 * @returns the folder, with a slash behind it
 */
export function compileExamples(
  folder: string,
  sources: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): string {
  const path = `${PROJECT}dist/examples/${folder}/`;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  const files = Object.entries(sources).map(([name, code]) => {
    writeFileSync(`${path}${name}.ts`, `${code}\n`);
    return `${path}${name}.ts`;
  });
  const compiler = `${PROJECT}node_modules/typescript/bin/tsc`;
  // The tests' own settings are not for them.
  const args = [compiler, "--ignoreConfig", ...OPTIONS, ...options, "--rootDir", path, "--outDir", path, ...files];
  const run = spawnSync(process.execPath, args, { cwd: PROJECT, encoding: "utf8" });
  if (run.status !== 0) {
    throw new Error(`the compiler refuses examples:\n${run.stdout}${run.stderr}`);
  }
  return path;
}

/** Runs a compiled example to its end. @returns what it printed */
export async function runExample(path: string): Promise<string> {
  const program = new Program(process.execPath, [path]);
  const exitCode = await program.exitCode;
  if (exitCode !== 0) {
    throw new Error(`${path} ended with ${exitCode}:\n${program.output}`);
  }
  return program.output.trim();
}
