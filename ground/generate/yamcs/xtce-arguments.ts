/** Arguments of commands and their types, as XTCE has them: in the unit where there is a way back to the raw number. */
import { calibrate, hasInverse, isFalling } from "../../../modules/dictionary/calibration.js";
import type { ArgumentDefinition, Calibration, ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import { rangeOf } from "../../../modules/dictionary/value-check.js";
import { Names } from "./names.js";
import { type Element, element, listed, xmlText } from "./xml.js";
import {
  binaryEncoding,
  bitsOf,
  encodingOf,
  enumerationList,
  isSigned,
  sayingOf,
  shapeOf,
  unitSet,
  wordFor,
} from "./xtce-encoding.js";
import { type Part, partsOf } from "./xtce-parts.js";

/** Collects the types of all arguments; each is written once. */
export class ArgumentTypes {
  readonly #names = new Names();
  readonly #types: Element[] = [];
  readonly #known = new Map<string, string>();

  /** `ArgumentTypeSet`. */
  get set(): Element | undefined {
    return listed("ArgumentTypeSet", this.#types);
  }

  /** @param make gives the type its name @returns the name */
  add(wanted: string, make: (name: string) => Element): string {
    const key = xmlText(make(""));
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const name = this.#names.claim(wanted);
    this.#known.set(key, name);
    this.#types.push(make(name));
    return name;
  }

  unsigned(bits: number): string {
    return this.add(`bits${bits}`, (name) => {
      const encoding = element("IntegerDataEncoding", { sizeInBits: bits, encoding: "unsigned" });
      return element("IntegerArgumentType", { name, signed: false, sizeInBits: 32 }, element("UnitSet"), encoding);
    });
  }

  /** Octets as many as the operator gives. */
  octets(): string {
    return this.add("octets", (name) => {
      // A size below zero is Yamcs's word for all that there is.
      const encoding = binaryEncoding(element("FixedValue", {}, "-1"));
      return element("BinaryArgumentType", { name }, element("UnitSet"), encoding);
    });
  }

  /** N of a list. */
  count(wanted: string, type: ValueDefinition["type"], minimum: number, maximum: number): string {
    return this.of(wanted, { suffix: "", place: "", value: { type, minimum, maximum } });
  }

  of(wanted: string, part: Part): string {
    const { count } = part;
    const typeName = this.add(`${wanted}${part.suffix}`, (name) => argumentType(name, readable(part)));
    return count === undefined
      ? typeName
      : this.array(`${wanted}Array`, typeName, element("FixedValue", {}, String(count - 1)));
  }

  /** @param endingIndex `FixedValue` or `DynamicValue` */
  array(wanted: string, elementType: string, endingIndex: Element): string {
    const dimension = element(
      "Dimension",
      {},
      element("StartingIndex", {}, element("FixedValue", {}, "0")),
      element("EndingIndex", {}, endingIndex),
    );
    return this.add(wanted, (name) =>
      element("ArrayArgumentType", { name, arrayTypeRef: elementType }, element("DimensionList", {}, dimension)),
    );
  }

  /** Several values that belong together. @param members names and their types */
  aggregate(wanted: string, members: readonly (readonly [name: string, type: string])[]): string {
    const made = members.map(([name, typeRef]) => element("Member", { name, typeRef }));
    return this.add(wanted, (name) => element("AggregateArgumentType", { name }, element("MemberList", {}, ...made)));
  }
}

/** An array of a value's elements is one argument; its bit fields are one argument each. */
export function argumentPartsOf(value: ArgumentDefinition): readonly Part[] {
  if (value.count === undefined) {
    return partsOf(value);
  }
  const { count, ...single } = value;
  return [{ suffix: "", place: "", value: single, count }];
}

/** What the operator may leave out, as it is written: a word, or a value in the unit. */
export function initialValueOf(definition: ArgumentDefinition): string | undefined {
  const { default: initial } = definition;
  if (initial === undefined || definition.count !== undefined || definition.bits !== undefined) {
    return undefined;
  }
  const { value } = readable({ suffix: "", place: "", value: definition });
  const number = Number(initial);
  switch (shapeOf(value)) {
    case "enumerated": {
      const word = Object.entries(value.words!).find(([, each]) => each === number)?.[0];
      return word === undefined ? undefined : wordFor(word, number);
    }
    case "boolean":
      return String(number !== 0);
    default:
      return String(calibrate(value.calibration, number));
  }
}

/** Without a calibration that has no way back: the operator gives the raw number. */
function readable(part: Part): Part {
  const { unit: _unit, calibration, ...value } = part.value;
  return hasInverse(calibration) ? part : { ...part, value };
}

function rawRange({ value, width, isReserved }: Part): readonly [number, number] {
  if (isReserved === true) {
    return [0, 0];
  }
  if (width !== undefined) {
    return [0, 2 ** width - 1];
  }
  const { minimum, maximum } = rangeOf(value);
  return [minimum, maximum];
}

function argumentType(name: string, part: Part): Element {
  const { value, width } = part;
  const shape = shapeOf(value);
  const head = { name, shortDescription: sayingOf(value, shape) };
  const unit = unitSet(value.unit);
  const encoding = encodingOf(part, value.calibration && inverseOf(value.calibration));
  switch (shape) {
    case "enumerated":
      return element("EnumeratedArgumentType", head, unit, encoding, enumerationList(value.words!));
    case "boolean":
      return element(
        "BooleanArgumentType",
        { ...head, oneStringValue: "true", zeroStringValue: "false" },
        unit,
        encoding,
      );
    case "text":
      return element("StringArgumentType", head, unit, encoding);
    case "bytes":
      return element("BinaryArgumentType", head, unit, encoding);
    case "integer": {
      const isShort = (width ?? bitsOf(value.type)) < 32 || (!isSigned(value.type) && bitsOf(value.type) === 32);
      // To Yamcs, the least number of 32 bits is one too many.
      const sizeInBits = isShort ? 32 : 64;
      return element(
        "IntegerArgumentType",
        { ...head, signed: isSigned(value.type), sizeInBits },
        unit,
        encoding,
        validRange(part),
      );
    }
    case "float": {
      const sizeInBits = value.type === "float32" && value.calibration === undefined ? 32 : 64;
      return element("FloatArgumentType", { ...head, sizeInBits }, unit, encoding, validRange(part));
    }
  }
}

/** In the unit. */
function validRange(part: Part): Element | undefined {
  const { calibration } = part.value;
  const ends = rawRange(part).map((end) => calibrate(calibration, end));
  const [minInclusive, maxInclusive] = isFalling(calibration) ? ends.reverse() : ends;
  if (!Number.isFinite(minInclusive) || !Number.isFinite(maxInclusive)) {
    return undefined;
  }
  return element("ValidRangeSet", {}, element("ValidRange", { minInclusive, maxInclusive }));
}

/** From the value in the unit to the raw number. */
function inverseOf(calibration: Calibration): Calibration {
  if ("polynomial" in calibration) {
    const [offset = 0, slope = 1] = calibration.polynomial;
    return { polynomial: [-offset / slope, 1 / slope] };
  }
  const points = calibration.points.map(([raw, value]) => [value, raw] as const);
  return { points: points.sort(([a], [b]) => a - b) };
}
