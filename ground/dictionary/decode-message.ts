/** The values of a message, by its definition: what stands behind the headers of a packet. */
import type {
  ArgumentDefinition,
  LayoutDefinition,
  ListDefinition,
  MessageDefinition,
} from "../../modules/dictionary/dictionary.js";
import { valueLength, valuesLength } from "../../modules/dictionary/value-check.js";
import { type DecodedValue, hexOf, readValue } from "./decoded-value.js";
import { PacketError } from "./packet-error.js";

/** One of a list's items. */
export interface DecodedItem {
  /** What the item's identifier says it is, where the layout depends on it. */
  readonly variant?: string;
  /** The one of the values that says it. */
  readonly identifier?: DecodedValue;
  readonly values: readonly DecodedValue[];
}

export interface DecodedMessage {
  /** What the identifier says it is, where the layout depends on it. */
  readonly variant?: string;
  /** The one of the values that says it. */
  readonly identifier?: DecodedValue;
  /** In order, up to the list. */
  readonly values: readonly DecodedValue[];
  readonly list?: { readonly count: DecodedValue; readonly items: readonly DecodedItem[] };
  /** Behind the list. */
  readonly trailer: readonly DecodedValue[];
  /** What the dictionary does not describe, in hexadecimal digits. */
  readonly data?: { readonly offset: number; readonly hex: string };
}

/**
 * @param view over the whole packet
 * @param start of the message's first octet
 * @param end behind its last
 * @throws PacketError
 */
export function decodeMessage(message: MessageDefinition, view: DataView, start: number, end: number): DecodedMessage {
  const reader = new Reader(view, start, end);
  const head = reader.values(message.values);
  if (message.variants === undefined) {
    return { values: head, ...reader.rest(message) };
  }
  const identifier = head.at(-1)!;
  const [name, variant] = identified(message.variants, identifier);
  const values = [...head, ...reader.values(variant.values)];
  return { variant: name, identifier, values, ...reader.rest(variant) };
}

type Values = Readonly<Record<string, ArgumentDefinition>> | undefined;

class Reader {
  readonly #view: DataView;
  readonly #end: number;
  #at: number;

  constructor(view: DataView, start: number, end: number) {
    this.#view = view;
    this.#at = start;
    this.#end = end;
  }

  values(definitions: Values): DecodedValue[] {
    return Object.entries(definitions ?? {}).map(([name, definition]) => this.#value(name, definition));
  }

  /** What stands behind the values of a layout; nothing may be left. */
  rest({ list, trailer, maxDataLength = 0 }: LayoutDefinition): Omit<DecodedMessage, "variant" | "values"> {
    const listed = list === undefined ? {} : { list: this.#list(list) };
    const behind = this.values(trailer);
    const left = this.#end - this.#at;
    if (left > maxDataLength) {
      const most =
        maxDataLength === 0 ? "the message ends here" : `the message has ${maxDataLength} octets of data at most`;
      throw new PacketError("wrongLength", this.#at, `${most}, and ${octets(left)} follow`, left, maxDataLength);
    }
    if (left === 0) {
      return { ...listed, trailer: behind };
    }
    const data = new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at, left);
    return { ...listed, trailer: behind, data: { offset: this.#at, hex: hexOf(data) } };
  }

  #list({ countType, items, variants, minCount = 0, maxCount }: ListDefinition): NonNullable<DecodedMessage["list"]> {
    const count = this.#value("count", { type: countType });
    const number = count.raw as number;
    if (number < minCount || number > maxCount) {
      const limit = number < minCount ? minCount : maxCount;
      const end = number < minCount ? "least" : "most";
      const why = `there are ${limit} items at ${end}, and there are to be ${number}`;
      throw new PacketError("wrongCount", count.offset, why, number, limit);
    }
    const left = this.#end - this.#at;
    const length = number * valuesLength(items);
    if (length > left) {
      const why = `there are to be ${number} items, and ${octets(left)} follow`;
      throw new PacketError("wrongLength", count.offset, why, left, length);
    }
    return {
      count,
      items: Array.from({ length: number }, () => {
        const values = this.values(items);
        if (variants === undefined) {
          return { values };
        }
        const identifier = values.at(-1)!;
        const [variant, definition] = identified(variants, identifier);
        return { variant, identifier, values: [...values, ...this.values(definition.values)] };
      }),
    };
  }

  #value(name: string, definition: ArgumentDefinition): DecodedValue {
    const length = valueLength(definition);
    const left = this.#end - this.#at;
    if (length > left) {
      throw new PacketError(
        "wrongLength",
        this.#at,
        `${name} has ${octets(length)}, and ${left === 0 ? "none is" : `${octets(left)} are`} left`,
        left,
        length,
      );
    }
    const value = readValue(name, definition, this.#view, this.#at);
    this.#at += length;
    return value;
  }
}

function octets(count: number): string {
  return count === 1 ? "1 octet" : `${count} octets`;
}

function identified<Variant extends { readonly id: number }>(
  variants: Readonly<Record<string, Variant>>,
  { name, raw, offset }: DecodedValue,
): [string, Variant] {
  const found = Object.entries(variants).find(([, { id }]) => id === raw);
  if (found === undefined) {
    throw new PacketError("unknownIdentifier", offset, `the dictionary has no ${name} ${raw}`, Number(raw));
  }
  return found;
}
