/** One value of a packet, out of its octets: raw, in its unit, in a word, and what the limits say. */
import { INT64, numberKind, readBig, readNumber, UINT64, widthOf } from "../../modules/data/field-kinds.js";
import { calibrate } from "../../modules/dictionary/calibration.js";
import type { Limits, ValueDefinition, Words } from "../../modules/dictionary/dictionary.js";
import { valueLength } from "../../modules/dictionary/value-check.js";
import { type LimitState, limitState, worseState } from "./limit-state.js";

/** A 64-bit integer beyond `Number.MAX_SAFE_INTEGER` is a bigint; `bytes` are hexadecimal digits. */
export type RawScalar = number | bigint | boolean | string;

export interface DecodedValue {
  readonly name: string;
  /** Of its first octet, from the packet's first. */
  readonly offset: number;
  /** Of its first bit in that octet, 0 the most significant. */
  readonly bit: number;
  readonly bits: number;
  readonly raw: RawScalar | readonly RawScalar[];
  /** In the unit; where there is no calibration, the same as `raw`. */
  readonly value: RawScalar | readonly RawScalar[];
  readonly unit?: string;
  /** What the dictionary calls the number; of an array, the words of those elements that have one. */
  readonly word?: string | readonly (string | undefined)[];
  /** Of a parameter with limits; of an array, the worst. */
  readonly limit?: LimitState;
  /** Of a number with bits. */
  readonly parts?: readonly DecodedValue[];
}

/** A parameter's definition is one, too. */
export type Definition = ValueDefinition & { readonly limits?: Limits };

/**
 * @param view over the whole packet
 * @param offset the value's octets are there
 */
export function readValue(name: string, definition: Definition, view: DataView, offset: number): DecodedValue {
  const { type, length = 0, count, bits, unit } = definition;
  const place = { name, offset, bit: 0, bits: 8 * valueLength(definition) };
  const inUnit = unit === undefined ? {} : { unit };
  if (type === "ascii" || type === "bytes") {
    const octets = new Uint8Array(view.buffer, view.byteOffset + offset, length);
    const raw = type === "ascii" ? textOf(octets) : hexOf(octets);
    return { ...place, raw, value: raw, ...inUnit };
  }
  const width = type === "boolean" ? 1 : widthOf(numberKind(type));
  if (count !== undefined) {
    const elements = Array.from({ length: count }, (_, k) => readScalar(type, view, offset + k * width));
    const words = elements.map((raw) => wordOf(definition.words, raw));
    const limit = elements.reduce<LimitState | undefined>(
      (worst, raw) => worseState(worst, limitState(definition, raw)),
      undefined,
    );
    return {
      ...place,
      raw: elements,
      value: elements.map((raw) => inUnitOf(definition, raw)),
      ...inUnit,
      ...(words.every((word) => word === undefined) ? {} : { word: words }),
      ...(limit === undefined ? {} : { limit }),
    };
  }
  const raw = readScalar(type, view, offset);
  const word = wordOf(definition.words, raw);
  const limit = limitState(definition, raw);
  return {
    ...place,
    raw,
    value: inUnitOf(definition, raw),
    ...inUnit,
    ...(word === undefined ? {} : { word }),
    ...(limit === undefined ? {} : { limit }),
    ...(bits === undefined ? {} : { parts: partsOf(bits, Number(raw), place) }),
  };
}

/** The dictionary's word for a number; undefined: it has none. */
export function wordOf(words: Words | undefined, raw: RawScalar): string | undefined {
  if (words === undefined || typeof raw === "string") {
    return undefined;
  }
  const number = Number(raw);
  return Object.keys(words).find((word) => words[word] === number);
}

function readScalar(type: ValueDefinition["type"], view: DataView, at: number): number | bigint | boolean {
  if (type === "boolean") {
    const octet = view.getUint8(at);
    // Anything else is no boolean, and is shown as it came.
    return octet > 1 ? octet : octet === 1;
  }
  const kind = numberKind(type);
  const number = readNumber(view, kind, at, false);
  return (kind === UINT64 || kind === INT64) && Number.isNaN(number) ? readBig(view, kind, at, false) : number;
}

function inUnitOf({ calibration }: Definition, raw: RawScalar): RawScalar {
  return calibration === undefined || typeof raw === "boolean" ? raw : calibrate(calibration, Number(raw));
}

/** @param total bits of the whole number */
export function partsOf(
  bits: NonNullable<ValueDefinition["bits"]>,
  whole: number,
  { offset, bits: total }: Pick<DecodedValue, "offset" | "bits">,
): DecodedValue[] {
  let from = 0;
  return Object.entries(bits).map(([name, { width, words }]) => {
    const raw = Math.floor(whole / 2 ** (total - from - width)) % 2 ** width;
    const word = wordOf(words, raw);
    const part = { name, offset: offset + (from >> 3), bit: from % 8, bits: width, raw, value: raw };
    from += width;
    return word === undefined ? part : { ...part, word };
  });
}

/** Up to the first zero, which ends text that is shorter than its place. */
function textOf(octets: Uint8Array): string {
  const end = octets.indexOf(0);
  return String.fromCharCode(...(end < 0 ? octets : octets.subarray(0, end)));
}

export function hexOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}
