/** A field whose value comes from the ground: its type and its limits, worked out once. */
import type { FieldDefinition } from "./definitions.js";
import { FLOAT32, maximumOf, minimumOf, typeNumber, widthOf } from "./field-types.js";

export class ValueField {
  /** The number of the type. */
  readonly type: number;
  /** Octets. */
  readonly width: number;
  readonly minimum: number;
  readonly maximum: number;

  /** @throws RangeError when the limits exclude every value, or lie outside the type */
  constructor(definition: FieldDefinition) {
    this.type = typeNumber(definition.type);
    this.width = widthOf(this.type);
    this.minimum = definition.minimum ?? minimumOf(this.type);
    this.maximum = definition.maximum ?? maximumOf(this.type);
    if (
      !(this.minimum >= minimumOf(this.type) && this.minimum <= this.maximum && this.maximum <= maximumOf(this.type))
    ) {
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
