/** What Open MCT is to know of a value: its metadata, as `telemetry.values` of a domain object (Open MCT 4.2). */
import type { BitField, ParameterDefinition, Words } from "../../../modules/dictionary/dictionary.js";
import { digitsOf } from "../digits.js";

export interface TelemetryValue {
  /** Unique in the object. */
  readonly key: string;
  /** Property of the datum; default: the key. */
  readonly source?: string;
  readonly name: string;
  /** Open MCT reads the one here, the other there. */
  readonly unit?: string;
  readonly units?: string;
  readonly format?: string;
  readonly formatString?: string;
  readonly enumerations?: readonly { readonly value: number; readonly string: string }[];
  readonly min?: number;
  readonly max?: number;
  readonly hints: { readonly domain?: number; readonly range?: number };
}

/** A datum's `timestamp`: UNIX milliseconds. */
export const TIME: TelemetryValue = {
  key: "utc",
  source: "timestamp",
  name: "Time",
  format: "utc",
  hints: { domain: 1 },
};

/** Elements of an array that are values of their own. */
const MAX_ELEMENTS = 16;
const BOOLEAN: Words = { false: 0, true: 1 };

/**
 * In the order of their rank. `value` is in the unit; with a calibration there is `raw`, too; with bits there is one for each part, with
 * `value_` in front of its name; of an array there are `value_0` and so on.
 */
export function valuesOf(name: string, parameter: ParameterDefinition): TelemetryValue[] {
  const { type, count, bits, unit, words, calibration } = parameter;
  const units = unit === undefined ? {} : { unit, units: unit };
  if (type === "ascii" || type === "bytes") {
    return [{ key: "value", name, ...units, format: "string", hints: { range: 1 } }, TIME];
  }
  if (bits !== undefined) {
    const parts = Object.entries<BitField>(bits).map(([part, { words: named }], k): TelemetryValue => {
      const own = named === undefined ? { format: "integer" } : enumeration(named);
      return { key: `value_${part}`, name: part, ...own, hints: { range: k + 1 } };
    });
    return [...parts, { key: "value", name, format: "integer", hints: { range: parts.length + 1 } }, TIME];
  }
  const named = words ?? (type === "boolean" ? BOOLEAN : undefined);
  const isWhole = !type.startsWith("float");
  const raw = named !== undefined && isWhole ? enumeration(named) : { format: isWhole ? "integer" : "float" };
  const digits = calibration && digitsOf(calibration);
  const shown =
    calibration === undefined
      ? raw
      : { format: "float", ...(digits === undefined ? {} : { formatString: `%.${digits}f` }) };
  if (count !== undefined) {
    return count > MAX_ELEMENTS
      ? [{ key: "value", name, ...units, format: "number[]", hints: { range: 1 } }, TIME]
      : [
          ...Array.from(
            { length: count },
            (_, k): TelemetryValue => ({
              key: `value_${k}`,
              name: `${name}[${k}]`,
              ...units,
              ...shown,
              hints: { range: k + 1 },
            }),
          ),
          TIME,
        ];
  }
  const value: TelemetryValue = { key: "value", name, ...units, ...shown, hints: { range: 1 } };
  if (calibration === undefined) {
    return [value, TIME];
  }
  return [value, { key: "raw", name: "raw", ...raw, hints: { range: 2 } }, TIME];
}

export function enumeration(words: Words): Pick<TelemetryValue, "format" | "enumerations" | "min" | "max"> {
  const enumerations = Object.entries(words)
    .sort(([, a], [, b]) => a - b)
    .map(([string, value]) => ({ value, string }));
  const values = enumerations.map(({ value }) => value);
  // Open MCT's own are no numbers.
  return values.length === 0
    ? { format: "integer" }
    : { format: "enum", enumerations, min: Math.min(...values) - 1, max: Math.max(...values) + 1 };
}
