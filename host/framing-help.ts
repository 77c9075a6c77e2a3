/** The framings and their keys, for `--help`. */
import { COMMON_FRAMING_OPTIONS, FRAMINGS } from "../modules/framing/registry.js";

const KEY_WIDTH = 12;
const WIDTH = 100;

function wrapped(text: string, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH - indent) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}

function keys(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).map(([key, help]) => `    ${key.padEnd(KEY_WIDTH)} ${wrapped(help, KEY_WIDTH + 5)}`);
}

/** @param others keys that every framing takes beside those of the registry */
export function framingHelp(others: Readonly<Record<string, string>> = {}): string {
  const all = { ...COMMON_FRAMING_OPTIONS, ...others };
  const lines = FRAMINGS.flatMap(({ name, summary, options }) => [`  ${name}: ${summary}`, ...keys(options)]);
  return ["Framings, each with its keys:", ...lines, "  every one:", ...keys(all)].join("\n");
}
