/** Parameters and their types, as XTCE's telemetry has them. */
import type { Limits, ParameterDefinition, Range, ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import { Names } from "./names.js";
import { type Element, element, listed, xmlText } from "./xml.js";
import {
  binaryEncoding,
  bitsOf,
  encodingOf,
  enumerationList,
  isFloat,
  isSigned,
  sayingOf,
  shapeOf,
  unitSet,
} from "./xtce-encoding.js";
import { type Part, partsOf } from "./xtce-parts.js";

/** Of parameters, for commands and scripts: their ID on the board. */
const ID_NAMESPACE = "ID";

/** A sequence of parameters that stands for one value. */
export interface PlacedValue {
  /** Names of parameters, in the order of the wire. */
  readonly parameters: readonly string[];
}

/** What the dictionary says of a parameter beside what its value is. */
type Known = Pick<Partial<ParameterDefinition>, "id" | "group">;

/** Collects types and parameters; each type is written once, whoever has it. */
export class Parameters {
  readonly #names = new Names();
  readonly #typeNames = new Names();
  readonly #types: Element[] = [];
  readonly #parameters: Element[] = [];
  /** Names of types by what they are. */
  readonly #known = new Map<string, string>();
  readonly #reserved = new Map<number, string>();

  /** `ParameterTypeSet` and `ParameterSet`. */
  get sets(): readonly Element[] {
    return [element("ParameterTypeSet", {}, ...this.#types), element("ParameterSet", {}, ...this.#parameters)];
  }

  /**
   * Adds the parameters that a value is made of.
   * @param limits its own, in the unit
   */
  add(wanted: string, value: ValueDefinition & Pick<Partial<ParameterDefinition>, "id">, limits?: Limits): PlacedValue {
    const parts = partsOf(value);
    return { parameters: parts.map((part) => this.#addPart(wanted, part, value, limits)) };
  }

  /** Adds a parameter of a type that is not the dictionary's. @param make gives the type its name */
  addMade(wanted: string, type: string, make: (name: string) => Element, description?: string): string {
    const name = this.#names.claim(wanted);
    const typeName = this.#typeOf(type, make);
    this.#parameters.push(element("Parameter", { name, parameterTypeRef: typeName, shortDescription: description }));
    return name;
  }

  /** Octets up to the end of the packet. @param before octets in front of them @param packetDataLengthField the parameter */
  addRest(wanted: string, packetDataLengthField: string, before: number): string {
    // What the primary header says is the octets behind it less one; the last two are the packet's error control.
    const adjustment = element("LinearAdjustment", { slope: 8, intercept: 8 * (6 + 1 - 2 - before) });
    const reference = element("ParameterInstanceRef", { parameterRef: packetDataLengthField });
    const size = element("DynamicValue", {}, reference, adjustment);
    return this.addMade(wanted, `${wanted}Type`, (name) =>
      element("BinaryParameterType", { name }, element("UnitSet"), binaryEncoding(size)),
    );
  }

  #addPart(wanted: string, part: Part, { id, group }: Known, limits: Limits | undefined): string {
    const { value, width = 0, count, isReserved } = part;
    if (isReserved === true) {
      return this.#addReserved(part, width);
    }
    const shape = shapeOf(value, limits !== undefined);
    const name = this.#names.claim(`${wanted}${part.suffix}`);
    // A part of an array has the array's type.
    const typeWanted = isPlain(part, limits)
      ? plainTypeName(part)
      : `${wanted}${count === undefined && part.place.startsWith("[") ? "" : part.suffix}`;
    const typeName = this.#typeOf(typeWanted, (typed) => parameterType(typed, part, limits));
    const arrayName = count === undefined ? typeName : this.#arrayOf(`${typeName}Array`, typeName, count);
    this.#parameters.push(
      element(
        "Parameter",
        { name, parameterTypeRef: arrayName, shortDescription: sayingOf(value, shape) },
        id === undefined ? undefined : aliasSet(`${id}${part.place}`),
        group === undefined ? undefined : groupSet(group),
      ),
    );
    return name;
  }

  /** Nobody looks at them: those of one width are one parameter. */
  #addReserved(part: Part, width: number): string {
    const name =
      this.#reserved.get(width) ??
      this.addMade(`reserved${width}`, `bits${width}`, (typed) => parameterType(typed, part));
    this.#reserved.set(width, name);
    return name;
  }

  #arrayOf(wanted: string, elementType: string, count: number): string {
    const fixed = (value: number): Element => element("FixedValue", {}, String(value));
    const dimension = element(
      "Dimension",
      {},
      element("StartingIndex", {}, fixed(0)),
      element("EndingIndex", {}, fixed(count - 1)),
    );
    return this.#typeOf(wanted, (name) =>
      element("ArrayParameterType", { name, arrayTypeRef: elementType }, element("DimensionList", {}, dimension)),
    );
  }

  #typeOf(wanted: string, make: (name: string) => Element): string {
    const key = xmlText(make(""));
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const name = this.#typeNames.claim(wanted);
    this.#known.set(key, name);
    this.#types.push(make(name));
    return name;
  }
}

function aliasSet(alias: string): Element {
  return element("AliasSet", {}, element("Alias", { nameSpace: ID_NAMESPACE, alias }));
}

function groupSet(group: string): Element {
  return element("AncillaryDataSet", {}, element("AncillaryData", { name: "group" }, group));
}

/** Of a value that is nothing but its type. */
function isPlain({ value }: Part, limits: Limits | undefined): boolean {
  return (
    limits === undefined && value.words === undefined && value.unit === undefined && value.calibration === undefined
  );
}

function plainTypeName({ value: { type, length }, width }: Part): string {
  return width === undefined ? `${type}${length ?? ""}` : `bits${width}`;
}

function parameterType(name: string, part: Part, limits?: Limits): Element {
  const { value, width } = part;
  const unit = unitSet(value.unit);
  const encoding = encodingOf(part, value.calibration);
  const alarm = limits && alarmOf(limits);
  switch (shapeOf(value, limits !== undefined)) {
    case "enumerated":
      return element("EnumeratedParameterType", { name }, unit, encoding, enumerationList(value.words!));
    case "boolean":
      return element("BooleanParameterType", { name }, unit, encoding);
    case "text":
      return element("StringParameterType", { name }, unit, encoding);
    case "bytes":
      return element("BinaryParameterType", { name }, unit, encoding);
    case "integer": {
      const sizeInBits = (width ?? bitsOf(value.type)) > 32 ? 64 : 32;
      return element("IntegerParameterType", { name, signed: isSigned(value.type), sizeInBits }, unit, encoding, alarm);
    }
    case "float": {
      const sizeInBits = value.type === "float32" && value.calibration === undefined ? 32 : 64;
      return element("FloatParameterType", { name, sizeInBits }, unit, encoding, alarm);
    }
  }
}

/** The attributes bound the good range. */
function alarmOf({ warning, critical }: Limits): Element {
  const ranges = [rangeOf("WarningRange", warning), rangeOf("CriticalRange", critical)];
  const made = ranges.filter((range) => range !== undefined);
  return element("DefaultAlarm", { minViolations: 1 }, listed("StaticAlarmRanges", made));
}

function rangeOf(name: string, range: Range | undefined): Element | undefined {
  const { low, high } = range ?? {};
  return low === undefined && high === undefined ? undefined : element(name, { minInclusive: low, maxInclusive: high });
}

/** Limits make sense of single numbers. */
export function limitsOf({ limits, bits, type }: ParameterDefinition): Limits | undefined {
  const { warning, critical } = limits ?? {};
  const ends = [warning?.low, warning?.high, critical?.low, critical?.high];
  const isNumber = isFloat(type) || isSigned(type) || type.startsWith("uint");
  return bits === undefined && isNumber && ends.some((end) => end !== undefined) ? limits : undefined;
}
