/** Event templates and displays for Yamcs, in its own files. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import { digitsOf } from "../digits.js";
import type { Xtce } from "./xtce.js";

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;

/** For `org.yamcs.pus.PusEventDecoder`: a template for each event, by its word. */
export function eventTemplates(board: BoardDictionary, xtce: Xtce): string {
  const templates = Object.entries(board.events ?? {}).map(([name, { text, description, values = {} }]) => {
    const said = text ?? description ?? "";
    return { eventId: name, template: templateOf(said === "" ? name : said, name, values, xtce) };
  });
  return asciiJson(templates);
}

/** JSON that any reader reads right, whatever it takes for its character set. */
function asciiJson(data: unknown): string {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(data, null, 2).replace(/[\u007f-\uffff]/g, escaped)}\n`;
}

/** Values of the event become parameters, with their unit; other braces are no braces of Yamcs's. */
function templateOf(
  text: string,
  event: string,
  values: Readonly<Record<string, ValueDefinition>>,
  xtce: Xtce,
): string {
  let template = "";
  let at = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, name = ""] = match;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      continue;
    }
    const behind = text.slice(match.index + whole.length);
    template +=
      withoutBraces(text.slice(at, match.index)) + shownOf(value, xtce.telemetry.eventValue(event, name), xtce.name);
    template += unitBehind(value, behind);
    at = match.index + whole.length;
  }
  return template + withoutBraces(text.slice(at));
}

function shownOf(value: ValueDefinition, parameters: readonly string[], space: string): string {
  const format = formatOf(value);
  return parameters.map((parameter) => `{/${space}/${parameter}${format}}`).join(" ");
}

/** Whole numbers have steps; what a float has digits of, nobody knows. */
function formatOf({ calibration, type }: ValueDefinition): string {
  const isWhole = type !== "float32" && type !== "float64";
  const digits = calibration === undefined ? undefined : digitsOf(calibration);
  return isWhole && digits !== undefined ? `; %.${digits}f` : "";
}

/** Unless the text itself goes on with it. */
function unitBehind({ unit = "" }: ValueDefinition, behind: string): string {
  return unit === "" || behind.trimStart().startsWith(unit) ? "" : ` ${withoutBraces(unit)}`;
}

/** Yamcs takes what stands between braces for a parameter, and knows no way around it. */
function withoutBraces(text: string): string {
  return text.replaceAll("{", "(").replaceAll("}", ")");
}

/** A table of parameters for Yamcs's web pages. @param parameters names */
export function parameterTable(parameters: readonly string[], space: string): string {
  return asciiJson({
    $schema: "https://yamcs.org/schema/parameter-table.schema.json",
    scroll: false,
    parameters: parameters.map((name) => `/${space}/${name}`),
  });
}
