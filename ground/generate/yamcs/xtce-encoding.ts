/** What XTCE's parameter types and argument types have in common: how a value stands on the wire, its unit, its words. */
import { NUMBER_KINDS, numberKind } from "../../../modules/data/field-kinds.js";
import type { Calibration, ValueDefinition, Words } from "../../../modules/dictionary/dictionary.js";
import { type Element, element, isLegal } from "./xml.js";
import type { Part } from "./xtce-parts.js";

/** Kinds of values as people see them. */
export type Shape = "enumerated" | "boolean" | "integer" | "float" | "text" | "bytes";

export function isFloat(type: ValueDefinition["type"]): boolean {
  return type === "float32" || type === "float64";
}

/** A number that has a unit, a calibration or limits stays a number, even where some of its values have words. */
export function shapeOf(value: ValueDefinition, hasLimits = false): Shape {
  const { type, words, unit, calibration } = value;
  if (type === "ascii") {
    return "text";
  }
  if (type === "bytes") {
    return "bytes";
  }
  const isPlain = unit === undefined && calibration === undefined && !hasLimits && !isFloat(type);
  if (words !== undefined && isPlain && Object.keys(words).length > 0) {
    return "enumerated";
  }
  if (type === "boolean") {
    return "boolean";
  }
  return isFloat(type) || calibration !== undefined ? "float" : "integer";
}

/** @param calibration from what stands on the wire, or the other way round for an argument */
export function encodingOf({ value, width }: Part, calibration?: Calibration): Element {
  const { type, length = 0 } = value;
  switch (type) {
    case "ascii": {
      const fixed = element("Fixed", {}, element("FixedValue", {}, String(8 * length)));
      const size = element("SizeInBits", {}, fixed, element("TerminationChar", {}, "00"));
      return element("StringDataEncoding", { encoding: "US-ASCII" }, size);
    }
    case "bytes":
      return binaryEncoding(element("FixedValue", {}, String(8 * length)));
    case "boolean":
      return element("IntegerDataEncoding", { sizeInBits: 8, encoding: "unsigned" });
    case "float32":
    case "float64":
      return element("FloatDataEncoding", { sizeInBits: bitsOf(type) }, calibrator(calibration));
    default: {
      const encoding = isSigned(type) ? "twosComplement" : "unsigned";
      return element("IntegerDataEncoding", { sizeInBits: width ?? bitsOf(type), encoding }, calibrator(calibration));
    }
  }
}

/** @param size `FixedValue` or `DynamicValue`, in bits */
export function binaryEncoding(size: Element): Element {
  return element("BinaryDataEncoding", {}, element("SizeInBits", {}, size));
}

export function isSigned(type: ValueDefinition["type"]): boolean {
  return type.startsWith("int");
}

/** Of a number. */
export function bitsOf(type: ValueDefinition["type"]): number {
  return 8 * NUMBER_KINDS[numberKind(type)]!.width;
}

function calibrator(calibration: Calibration | undefined): Element | undefined {
  return calibration && element("DefaultCalibrator", {}, curve(calibration));
}

function curve(calibration: Calibration): Element {
  if ("polynomial" in calibration) {
    const terms = calibration.polynomial.map((coefficient, exponent) => element("Term", { coefficient, exponent }));
    return element("PolynomialCalibrator", {}, ...terms);
  }
  const points = calibration.points.map(([raw, calibrated]) => element("SplinePoint", { order: 1, raw, calibrated }));
  return element("SplineCalibrator", { order: 1, extrapolate: true }, ...points);
}

export function unitSet(unit: string | undefined): Element {
  return unit === undefined || unit === "" ? element("UnitSet") : element("UnitSet", {}, element("Unit", {}, unit));
}

/** The word for a number; the number itself where nobody could read or write the word. */
export function wordFor(word: string, number: number): string {
  return word.trim() === "" || !isLegal(word) ? String(number) : word;
}

export function enumerationList(words: Words): Element {
  const entries = Object.entries(words).sort(([, a], [, b]) => a - b);
  const made = entries.map(([word, number]) => element("Enumeration", { value: number, label: wordFor(word, number) }));
  return element("EnumerationList", {}, ...made);
}

/** For people: the description, and the words of a number that stays a number. */
export function sayingOf(value: ValueDefinition, shape: Shape): string | undefined {
  const { description, words = {} } = value;
  const list = shape === "enumerated" ? [] : Object.entries(words).map(([word, number]) => `${number}: ${word}`);
  const parts = [description ?? "", list.join(", ")].filter((part) => part !== "");
  return parts.length === 0 ? undefined : parts.join("; ");
}
