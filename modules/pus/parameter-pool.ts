/**
 * The values of a board's parameters, each as it stands on the wire, one after the other: whoever samples writes them, a report copies
 * them. Parameters that a structure reports one after the other lie so here, and are one copy.
 *
 * A parameter is known by its handle, its place in the pool: `find` gives it by the ID, once, at boot. Nothing here allocates
 * afterwards.
 */
import { copyBytes } from "../ccsds/copy-bytes.js";
import { FieldCodec } from "../data/field-codec.js";
import {
  ASCII,
  BYTES,
  FLOAT32,
  FLOAT64,
  INT64,
  NUMBER_KINDS,
  numberKind,
  UINT8,
  widthOf,
} from "../data/field-kinds.js";
import type { Dictionary, ParameterDefinition, ValueDefinition } from "../dictionary/dictionary.js";
import { writeInitial } from "../dictionary/initial-values.js";
import { valueLength } from "../dictionary/value-check.js";

/** Places for parameters with a source to begin with. */
const FIRST_BOUND = 16;
const MAX_POOL_LENGTH = 0xffff;
const QUESTION_MARK = 0x3f;
/** Sources at most, and values of one. */
const MAX_SOURCES = 256;

/** `find`: no parameter has this ID. */
export const NO_PARAMETER = -1;

/** `placeOf`: the value stands in the pool, and comes from nowhere else. */
export const NO_SOURCE = -1;

/** Where values come from that are not written into the pool: read for each report. */
export interface ParameterSource {
  /** @param k which of its values, from 0. Must not allocate. */
  get(k: number): number | boolean;
}

/** @returns octets of all values */
export function poolLength({ parameters = {} }: Dictionary): number {
  return Object.values(parameters).reduce((sum, parameter) => sum + valueLength(parameter), 0);
}

/** Parameters in the order of the first structure that reports each, then the rest. */
function inOrderOfReports({ parameters = {}, structures = {} }: Dictionary): ParameterDefinition[] {
  const reported = Object.values(structures).flatMap((structure) => structure.parameters);
  return [...new Set([...reported, ...Object.keys(parameters)])].map((name) => parameters[name]!);
}

/** The kind of a value, or of an element. A boolean is written as a number. */
export function kindOfValue({ type }: ValueDefinition): number {
  const kind = numberKind(type);
  return kind >= 0 ? kind : type === "boolean" ? UINT8 : type === "ascii" ? ASCII : BYTES;
}

export class ParameterPool {
  readonly bytes: Uint8Array;
  /** Number of parameters. */
  readonly count: number;
  /** Getters that threw, or gave no number. */
  faults = 0;
  /** Offset of the pool in `bytes`. */
  readonly #start: number;
  /** Offset of each parameter in the pool, and of the end. */
  readonly #offsets: Uint16Array;
  readonly #kinds: Uint8Array;
  readonly #ids: Uint16Array;
  /** Handles, by rising ID. */
  readonly #byId: Uint16Array;
  readonly #codec = new FieldCodec();
  readonly #sources: ParameterSource[] = [];
  readonly #onFault: ((id: number, error: unknown, given: unknown) => void) | undefined;
  /** Handles of the parameters with a source. */
  #bound = new Uint16Array(FIRST_BOUND);
  /** Of each of them, place among the sources * 256 and which of its values. */
  #origins = new Uint16Array(FIRST_BOUND);
  /** Of each of them, 1 when its fault was told. */
  #told = new Uint8Array(FIRST_BOUND);
  #boundCount = 0;

  /**
   * @param bytes whose part from `start` on is the pool's, `poolLength` octets. Best those of the log: a copy is native then.
   * @param onFault told once for each parameter whose getter throws, or gives no number: then `error` is undefined
   */
  constructor(
    dictionary: Dictionary,
    bytes: Uint8Array,
    start: number,
    onFault?: (id: number, error: unknown, given: unknown) => void,
  ) {
    const parameters = inOrderOfReports(dictionary);
    const { length } = parameters;
    this.bytes = bytes;
    this.count = length;
    this.#start = start;
    this.#onFault = onFault;
    this.#offsets = new Uint16Array(length + 1);
    this.#kinds = new Uint8Array(length);
    this.#ids = new Uint16Array(length);
    let offset = 0;
    parameters.forEach((parameter, handle) => {
      this.#offsets[handle] = offset;
      this.#kinds[handle] = kindOfValue(parameter);
      this.#ids[handle] = parameter.id;
      const end = offset + valueLength(parameter);
      bytes.fill(0, start + offset, start + end);
      writeInitial(this.#codec, parameter, bytes, start + offset);
      offset = end;
    });
    if (offset > MAX_POOL_LENGTH) {
      throw new RangeError(`the parameters have ${offset} octets, and there is room for ${MAX_POOL_LENGTH}`);
    }
    this.#offsets[length] = offset;
    this.#byId = Uint16Array.from(parameters.map((_, handle) => handle).sort((a, b) => this.#ids[a]! - this.#ids[b]!));
  }

  /** @returns the handle of the parameter with this ID, or `NO_PARAMETER` */
  find(id: number): number {
    const byId = this.#byId;
    let low = 0;
    let high = byId.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const handle = byId[middle]!;
      const found = this.#ids[handle]!;
      if (found === id) {
        return handle;
      }
      if (found < id) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return NO_PARAMETER;
  }

  idOf(handle: number): number {
    return this.#ids[handle]!;
  }

  /** A number's kind, of an array its elements'; or `ASCII` or `BYTES`. */
  kindOf(handle: number): number {
    return this.#kinds[handle]!;
  }

  /** Offset of a parameter's value in `bytes`. */
  startOf(handle: number): number {
    return this.#start + this.#offsets[handle]!;
  }

  /** Offset behind a parameter's value. */
  endOf(handle: number): number {
    return this.#start + this.#offsets[handle + 1]!;
  }

  /** Octets of a parameter's value. */
  lengthOf(handle: number): number {
    return this.#offsets[handle + 1]! - this.#offsets[handle]!;
  }

  /** Elements of a number or an array; octets of text and bytes. */
  elementsOf(handle: number): number {
    return this.lengthOf(handle) / widthOf(this.#numberKind(handle));
  }

  /**
   * Writes a number, or an element of an array. Of a value beyond its type, the nearest that the type has; NaN is written as the
   * type's invalid value: NaN of a float, the least of a signed integer, the greatest of an unsigned one.
   * @throws RangeError when there is no such element
   */
  set(handle: number, value: number | boolean, index = 0): void {
    const kind = this.#numberKind(handle);
    const number = +value;
    this.#codec.write(kind, this.bytes, this.#at(handle, kind, index), Number.isNaN(number) ? invalidOf(kind) : number);
  }

  /** @throws RangeError when there is no such element */
  get(handle: number, index = 0): number {
    const kind = this.#numberKind(handle);
    return this.#codec.read(kind, this.bytes, this.#at(handle, kind, index));
  }

  /**
   * Writes ASCII text, with zeros behind it, or as much of it as there is room for; a question mark for what is not ASCII.
   * On XS it takes two slots a character, as does all that looks into a string: text that changes often is for `setBytes`.
   */
  setText(handle: number, text: string): void {
    const start = this.startOf(handle);
    const length = this.lengthOf(handle);
    const count = text.length < length ? text.length : length;
    for (let k = 0; k < count; k++) {
      const code = text.charCodeAt(k);
      this.bytes[start + k] = code > 0x7f ? QUESTION_MARK : code;
    }
    this.bytes.fill(0, start + count, start + length);
  }

  /** Writes text or bytes: `source[from, to)`, or as much of it as there is room for, with zeros behind it. */
  setBytes(handle: number, source: Uint8Array, from: number, to: number): void {
    const start = this.startOf(handle);
    const length = this.lengthOf(handle);
    const count = to - from < length ? to - from : length;
    copyBytes(source, from, from + count, this.bytes, start);
    this.bytes.fill(0, start + count, start + length);
  }

  /**
   * Writes a part of a number: the nearest value that it has room for, of NaN the greatest.
   * @param bits handle and place of the part, as `bitsHandle` gives it
   */
  setBits(bits: number, value: number | boolean): void {
    const handle = bits & 0xffff;
    const shift = (bits >> 16) & 0x1f;
    const width = ((bits >> 21) & 0x1f) + 1;
    const greatest = 0xffffffff >>> (32 - width);
    const number = +value;
    // Asked this way round, NaN is the greatest.
    const part = number < 0 ? 0 : number <= greatest ? number : greatest;
    this.set(handle, ((this.get(handle) & ~(greatest << shift)) | (part << shift)) >>> 0);
  }

  /** From now on a value comes from a source, at boot. @param k which of the source's values it is */
  bind(handle: number, source: ParameterSource, k = 0): void {
    let place = this.#sources.indexOf(source);
    if (place < 0) {
      place = this.#sources.push(source) - 1;
    }
    if (place >= MAX_SOURCES || k >= MAX_SOURCES) {
      throw new RangeError(`there is room for ${MAX_SOURCES} sources of parameters, with ${MAX_SOURCES} values each`);
    }
    if (this.#boundCount === this.#bound.length) {
      this.#bound = grown(this.#bound, new Uint16Array(2 * this.#boundCount));
      this.#origins = grown(this.#origins, new Uint16Array(2 * this.#boundCount));
      this.#told = grown(this.#told, new Uint8Array(2 * this.#boundCount));
    }
    this.#bound[this.#boundCount] = handle;
    this.#origins[this.#boundCount] = place * MAX_SOURCES + k;
    this.#boundCount++;
  }

  /** The place of a parameter among those whose values come from a source, or `NO_SOURCE`. */
  placeOf(handle: number): number {
    const bound = this.#bound;
    for (let place = 0; place < this.#boundCount; place++) {
      if (bound[place] === handle) {
        return place;
      }
    }
    return NO_SOURCE;
  }

  /** Reads values of sources into the pool. A fault of one leaves the others alone. @param places from `placeOf`, in [start, end) */
  sample(places: Uint16Array, start: number, end: number): void {
    let next = start;
    while (next < end) {
      try {
        for (; next < end; next++) {
          this.#sampleOne(places[next]!);
        }
      } catch (error) {
        this.#fault(places[next]!, error);
        next++;
      }
    }
  }

  /** Reads one value, if it comes from a source. */
  refresh(handle: number): void {
    const place = this.placeOf(handle);
    if (place !== NO_SOURCE) {
      try {
        this.#sampleOne(place);
      } catch (error) {
        this.#fault(place, error);
      }
    }
  }

  #sampleOne(place: number): void {
    const origin = this.#origins[place]!;
    const given = this.#sources[origin >> 8]!.get(origin & 0xff);
    const value = +given;
    if (Number.isNaN(value)) {
      this.#fault(place, undefined, given);
    } else {
      this.set(this.#bound[place]!, value);
    }
  }

  /** The report goes out all the same, with the type's invalid value. */
  #fault(place: number, error: unknown, given?: unknown): void {
    this.faults++;
    const handle = this.#bound[place]!;
    this.set(handle, Number.NaN);
    if (this.#told[place] === 0) {
      this.#told[place] = 1;
      this.#onFault?.(this.#ids[handle]!, error, given);
    }
  }

  /** Of text and bytes, that of an octet. */
  #numberKind(handle: number): number {
    const kind = this.#kinds[handle]!;
    return kind > INT64 ? UINT8 : kind;
  }

  #at(handle: number, kind: number, index: number): number {
    const offset = this.#offsets[handle]! + index * widthOf(kind);
    // A handle that there is not gives NaN, which no comparison is true of.
    if (!(index >= 0 && offset < this.#offsets[handle + 1]!)) {
      throw new RangeError(`the pool has no parameter ${handle} with element ${index}`);
    }
    return this.#start + offset;
  }
}

function grown<List extends Uint16Array | Uint8Array>(list: List, larger: List): List {
  larger.set(list);
  return larger;
}

/** What stands for no value: the least of a signed integer, the greatest of an unsigned one; NaN of a float. */
export function invalidOf(kind: number): number {
  if (kind === FLOAT32 || kind === FLOAT64) {
    return Number.NaN;
  }
  const { minimum, maximum } = NUMBER_KINDS[kind]!;
  return minimum < 0 ? minimum : maximum;
}

/** @param shift bits on the right of the part. @returns a number for `setBits` */
export function bitsHandle(handle: number, shift: number, width: number): number {
  return handle | (shift << 16) | ((width - 1) << 21);
}
