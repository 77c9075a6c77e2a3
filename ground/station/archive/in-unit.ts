/** Samples of the archive as values in their unit. */
import { calibrate } from "../../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { ParameterDefinition } from "../../../modules/dictionary/dictionary.js";
import { nearestName } from "../../dictionary/nearest-name.js";

export interface KnownParameter {
  readonly name: string;
  readonly definition: ParameterDefinition;
}

/** @throws RangeError, with the name that may be meant */
export function findParameter({ parameters = {} }: BoardDictionary, name: string): KnownParameter {
  const definition = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (definition === undefined) {
    const meant = nearestName(name, Object.keys(parameters));
    throw new RangeError(`there is no parameter "${name}"${meant === undefined ? "" : `; did you mean ${meant}?`}`);
  }
  return { name, definition };
}

/**
 * @param raw as the archive has it
 * @returns a number; text; of an array, its elements; null: it is no number
 */
export function inUnit({ type, count, calibration }: ParameterDefinition, raw: number | string): unknown {
  if (count !== undefined && typeof raw === "string") {
    const elements = JSON.parse(raw) as (number | string | boolean | null)[];
    return elements.map((element) => (typeof element === "number" ? calibrate(calibration, element) : element));
  }
  if (typeof raw === "string") {
    return raw === "NaN" && type !== "ascii" ? null : raw;
  }
  const value = calibrate(calibration, raw);
  return Number.isFinite(value) ? value : null;
}
