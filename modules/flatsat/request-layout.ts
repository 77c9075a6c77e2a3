/** What the application data of a request must look like, by its definition: how long it is, and which values are in range. */
import { FieldCodec } from "../data/field-codec.js";
import { kindOf, widthOf } from "../data/field-kinds.js";
import type { LayoutDefinition, RequestMessage } from "../dictionary/dictionary.js";
import { valueLength, valuesLength } from "../dictionary/value-check.js";
import { SUCCESS, VALUE_OUT_OF_RANGE } from "../pus/failure-codes.js";
import type { PusRequest } from "../pus/request.js";
import { NO_LENGTH, UNKNOWN_VARIANT } from "../pus/service.js";
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
  readonly #minCount: number;
  readonly #maxCount: number;
  readonly #maxDataLength: number;

  constructor({ values = {}, list, maxDataLength = 0 }: LayoutDefinition, id = 0) {
    this.id = id;
    this.#fields = Object.values(values).map((value) => new ValueField(value));
    this.#length = valuesLength(values);
    this.#countKind = list === undefined ? -1 : kindOf(list.countType);
    this.#items = Object.values(list?.items ?? {}).map((value) => new ValueField(value));
    this.#itemLength = valuesLength(list?.items);
    this.#minCount = list?.minCount ?? 0;
    this.#maxCount = list?.maxCount ?? 0;
    this.#maxDataLength = maxDataLength;
  }

  /** @returns octets of what begins at `at` of the application data, or `NO_LENGTH` */
  lengthAt(request: PusRequest, at: number): number {
    const available = request.applicationDataLength - at;
    let length = this.#length;
    if (this.#countKind >= 0) {
      if (length + widthOf(this.#countKind) > available) {
        return NO_LENGTH;
      }
      const count = request.field(this.#countKind, at + length);
      if (count < this.#minCount || count > this.#maxCount) {
        return NO_LENGTH;
      }
      length += widthOf(this.#countKind) + count * this.#itemLength;
    }
    return available > length ? Math.min(available, length + this.#maxDataLength) : length;
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
  readonly #head: PartLayout;
  readonly #variants: readonly PartLayout[];
  /** Kind and offset of the identifier. */
  readonly #idKind: number;
  readonly #idOffset: number;
  readonly #codec = new FieldCodec();

  constructor(request: RequestMessage) {
    const { values = {}, variants } = request;
    this.#head = new PartLayout(request);
    this.#variants = Object.values(variants ?? {}).map((variant) => new PartLayout(variant, variant.id));
    const identifier = Object.values(values).pop();
    this.#idKind = variants === undefined || identifier === undefined ? -1 : new ValueField(identifier).kind;
    this.#idOffset = this.#head.length - (identifier === undefined ? 0 : valueLength(identifier));
  }

  /** See `RequestHandling`. */
  lengthOfVariant(id: number, request: PusRequest, at: number): number {
    const variant = this.#variantOf(id);
    return variant === undefined ? UNKNOWN_VARIANT : variant.lengthAt(request, at);
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
    const variant = this.#variantOf(request.field(this.#idKind, this.#idOffset));
    if (variant === undefined) {
      return outOfRange(request, head.count - 1);
    }
    const inVariant = variant.firstWrong(this.#codec, request, head.length);
    return inVariant < 0 ? SUCCESS : outOfRange(request, head.count + inVariant);
  }

  #variantOf(id: number): PartLayout | undefined {
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
