/**
 * Values that come from the ground: their kinds and limits, worked out once. In a few typed arrays, as an object for each would take
 * ten slots of a board's heap.
 */
import type { FieldCodec } from "../data/field-codec.js";
import { widthOf } from "../data/field-kinds.js";
import type { ValueDefinition } from "../dictionary/dictionary.js";
import { ValueField } from "./value-field.js";

export class ValueTable {
  readonly #kinds: Uint8Array;
  readonly #lengths: Uint16Array;
  readonly #minima: Float64Array;
  readonly #maxima: Float64Array;

  /** @param definitions known by their places from now on */
  constructor(definitions: readonly ValueDefinition[]) {
    const { length } = definitions;
    this.#kinds = new Uint8Array(length);
    this.#lengths = new Uint16Array(length);
    this.#minima = new Float64Array(length);
    this.#maxima = new Float64Array(length);
    definitions.forEach((definition, place) => {
      const { kind, length: octets, minimum, maximum } = new ValueField(definition);
      this.#kinds[place] = kind;
      this.#lengths[place] = octets;
      this.#minima[place] = minimum;
      this.#maxima[place] = maximum;
    });
  }

  /** The number of the kind, of an array its elements'; of text and bytes, an octet's. */
  kindOf(place: number): number {
    return this.#kinds[place]!;
  }

  /** Octets, all elements together. */
  lengthOf(place: number): number {
    return this.#lengths[place]!;
  }

  /** Whether a number is within the limits. NaN never is. */
  allows(place: number, value: number): boolean {
    return value >= this.#minima[place]! && value <= this.#maxima[place]!;
  }

  /** Whether every element of the value at `bytes[start]` is within the limits. */
  allowsAll(place: number, codec: FieldCodec, bytes: Uint8Array, start: number): boolean {
    const kind = this.#kinds[place]!;
    const width = widthOf(kind);
    const end = start + this.#lengths[place]!;
    for (let at = start; at < end; at += width) {
      if (!this.allows(place, codec.read(kind, bytes, at))) {
        return false;
      }
    }
    return true;
  }
}
