/** The items of one telemetry packet, as lines of tlm.txt: those of known place, then those that a list or the end moves. */
import { numberKind } from "../../../modules/data/field-kinds.js";
import type { ParameterDefinition, ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import type { Field, FieldList, Message } from "../../dictionary/messages.js";
import type { UniqueNames } from "../names.js";
import { limitsLine } from "./limits.js";
import { cosmosName, number, quoted } from "./text.js";
import { allBitsOf, bitsOf, cosmosType, isNumeric, readConversion, stateLines, unitLines, wordsOf } from "./values.js";

/** The CRC-16 behind everything else. */
const CRC_BITS = 16;
const CRC_DESCRIPTION = quoted("packet error control");
/** Elements of an array that have limits of their own, at most: COSMOS has none for arrays. */
const MAX_LIMITED_ELEMENTS = 64;
const LIST_CONVERSION = "READ_CONVERSION flatlink_list_conversion.py";

export interface Item {
  readonly name: string;
  /** In the dictionary. */
  readonly field: Field;
  readonly isLimited: boolean;
}

export class ItemWriter {
  readonly lines: string[] = [];
  /** Those that people want to see, in order. */
  readonly items: Item[] = [];
  readonly #names: UniqueNames;
  /** Where the next item begins, in bits. */
  #at: number;

  constructor(names: UniqueNames, start: number) {
    this.#names = names;
    this.#at = start;
  }

  /** Everything behind the time stamp, and the CRC. */
  message({ fields, list, trailer, maxDataLength }: Message): void {
    for (const field of fields) {
      this.#field(field);
    }
    if (list !== undefined) {
      const [only, ...others] = list.items;
      const isPlain = others.length === 0 && only!.value.count === undefined && maxDataLength === 0;
      if (isPlain) {
        this.#array(list, only!, trailer);
      } else {
        this.#derived(list, trailer, maxDataLength);
      }
    } else {
      // Without a list, a trailer is but more fields.
      for (const field of trailer) {
        this.#field(field);
      }
      if (maxDataLength === 0) {
        this.#add(`APPEND_ITEM ${this.#names.take("CRC")} ${CRC_BITS} UINT ${CRC_DESCRIPTION}`);
        return;
      }
      this.#rest();
    }
    this.#crc();
  }

  /** All octets that there are. */
  octets(): void {
    this.#rest();
    this.#crc();
  }

  #rest(): void {
    this.#add(`APPEND_ITEM ${this.#names.take("DATA")} ${-CRC_BITS} BLOCK ${quoted("what follows")}`);
  }

  /** Behind what has no fixed length. */
  #crc(): void {
    this.#add(`ITEM ${this.#names.take("CRC")} ${-CRC_BITS} ${CRC_BITS} UINT ${CRC_DESCRIPTION}`);
  }

  /** @param more lines about the item */
  #add(line: string, more: readonly string[] = []): void {
    this.lines.push(`  ${line}`, ...more.map((each) => `    ${each}`));
  }

  #field(field: Field): void {
    const { value, constant, identifies } = field;
    const name = this.#names.take(cosmosName(field.name));
    const description = quoted(value.description ?? "");
    const size = `${bitsOf(value)} ${cosmosType(value)}`;
    if (identifies) {
      const words = wordsOf(value);
      const known =
        words === undefined ? {} : Object.fromEntries(Object.entries(words).filter(([, n]) => n === constant));
      this.#add(`APPEND_ID_ITEM ${name} ${size} ${constant} ${description}`, stateLines(known));
      this.#at += allBitsOf(value);
      return;
    }
    if (value.count !== undefined) {
      this.#add(`APPEND_ARRAY_ITEM ${name} ${size} ${allBitsOf(value)} ${description}`, this.#told(value, false));
      this.#elements(name, value);
    } else {
      this.#add(`APPEND_ITEM ${name} ${size} ${description}`, this.#told(value, true));
      this.#beside(name, value);
    }
    this.items.push({ name, field, isLimited: hasLimits(value) && wordsOf(value) === undefined });
    this.#at += allBitsOf(value);
  }

  #named(field: Field): string {
    const name = this.#names.take(cosmosName(field.name));
    this.items.push({ name, field, isLimited: false });
    return name;
  }

  /** What an item's value means. A state has neither unit nor limits in COSMOS. */
  #told(value: ValueDefinition, isAlone: boolean): string[] {
    const words = wordsOf(value);
    if (words !== undefined) {
      return stateLines(words);
    }
    if (!isNumeric(value)) {
      return unitLines(value);
    }
    const limits = isAlone ? limitsLine(value) : undefined;
    return [...readConversion(value.calibration), ...unitLines(value), ...(limits === undefined ? [] : [limits])];
  }

  /** Items over the same bits: the number behind a word, parts. */
  #beside(name: string, value: ValueDefinition): void {
    if (wordsOf(value) !== undefined && (value.calibration !== undefined || hasLimits(value))) {
      const { words: _, ...number } = value;
      // A boolean is a number here.
      const plain = { ...number, type: value.type === "boolean" ? "uint8" : value.type } as ValueDefinition;
      const beside = this.#names.take(`${name}_VALUE`);
      this.#over(`${beside} ${this.#at} ${bitsOf(value)} ${cosmosType(value)}`, value, this.#told(plain, true));
    }
    let at = this.#at;
    for (const [part, { width, words, description }] of Object.entries(value.bits ?? {})) {
      const whole = { type: value.type, ...(words && { words }), ...(description !== undefined && { description }) };
      const states = words === undefined ? [] : stateLines(words);
      this.#over(`${this.#names.take(`${name}_${cosmosName(part)}`)} ${at} ${width} UINT`, whole, states);
      at += width;
    }
  }

  #elements(name: string, value: ValueDefinition): void {
    const { count = 0, ...element } = value;
    if (!hasLimits(value) || wordsOf(value) !== undefined || count > MAX_LIMITED_ELEMENTS) {
      return;
    }
    for (let k = 0; k < count; k++) {
      const place = `${this.#names.take(`${name}_${k + 1}`)} ${this.#at + k * bitsOf(value)} ${bitsOf(value)}`;
      this.#over(`${place} ${cosmosType(value)}`, element, this.#told(element, true));
    }
  }

  #over(place: string, { description = "" }: ValueDefinition, more: readonly string[]): void {
    this.#add(`ITEM ${place} ${quoted(description)}`, ["OVERLAP", ...more]);
  }

  #count({ countType }: FieldList): number {
    const at = this.#at;
    const bits = bitsOf({ type: countType });
    this.#add(`APPEND_ITEM ${this.#names.take("COUNT")} ${bits} UINT ${quoted("how many follow")}`);
    this.#at += bits;
    return at;
  }

  /** An array up to the trailer, which is counted from the packet's end. */
  #array(list: FieldList, only: Field, trailer: readonly Field[]): void {
    const { value } = only;
    this.#count(list);
    let behind = trailer.reduce((bits, field) => bits + allBitsOf(field.value), CRC_BITS);
    const name = this.#named(only);
    const size = `${bitsOf(value)} ${cosmosType(value)} ${-behind}`;
    this.#add(
      `APPEND_ARRAY_ITEM ${name} ${size} ${quoted(value.description ?? "")}`,
      wordsOf(value) === undefined && isNumeric(value)
        ? [...readConversion(value.calibration), ...unitLines(value)]
        : this.#told(value, false),
    );
    for (const field of trailer) {
      const { value: last } = field;
      const place = `${this.#named(field)} ${-behind} ${bitsOf(last)} ${cosmosType(last)}`;
      const total = last.count === undefined ? "" : ` ${allBitsOf(last)}`;
      const keyword = last.count === undefined ? "ITEM" : "ARRAY_ITEM";
      this.#add(
        `${keyword} ${place}${total} ${quoted(last.description ?? "")}`,
        this.#told(last, last.count === undefined),
      );
      behind -= allBitsOf(last);
    }
  }

  /** Lists of what COSMOS has no items for: a conversion goes through the octets. */
  #derived(list: FieldList, trailer: readonly Field[], maxDataLength: number): void {
    const at = this.#count(list);
    this.#add(
      `APPEND_ITEM ${this.#names.take("LIST")} ${-CRC_BITS} BLOCK ${quoted("all that is listed, and what follows")}`,
    );
    const length = list.items.reduce((bits, { value }) => bits + allBitsOf(value), 0) / 8;
    const where = `${at / 8} ${bitsOf({ type: list.countType }) / 8} ${length}`;
    const fieldsOf = (what: string, fields: readonly Field[]): number => {
      let offset = 0;
      for (const field of fields) {
        const { value } = field;
        const described = `${this.#named(field)} 0 0 DERIVED ${quoted(value.description ?? "")}`;
        const words = value.count === undefined ? wordsOf(value) : undefined;
        const states = words === undefined ? unitLines(value) : stateLines(words);
        this.#add(`ITEM ${described}`, [
          `${LIST_CONVERSION} ${what} ${where} ${offset} ${typeWords(value)}`,
          ...states,
        ]);
        offset += allBitsOf(value) / 8;
      }
      return offset;
    };
    fieldsOf("EACH", list.items);
    const behind = fieldsOf("BEHIND", trailer);
    if (maxDataLength > 0) {
      const described = `${this.#names.take("DATA")} 0 0 DERIVED ${quoted("what follows, as hexadecimal digits")}`;
      this.#add(`ITEM ${described}`, [`${LIST_CONVERSION} REST ${where} ${behind} bytes 0 0`]);
    }
  }
}

function hasLimits(value: ValueDefinition): boolean {
  return (value as ParameterDefinition).limits !== undefined;
}

/** Type, length, count, and the calibration of a value, for the list conversion. */
function typeWords({ type, length = 1, count = 0, calibration, words }: ValueDefinition): string {
  const kind = numberKind(type);
  const size = `${type} ${kind < 0 ? length : 1} ${count}`;
  if (calibration === undefined || words !== undefined) {
    return size;
  }
  return "polynomial" in calibration
    ? `${size} POLYNOMIAL ${calibration.polynomial.map(number).join(" ")}`
    : `${size} POINTS ${calibration.points.flat().map(number).join(" ")}`;
}
