/** A value of the dictionary as what XTCE's readers know: single values, one after the other. */
import { typeWidth } from "../../../modules/data/field-kinds.js";
import type { ValueDefinition } from "../../../modules/dictionary/dictionary.js";

/** Longer arrays stay arrays: readers other than Yamcs have no arrays. */
const MAX_ELEMENTS = 64;

/** One value, which is no array and has no bits. */
export interface Part {
  /** Behind the value's name: its element's number, its bit field's name. */
  readonly suffix: string;
  /** The same behind the value's ID, as people write it. */
  readonly place: string;
  /** Without `count` and `bits`. */
  readonly value: ValueDefinition;
  /** Width on the wire, in bits, where it is not the type's. */
  readonly width?: number;
  /** How often it is there, one behind the other: of a long array. */
  readonly count?: number;
  /** Bits that nobody named. */
  readonly isReserved?: boolean;
}

export function partsOf({ count, bits, ...value }: ValueDefinition): readonly Part[] {
  if (bits !== undefined && value.type !== "boolean" && value.type !== "ascii" && value.type !== "bytes") {
    let left = 8 * typeWidth(value.type);
    const parts = Object.entries(bits).map(([name, { width, words, description }]): Part => {
      left -= width;
      return {
        suffix: `_${name}`,
        place: `.${name}`,
        width,
        value: { type: value.type, ...(words && { words }), ...(description === undefined ? {} : { description }) },
      };
    });
    const reserved: Part = { suffix: "", place: "", width: left, value: { type: value.type }, isReserved: true };
    return left === 0 ? parts : [...parts, reserved];
  }
  if (count === undefined) {
    return [{ suffix: "", place: "", value }];
  }
  if (count > MAX_ELEMENTS) {
    return [{ suffix: "", place: "", value, count }];
  }
  return Array.from({ length: count }, (_, k) => ({ suffix: `_${k}`, place: `[${k}]`, value }));
}
