/** What Open MCT is given of a value: the same for one that comes live and for one of the archive, so that a plot has no seam. */
import { numberKind, widthOf } from "../../../../modules/data/field-kinds.js";
import { calibrate } from "../../../../modules/dictionary/calibration.js";
import type { ParameterDefinition } from "../../../../modules/dictionary/dictionary.js";
import { partsOf } from "../../../dictionary/decoded-value.js";

/** As the objects' metadata say. */
export interface Datum {
  /** UNIX milliseconds. */
  readonly timestamp: number;
  readonly [key: string]: unknown;
}

/** @param raw as on the wire: a number, text where it is beyond 2^53, an array of those */
export function datumOf(definition: ParameterDefinition, timestamp: number, raw: unknown): Datum {
  const { type, bits, calibration } = definition;
  if (type === "ascii" || type === "bytes") {
    return { timestamp, value: raw };
  }
  const inUnit = (one: unknown): number => calibrate(calibration, numberOf(one));
  if (Array.isArray(raw)) {
    const elements = Object.fromEntries(raw.map((element, k) => [`value_${k}`, inUnit(element)]));
    return { timestamp, value: raw.map(inUnit), ...elements };
  }
  const number = numberOf(raw);
  const parts =
    bits === undefined
      ? []
      : partsOf(bits, number, { offset: 0, bits: 8 * widthOf(numberKind(type)) }).map(({ name, raw: part }) => [
          `value_${name}`,
          part,
        ]);
  return {
    timestamp,
    value: inUnit(raw),
    ...(calibration === undefined ? {} : { raw: number }),
    ...Object.fromEntries(parts),
  };
}

/** Null, as the archive has what is no number, is none. */
function numberOf(raw: unknown): number {
  return raw === null ? Number.NaN : Number(raw);
}
