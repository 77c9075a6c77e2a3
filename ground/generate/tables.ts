/** A dictionary as Markdown tables, for people to read: parameters, structures, events, functions, failure codes. */
import type { Dictionary, ParameterDefinition, ValueDefinition } from "../../modules/dictionary/dictionary.js";

/** What there are tables of. */
export const TABLES = ["parameters", "structures", "events", "functions", "failureCodes"] as const;
export type Table = (typeof TABLES)[number];

/** @returns rows, a newline behind each */
export function markdownTable(dictionary: Dictionary, table: Table): string {
  const [head, rows] = MAKERS[table](dictionary);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

type Made = [head: string[], rows: string[][]];

const MAKERS: Record<Table, (dictionary: Dictionary) => Made> = {
  parameters: ({ parameters = {} }) => [
    ["ID", "parameter", "type", "meaning"],
    byId(parameters, ({ id }) => id).map(([name, parameter]) => [
      String(parameter.id),
      code(name),
      typeOf(parameter),
      meaningOf(parameter),
    ]),
  ],
  structures: ({ structures = {} }) => [
    ["ID", "structure", "every", "parameters"],
    byId(structures, ({ id }) => id).map(([name, { id, intervalMs, enabled = true, parameters }]) => [
      String(id),
      code(name),
      `${intervalMs} ms${enabled ? "" : ", when enabled"}`,
      parameters.map(code).join(", "),
    ]),
  ],
  events: ({ events = {} }) => [
    ["ID", "event", "severity", "auxiliary data", "text"],
    byId(events, ({ id }) => id).map(([name, { id, severity, values, text, description = "" }]) => [
      String(id),
      code(name),
      severity,
      valuesOf(values),
      cell(text ?? description),
    ]),
  ],
  functions: ({ functions = {} }) => [
    ["ID", "function", "arguments", "what it does"],
    byId(functions, ({ id }) => id).map(([name, { id, arguments: values, description = "", dangerous }]) => [
      String(id),
      code(name),
      valuesOf(values),
      cell(sentences(description, dangerous === undefined ? "" : `**Dangerous:** ${dangerous}`)),
    ]),
  ],
  failureCodes: ({ failureCodes = {} }) => [
    ["code", "failure", "meaning", "failure data"],
    byId(failureCodes, (failure) => failure.code).map(([name, failure]) => [
      String(failure.code),
      code(name),
      cell(failure.description ?? ""),
      cell(failure.data ?? ""),
    ]),
  ],
};

function byId<Entry>(entries: Readonly<Record<string, Entry>>, idOf: (entry: Entry) => number): [string, Entry][] {
  return Object.entries(entries).sort(([, a], [, b]) => idOf(a) - idOf(b));
}

function code(name: string): string {
  return `\`${name}\``;
}

/** A table's cell ends at a bar or a new line. */
function cell(text: string): string {
  return text.replaceAll("\n", " ").replaceAll("|", "\\|");
}

function sentences(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

function typeOf({ type, length, count, bits }: ValueDefinition): string {
  const fields = Object.entries(bits ?? {}).map(([name, { width }]) => `${name} ${width}`);
  const sized = length === undefined ? type : `${type}, ${length} bytes`;
  const listed = count === undefined ? sized : `${count} × ${sized}`;
  return fields.length === 0 ? listed : `${listed}: ${fields.join(", ")}`;
}

function valuesOf(values: Readonly<Record<string, ValueDefinition>> | undefined): string {
  return Object.entries(values ?? {})
    .map(
      ([name, value]) =>
        `${name} ${typeOf(value)}${value.unit === undefined ? "" : `, ${value.unit}`}${wordsOf(value)}`,
    )
    .join("; ");
}

function wordsOf({ words }: ValueDefinition): string {
  const all = Object.entries(words ?? {}).map(([word, value]) => `${value} ${word}`);
  return all.length === 0 ? "" : ` (${all.join(", ")})`;
}

function meaningOf(parameter: ParameterDefinition): string {
  const { unit, description = "", settable, minimum, maximum, dangerous } = parameter;
  const range =
    minimum === undefined && maximum === undefined
      ? ""
      : ` from ${minimum ?? "its least"} to ${maximum ?? "its greatest"}`;
  const parts = [
    unit ?? "",
    description + wordsOf(parameter),
    settable === true ? `**can be set**${range}` : "",
    dangerous === undefined ? "" : `**dangerous**: ${dangerous}`,
  ];
  return cell(parts.filter((part) => part !== "").join("; "));
}
