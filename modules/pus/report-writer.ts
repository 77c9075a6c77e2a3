/**
 * Builds telemetry packets in place, in the telemetry log. The one place where packet sequence counts, message type
 * counters and time stamps of reports are kept: services say what a report contains and nothing else.
 *
 * ```
 * if (reports.begin(17, 2, 0)) {
 *   reports.end();
 * }
 * ```
 *
 * A report that the log has no room for is counted, and uses up its counts: the ground sees the gap.
 */
import { copyBytes } from "../ccsds/copy-bytes.js";
import { CRC16_LENGTH, writeCrc16 } from "../ccsds/crc16.js";
import { IDLE_APID, MAX_SPACE_PACKET_LENGTH, writeHeaderWords } from "../ccsds/primary-header.js";
import { NO_COUNTER, SequenceCounters } from "../ccsds/sequence-counters.js";
import { NO_TIME_REFERENCE, type TimeStamper } from "../ccsds/time-code.js";
import { FieldCodec } from "../data/field-codec.js";
import { UINT8, UINT16, UINT32, widthOf } from "../data/field-kinds.js";
import type { ReportLog } from "./report-log.js";
import { TIME_STAMP_OFFSET, telemetryOverhead, writeTelemetryHeader } from "./telemetry.js";

export interface ReportWriterOptions {
  log: ReportLog;
  /** Application process identifier of the reports, 0 to 2046. */
  apid: number;
  time: TimeStamper;
  /** Destination ID of every report, 0 to 65,535; default 0. */
  destinationId?: number;
  /** The board's sequence counters, when others send packets too; default: counters of its own. */
  sequenceCounters?: SequenceCounters;
}

/** Packet identification of telemetry with a secondary header, but for its APID. */
const TELEMETRY_WITH_HEADER = 0x0800;
/** Sequence control of a packet that is no part of another, but for its count. */
const UNSEGMENTED_PACKET = 0xc000;
const UINT32_LENGTH = 4;
/** Places for message type counters to begin with. */
const FIRST_MESSAGE_TYPES = 16;

/*
 * CLOSED   no report is being built
 *   -> OPEN     one begins
 * OPEN     values are put into it
 *   -> OVERRUN  more is put than was announced
 *   -> CLOSED   it ends, and goes to the log; or it is abandoned
 * OVERRUN  what is put goes nowhere
 *   -> CLOSED   it ends, and is dropped; or it is abandoned
 */
const CLOSED = 0;
const OPEN = 1;
const OVERRUN = 2;
type State = typeof CLOSED | typeof OPEN | typeof OVERRUN;

export class ReportWriter {
  // XS finds a field by walking through those that stand before it: what each report uses comes first.
  #state: State = CLOSED;
  #at = 0;
  #limit = 0;
  #start = 0;
  readonly #bytes: Uint8Array;
  readonly #log: ReportLog;
  readonly #counters: SequenceCounters;
  /** The first two octets of each report. */
  readonly #identification: number;
  /** Octets before the source data. */
  readonly #headerLength: number;
  /** Message types, service type * 256 + message subtype, and how many reports each has had. */
  #types = new Uint16Array(FIRST_MESSAGE_TYPES);
  #typeCounts = new Uint16Array(FIRST_MESSAGE_TYPES);
  #typesUsed = 0;
  readonly #destinationId: number;
  readonly #codec = new FieldCodec();
  #typesReserved = 0;

  /** Octets of a report beside its source data. */
  readonly overhead: number;
  readonly time: TimeStamper;
  readonly apid: number;
  /** Most octets of source data that a report can have. */
  readonly maxSourceDataLength: number;
  /** Reports written. */
  written = 0;
  /** Reports that the log had no room for. */
  lost = 0;
  /** Reports dropped because more was put into them than was announced, or because another one was still open. */
  misused = 0;

  /** @throws RangeError when an option is out of its range */
  constructor(options: ReportWriterOptions) {
    const { apid, destinationId = 0 } = options;
    if (!Number.isInteger(apid) || apid < 0 || apid >= IDLE_APID) {
      throw new RangeError(`apid must be 0 to ${IDLE_APID - 1}, not ${apid}`);
    }
    if (!Number.isInteger(destinationId) || destinationId < 0 || destinationId > 0xffff) {
      throw new RangeError(`destinationId must be 0 to 65535, not ${destinationId}`);
    }
    this.apid = apid;
    this.#identification = TELEMETRY_WITH_HEADER | apid;
    this.time = options.time;
    this.overhead = telemetryOverhead(options.time.length);
    this.maxSourceDataLength = (options.log.maxPacketLength ?? MAX_SPACE_PACKET_LENGTH) - this.overhead;
    this.#headerLength = TIME_STAMP_OFFSET + options.time.length;
    this.#log = options.log;
    this.#bytes = options.log.bytes;
    this.#destinationId = destinationId;
    this.#counters = options.sequenceCounters ?? new SequenceCounters(1);
  }

  /**
   * Makes room at boot for the counters of so many message types more. Beyond it, the first report of another type
   * allocates.
   */
  reserveTypes(count: number): void {
    this.#typesReserved += count;
    this.#grow(this.#typesReserved);
  }

  /** Whether there is room for so many reports, `length` bytes in all. */
  hasRoom(length: number, count: number): boolean {
    return this.#log.admits?.(length, count) ?? true;
  }

  /**
   * Opens a report: the `put` functions add to its source data, `end` completes it.
   * @param maxSourceDataLength most octets of source data that will be put
   * @returns false when the log has no room; then there is nothing to put and nothing to end
   */
  begin(serviceType: number, messageSubtype: number, maxSourceDataLength: number): boolean {
    if (this.#state !== CLOSED) {
      this.misused++;
      return false;
    }
    const counter = this.#count(serviceType * 256 + messageSubtype);
    const start = this.#log.reserve(this.overhead + maxSourceDataLength);
    if (start < 0) {
      this.#counters.next(this.apid);
      this.lost++;
      return false;
    }
    const bytes = this.#bytes;
    const status = this.time.write(bytes, start + TIME_STAMP_OFFSET);
    writeTelemetryHeader(bytes, start, status, serviceType, messageSubtype, counter, this.#destinationId);
    this.#state = OPEN;
    this.#start = start;
    this.#at = start + this.#headerLength;
    this.#limit = this.#at + maxSourceDataLength;
    return true;
  }

  putUint8(value: number): void {
    this.putField(UINT8, value);
  }

  putUint16(value: number): void {
    this.putField(UINT16, value);
  }

  putUint32(value: number): void {
    const at = this.#at;
    if (this.#state === OPEN && at + UINT32_LENGTH <= this.#limit && value >>> 0 === value) {
      // Every verification report has one: by hand it takes a third of the calls.
      const bytes = this.#bytes;
      bytes[at] = value >> 24;
      bytes[at + 1] = value >> 16;
      bytes[at + 2] = value >> 8;
      bytes[at + 3] = value;
      this.#at = at + UINT32_LENGTH;
    } else {
      this.putField(UINT32, value);
    }
  }

  /** @param kind of the field, as `kindOf` gives it */
  putField(kind: number, value: number): void {
    const at = this.#advance(widthOf(kind));
    if (at >= 0) {
      this.#codec.write(kind, this.#bytes, at, value);
    }
  }

  /**
   * Puts the present time, as a stamp has it: `time.length` octets.
   * @returns the time reference status that belongs to it
   */
  putTime(): number {
    const at = this.#advance(this.time.length);
    return at >= 0 ? this.time.write(this.#bytes, at) : NO_TIME_REFERENCE;
  }

  /** Copies `bytes[start, end)`. */
  putBytes(bytes: Uint8Array, start: number, end: number): void {
    const at = this.#advance(end - start);
    if (at >= 0) {
      copyBytes(bytes, start, end, this.#bytes, at);
    }
  }

  /**
   * Completes the report with its length, sequence count and packet error control, and hands it to the log.
   * @returns false when it was dropped, because more was put than announced
   */
  end(): boolean {
    const state = this.#state;
    if (state === CLOSED) {
      this.misused++;
      return false;
    }
    this.#state = CLOSED;
    if (state === OVERRUN) {
      this.#counters.next(this.apid);
      this.misused++;
      return false;
    }
    const end = this.#at + CRC16_LENGTH;
    const start = this.#start;
    const length = end - start;
    const count = length > MAX_SPACE_PACKET_LENGTH ? NO_COUNTER : this.#counters.next(this.apid);
    if (count === NO_COUNTER) {
      this.lost++;
      return false;
    }
    const bytes = this.#bytes;
    writeHeaderWords(bytes, start, this.#identification, UNSEGMENTED_PACKET | count, length);
    writeCrc16(bytes, start, end);
    this.#log.commit(length);
    this.written++;
    return true;
  }

  /** Closes a report that its maker left open, as when it threw in between. @returns whether there was one */
  abandon(): boolean {
    const wasOpen = this.#state !== CLOSED;
    if (wasOpen) {
      this.#state = CLOSED;
      this.#counters.next(this.apid);
      this.misused++;
    }
    return wasOpen;
  }

  #advance(length: number): number {
    const at = this.#at;
    if (this.#state !== OPEN || !(length >= 0 && length <= this.#limit - at)) {
      this.#state = this.#state === CLOSED ? CLOSED : OVERRUN;
      return -1;
    }
    this.#at = at + length;
    return at;
  }

  /** The message type counter of the next report of a type, modulo 65,536 (7.4.3.1). */
  #count(type: number): number {
    const types = this.#types;
    const used = this.#typesUsed;
    let index = 0;
    while (index < used && types[index] !== type) {
      index++;
    }
    if (index === used) {
      // In the order of their first reports: what is sent often is found soon.
      if (used === types.length) {
        this.#grow(2 * used);
      }
      this.#types[used] = type;
      this.#typesUsed = used + 1;
    }
    const count = this.#typeCounts[index] as number;
    this.#typeCounts[index] = count + 1;
    return count;
  }

  /** The types are those that the services know: they do not grow with the traffic. */
  #grow(capacity: number): void {
    if (capacity > this.#types.length) {
      const types = this.#types;
      this.#types = new Uint16Array(capacity);
      this.#types.set(types);
      const counts = this.#typeCounts;
      this.#typeCounts = new Uint16Array(capacity);
      this.#typeCounts.set(counts);
    }
  }
}
