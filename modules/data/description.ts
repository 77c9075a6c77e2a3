/** How a structure is described, once, as data; and what TypeScript makes of a description. */
import type { Endianness } from "../checks/endianness.js";
import type { Layout } from "./field.js";
import type { BigType, NumberType, UnsignedType } from "./field-kinds.js";

/** A number, or an array of numbers. */
export interface NumberDescription {
  /** Letters, digits and _; unique in its structure. Only a constant may do without. */
  readonly name?: string;
  readonly type: NumberType;
  /** Default: the structure's. */
  readonly endianness?: Endianness;
  /** Makes it an array: how many, or the name of an earlier field that says how many (`header.count` if need be). */
  readonly count?: number | string;
  /** Makes it a constant: the one value that is right. */
  readonly value?: number | bigint;
}

/** An unsigned number cut into bit fields, from the most significant bit on. Together they have all its bits. */
export interface BitsDescription {
  readonly type: UnsignedType;
  readonly endianness?: Endianness;
  readonly bits: readonly BitDescription[];
}

export interface BitDescription {
  /** Left out: reserved, written as zeros and not looked at. */
  readonly name?: string;
  /** Bits. */
  readonly width: number;
}

/** Any bytes. */
export interface BytesDescription {
  readonly name: string;
  readonly type: "bytes";
  /** Bytes, or the name of an earlier field that says how many. */
  readonly length: number | string;
}

/** ASCII text. In a fixed length it is followed by padding, which it cannot end with itself. */
export interface TextDescription {
  readonly name: string;
  readonly type: "ascii";
  /** Bytes, or the name of an earlier field that says how many; then there is no padding. */
  readonly length: number | string;
  /** The byte behind a text that is shorter; default 0, 0x20 for spaces. */
  readonly padding?: number;
}

/** Bytes that say nothing. */
export interface PaddingDescription {
  readonly type: "padding";
  /** Bytes. */
  readonly length: number;
  /** The byte that it is made of; default 0. */
  readonly value?: number;
  /** Whether another byte is an error; default true. */
  readonly checked?: boolean;
}

/** Bytes that are always the same: a marker, a magic number. */
export interface ConstantDescription {
  readonly type: "constant";
  /** 1 to 1024 bytes. */
  readonly value: readonly number[];
}

/** What a structure must have to be part of another. */
export interface NestedStructure {
  readonly layout: Layout;
  decode(bytes: Uint8Array): unknown;
  encode(value: never): Uint8Array;
}

/** A structure in a structure, or an array of them; it keeps its own endianness. */
export interface NestedDescription {
  readonly name: string;
  readonly type: NestedStructure;
  /** Makes it an array, of a structure with a fixed size. */
  readonly count?: number | string;
}

export type FieldDescription =
  | NumberDescription
  | BitsDescription
  | BytesDescription
  | TextDescription
  | PaddingDescription
  | ConstantDescription
  | NestedDescription;

type Simplify<T> = { [Key in keyof T]: T[Key] };

type Named<F> = F extends { readonly bits: readonly (infer Bit)[] }
  ? Bit extends { readonly name: infer Name extends string }
    ? { readonly name: Name; readonly type: "uint32" }
    : never
  : F extends { readonly name: string }
    ? F
    : never;

type OutputElement<F> = F extends { readonly type: BigType }
  ? bigint
  : F extends { readonly type: NumberType }
    ? number
    : F extends { readonly type: "bytes" }
      ? Uint8Array
      : F extends { readonly type: "ascii" }
        ? string
        : F extends { readonly type: { decode(bytes: Uint8Array): infer Output } }
          ? Output
          : never;

type InputElement<F> = F extends { readonly type: BigType }
  ? bigint | number
  : F extends { readonly type: { encode(value: infer Input): Uint8Array } }
    ? Input
    : OutputElement<F>;

type Output<F> = F extends { readonly count: number | string } ? OutputElement<F>[] : OutputElement<F>;
type Input<F> = F extends { readonly count: number | string } ? readonly InputElement<F>[] : InputElement<F>;

/** Names of fields that others name as their count or length. */
type CountNames<F> = F extends { readonly count: infer Name extends string }
  ? Name
  : F extends { readonly length: infer Name extends string }
    ? Name
    : never;
/** What the rest of the object or the description says already. */
type Known<F, All> = F extends { readonly value: number | bigint }
  ? F
  : F extends { readonly name: CountNames<All> }
    ? F
    : never;

/** The object that bytes are decoded into. */
export type Decoded<Fields extends readonly FieldDescription[]> = Simplify<{
  -readonly [F in Named<Fields[number]> as F["name"]]: Output<F>;
}>;

/** The object that bytes are encoded from: constants and counts may be left out. */
export type Encodable<Fields extends readonly FieldDescription[]> = Simplify<
  {
    readonly [F in Exclude<Named<Fields[number]>, Known<Named<Fields[number]>, Fields[number]>> as F["name"]]: Input<F>;
  } & {
    readonly [F in Known<Named<Fields[number]>, Fields[number]> as F["name"]]?: Input<F>;
  }
>;

/** A whole structure. */
export interface StructureDescription<Fields extends readonly FieldDescription[]> {
  /** For messages; default `the payload`. */
  readonly name?: string;
  /** Of every field that does not say otherwise; default `big`, as in most of space and of the Internet. */
  readonly endianness?: Endianness;
  readonly fields: Fields;
}
