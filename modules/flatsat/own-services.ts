/** Services of a board's own dictionary, as the dispatcher runs them: lengths and ranges are looked at before a handler is asked. */
import { FieldCodec } from "../data/field-codec.js";
import { kindOf, widthOf } from "../data/field-kinds.js";
import type {
  Dictionary,
  LayoutDefinition,
  RequestMessage,
  ServiceDefinition,
  VariantDefinition,
} from "../dictionary/dictionary.js";
import { valueLength, valuesLength } from "../dictionary/value-check.js";
import { SUCCESS, VALUE_OUT_OF_RANGE } from "../pus/failure-codes.js";
import type { PusRequest } from "../pus/request.js";
import type { PusService, RequestDefinition } from "../pus/service.js";
import { ValueField } from "../pus/value-field.js";
import type { AnyBinding, RequestHandler } from "./board-module.js";

export function servicesOf(own: Dictionary, binding: AnyBinding): PusService[] {
  return Object.entries(own.services ?? {}).map(([name, service]) => {
    const { type, requests = {}, reports = {} } = service;
    const handlers = binding.services?.[name] ?? {};
    return {
      serviceType: type,
      name,
      requests: Object.entries(requests).map(([key, request]) => requestOf(key, request, service, handlers[key]!)),
      reports: Object.entries(reports).map(([key, { subtype }]) => ({ messageSubtype: subtype, name: key })),
    };
  });
}

function requestOf(
  name: string,
  request: RequestMessage,
  { reports = {} }: ServiceDefinition,
  handler: RequestHandler,
): RequestDefinition {
  const replies = (request.replies ?? []).map((reply) => reports[reply]!);
  const layout = new RequestLayout(request);
  return {
    messageSubtype: request.subtype,
    name,
    maxDataLength: layout.longest,
    replies: replies.length,
    replyLength: replies.reduce((sum, reply) => sum + longest(reply), 0),
    lengthOf: (received) => layout.lengthOf(received),
    start: (received) => layout.check(received),
    execute: (received) => handler(received) ?? SUCCESS,
  };
}

/** Octets of a layout, at most. */
function longest(layout: LayoutDefinition & { variants?: Readonly<Record<string, VariantDefinition>> }): number {
  const { values, list, maxDataLength = 0, variants = {} } = layout;
  const ofList = list === undefined ? 0 : widthOf(kindOf(list.countType)) + list.maxCount * valuesLength(list.items);
  const ofVariants = Object.values(variants).reduce((length, variant) => Math.max(length, longest(variant)), 0);
  return valuesLength(values) + ofList + maxDataLength + ofVariants;
}

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

  get length(): number {
    return this.#length;
  }
}

/** The part that every request has, and the part that its identifier, the last of the values, picks. */
class RequestLayout {
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
    this.longest = longest(request);
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
    let wrong = this.#head.firstWrong(this.#codec, request, 0);
    if (wrong < 0 && this.#idKind >= 0) {
      const variant = this.#variantOf(request);
      wrong = variant === undefined ? 0 : variant.firstWrong(this.#codec, request, this.#head.length);
    }
    if (wrong < 0) {
      return SUCCESS;
    }
    request.failureData = wrong;
    return VALUE_OUT_OF_RANGE;
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
