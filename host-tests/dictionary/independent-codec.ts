/**
 * What a ground tool would write that knows the dictionary's JSON and nothing of this project: values out of octets, and back, through a
 * DataView. Knows no platform.
 */

/** An entry of the JSON. */
export interface Definition {
  readonly type: string;
  readonly length?: number;
  readonly count?: number;
  readonly bits?: Readonly<Record<string, { readonly width: number }>>;
}

export type Scalar = number | boolean;
export type Decoded = Scalar | string | Scalar[] | Record<string, number>;

const WIDTHS: Readonly<Record<string, number>> = {
  uint8: 1,
  uint16: 2,
  uint24: 3,
  uint32: 4,
  int8: 1,
  int16: 2,
  int24: 3,
  int32: 4,
  float32: 4,
  float64: 8,
  uint64: 8,
  int64: 8,
  boolean: 1,
  ascii: 1,
  bytes: 1,
};

export function octetsOf({ type, length = 1, count = 1 }: Definition): number {
  return WIDTHS[type]! * length * count;
}

function readScalar(type: string, view: DataView, at: number): Scalar {
  switch (type) {
    case "uint8":
    case "bytes":
      return view.getUint8(at);
    case "uint16":
      return view.getUint16(at);
    case "uint24":
      return view.getUint8(at) * 65_536 + view.getUint16(at + 1);
    case "uint32":
      return view.getUint32(at);
    case "int8":
      return view.getInt8(at);
    case "int16":
      return view.getInt16(at);
    case "int24":
      return view.getInt8(at) * 65_536 + view.getUint16(at + 1);
    case "int32":
      return view.getInt32(at);
    case "float32":
      return view.getFloat32(at);
    case "float64":
      return view.getFloat64(at);
    case "uint64":
      return Number(view.getBigUint64(at));
    case "int64":
      return Number(view.getBigInt64(at));
    default:
      return { 0: false, 1: true }[view.getUint8(at)] ?? Number.NaN;
  }
}

function writeScalar(type: string, view: DataView, at: number, value: Scalar): void {
  const number = Number(value);
  switch (type) {
    case "uint16":
    case "int16":
      view.setInt16(at, number);
      break;
    case "uint24":
    case "int24":
      view.setInt8(at, Math.floor(number / 65_536));
      view.setInt16(at + 1, number);
      break;
    case "uint32":
    case "int32":
      view.setInt32(at, number);
      break;
    case "float32":
      view.setFloat32(at, number);
      break;
    case "float64":
      view.setFloat64(at, number);
      break;
    case "uint64":
    case "int64":
      view.setBigInt64(at, BigInt(number));
      break;
    default:
      view.setInt8(at, number);
  }
}

function decodeOne(definition: Definition, view: DataView, at: number): Decoded {
  const { type, length = 0, count, bits } = definition;
  if (type === "ascii") {
    let text = "";
    for (let k = 0; k < length && view.getUint8(at + k) !== 0; k++) {
      text += String.fromCharCode(view.getUint8(at + k));
    }
    return text;
  }
  if (type === "bytes" || count !== undefined) {
    return Array.from({ length: count ?? length }, (_, k) => readScalar(type, view, at + k * WIDTHS[type]!));
  }
  const value = readScalar(type, view, at);
  if (bits === undefined) {
    return value;
  }
  // Written out, the most significant bit first.
  const digits = Number(value)
    .toString(2)
    .padStart(8 * WIDTHS[type]!, "0");
  let from = 0;
  const parts: Record<string, number> = {};
  for (const [name, { width }] of Object.entries(bits)) {
    parts[name] = Number.parseInt(digits.slice(from, from + width), 2);
    from += width;
  }
  return parts;
}

/** @throws Error when octets are left, or missing */
export function decode(definitions: readonly Definition[], octets: Uint8Array, start = 0): Decoded[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let at = start;
  const values = definitions.map((definition) => {
    const value = decodeOne(definition, view, at);
    at += octetsOf(definition);
    return value;
  });
  if (at !== octets.length) {
    throw new Error(`${octets.length} octets came, and the dictionary says ${at}`);
  }
  return values;
}

/** For what `decode` gives. */
export function encode(definition: Definition, value: Decoded): Uint8Array {
  const { type, bits } = definition;
  const octets = new Uint8Array(octetsOf(definition));
  const view = new DataView(octets.buffer);
  if (typeof value === "string") {
    octets.set(Array.from(value, (character) => character.charCodeAt(0)));
  } else if (Array.isArray(value)) {
    value.forEach((element, k) => {
      writeScalar(type, view, k * WIDTHS[type]!, element);
    });
  } else if (typeof value === "object") {
    const digits = Object.entries(bits!).map(([name, { width }]) => value[name]!.toString(2).padStart(width, "0"));
    writeScalar(type, view, 0, Number.parseInt(digits.join("").padEnd(8 * octets.length, "0"), 2));
  } else {
    writeScalar(type, view, 0, value);
  }
  return octets;
}
