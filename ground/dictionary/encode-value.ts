/** One argument as the octets of its field. */
import { numberKind, widthOf, writeNumber } from "../../modules/data/field-kinds.js";
import type { ValueDefinition } from "../../modules/dictionary/dictionary.js";
import { valueLength } from "../../modules/dictionary/value-check.js";
import { ArgumentError } from "./argument-error.js";
import { nearestName } from "./nearest-name.js";
import { expected, RAW, rawScalar } from "./raw-value.js";

/**
 * What is said of an argument. Text is as people type it: a word, a number in the unit, `[1,2,3]`, hexadecimal digits, and
 * `part:value/part:value` for a number with bits. Numbers are in the unit; an object has the parts of a number with bits.
 */
export type ArgumentValue =
  | string
  | number
  | boolean
  | Uint8Array
  | readonly (string | number | boolean)[]
  | Readonly<Record<string, string | number | boolean>>;

/** @throws ArgumentError, whose message names the argument, its range, unit and words */
export function encodeValue(name: string, definition: ValueDefinition, said: ArgumentValue): Uint8Array {
  const { type, count, bits } = definition;
  const octets = new Uint8Array(valueLength(definition));
  switch (type) {
    case "ascii":
      octets.set(characters(name, definition, said));
      return octets;
    case "bytes":
      octets.set(givenOctets(name, definition, said));
      return octets;
    default:
  }
  if (bits !== undefined) {
    writeScalar(definition, octets, 0, wholeOf(name, definition, bits, said));
    return octets;
  }
  if (count === undefined) {
    writeScalar(definition, octets, 0, rawScalar(name, definition, scalarOf(name, definition, said)));
    return octets;
  }
  const elements = typeof said === "string" ? splitList(unbracketed(said)) : said;
  if (!Array.isArray(elements) || elements.length !== count) {
    const found = Array.isArray(elements) ? `${elements.length}` : String(said);
    throw new ArgumentError(
      name,
      `${name} has ${count} elements, as in [${Array.from({ length: count }, (_, k) => k)}], not ${found}`,
    );
  }
  const width = octets.length / count;
  elements.forEach((element: string | number | boolean, k) => {
    writeScalar(definition, octets, k * width, rawScalar(`${name}[${k}]`, definition, element));
  });
  return octets;
}

/** @returns the parts between the commas that stand in no brackets and in no quotes; none for empty text */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = "";
  for (let k = 0; k < text.length; k++) {
    const character = text[k]!;
    if (quoted && character === "\\") {
      part += character + (text[++k] ?? "");
      continue;
    }
    if (character === '"') {
      quoted = !quoted;
    } else if (!quoted && character === "[") {
      depth++;
    } else if (!quoted && character === "]") {
      depth--;
    } else if (!quoted && depth === 0 && character === ",") {
      parts.push(part.trim());
      part = "";
      continue;
    }
    part += character;
  }
  return text.trim() === "" ? [] : [...parts, part.trim()];
}

function unbracketed(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith("[") && trimmed.endsWith("]") ? trimmed.slice(1, -1) : trimmed;
}

function scalarOf(name: string, definition: ValueDefinition, said: ArgumentValue): string | number | boolean {
  if (typeof said === "object") {
    throw new ArgumentError(name, `${name} is one value, ${expected(definition)}, not ${JSON.stringify(said)}`);
  }
  return said;
}

function writeScalar({ type }: ValueDefinition, octets: Uint8Array, at: number, raw: number): void {
  if (type === "boolean") {
    octets[at] = raw;
    return;
  }
  const kind = numberKind(type);
  writeNumber(new DataView(octets.buffer, at, widthOf(kind)), kind, 0, raw, false);
}

/** Text in double quotes is read as JSON has it. */
function characters(name: string, definition: ValueDefinition, said: ArgumentValue): number[] {
  let text = String(said);
  if (typeof said === "string" && /^"(?:[^"\\]|\\.)*"$/.test(said)) {
    try {
      text = JSON.parse(said) as string;
    } catch {
      // It is no JSON: it is taken as it stands.
    }
  }
  const codes = Array.from(text, (character) => character.codePointAt(0)!);
  const wrong = codes.findIndex((code) => code === 0 || code > 0x7f);
  if (typeof said === "object" || codes.length > definition.length! || wrong >= 0) {
    const why = wrong >= 0 ? `and character ${wrong} of "${text}" is not ASCII` : `not ${codes.length}`;
    throw new ArgumentError(name, `${name} is ${expected(definition)}, ${why}`);
  }
  return codes;
}

function givenOctets(name: string, definition: ValueDefinition, said: ArgumentValue): Uint8Array {
  const octets = octetsOf(name, said);
  if (octets.length !== definition.length) {
    throw new ArgumentError(name, `${name} is ${expected(definition)}, not ${octets.length}`);
  }
  return octets;
}

/** @throws ArgumentError when it is neither octets nor pairs of hexadecimal digits, with spaces or without */
export function octetsOf(name: string, said: ArgumentValue): Uint8Array {
  if (said instanceof Uint8Array) {
    return said;
  }
  if (Array.isArray(said) && said.every((octet) => Number.isInteger(octet) && octet >= 0 && octet <= 0xff)) {
    return Uint8Array.from(said as number[]);
  }
  const digits = String(said).replace(/^0x/i, "").replace(/[\s:]/g, "");
  if (typeof said !== "string" || digits.length % 2 === 1 || /[^0-9a-f]/i.test(digits)) {
    throw new ArgumentError(
      name,
      `${name} must be pairs of hexadecimal digits, as in 00ff12, not ${JSON.stringify(said)}`,
    );
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** @returns the number that the parts make; a part that is not said is 0 */
function wholeOf(
  name: string,
  definition: ValueDefinition,
  bits: NonNullable<ValueDefinition["bits"]>,
  said: ArgumentValue,
): number {
  if (
    typeof said === "number" ||
    (typeof said === "string" && (said.startsWith(RAW) || !said.includes(":"))) ||
    typeof said === "boolean"
  ) {
    return rawScalar(name, definition, said);
  }
  const parts =
    typeof said === "string" ? partsIn(name, said) : (said as Readonly<Record<string, string | number | boolean>>);
  for (const part of Object.keys(parts)) {
    if (!Object.hasOwn(bits, part)) {
      const meant = nearestName(part, Object.keys(bits));
      const hint = meant === undefined ? `; there are ${Object.keys(bits).join(", ")}` : `; did you mean ${meant}?`;
      throw new ArgumentError(name, `${name} has no part "${part}"${hint}`);
    }
  }
  let left = 8 * valueLength(definition);
  let whole = 0;
  for (const [part, { width, words }] of Object.entries(bits)) {
    left -= width;
    const value = Object.hasOwn(parts, part) ? parts[part] : undefined;
    if (value !== undefined) {
      const one = { type: definition.type, maximum: 2 ** width - 1, ...(words === undefined ? {} : { words }) };
      const bare = typeof value === "boolean" ? Number(value) : value;
      whole += rawScalar(`${name}.${part}`, one, bare) * 2 ** left;
    }
  }
  return rawScalar(name, { ...definition }, whole);
}

function partsIn(name: string, text: string): Record<string, string> {
  const parts = new Map<string, string>();
  for (const pair of unbracketed(text).split("/")) {
    const [part = "", value, ...more] = pair.split(":").map((word) => word.trim());
    if (value === undefined || more.length > 0) {
      throw new ArgumentError(name, `${name} is part:value/part:value or a number, not "${text}"`);
    }
    if (parts.has(part)) {
      throw new ArgumentError(name, `${name} has ${part} twice in "${text}"`);
    }
    parts.set(part, value);
  }
  return Object.fromEntries(parts);
}
