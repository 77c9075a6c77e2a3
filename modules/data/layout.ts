/**
 * From a description to the fields: offsets, sizes, and all that can be wrong with a description.
 *
 * Nested structures are laid out flat, so that each of their fields is one handle with one offset.
 */

import { isLittleEndian } from "../checks/endianness.js";
import { show } from "../checks/show.js";
import type {
  BitsDescription,
  ConstantDescription,
  FieldDescription,
  NestedDescription,
  NumberDescription,
  PaddingDescription,
  StructureDescription,
  TextDescription,
} from "./description.js";
import {
  checkBits,
  checkConstant,
  checkDescription,
  checkName,
  checkWhole,
  MAX_SIZE,
  nameField,
  requirementOf,
  sortOf,
} from "./description-check.js";
import { Field, type FieldFacts, type Layout } from "./field.js";
import {
  ASCII,
  BYTES,
  FILLER,
  isWritable,
  NUMBER_KINDS,
  numberKind,
  readNumber,
  STRUCTURE,
  UINT32,
  UINT64,
  writeBig,
  writeNumber,
} from "./field-kinds.js";

/** How many elements, and who says so. */
type Count = Pick<FieldFacts, "isArray" | "count" | "variable" | "countField">;

export class StructureLayout implements Layout {
  readonly name: string;
  readonly members: Field[] = [];
  readonly fields = new Map<string, Field>();
  readonly variables: Field[] = [];
  readonly fillers: Field[] = [];
  minimumSize = 0;
  tail = 0;
  readonly #littleEndian: boolean;
  readonly #descriptions: readonly FieldDescription[];

  /** @throws TypeError or RangeError that names the structure, the field, what is wrong and what would be right */
  constructor(description: StructureDescription<readonly FieldDescription[]>) {
    this.name = checkDescription(description);
    this.#littleEndian = isLittleEndian(`${this.name}: endianness`, description.endianness);
    this.#descriptions = description.fields;
    if (!Array.isArray(description.fields) || description.fields.length === 0) {
      throw new TypeError(
        `${this.name}: fields must be an array of at least one field, not ${show(description.fields)}`,
      );
    }
    for (const [index, field] of description.fields.entries()) {
      const where = nameField(`${this.name}: field ${index}`, field);
      this.#add(where, field);
      checkWhole(where, "the size up to its end", this.minimumSize, 0, MAX_SIZE);
    }
  }

  #add(where: string, description: FieldDescription): void {
    switch (sortOf(where, description)) {
      case "number":
        this.#addNumber(where, description as NumberDescription);
        break;
      case "bits":
        this.#addBits(where, description as BitsDescription);
        break;
      case "structure":
        this.#addNested(where, description as NestedDescription);
        break;
      case "constant":
        this.#addConstant(checkConstant(where, (description as ConstantDescription).value));
        break;
      case "padding":
        this.#addPadding(where, description as PaddingDescription);
        break;
      default:
        this.#addBytes(where, description as TextDescription);
    }
  }

  #addNumber(where: string, description: NumberDescription): void {
    const kind = numberKind(description.type);
    const { width, minimum, maximum } = NUMBER_KINDS[kind]!;
    const littleEndian = this.#isLittleEndian(where, description.endianness);
    const { value } = description;
    if (value === undefined) {
      const count = this.#count(where, "count", description.count);
      const name = this.#newName(where, description.name);
      this.#place({ ...this.#here(name, kind, width), ...count, littleEndian, minimum, maximum });
      return;
    }
    if (description.count !== undefined) {
      throw new TypeError(`${where} has a value, so it can have no count`);
    }
    const constant = constantBytes(where, kind, value, littleEndian);
    // As it is read back: of a float32, what rounding left.
    const only = readNumber(new DataView(constant.buffer), kind, 0, littleEndian);
    const name = description.name === undefined ? "" : this.#newName(where, description.name);
    const facts = { ...this.#here(name, kind, width), littleEndian, minimum: only, maximum: only };
    this.#place({ ...facts, constant, isChecked: true });
  }

  #addBits(where: string, description: BitsDescription): void {
    const kind = numberKind(description.type);
    let shift = checkBits(where, kind, description.bits);
    const littleEndian = this.#isLittleEndian(where, description.endianness);
    const width = shift / 8;
    for (const bit of description.bits) {
      shift -= bit.width;
      if (bit.name !== undefined) {
        const maximum = 2 ** bit.width - 1;
        const facts = { ...this.#here(this.#newName(where, bit.name), kind, width), littleEndian, maximum };
        this.#register(new Field({ ...facts, shift, mask: maximum }));
      }
    }
    this.#advance(width);
  }

  #addBytes(where: string, description: TextDescription): void {
    const padding = checkWhole(where, "padding", description.padding ?? 0, 0, 0x7f);
    const name = this.#newName(where, description.name);
    const kind = (description.type as string) === "bytes" ? BYTES : ASCII;
    if (typeof description.length === "string") {
      if (description.padding !== undefined) {
        throw new TypeError(`${where} has just the bytes that "${description.length}" says, so it can have no padding`);
      }
      const count = this.#count(where, "length", description.length);
      this.#place({ ...this.#here(name, kind, 1), ...count, isArray: false });
    } else {
      const length = checkWhole(where, "length", description.length, 1, MAX_SIZE);
      this.#place({ ...this.#here(name, kind, length), padding });
    }
  }

  #addConstant(constant: Uint8Array): void {
    this.#place({ ...this.#here("", FILLER, constant.length), constant, isChecked: true });
  }

  #addPadding(where: string, description: PaddingDescription): void {
    const length = checkWhole(where, "length", description.length, 1, MAX_SIZE);
    const padding = checkWhole(where, "value", description.value ?? 0, 0, 0xff);
    this.#place({ ...this.#here("", FILLER, length), padding, isChecked: description.checked ?? true });
  }

  #addNested(where: string, description: NestedDescription): void {
    const nested = description.type.layout;
    const name = this.#newName(where, description.name);
    const count = this.#count(where, "count", description.count);
    const facts = { ...this.#here(name, STRUCTURE, nested.minimumSize), ...count, nested };
    if (description.count !== undefined) {
      if (nested.variables.length > 0) {
        throw new TypeError(`${where}: the size of ${nested.name} varies, so there can be no array of it`);
      }
      for (const field of nested.fields.values()) {
        // An array in an array would need two indices; `nest` reaches into it.
        if (!field.isArray && field.kind !== STRUCTURE) {
          const { owner, segment } = facts;
          const placed = { owner, segment, name: `${name}.${field.name}`, offset: this.tail + field.offset };
          this.#register(new Field({ ...field, ...placed, ...count, stride: nested.minimumSize }), false);
        }
      }
      if (nested.fillers.length > 0) {
        this.fillers.push(this.#place(facts));
      } else {
        this.#place(facts);
      }
      return;
    }
    const { tail, variables } = this;
    this.#register(new Field(facts));
    this.#flatten(name, nested, variables.length, tail);
    this.minimumSize += nested.minimumSize;
    this.tail = nested.variables.length > 0 ? nested.tail : tail + nested.minimumSize;
  }

  /** Makes the fields of a nested structure ours. */
  #flatten(name: string, nested: Layout, segments: number, offset: number): void {
    const ours = new Map<Field, Field>();
    const adopt = (field: Field): Field => {
      const known = ours.get(field);
      if (known !== undefined) {
        return known;
      }
      const adopted = new Field({
        ...field,
        owner: this,
        name: field.name === "" ? "" : `${name}.${field.name}`,
        segment: segments + field.segment,
        offset: field.segment === 0 ? offset + field.offset : field.offset,
        variable: field.variable < 0 ? -1 : segments + field.variable,
        countField: field.countField === undefined ? undefined : adopt(field.countField),
      });
      ours.set(field, adopted);
      return adopted;
    };
    for (const field of nested.fields.values()) {
      this.#register(adopt(field), false);
    }
    for (const field of nested.variables) {
      this.variables.push(adopt(field));
    }
    for (const field of nested.fillers) {
      this.fillers.push(adopt(field));
    }
  }

  #here(name: string, kind: number, width: number) {
    return { owner: this, name, kind, segment: this.variables.length, offset: this.tail, width };
  }

  /** A field that takes up room of its own, at the end of what there is. */
  #place(facts: FieldFacts): Field {
    const field = new Field(facts);
    this.#register(field);
    if (field.kind === FILLER || field.constant !== undefined) {
      this.fillers.push(field);
    }
    if (field.variable < 0) {
      this.#advance(field.stride * field.count);
    } else {
      this.variables.push(field);
      this.tail = 0;
    }
    return field;
  }

  #advance(length: number): void {
    this.tail += length;
    this.minimumSize += length;
  }

  #register(field: Field, isMember = true): void {
    if (isMember) {
      this.members.push(field);
    }
    if (field.name !== "") {
      this.fields.set(field.name, field);
    }
  }

  #newName(where: string, given: unknown): string {
    const name = checkName(where, given);
    if (this.fields.has(name)) {
      throw new TypeError(`${where}: the name "${name}" is an earlier field's`);
    }
    return name;
  }

  #isLittleEndian(where: string, endianness: unknown): boolean {
    return endianness === undefined ? this.#littleEndian : isLittleEndian(`${where}: endianness`, endianness);
  }

  #count(where: string, what: string, count: unknown): Count {
    if (count === undefined) {
      return {};
    }
    if (typeof count !== "string") {
      return { isArray: true, count: checkWhole(where, what, count, 1, MAX_SIZE) };
    }
    const countField = this.fields.get(count);
    if (countField === undefined) {
      const later = this.#descriptions.some((other) => (other as { name?: unknown } | null)?.name === count);
      throw new TypeError(`${where}: ${what} names "${count}", which is ${later ? "no earlier field" : "no field"}`);
    }
    if (countField.isArray || countField.kind > UINT32 || countField.constant !== undefined) {
      throw new TypeError(`${where}: ${what} names "${count}", which is no uint8, uint16, uint24, uint32 or bit field`);
    }
    countField.isCount = true;
    return { isArray: true, count: 0, variable: this.variables.length, countField };
  }
}

function constantBytes(where: string, kind: number, value: unknown, littleEndian: boolean): Uint8Array {
  const { width, minimum, maximum } = NUMBER_KINDS[kind]!;
  const data = new DataView(new ArrayBuffer(width));
  let fits = false;
  if (kind >= UINT64 && (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value)))) {
    fits = writeBig(data, kind, 0, BigInt(value), littleEndian);
  } else if (typeof value === "number" && isWritable(kind, value, minimum, maximum)) {
    fits = kind < UINT64;
    writeNumber(data, kind, 0, value, littleEndian);
  }
  if (!fits) {
    throw new RangeError(`${where}: value must be ${requirementOf(kind, minimum, maximum, value)}, not ${show(value)}`);
  }
  return new Uint8Array(data.buffer);
}
