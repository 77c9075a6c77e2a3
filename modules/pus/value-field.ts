/** A value that comes from the ground: its kind and its limits, worked out once. */
import type { FieldCodec } from "../data/field-codec.js";
import { FLOAT32, INT64, UINT8, widthOf } from "../data/field-kinds.js";
import type { ValueDefinition } from "../dictionary/dictionary.js";
import { rangeOf, valueLength } from "../dictionary/value-check.js";
import { kindOfValue } from "./parameter-pool.js";

/** Greatest octet of ASCII text. */
const MAX_ASCII = 0x7f;

export class ValueField {
  /** The number of the kind, of an array its elements'; of text and bytes, an octet's. */
  readonly kind: number;
  /** Octets, all elements together. */
  readonly length: number;
  readonly minimum: number;
  readonly maximum: number;

  constructor(definition: ValueDefinition) {
    const kind = kindOfValue(definition);
    this.kind = kind > INT64 ? UINT8 : kind;
    this.length = valueLength(definition);
    const { minimum, maximum } = rangeOf(definition);
    // As they come over the link: 0.1 is a little more there, and is allowed all the same.
    this.minimum = kind === FLOAT32 ? Math.fround(minimum) : minimum;
    this.maximum = kind === FLOAT32 ? Math.fround(maximum) : definition.type === "ascii" ? MAX_ASCII : maximum;
  }

  /** Whether every element is within the limits. NaN never is. */
  allowsAll(codec: FieldCodec, bytes: Uint8Array, start: number): boolean {
    const width = widthOf(this.kind);
    for (let at = start; at < start + this.length; at += width) {
      if (!this.allows(codec.read(this.kind, bytes, at))) {
        return false;
      }
    }
    return true;
  }

  /** False also for a float that is no number. */
  allows(value: number): boolean {
    return value >= this.minimum && value <= this.maximum;
  }
}
