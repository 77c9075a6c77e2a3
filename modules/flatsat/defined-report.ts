/** A report of a service of one's own, sent by its values: lengths come from the dictionary. */
import { widthOf } from "../data/field-kinds.js";
import type { MessageDefinition, ValueDefinition } from "../dictionary/dictionary.js";
import { valuesLength } from "../dictionary/value-check.js";
import { kindOfValue } from "../pus/parameter-pool.js";
import type { ReportWriter } from "../pus/report-writer.js";

/**
 * ```
 * picture.send(exposureMs, celsius);                             // numbers only, at most four
 * if (picture.begin(length)) {                                  // anything: values in order, then data
 *   picture.put(exposureMs);
 *   picture.putBytes(bytes, start, end);
 *   picture.end();
 * }
 * ```
 */
export class DefinedReport {
  readonly #reports: ReportWriter;
  readonly #serviceType: number;
  readonly #subtype: number;
  /** Kind of each number, element by element. */
  readonly #kinds: readonly number[];
  readonly #length: number;
  readonly #maxDataLength: number;
  /** Numbers put so far. */
  #next = 0;

  constructor(reports: ReportWriter, serviceType: number, message: MessageDefinition) {
    this.#reports = reports;
    this.#serviceType = serviceType;
    this.#subtype = message.subtype;
    this.#kinds = Object.values(message.values ?? {}).flatMap(kindsOf);
    this.#length = valuesLength(message.values);
    this.#maxDataLength = message.maxDataLength ?? 0;
  }

  /** @returns false when the log does not take it */
  send(value0 = 0, value1 = 0, value2 = 0, value3 = 0): boolean {
    if (!this.begin(0)) {
      return false;
    }
    for (let k = 0; k < this.#kinds.length; k++) {
      this.put(k === 0 ? value0 : k === 1 ? value1 : k === 2 ? value2 : value3);
    }
    return this.end();
  }

  /**
   * @param dataLength octets of data behind the values
   * @returns false when the log has no room, or the definition has none for so much data; then nothing is to be put or ended
   */
  begin(dataLength = 0): boolean {
    if (dataLength > this.#maxDataLength) {
      this.#reports.misused++;
      return false;
    }
    this.#next = 0;
    return this.#reports.begin(this.#serviceType, this.#subtype, this.#length + dataLength);
  }

  /** The next number, or the next element of an array; of text and bytes, the next octet. */
  put(value: number | boolean): void {
    const kind = this.#kinds[this.#next]!;
    this.#next++;
    this.#reports.putField(kind, +value);
  }

  /** Copies `bytes[start, end)`: data behind the values. */
  putBytes(bytes: Uint8Array, start: number, end: number): void {
    this.#reports.putBytes(bytes, start, end);
  }

  /** @returns false when it is dropped: something else was put than the definition says */
  end(): boolean {
    if (this.#next !== this.#kinds.length) {
      this.#reports.abandon();
      return false;
    }
    return this.#reports.end();
  }
}

function kindsOf(value: ValueDefinition): number[] {
  const kind = kindOfValue(value);
  const width = widthOf(kind);
  return width === undefined
    ? Array.from({ length: value.length! }, () => 0)
    : Array.from({ length: value.count ?? 1 }, () => kind);
}
