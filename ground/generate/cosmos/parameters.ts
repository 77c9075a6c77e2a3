/** The parameters of one command, as lines of cmd.txt. */
import { calibrate } from "../../../modules/dictionary/calibration.js";
import type { ArgumentDefinition, ParameterDefinition } from "../../../modules/dictionary/dictionary.js";
import { rangeOf } from "../../../modules/dictionary/value-check.js";
import type { Field, FieldList, Message } from "../../dictionary/messages.js";
import type { UniqueNames } from "../names.js";
import { cosmosName, number, quoted } from "./text.js";
import {
  allBitsOf,
  bitsOf,
  cosmosType,
  isNumeric,
  rangeInUnit,
  readConversion,
  stateLines,
  unitLines,
  wordPairs,
  wordsOf,
  writeConversion,
} from "./values.js";

/** Words that a description names, at most. */
const MAX_NAMED = 24;

export class ParameterWriter {
  readonly lines: string[] = [];
  readonly #names: UniqueNames;

  constructor(names: UniqueNames) {
    this.#names = names;
  }

  /** Everything behind the header; the interface's protocol adds the CRC. */
  message({ fields, list, trailer, maxDataLength }: Message): void {
    for (const field of fields) {
      this.#field(field);
    }
    if (list === undefined) {
      trailer.forEach((field) => {
        this.#field(field);
      });
    } else if (isPlain(list) && maxDataLength === 0) {
      this.#array(list, list.items[0]!, trailer);
    } else {
      this.#single(list, trailer);
    }
    if (maxDataLength > 0) {
      const described = quoted(`${maxDataLength} octets at most`);
      this.#add(`APPEND_PARAMETER ${this.#names.take("DATA")} 0 BLOCK "" ${described}`);
    }
  }

  /** What is written into the array sets the count. COSMOS's VARIABLE_BIT_SIZE counts octets, whatever the elements have. */
  #array(
    { countType, minCount = 0, maxCount }: FieldList,
    { name: of, value }: Field,
    trailer: readonly Field[],
  ): void {
    const count = this.#names.take("COUNT");
    const told = quoted("set by what is listed");
    this.#add(
      `APPEND_PARAMETER ${count} ${bitsOf({ type: countType })} UINT ${minCount} ${maxCount} ${minCount} ${told}`,
    );
    let behind = trailer.reduce((bits, field) => bits + allBitsOf(field.value), 0);
    const described = quoted(
      [`as in [1, 2], ${maxCount} at most`, meaningOf(value)].filter((part) => part !== "").join("; "),
    );
    const name = this.#names.take(cosmosName(of));
    const place = `${name} ${bitsOf(value)} ${cosmosType(value)}`;
    const words = wordPairs(value.words ?? {}).join(" ");
    this.#add(`APPEND_ARRAY_PARAMETER ${place} ${-behind} ${described}`, [
      "REQUIRED",
      `WRITE_CONVERSION flatlink_count_conversion.py ${count} ${name} ${minCount} ${maxCount} ${words}`.trimEnd(),
    ]);
    for (const { name: behindIt, value: last, constant } of trailer) {
      const item = `${this.#names.take(cosmosName(behindIt))} ${-behind} ${bitsOf(last)} ${cosmosType(last)}`;
      const { minimum, maximum } = rangeOf(last);
      const initial = constant ?? defaultOf(last, minimum, maximum);
      const range = isNumeric(last) ? `${number(minimum)} ${number(maximum)} ${number(initial)}` : '""';
      this.#add(`PARAMETER ${item} ${range} ${quoted(meaningOf(last))}`, constant === undefined ? ["REQUIRED"] : []);
      behind -= allBitsOf(last);
    }
  }

  /** A list whose items have several values each. */
  #single({ countType, items }: FieldList, trailer: readonly Field[]): void {
    const count = `${this.#names.take("COUNT")} ${bitsOf({ type: countType })}`;
    this.#add(`APPEND_PARAMETER ${count} UINT 1 1 1 ${quoted("one in each command")}`);
    for (const { value, ...field } of items) {
      // Not as states: the ground may have made more of them than the dictionary knows.
      const { words: _, ...plain } = value;
      this.#field({ ...field, value: { ...plain, description: meaningOf(value) } });
    }
    for (const field of trailer) {
      this.#field(field);
    }
  }

  #add(line: string, more: readonly string[] = []): void {
    this.lines.push(`  ${line}`, ...more.map((each) => `    ${each}`));
  }

  #field({ name: of, value, constant, identifies }: Field): void {
    const name = this.#names.take(cosmosName(of));
    const described = quoted(value.description ?? "");
    const place = `${name} ${bitsOf(value)} ${cosmosType(value)}`;
    if (constant !== undefined) {
      const keyword = identifies ? "APPEND_ID_PARAMETER" : "APPEND_PARAMETER";
      const [least, most] = [number(constant), number(constant)];
      this.#add(`${keyword} ${place} ${least} ${most} ${number(constant)} ${described}`);
    } else if (value.count !== undefined) {
      this.#add(`APPEND_ARRAY_PARAMETER ${place} ${allBitsOf(value)} ${quoted(meaningOf(value))}`, ["REQUIRED"]);
    } else if (value.bits !== undefined) {
      this.#parts(name, value);
    } else if (isNumeric(value)) {
      this.#number(place, value);
    } else {
      this.#add(`APPEND_PARAMETER ${place} "" ${described}`, ["REQUIRED", ...unitLines(value)]);
    }
  }

  #number(place: string, value: ArgumentDefinition): void {
    const words = wordsOf(value);
    const isChoice = words !== undefined && Object.keys(words).length > 1;
    // A state stands for the raw number; a conversion would come behind it.
    const calibration = isChoice ? undefined : value.calibration;
    const { minimum, maximum } = rangeOf(value);
    const [least, most] = rangeInUnit(calibration, minimum, maximum);
    const initial = calibrate(calibration, defaultOf(value, minimum, maximum));
    const described = quoted(isChoice ? (value.description ?? "") : meaningOf(value));
    this.#add(`APPEND_PARAMETER ${place} ${number(least)} ${number(most)} ${number(initial)} ${described}`, [
      ...(value.default === undefined ? ["REQUIRED"] : []),
      ...(isChoice
        ? stateLines(words)
        : [...readConversion(calibration), ...writeConversion(value), ...unitLines(value)]),
    ]);
  }

  /** From the most significant bit on; what is left is zero. */
  #parts(name: string, value: ArgumentDefinition): void {
    let left = bitsOf(value);
    for (const [part, { width, words, description = "" }] of Object.entries(value.bits!)) {
      const isChoice = words !== undefined && Object.keys(words).length > 1;
      const place = `${this.#names.take(`${name}_${cosmosName(part)}`)} ${width} UINT 0 ${2 ** width - 1} 0`;
      const described = quoted(isChoice ? description : withWords(description, words));
      this.#add(`APPEND_PARAMETER ${place} ${described}`, ["REQUIRED", ...(isChoice ? stateLines(words) : [])]);
      left -= width;
    }
    if (left > 0) {
      this.#add(`APPEND_PARAMETER ${this.#names.take(`${name}_RESERVED`)} ${left} UINT 0 0 0 ${quoted("reserved")}`);
    }
  }
}

/** A list of single numbers, which COSMOS has arrays for. */
function isPlain({ items: [only, ...others] }: FieldList): boolean {
  return others.length === 0 && only!.value.count === undefined && only!.constant === undefined;
}

/** The raw number that stands there before the operator says anything. */
function defaultOf(
  value: ArgumentDefinition & Pick<ParameterDefinition, "initial">,
  least: number,
  most: number,
): number {
  const said = value.default ?? value.initial;
  const number = typeof said === "number" || typeof said === "boolean" ? Number(said) : 0;
  return Math.min(Math.max(number, least), most);
}

function meaningOf({ description = "", words }: ArgumentDefinition): string {
  return withWords(description, words);
}

/** For where COSMOS offers no choice. */
function withWords(description: string, words: ArgumentDefinition["words"] = {}): string {
  const named = Object.entries(words).map(([word, raw]) => `${raw}: ${word}`);
  const told = named.slice(0, MAX_NAMED).join(", ") + (named.length > MAX_NAMED ? ", ..." : "");
  return [description, told].filter((part) => part !== "").join("; ");
}
