/**
 * ST[05] event reporting (ECSS-E-ST-70-41C, 6.5 and 8.5): the board says what happened, by an event definition with a
 * severity and up to four values (auxiliary data). The ground may silence events one by one.
 */

import { kindOf, widthOf } from "../data/field-kinds.js";
import { type Dictionary, type EventDefinition, SEVERITIES } from "../dictionary/dictionary.js";
import { valuesLength } from "../dictionary/value-check.js";
import { checkIds, DEFAULT_PUS_SETTINGS, type PusSettings } from "./definitions.js";
import { SUCCESS, UNKNOWN_EVENT } from "./failure-codes.js";
import { EVENT_SERVICE, eventMessages } from "./messages/st05-messages.js";
import { kindOfValue } from "./parameter-pool.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import type { PusService } from "./service.js";

/** Bits of a kind, of those of an event's values, in one number: the first value's from the right. */
const KIND_BITS = 4;
const KIND_MASK = 0xf;

export interface EventOptions {
  reports: ReportWriter;
  dictionary: Dictionary;
  settings?: PusSettings;
}

export class EventService {
  /** Events raised, those of disabled definitions included. */
  raised = 0;
  readonly #reports: ReportWriter;
  readonly #settings: PusSettings;
  /** By the place of an event: ID, severity's message subtype, whether it is reported, its values and their kinds. */
  readonly #ids: Uint16Array;
  readonly #subtypes: Uint8Array;
  readonly #enabled: Uint8Array;
  readonly #counts: Uint8Array;
  readonly #kinds: Uint16Array;
  readonly #lengths: Uint8Array;
  readonly #countWidth: number;
  readonly #idType: number;

  /** @throws RangeError when an ID is wider than its type */
  constructor(options: EventOptions) {
    const { dictionary, settings = DEFAULT_PUS_SETTINGS } = options;
    const { events = {} } = dictionary;
    checkIds("event", events, settings.eventIdType);
    this.#reports = options.reports;
    const all = Object.values(events);
    this.#ids = Uint16Array.from(all.map(({ id }) => id));
    this.#subtypes = Uint8Array.from(all.map(({ severity }) => 1 + SEVERITIES.indexOf(severity)));
    this.#enabled = Uint8Array.from(all.map(({ enabled = true }) => Number(enabled)));
    this.#counts = Uint8Array.from(all.map(({ values = {} }) => Object.keys(values).length));
    this.#kinds = Uint16Array.from(all.map(packedKinds));
    this.#lengths = Uint8Array.from(all.map(({ values }) => valuesLength(values)));
    this.#countWidth = widthOf(kindOf(settings.countType));
    this.#idType = kindOf(settings.eventIdType);
    this.#settings = settings;
  }

  /** For the dispatcher. */
  asService(): PusService {
    const start = (request: PusRequest) => this.#findUnknown(request);
    return {
      name: "eventReporting",
      definition: eventMessages(this.#settings),
      requests: {
        enableEvents: { start, execute: (request) => this.#enable(request, true) },
        disableEvents: { start, execute: (request) => this.#enable(request, false) },
      },
    };
  }

  /**
   * Reports an event, unless the ground silenced it. The values are those of its definition, in order.
   * @returns false when there is no such event, it is disabled, or the log did not take the report
   */
  raise(id: number, value0 = 0, value1 = 0, value2 = 0, value3 = 0): boolean {
    const place = this.#find(id);
    if (place < 0) {
      return false;
    }
    this.raised++;
    const reports = this.#reports;
    const length = widthOf(this.#idType) + this.#lengths[place]!;
    if (this.#enabled[place] === 0 || !reports.begin(EVENT_SERVICE, this.#subtypes[place]!, length)) {
      return false;
    }
    reports.putField(this.#idType, id);
    let kinds = this.#kinds[place]!;
    for (let i = 0; i < this.#counts[place]!; i++) {
      const value = i === 0 ? value0 : i === 1 ? value1 : i === 2 ? value2 : value3;
      reports.putField(kinds & KIND_MASK, value);
      kinds >>= KIND_BITS;
    }
    return reports.end();
  }

  /** Whether there is an event with this ID. */
  has(id: number): boolean {
    return this.#find(id) >= 0;
  }

  /** Whether an event is reported. False also for an unknown ID. */
  isEnabled(id: number): boolean {
    const place = this.#find(id);
    return place >= 0 && this.#enabled[place] === 1;
  }

  /** Place of an event, or -1. */
  #find(id: number): number {
    for (let place = 0; place < this.#ids.length; place++) {
      if (this.#ids[place] === id) {
        return place;
      }
    }
    return -1;
  }

  #findUnknown(request: PusRequest): number {
    for (let at = this.#countWidth; at < request.applicationDataLength; at += widthOf(this.#idType)) {
      const id = request.field(this.#idType, at);
      if (this.#find(id) < 0) {
        request.failureData = id;
        return UNKNOWN_EVENT;
      }
    }
    return SUCCESS;
  }

  #enable(request: PusRequest, enabled: boolean): number {
    for (let at = this.#countWidth; at < request.applicationDataLength; at += widthOf(this.#idType)) {
      this.#enabled[this.#find(request.field(this.#idType, at))] = Number(enabled);
    }
    return SUCCESS;
  }
}

function packedKinds({ values = {} }: EventDefinition): number {
  return Object.values(values).reduce((packed, value, k) => packed | (kindOfValue(value) << (KIND_BITS * k)), 0);
}
