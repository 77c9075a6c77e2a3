/** A field whose value comes from the ground: its type and its limits, worked out once. */

import { FLOAT32, kindOf, NUMBER_KINDS, widthOf } from "../data/field-kinds.js";
import type { FieldDefinition } from "./definitions.js";

export class ValueField {
  /** The number of the type. */
  readonly type: number;
  /** Octets. */
  readonly width: number;
  readonly minimum: number;
  readonly maximum: number;

  /** @throws RangeError when the limits exclude every value, or lie outside the type */
  constructor(definition: FieldDefinition) {
    this.type = kindOf(definition.type);
    this.width = widthOf(this.type);
    const { minimum, maximum } = NUMBER_KINDS[this.type]!;
    this.minimum = definition.minimum ?? minimum;
    this.maximum = definition.maximum ?? maximum;
    if (!(this.minimum >= minimum && this.minimum <= this.maximum && this.maximum <= maximum)) {
      throw new RangeError(
        `the limits of "${definition.name}", ${this.minimum} to ${this.maximum}, are no range of ${definition.type}`,
      );
    }
    if (this.type === FLOAT32) {
      // As they come over the link: 0.1 is a little more there, and is allowed all the same.
      this.minimum = Math.fround(this.minimum);
      this.maximum = Math.fround(this.maximum);
    }
  }

  /** False also for a float that is no number. */
  allows(value: number): boolean {
    return value >= this.minimum && value <= this.maximum;
  }
}
