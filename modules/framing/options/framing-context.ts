/**
 * How a framing is being made: by code, or of text. It says what an option is called there, so that each check is written
 * once and its error speaks of `maxPacketLength` to one and of `max-packet` to the other; and what holds where the options
 * say nothing.
 */
import { checkChoice, checkRange } from "../../checks/options.js";
import type { FrameSecurity } from "../contract/frame-security.js";
import { MAX_PACKET_LENGTH } from "../contract/packet-limit.js";
import type { FindByte } from "../engines/find-byte.js";
import { checkNames, keyOf, type OptionTable } from "./option-table.js";

/** Longest packet where nothing says otherwise, in bytes. */
const USUAL_MAX_PACKET_LENGTH = 1024;

/** A checksum layer that will stand over the framing. */
export interface Layer {
  readonly name: string;
  /** Bytes that it puts behind each packet. They are counted in `maxPacketLength`, and not in what people say. */
  readonly length: number;
}

/** What is known beside the options, where they are text. */
export interface TextContext {
  /** Longest packet accepted where the options do not say, in bytes. */
  readonly maxPacketLength: number;
  /** Where that comes from, behind an error that it leads to; empty: nowhere that people know. */
  readonly because: string;
  readonly findByte: FindByte | undefined;
  readonly layer: Layer | undefined;
  /** Least that `max-packet` may be, in bytes. */
  readonly shortestPacket: number;
  /** Keys for framings that can do with them. */
  readonly security: FrameSecurity | undefined;
}

export class FramingContext {
  /** Begins errors: the framing's name, in code; whoever reads text says in front whose it is. */
  readonly begin: string;
  /** Longest packet where the options do not say, in bytes, a layer's checksum included. */
  readonly usual: number;
  /** Bytes at each packet's end that are a layer's. */
  readonly trailerLength: number;
  /** Search to use. */
  readonly findByte: FindByte | undefined;
  /** Keys, where framings are made of text. */
  readonly security: FrameSecurity | undefined;
  /** Ends errors that the usual limit leads to. */
  readonly because: string;
  readonly #table: OptionTable;
  readonly #text: TextContext | undefined;

  private constructor(begin: string, table: OptionTable, text: TextContext | undefined) {
    this.begin = begin;
    this.#table = table;
    this.#text = text;
    this.trailerLength = text?.layer?.length ?? 0;
    const usual = text?.maxPacketLength ?? USUAL_MAX_PACKET_LENGTH;
    this.usual = this.trailerLength === 0 ? usual : Math.min(usual + this.trailerLength, MAX_PACKET_LENGTH);
    this.findByte = text?.findByte;
    this.security = text?.security;
    this.because = text?.because ?? "";
  }

  /**
   * @param name the framing's
   * @throws TypeError for an option that does not exist
   */
  static inCode(name: string, table: OptionTable, options: object): FramingContext {
    checkNames(name, table, options);
    return new FramingContext(`${name}: `, table, undefined);
  }

  static ofText(table: OptionTable, text: TextContext): FramingContext {
    return new FramingContext("", table, text);
  }

  /** What the option is called. */
  term(property: string): string {
    return this.#text === undefined ? property : keyOf(this.#table, property);
  }

  /** Names the option in an error. @param more behind it: its unit, ` (bytes)` */
  label(property: string, more = ""): string {
    return `${this.begin}${this.term(property)}${more}`;
  }

  /** @throws TypeError or RangeError when it is no whole number from min to max */
  range(property: string, more: string, value: unknown, min: number, max: number): number {
    return checkRange(this.label(property, more), value, min, max);
  }

  /** The same of a number that the longest packet limits. */
  rangeWithin(label: string, value: unknown, min: number, max: number): number {
    return checkRange(label, value, min, max, this.because);
  }

  /** @throws TypeError when the value is none of the choices */
  choice<Choice extends string>(property: string, value: unknown, choices: readonly Choice[]): Choice {
    return checkChoice(this.label(property), value, choices);
  }

  /**
   * @param value of the option `maxPacketLength`, a layer's checksum included; undefined: the usual one
   * @param more of the range, behind its unit
   * @throws TypeError or RangeError when it is no whole number from min to max; what it says does not count the checksum
   */
  maxPacketLength(value: number | undefined, min = 1, max = MAX_PACKET_LENGTH, more = ""): number {
    const length = value ?? this.usual;
    const { trailerLength } = this;
    const label = this.#maxPacketLabel(more);
    if (trailerLength === 0) {
      return checkRange(label, length, min, max);
    }
    // What is no number is refused as it is.
    const said = typeof length === "number" ? length - trailerLength : length;
    checkRange(label, said, Math.max(min - trailerLength, this.#text?.shortestPacket ?? 1), max - trailerLength);
    return length;
  }

  #maxPacketLabel(more: string): string {
    const layer = this.trailerLength === 0 ? "" : `, ${this.#text?.layer?.name} not counted`;
    return this.label("maxPacketLength", ` (bytes${layer}${more})`);
  }
}
