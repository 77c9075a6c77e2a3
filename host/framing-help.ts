/** The framings and their keys, for `--help`. */
import { helpOf } from "../modules/framing/options/option-table.js";
import { COMMON_FRAMING_OPTIONS, FRAMINGS, type Framings } from "../modules/framing/registry.js";

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

/**
 * @param others keys that every framing takes beside those of the registry
 * @param framings to choose from
 */
export function framingHelp(others: Readonly<Record<string, string>> = {}, framings: Framings = FRAMINGS): string {
  const all = { ...helpOf(COMMON_FRAMING_OPTIONS), ...others };
  const lines = framings.flatMap(({ name, summary, options }) => [`  ${name}: ${summary}`, ...keys(helpOf(options))]);
  return ["Framings, each with its keys:", ...lines, "  every one:", ...keys(all)].join("\n");
}
