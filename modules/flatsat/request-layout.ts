/** What the application data of a request must look like, by its definition: how long it is, and which values are in range. */
import { FieldCodec } from "../data/field-codec.js";
import { kindOf, widthOf } from "../data/field-kinds.js";
import type { LayoutDefinition, RequestMessage } from "../dictionary/dictionary.js";
import { longestMessage, valueLength, valuesLength } from "../dictionary/value-check.js";
import { SUCCESS, VALUE_OUT_OF_RANGE } from "../pus/failure-codes.js";
import type { PusRequest } from "../pus/request.js";
import { ValueField } from "../pus/value-field.js";

/** Values, then perhaps a list, then perhaps data. */
class PartLayout {
  readonly id: number;
  readonly #fields: readonly ValueField[];
  /** Octets of the values. */
  readonly #length: number;
  readonly #countKind: number;
  readonly #items: readonly ValueField[];
  readonly #itemLength: number;
  readonly #maxCount: number;
  readonly #maxDataLength: number;

  constructor({ values = {}, list, maxDataLength = 0 }: LayoutDefinition, id = 0) {
    this.id = id;
    this.#fields = Object.values(values).map((value) => new ValueField(value));
    this.#length = valuesLength(values);
    this.#countKind = list === undefined ? -1 : kindOf(list.countType);
    this.#items = Object.values(list?.items ?? {}).map((value) => new ValueField(value));
    this.#itemLength = valuesLength(list?.items);
    this.#maxCount = list?.maxCount ?? 0;
    this.#maxDataLength = maxDataLength;
  }

  /** @returns where it ends when it begins at `at` and the application data has `available` octets; -1: nowhere that is allowed */
  end(request: PusRequest, at: number, available: number): number {
    let end = at + this.#length;
    if (this.#countKind >= 0) {
      if (end + widthOf(this.#countKind) > available) {
        return -1;
      }
      const count = request.field(this.#countKind, end);
      if (count > this.#maxCount) {
        return -1;
      }
      end += widthOf(this.#countKind) + count * this.#itemLength;
    }
    return available > end ? Math.min(available, end + this.#maxDataLength) : end;
  }

  /** @returns the number of the first value out of its range, or -1 */
  firstWrong(codec: FieldCodec, request: PusRequest, start: number): number {
    const { bytes, applicationDataStart } = request;
    let at = start;
    for (let k = 0; k < this.#fields.length; k++) {
      const field = this.#fields[k]!;
      if (!field.allowsAll(codec, bytes, applicationDataStart + at)) {
        return k;
      }
      at += field.length;
    }
    const count = this.#countKind < 0 ? 0 : request.field(this.#countKind, at);
    at += this.#countKind < 0 ? 0 : widthOf(this.#countKind);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < this.#items.length; k++) {
        const field = this.#items[k]!;
        if (!field.allowsAll(codec, bytes, applicationDataStart + at)) {
          return this.#fields.length + i * this.#items.length + k;
        }
        at += field.length;
      }
    }
    return -1;
  }

  /** Octets of the values. */
  get length(): number {
    return this.#length;
  }

  /** Number of the values. */
  get count(): number {
    return this.#fields.length;
  }
}

/** The part that every request has, and the part that its identifier, the last of the values, picks. */
export class RequestLayout {
  /** Octets at most. */
  readonly longest: number;
  readonly #head: PartLayout;
  readonly #variants: readonly PartLayout[];
  /** Kind and offset of the identifier. */
  readonly #idKind: number;
  readonly #idOffset: number;
  readonly #codec = new FieldCodec();

  constructor(request: RequestMessage) {
    const { values = {}, variants } = request;
    this.longest = longestMessage(request);
    this.#head = new PartLayout(request);
    this.#variants = Object.values(variants ?? {}).map((variant) => new PartLayout(variant, variant.id));
    const identifier = Object.values(values).pop();
    this.#idKind = variants === undefined || identifier === undefined ? -1 : new ValueField(identifier).kind;
    this.#idOffset = this.#head.length - (identifier === undefined ? 0 : valueLength(identifier));
  }

  /** An unknown identifier has no wrong length: it is refused for its value. */
  lengthOf(request: PusRequest): number {
    const available = request.applicationDataLength;
    if (this.#idKind < 0) {
      return this.#head.end(request, 0, available);
    }
    if (available < this.#head.length) {
      return -1;
    }
    const variant = this.#variantOf(request);
    return variant === undefined ? available : variant.end(request, this.#head.length, available);
  }

  check(request: PusRequest): number {
    const head = this.#head;
    const wrong = head.firstWrong(this.#codec, request, 0);
    if (wrong >= 0) {
      return outOfRange(request, wrong);
    }
    if (this.#idKind < 0) {
      return SUCCESS;
    }
    const variant = this.#variantOf(request);
    if (variant === undefined) {
      return outOfRange(request, head.count - 1);
    }
    const inVariant = variant.firstWrong(this.#codec, request, head.length);
    return inVariant < 0 ? SUCCESS : outOfRange(request, head.count + inVariant);
  }

  #variantOf(request: PusRequest): PartLayout | undefined {
    const id = request.field(this.#idKind, this.#idOffset);
    for (let i = 0; i < this.#variants.length; i++) {
      if (this.#variants[i]!.id === id) {
        return this.#variants[i];
      }
    }
    return undefined;
  }
}

/** @param number of the value, counted from 0 over everything that the request has */
function outOfRange(request: PusRequest, number: number): number {
  request.failureData = number;
  return VALUE_OUT_OF_RANGE;
}
