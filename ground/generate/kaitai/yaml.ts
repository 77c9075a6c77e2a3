/** Plain data as YAML: maps and lists on lines of their own, every text quoted as JSON quotes it. */

export type Yaml = string | number | boolean | readonly Yaml[] | YamlMap;
export interface YamlMap {
  readonly [key: string]: Yaml | undefined;
}

/** Keys and values that need no quotes, whatever version of YAML reads them. */
const BARE = /^[a-z][a-z0-9_]*(?:[-/][a-z0-9_]+)*$/;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null)$/;

/** @returns lines, a newline behind each; entries that are undefined are left out */
export function yamlOf(map: YamlMap): string {
  return `${mapLines(map, "").join("\n")}\n`;
}

function mapLines(map: YamlMap, indent: string): string[] {
  return Object.entries(map).flatMap(([key, value]) =>
    value === undefined ? [] : entryLines(keyOf(key), value, indent),
  );
}

function entryLines(key: string, value: Yaml, indent: string): string[] {
  if (Array.isArray(value)) {
    return value.length === 0
      ? [`${indent}${key}: []`]
      : [`${indent}${key}:`, ...value.flatMap((item) => itemLines(item, `${indent}  `))];
  }
  if (typeof value === "object") {
    const lines = mapLines(value as YamlMap, `${indent}  `);
    return lines.length === 0 ? [`${indent}${key}: {}`] : [`${indent}${key}:`, ...lines];
  }
  return [`${indent}${key}: ${scalar(value)}`];
}

function itemLines(item: Yaml, indent: string): string[] {
  if (typeof item !== "object") {
    return [`${indent}- ${scalar(item)}`];
  }
  const [first, ...rest] = mapLines(item as YamlMap, `${indent}  `);
  return [`${indent}- ${first!.trimStart()}`, ...rest];
}

/** Numbers are keys of enumerations, and cases. */
function keyOf(key: string): string {
  return /^-?\d+$/.test(key) || isBare(key) || /^-[a-z-]+$/.test(key) ? key : JSON.stringify(key);
}

function scalar(value: string | number | boolean): string {
  return typeof value === "string" && !isBare(value) ? JSON.stringify(value) : String(value);
}

function isBare(text: string): boolean {
  return BARE.test(text) && !WORDS.test(text);
}
