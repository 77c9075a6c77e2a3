/** Decoders that Kaitai's own compiler makes of a .ksy file, and what they should find. */
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import type { ExecutionContext } from "ava";
import { parse } from "yaml";
import { KAITAI_GENERATOR } from "../../../ground/generate/kaitai.js";
import { calibrate } from "../../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import type { Expected } from "./random-packets.js";

const require = createRequire(import.meta.url);
export const compiler = require("kaitai-struct-compiler") as {
  compile(language: string, format: unknown, importer: null, debug: boolean): Promise<Record<string, string>>;
};
const { KaitaiStream } = require("kaitai-struct") as {
  KaitaiStream: { new (bytes: ArrayBuffer): unknown; readonly prototype: Record<string, unknown> };
};
// The runtime's own, 0.11.0, is wrong by 2^32 for most negative numbers.
KaitaiStream.prototype["readS8be"] = function (this: { readS4be(): number; readU4be(): number }): number {
  return this.readS4be() * 2 ** 32 + this.readU4be();
};

export interface Attribute {
  readonly id: string;
  readonly "-orig-id"?: string;
}

export interface Format {
  readonly meta: { readonly id: string };
  readonly seq: readonly Attribute[];
  readonly types: Readonly<Record<string, { readonly seq?: readonly Attribute[] }>>;
  readonly enums: Readonly<Record<string, unknown>>;
}

export type Parsed = Readonly<Record<string, unknown>>;

export interface Decoder {
  readonly format: Format;
  read(packet: Uint8Array): Parsed;
}

export function formatOf(board: BoardDictionary): Format {
  return parse(KAITAI_GENERATOR.generate(board).find(({ path }) => path.endsWith(".ksy"))!.text) as Format;
}

export async function decoderOf(board: BoardDictionary): Promise<Decoder> {
  const format = formatOf(board);
  const files = await compiler.compile("javascript", format, null, false);
  const [[name, code]] = Object.entries(files) as [[string, string]];
  const exported: Record<string, new (stream: unknown, parent: null, root: null) => Parsed> = {};
  compileFunction(code, ["exports", "require"])(exported, require);
  const Packet = exported[name.replace(/\.js$/, "")]!;
  return { format, read: (packet) => new Packet(new KaitaiStream(Uint8Array.from(packet).buffer), null, null) };
}

/** As the compiler names what an identifier is for, in JavaScript. */
function camel(id: string): string {
  return id.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The attributes of an object, in the order of the wire. */
function attributesOf(decoder: Decoder, object: Parsed): readonly Attribute[] {
  const { name } = (object as object).constructor;
  const id = Object.keys(decoder.format.types).find((type) => camel(`x_${type}`).slice(1) === name);
  return id === undefined ? [] : (decoder.format.types[id]!.seq ?? []);
}

/** A value as the independent decoder would give it. */
function plain(value: unknown, { type, bits }: ValueDefinition): unknown {
  if (bits !== undefined) {
    const parts = value as Parsed;
    const [names, found] = [Object.keys(bits), Object.entries(parts).filter(([key]) => !key.startsWith("_"))];
    return Object.fromEntries(names.map((name, k) => [name, Number(found[k]![1])]));
  }
  if (Array.isArray(value)) {
    return value.map((element) => plain(element, { type }));
  }
  if (value instanceof Uint8Array) {
    return Array.from(value);
  }
  if (type === "int24") {
    return (value as { value: number }).value;
  }
  return type === "boolean" ? value === 1 : value;
}

export function checkExpected(
  t: ExecutionContext,
  decoder: Decoder,
  object: Parsed,
  expected: Expected,
  where: string,
): void {
  const attributes = [...attributesOf(decoder, object)];
  const next = (): [Attribute, unknown] => {
    const attribute = attributes.shift();
    t.truthy(attribute, `${where}: nothing left to read`);
    return [attribute!, object[camel(attribute!.id)]];
  };
  const check = ([name, definition, wanted]: Expected["values"][number]): void => {
    const [attribute, value] = next();
    t.is(attribute["-orig-id"] ?? attribute.id, name, where);
    t.deepEqual(plain(value, definition), wanted, `${where}: ${name}`);
    const { calibration, count } = definition;
    if (calibration !== undefined && count === undefined) {
      const calibrated = object[camel(`${attribute.id}_calibrated`)] as number;
      const right = calibrate(calibration, wanted as number);
      t.true(
        Math.abs(calibrated - right) <= Math.abs(right) * 1e-9 + 1e-9,
        `${where}: ${name} is ${calibrated}, not ${right}`,
      );
    }
  };
  expected.values.forEach(check);
  if (expected.variant !== undefined) {
    checkExpected(t, decoder, next()[1] as Parsed, expected.variant, where);
  }
  if (expected.items !== undefined) {
    t.is(next()[1], expected.items.length, where);
    const items = next()[1] as Parsed[];
    expected.items.forEach((item, k) => {
      checkExpected(t, decoder, items[k]!, item, `${where}[${k}]`);
    });
  }
  expected.trailer?.forEach(check);
  if (expected.data !== undefined) {
    t.deepEqual(Array.from(next()[1] as Uint8Array), expected.data, where);
  }
  t.deepEqual(attributes, [], `${where}: more than there is`);
}
