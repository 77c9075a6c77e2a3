/** Structures written by Node's Buffer methods alone: what ours are compared with. */
import type { FieldDescription } from "../../modules/data/description.js";
import type { Spec, Value } from "./random-structures.js";

export function referenceEncode(spec: Spec, value: Value): Buffer {
  return Buffer.concat(spec.fields.map((field) => encodeField(spec, field, value)));
}

function encodeField(spec: Spec, field: FieldDescription, value: Value): Buffer {
  const little = (("endianness" in field && field.endianness) || spec.endianness) === "little";
  if ("bits" in field) {
    // As a string of binary digits: no shifts that could be wrong in the same way.
    const digits = field.bits.map((bit) =>
      (bit.name === undefined ? 0 : (value[bit.name] as number)).toString(2).padStart(bit.width, "0"),
    );
    return encodeNumber(field.type, Number.parseInt(digits.join(""), 2), little);
  }
  if (field.type === "padding") {
    const { length, value: filler } = field as { length: number; value: number };
    return Buffer.alloc(length, filler);
  }
  if (field.type === "constant") {
    return Buffer.from((field as { value: readonly number[] }).value);
  }
  const { name } = field as { name: string };
  const given = value[name];
  if (field.type === "bytes") {
    return Buffer.from(given as Uint8Array);
  }
  if (field.type === "ascii") {
    const text = Buffer.from(given as string, "latin1");
    const { length } = field as { length: number | string };
    return typeof length === "string" ? text : Buffer.concat([text, Buffer.alloc(length - text.length)]);
  }
  const inner = spec.nested.get(name);
  const one = (element: unknown) =>
    inner === undefined
      ? encodeNumber(field.type as string, element as number | bigint, little)
      : referenceEncode(inner, element as Value);
  return "count" in field ? Buffer.concat((given as unknown[]).map(one)) : one(given);
}

export function encodeNumber(type: string, value: number | bigint, little: boolean): Buffer {
  const bits = Number(type.replace(/[a-z]+/, ""));
  const bytes = Buffer.alloc(bits / 8);
  if (type === "float32") {
    little ? bytes.writeFloatLE(value as number) : bytes.writeFloatBE(value as number);
  } else if (type === "float64") {
    little ? bytes.writeDoubleLE(value as number) : bytes.writeDoubleBE(value as number);
  } else if (type === "uint64") {
    little ? bytes.writeBigUInt64LE(value as bigint) : bytes.writeBigUInt64BE(value as bigint);
  } else if (type === "int64") {
    little ? bytes.writeBigInt64LE(value as bigint) : bytes.writeBigInt64BE(value as bigint);
  } else if (type.startsWith("uint")) {
    little ? bytes.writeUIntLE(value as number, 0, bits / 8) : bytes.writeUIntBE(value as number, 0, bits / 8);
  } else {
    little ? bytes.writeIntLE(value as number, 0, bits / 8) : bytes.writeIntBE(value as number, 0, bits / 8);
  }
  return bytes;
}

export function decodeNumber(type: string, bytes: Buffer, at: number, little: boolean): number | bigint {
  const length = Number(type.replace(/[a-z]+/, "")) / 8;
  switch (type) {
    case "float32":
      return little ? bytes.readFloatLE(at) : bytes.readFloatBE(at);
    case "float64":
      return little ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at);
    case "uint64":
      return little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
    case "int64":
      return little ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at);
    default:
      if (type.startsWith("uint")) {
        return little ? bytes.readUIntLE(at, length) : bytes.readUIntBE(at, length);
      }
      return little ? bytes.readIntLE(at, length) : bytes.readIntBE(at, length);
  }
}
