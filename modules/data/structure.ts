/**
 * Binary structures: described once as data, then read and written over bytes.
 *
 * `decode` and `encode` are for people: they make plain objects and fresh bytes, and throw errors with their fields.
 * A board makes a `StructureView` at boot and reads and writes by handles (`field`), which allocates nothing.
 */

import { checkBytes } from "../checks/payload-bytes.js";
import { show } from "../checks/show.js";
import type { Decoded, Encodable, FieldDescription, NestedStructure, StructureDescription } from "./description.js";
import type { Field } from "./field.js";
import { StructureLayout } from "./layout.js";
import { readStructure } from "./structure-reader.js";
import { StructureView } from "./structure-view.js";
import { writeStructure } from "./structure-writer.js";

export class Structure<const Fields extends readonly FieldDescription[]> implements NestedStructure {
  /** Where everything lies. */
  readonly layout: StructureLayout;

  /** @throws TypeError or RangeError that names the field, what is wrong with it and what would be right */
  constructor(description: StructureDescription<Fields>) {
    this.layout = new StructureLayout(description);
  }

  /** Bytes of a payload; undefined when it varies. */
  get size(): number | undefined {
    return this.layout.variables.length > 0 ? undefined : this.layout.minimumSize;
  }

  /** Bytes of a payload whose every variable length is 0. */
  get minimumSize(): number {
    return this.layout.minimumSize;
  }

  /**
   * The handle of a field, for views of this structure; to be had once, at boot.
   * @param path as in `mode`; `position.x` for a field of a nested structure, or of each in an array of them
   * @throws TypeError when there is no such field, listing those there are
   */
  field(path: string): Field {
    const field = this.layout.fields.get(path);
    if (field === undefined) {
      const paths = [...this.layout.fields.keys()].join(", ");
      throw new TypeError(`${this.layout.name} has no field ${show(path)} that one index reaches; there are ${paths}`);
    }
    return field;
  }

  /** A view to be laid over payloads in this memory. */
  view(memory?: Uint8Array): StructureView {
    return new StructureView(this, memory);
  }

  /**
   * Reads `bytes[start, end)` as one payload.
   * @returns a plain object with copies of all values: 64-bit integers as BigInts, bit fields as numbers
   * @throws PartialPayloadError, SurplusPayloadError, ConstantMismatchError; PayloadValueError for text that is no ASCII;
   *   TypeError for what is no Uint8Array; RangeError for a range that is not in the bytes
   */
  decode(bytes: Uint8Array, start = 0, end?: number): Decoded<Fields> {
    return readStructure(this.layout, checkBytes(bytes), start, end ?? bytes.length) as Decoded<Fields>;
  }

  /**
   * Writes a payload in fresh bytes.
   * @param value with every field but constants, and counts, which follow from what they count; if given, they must agree
   * @throws PayloadValueError that names the field, its value and what would fit; a property too that no field has
   */
  encode(value: Encodable<Fields>): Uint8Array {
    return writeStructure(this.layout, value as Readonly<Record<string, unknown>>);
  }
}
