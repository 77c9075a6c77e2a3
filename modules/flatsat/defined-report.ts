/** A report of a service of one's own, sent by its values: lengths come from the dictionary. */
import { kindOf, UINT8, widthOf } from "../data/field-kinds.js";
import type {
  LayoutDefinition,
  MessageDefinition,
  ValueDefinition,
  VariantDefinition,
} from "../dictionary/dictionary.js";
import { valuesLength } from "../dictionary/value-check.js";
import { kindOfValue } from "../pus/parameter-pool.js";
import type { ReportWriter } from "../pus/report-writer.js";

/** `#countAt`: the layout has no list. */
const NO_LIST = -1;

/**
 * ```
 * picture.send(exposureMs, celsius);                             // numbers only, at most four
 * if (picture.begin(length)) {                                  // anything: values in order, then data
 *   picture.put(exposureMs);
 *   picture.putBytes(bytes, start, end);
 *   picture.end();
 * }
 * if (spectrum.beginList(lines)) {                              // values in order, then those of each item
 *   spectrum.put(exposureMs);
 *   for (let k = 0; k < lines; k++) {
 *     spectrum.put(strength[k]);
 *   }
 *   spectrum.end();
 * }
 * ```
 *
 * N in front of a list and the identifier of a variant are put by themselves.
 */
export class DefinedReport {
  readonly #reports: ReportWriter;
  readonly #serviceType: number;
  readonly #subtype: number;
  /** Kind of each number, element by element, N and the identifier among them; then those of an item. */
  readonly #kinds: readonly number[];
  /** How many of them are not an item's. */
  readonly #fixed: number;
  /** Octets of these. */
  readonly #length: number;
  /** Place of the identifier, -1: none; and its value. */
  readonly #identifierAt: number;
  readonly #identifier: number;
  /** Place of N, or `NO_LIST`. */
  readonly #countAt: number;
  readonly #itemLength: number;
  readonly #maxCount: number;
  readonly #maxDataLength: number;
  /** Numbers put so far, and behind the last. */
  #next = 0;
  #end = 0;
  #count = 0;

  /** @param variant which of the message's, where it has any */
  constructor(reports: ReportWriter, serviceType: number, message: MessageDefinition, variant?: VariantDefinition) {
    this.#reports = reports;
    this.#serviceType = serviceType;
    this.#subtype = message.subtype;
    const layout: LayoutDefinition = variant ?? message;
    const { list } = layout;
    const head = kindsOf(message.values);
    const kinds = variant === undefined ? head : [...head, ...kindsOf(variant.values)];
    this.#identifierAt = variant === undefined ? -1 : head.length - 1;
    this.#identifier = variant?.id ?? 0;
    this.#countAt = list === undefined ? NO_LIST : kinds.length;
    if (list !== undefined) {
      kinds.push(kindOf(list.countType));
    }
    this.#fixed = kinds.length;
    this.#length = kinds.reduce((sum, kind) => sum + widthOf(kind), 0);
    this.#kinds = [...kinds, ...kindsOf(list?.items)];
    this.#itemLength = valuesLength(list?.items);
    this.#maxCount = list?.maxCount ?? 0;
    this.#maxDataLength = layout.maxDataLength ?? 0;
  }

  /** Sends the values, zeros behind the fourth, and no item of a list. @returns false when the log does not take it */
  send(value0 = 0, value1 = 0, value2 = 0, value3 = 0): boolean {
    if (!this.begin(0)) {
      return false;
    }
    for (let k = 0; this.#next < this.#end; k++) {
      this.put(k === 0 ? value0 : k === 1 ? value1 : k === 2 ? value2 : k === 3 ? value3 : 0);
    }
    return this.end();
  }

  /**
   * @param dataLength octets of data behind everything else
   * @returns false when the log has no room, or the definition has none for so much; then nothing is to be put or ended
   */
  begin(dataLength = 0): boolean {
    return this.beginList(0, dataLength);
  }

  /** The same with so many items in the list. */
  beginList(count: number, dataLength = 0): boolean {
    if (!(count >= 0 && count <= this.#maxCount && dataLength >= 0 && dataLength <= this.#maxDataLength)) {
      this.#reports.misused++;
      return false;
    }
    const length = this.#length + count * this.#itemLength + dataLength;
    if (!this.#reports.begin(this.#serviceType, this.#subtype, length)) {
      return false;
    }
    this.#next = 0;
    this.#count = count;
    this.#end = this.#fixed + count * (this.#kinds.length - this.#fixed);
    this.#putKnown();
    return true;
  }

  /** The next number, or the next element of an array; of text and bytes, the next octet. */
  put(value: number | boolean): void {
    this.#put(+value);
    this.#putKnown();
  }

  /** Copies `bytes[start, end)`: data behind everything else. */
  putBytes(bytes: Uint8Array, start: number, end: number): void {
    this.#reports.putBytes(bytes, start, end);
  }

  /** @returns false when it is dropped: something else was put than the definition says */
  end(): boolean {
    if (this.#next !== this.#end) {
      this.#reports.abandon();
      return false;
    }
    return this.#reports.end();
  }

  #put(value: number): void {
    const next = this.#next;
    const fixed = this.#fixed;
    const place = next < fixed ? next : fixed + ((next - fixed) % (this.#kinds.length - fixed));
    this.#next = next + 1;
    // A number too many has no kind; the report is dropped at its end.
    if (next < this.#end) {
      this.#reports.putField(this.#kinds[place]!, value);
    }
  }

  /** The identifier and N, when they are what comes next. */
  #putKnown(): void {
    if (this.#next === this.#identifierAt) {
      this.#put(this.#identifier);
    }
    if (this.#next === this.#countAt) {
      this.#put(this.#count);
    }
  }
}

/** Of text and bytes, an octet's for each octet. */
function kindsOf(values: Readonly<Record<string, ValueDefinition>> | undefined): number[] {
  return Object.values(values ?? {}).flatMap((value) => {
    const kind = kindOfValue(value);
    return widthOf(kind) === undefined
      ? Array.from({ length: value.length! }, () => UINT8)
      : Array.from({ length: value.count ?? 1 }, () => kind);
  });
}
