/** Values of messages as attributes of Kaitai types: what is read, and what is worked out of it. */
import { NUMBER_KINDS, numberKind } from "../../../modules/data/field-kinds.js";
import type { ArgumentDefinition, BitField, Calibration, Words } from "../../../modules/dictionary/dictionary.js";
import { printable } from "../document/document.js";
import { Ids } from "../ids.js";
import type { Scope } from "./scope.js";
import type { Yaml, YamlMap } from "./yaml.js";

/** How Kaitai calls numbers; three octets are bits to it. */
const TYPES: Readonly<Record<string, string>> = {
  uint8: "u1",
  uint16: "u2",
  uint24: "b24",
  uint32: "u4",
  uint64: "u8",
  int8: "s1",
  int16: "s2",
  int32: "s4",
  int64: "s8",
  float32: "f4",
  float64: "f8",
  boolean: "u1",
};
/** Beyond it compilers do not agree on what an enumeration may have. */
const MAX_ENUM = 0x7fffffff;

/** A type under construction: its attributes in the order of the wire. */
export class TypeBuilder {
  readonly #scope: Scope;
  readonly #ids = new Ids();
  readonly #seq: YamlMap[] = [];
  readonly #instances: Record<string, YamlMap> = {};

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** @returns an expression of its raw number */
  value(name: string, value: ArgumentDefinition): string {
    const { type, length, count, bits, words, calibration } = value;
    const id = this.#ids.take(name, "field");
    const about = aboutOf(name, id, value);
    const repeated = count === undefined ? {} : { repeat: "expr", "repeat-expr": count };
    if (type === "ascii" || type === "bytes") {
      this.#seq.push({ id, size: length, ...(type === "ascii" ? { type: "strz", encoding: "ASCII" } : {}), ...about });
      return id;
    }
    if (bits !== undefined) {
      this.#seq.push({ id, type: bitsType(this.#scope, name, type, bits), ...about });
      return id;
    }
    if (type === "int24") {
      this.#seq.push({ id, type: int24(this.#scope), ...repeated, ...about });
      this.#calibrated(id, `${id}.value`, count === undefined ? calibration : undefined);
      return `${id}.value`;
    }
    const isNamed = words !== undefined && canBeEnum(type, words);
    this.#seq.push({
      id,
      type: TYPES[type]!,
      ...(isNamed ? { enum: this.#scope.enumeration(name, words) } : {}),
      ...repeated,
      ...about,
    });
    const raw = isNamed ? `${id}.to_i` : id;
    this.#calibrated(id, raw, count === undefined ? calibration : undefined);
    return raw;
  }

  values(values: Readonly<Record<string, ArgumentDefinition>> | undefined): string {
    return Object.entries(values ?? {}).reduce((_, [name, value]) => this.value(name, value), "");
  }

  /** @param attribute all but its ID */
  attribute(name: string, attribute: YamlMap): string {
    const id = this.#ids.take(name, "field");
    this.#seq.push({ id, ...attribute });
    return id;
  }

  #calibrated(id: string, raw: string, calibration: Calibration | undefined): void {
    if (calibration !== undefined) {
      const instance = { value: expressionOf(calibration, raw), doc: `${id}, in its unit` };
      this.#instances[this.#ids.take(id, "field", "_calibrated")] = instance;
    }
  }

  build(doc = ""): YamlMap {
    return {
      ...(printable(doc).trim() === "" ? {} : { doc: printable(doc) }),
      ...(this.#seq.length === 0 ? {} : { seq: this.#seq }),
      ...(Object.keys(this.#instances).length === 0 ? {} : { instances: this.#instances }),
    };
  }
}

/** What a reader of the file wants to know: the dictionary's name where it differs, the unit, what it is. */
function aboutOf(name: string, id: string, { unit, description, words, type }: ArgumentDefinition): YamlMap {
  const isUnnamed = words !== undefined && !canBeEnum(type, words);
  const said = [
    description ?? "",
    isUnnamed
      ? Object.entries(words)
          .map(([word, value]) => `${value} ${word}`)
          .join(", ")
      : "",
  ];
  const doc = printable(said.filter((text) => text !== "").join("; "));
  return {
    ...(id === name ? {} : { "-orig-id": name }),
    ...(unit === undefined || unit.trim() === "" ? {} : { "-unit": printable(unit) }),
    ...(doc.trim() === "" ? {} : { doc }),
  };
}

function canBeEnum(type: string, words: Words): boolean {
  const values = Object.values(words);
  return (
    !type.startsWith("float") &&
    type !== "int24" &&
    values.length > 0 &&
    values.every((value) => Math.abs(value) <= MAX_ENUM)
  );
}

function int24(scope: Scope): string {
  return scope.sharedType("int24", {
    doc: "A number of three octets with a sign.",
    seq: [{ id: "raw", type: "b24" }],
    instances: { value: { value: "raw < 8388608 ? raw : raw - 16777216" } },
  });
}

function bitsType(scope: Scope, name: string, type: string, bits: Readonly<Record<string, BitField>>): string {
  const ids = new Ids();
  let left = NUMBER_KINDS[numberKind(type)]!.width * 8;
  const seq = Object.entries(bits).map(([part, { width, words, description = "" }]): YamlMap => {
    const id = ids.take(part, "part");
    left -= width;
    const isNamed = words !== undefined && canBeEnum(type, words);
    return {
      id,
      type: `b${width}`,
      ...(isNamed ? { enum: scope.enumeration(part, words) } : {}),
      ...(id === part ? {} : { "-orig-id": part }),
      ...(description.trim() === "" ? {} : { doc: printable(description) }),
    };
  });
  return scope.sharedType(`bits_${name}`, {
    seq: left === 0 ? seq : [...seq, { id: ids.take("reserved", "reserved"), type: `b${left}` }],
  });
}

/** @param raw an expression */
function expressionOf(calibration: Calibration, raw: string): string {
  if ("polynomial" in calibration) {
    return calibration.polynomial.reduceRight((sum, coefficient) => {
      const term = float(coefficient);
      return sum === "" ? term : `${term} + ${raw} * (${sum})`;
    }, "");
  }
  const { points } = calibration;
  const lines = points.slice(1).map(([right, value], k) => {
    const [left, first] = points[k]!;
    return { right, line: `${float(first)} + (${raw} - ${float(left)}) * ${float((value - first) / (right - left))}` };
  });
  // The outer lines go on.
  return lines.reduceRight(
    (rest, { right, line }) => (rest === "" ? line : `${raw} <= ${float(right)} ? ${line} : (${rest})`),
    "",
  );
}

/** A number that no compiler takes for a whole one. */
function float(number: number): string {
  const text = String(number);
  const [digits, exponent] = text.split("e") as [string, string | undefined];
  const whole = digits.includes(".") ? digits : `${digits}.0`;
  const written = exponent === undefined ? whole : `${whole}e${exponent.replace("+", "")}`;
  return number < 0 ? `(${written})` : written;
}

/** What a list's N is read as. */
export function countType(type: string): Yaml {
  return TYPES[type]!;
}
