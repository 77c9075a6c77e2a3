/** Values that a dictionary gives a parameter at boot: checked, and written as they stand on the wire. */
import { show } from "../checks/show.js";
import type { FieldCodec } from "../data/field-codec.js";
import { numberKind, UINT8, widthOf } from "../data/field-kinds.js";
import type { InitialValue, ParameterDefinition, ValueDefinition } from "./dictionary.js";
import { checkNumber, rangeOf } from "./value-check.js";

/** @throws TypeError or RangeError when it is no value of this definition */
export function checkInitial(label: string, value: ValueDefinition, initial: InitialValue): void {
  if (value.type === "ascii") {
    checkAscii(label, initial, value.length!);
  } else if (value.type === "bytes") {
    checkElements(label, initial, value.length!, (where, octet) => checkOctet(where, octet));
  } else if (value.count !== undefined) {
    checkElements(label, initial, value.count, (where, element) => checkScalar(where, value, element));
  } else {
    checkScalar(label, value, initial);
  }
}

function checkAscii(label: string, text: unknown, length: number): void {
  if (typeof text !== "string" || [...text].some((character) => character.charCodeAt(0) > 0x7f)) {
    throw new TypeError(`${label} must be ASCII text, not ${show(text)}`);
  }
  if (text.length > length) {
    throw new RangeError(`${label} must have at most ${length} characters, not ${text.length}`);
  }
}

function checkElements(
  label: string,
  list: unknown,
  count: number,
  check: (label: string, element: unknown) => void,
): void {
  if (!Array.isArray(list) || list.length !== count) {
    throw new TypeError(`${label} must be an array of ${count}, not ${show(list)}`);
  }
  for (const [k, element] of list.entries()) {
    check(`${label}[${k}]`, element);
  }
}

function checkOctet(label: string, octet: unknown): void {
  if (!Number.isInteger(octet) || (octet as number) < 0 || (octet as number) > 0xff) {
    throw new RangeError(`${label} must be an octet, 0 to 255, not ${show(octet)}`);
  }
}

function checkScalar(label: string, value: ValueDefinition, scalar: unknown): void {
  if (value.type === "boolean") {
    if (typeof scalar !== "boolean") {
      throw new TypeError(`${label} must be true or false, not ${show(scalar)}`);
    }
    return;
  }
  checkNumber(label, value, scalar);
  const { minimum, maximum } = rangeOf(value);
  if ((scalar as number) < minimum || (scalar as number) > maximum) {
    throw new RangeError(`${label} must be ${minimum} to ${maximum}, not ${scalar}`);
  }
}

/** Writes a parameter's initial value, or what is nearest to zero, at `bytes[at]` and on, where zeros are. */
export function writeInitial(codec: FieldCodec, parameter: ParameterDefinition, bytes: Uint8Array, at: number): void {
  const { initial, type } = parameter;
  if (initial === undefined) {
    writeLeast(codec, parameter, bytes, at);
    return;
  }
  if (typeof initial === "string") {
    for (let k = 0; k < initial.length; k++) {
      bytes[at + k] = initial.charCodeAt(k);
    }
    return;
  }
  const kind = Math.max(numberKind(type), UINT8);
  if (typeof initial === "object") {
    for (let k = 0; k < initial.length; k++) {
      codec.write(kind, bytes, at + k * widthOf(kind), Number(initial[k]));
    }
  } else {
    codec.write(kind, bytes, at, Number(initial));
  }
}

/** Zeros are there already; where a number may not be 0, it begins with the nearest that it may be. */
function writeLeast(codec: FieldCodec, parameter: ParameterDefinition, bytes: Uint8Array, at: number): void {
  const kind = numberKind(parameter.type);
  const { minimum, maximum } = rangeOf(parameter);
  if (kind < 0 || (minimum <= 0 && maximum >= 0)) {
    return;
  }
  for (let k = 0; k < (parameter.count ?? 1); k++) {
    codec.write(kind, bytes, at + k * widthOf(kind), minimum > 0 ? minimum : maximum);
  }
}
