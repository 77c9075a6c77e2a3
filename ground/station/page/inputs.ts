/** How a command's arguments are asked for. */
import { calibrate, hasInverse } from "../../../modules/dictionary/calibration.js";
import type { ArgumentDefinition } from "../../../modules/dictionary/dictionary.js";
import { rangeOf } from "../../../modules/dictionary/value-check.js";
import { expected } from "../../dictionary/raw-value.js";
import { numberText } from "./format.js";
import type { CommandArgumentEntry } from "./wire.js";

export interface Input {
  readonly name: string;
  /** `choice`: nothing but its words. `words`: text, some of which have a word. */
  readonly kind: "choice" | "words" | "text";
  readonly choices: readonly string[];
  readonly unit: string | undefined;
  /** Range, length, form: what may be said. */
  readonly hint: string;
  /** As it would be typed; undefined: it must be said. */
  readonly fallback: string | undefined;
  readonly isNeeded: boolean;
}

/** Words in a list that can be looked through. */
const MOST_CHOICES = 500;

export function inputOf({ name, kind, value, default: said }: CommandArgumentEntry): Input {
  if (value === undefined || kind === "data") {
    return {
      name,
      kind: "text",
      choices: [],
      unit: undefined,
      hint: "octets in hexadecimal digits",
      fallback: "none",
      isNeeded: false,
    };
  }
  const fallback = defaultText(value, said ?? value.default);
  const base = { name, unit: value.unit, fallback, isNeeded: fallback === undefined };
  const words =
    value.type === "boolean" ? Object.keys(value.words ?? { false: 0, true: 1 }) : Object.keys(value.words ?? {});
  const single = value.count === undefined && value.bits === undefined;
  if (kind === "items") {
    return { ...base, kind: "text", choices: [], hint: `for each item ${expected(value)}, with commas between` };
  }
  if (single && words.length > 0 && words.length <= MOST_CHOICES) {
    const isAll = value.type === "boolean" || covers(value, words.length);
    return { ...base, kind: isAll ? "choice" : "words", choices: words, hint: isAll ? "" : expected(value) };
  }
  return { ...base, kind: "text", choices: [], hint: hintOf(value) };
}

function covers(value: ArgumentDefinition, words: number): boolean {
  const { minimum, maximum } = rangeOf(value);
  return words === maximum - minimum + 1;
}

function hintOf(value: ArgumentDefinition): string {
  const { bits, count } = value;
  if (bits !== undefined) {
    return Object.entries(bits)
      .map(([part, { width }]) => `${part}:0..${2 ** width - 1}`)
      .join("/");
  }
  return count === undefined ? expected(value) : `${count} numbers, as in [1,2,3]; each ${expected(value)}`;
}

function defaultText(value: ArgumentDefinition, raw: number | boolean | undefined): string | undefined {
  if (raw === undefined) {
    return undefined;
  }
  const word = Object.entries(value.words ?? {}).find(([, number]) => number === Number(raw))?.[0];
  if (word !== undefined || typeof raw === "boolean") {
    return word ?? String(raw);
  }
  return hasInverse(value.calibration) ? numberText(calibrate(value.calibration, raw)) : `raw:${raw}`;
}

/** What goes to the station: what was said, as text. What was left empty is not said. */
export function saidArguments(
  inputs: readonly Input[],
  typed: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    inputs.flatMap(({ name }) => {
      const text = typed[name]?.trim() ?? "";
      return text === "" ? [] : [[name, text]];
    }),
  );
}

/** The first argument that must be said and is not; undefined: none. */
export function missingOf(inputs: readonly Input[], typed: Readonly<Record<string, string>>): string | undefined {
  return inputs.find(({ name, isNeeded }) => isNeeded && (typed[name]?.trim() ?? "") === "")?.name;
}
