/**
 * ST[05] event reporting (ECSS-E-ST-70-41C, 6.5 and 8.5): the board says what happened, by an event definition with a
 * severity and up to four values (auxiliary data). The ground may silence events one by one.
 */

import { kindOf, widthOf } from "../data/field-kinds.js";
import { type Dictionary, type EventDefinition, SEVERITIES } from "../dictionary/dictionary.js";
import { valuesLength } from "../dictionary/value-check.js";
import { checkIds, DEFAULT_PUS_SETTINGS, type PusSettings } from "./definitions.js";
import { SUCCESS, UNKNOWN_EVENT } from "./failure-codes.js";
import { kindOfValue } from "./parameter-pool.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import type { PusService, ReportDefinition, RequestDefinition } from "./service.js";

export const EVENT_SERVICE = 5;
export const ENABLE_EVENTS = 5;
export const DISABLE_EVENTS = 6;

/** Most events that one request may enable or disable. */
const MAX_EVENTS_PER_REQUEST = 64;

class Event {
  readonly id: number;
  /** The message subtype of its reports. */
  readonly subtype: number;
  /** Kinds of the values. */
  readonly kinds: readonly number[];
  readonly length: number;
  enabled: boolean;

  constructor({ id, severity, values = {}, enabled = true }: EventDefinition) {
    this.id = id;
    this.subtype = 1 + SEVERITIES.indexOf(severity);
    this.kinds = Object.values(values).map(kindOfValue);
    this.length = valuesLength(values);
    this.enabled = enabled;
  }
}

export interface EventOptions {
  reports: ReportWriter;
  dictionary: Dictionary;
  settings?: PusSettings;
}

export class EventService implements PusService {
  readonly serviceType = EVENT_SERVICE;
  readonly name = "eventReporting";
  readonly requests: readonly RequestDefinition[];
  readonly reports: readonly ReportDefinition[];
  /** Events raised, those of disabled definitions included. */
  raised = 0;
  readonly #reports: ReportWriter;
  readonly #events: readonly Event[];
  readonly #countWidth: number;
  readonly #idType: number;

  /** @throws RangeError when an ID is wider than its type */
  constructor(options: EventOptions) {
    const { dictionary, settings = DEFAULT_PUS_SETTINGS } = options;
    const { events = {} } = dictionary;
    checkIds("event", events, settings.eventIdType);
    this.#reports = options.reports;
    this.#events = Object.values(events).map((definition) => new Event(definition));
    this.#countWidth = widthOf(kindOf(settings.countType));
    this.#idType = kindOf(settings.eventIdType);
    const id = { name: "eventId", type: settings.eventIdType };
    const list = { countType: settings.countType, items: [id], maxCount: MAX_EVENTS_PER_REQUEST };
    const start = (request: PusRequest) => this.#findUnknown(request);
    this.requests = [
      {
        messageSubtype: ENABLE_EVENTS,
        name: "enableEvents",
        list,
        start,
        execute: (request) => this.#enable(request, true),
      },
      {
        messageSubtype: DISABLE_EVENTS,
        name: "disableEvents",
        list,
        start,
        execute: (request) => this.#enable(request, false),
      },
    ];
    this.reports = SEVERITIES.map((severity, k) => ({
      messageSubtype: k + 1,
      name: severity === "informative" ? "informativeEvent" : `${severity}SeverityEvent`,
      fields: [id],
    }));
  }

  /**
   * Reports an event, unless the ground silenced it. The values are those of its definition, in order.
   * @returns false when there is no such event, it is disabled, or the log did not take the report
   */
  raise(id: number, value0 = 0, value1 = 0, value2 = 0, value3 = 0): boolean {
    const event = this.#find(id);
    if (event === undefined) {
      return false;
    }
    this.raised++;
    const reports = this.#reports;
    if (!event.enabled || !reports.begin(EVENT_SERVICE, event.subtype, widthOf(this.#idType) + event.length)) {
      return false;
    }
    reports.putField(this.#idType, id);
    for (let i = 0; i < event.kinds.length; i++) {
      const value = i === 0 ? value0 : i === 1 ? value1 : i === 2 ? value2 : value3;
      reports.putField(event.kinds[i]!, value);
    }
    return reports.end();
  }

  /** Whether an event is reported. False also for an unknown ID. */
  isEnabled(id: number): boolean {
    return this.#find(id)?.enabled ?? false;
  }

  #find(id: number): Event | undefined {
    for (let i = 0; i < this.#events.length; i++) {
      const event = this.#events[i]!;
      if (event.id === id) {
        return event;
      }
    }
    return undefined;
  }

  #findUnknown(request: PusRequest): number {
    for (let at = this.#countWidth; at < request.applicationDataLength; at += widthOf(this.#idType)) {
      const id = request.field(this.#idType, at);
      if (this.#find(id) === undefined) {
        request.failureData = id;
        return UNKNOWN_EVENT;
      }
    }
    return SUCCESS;
  }

  #enable(request: PusRequest, enabled: boolean): number {
    for (let at = this.#countWidth; at < request.applicationDataLength; at += widthOf(this.#idType)) {
      (this.#find(request.field(this.#idType, at)) as Event).enabled = enabled;
    }
    return SUCCESS;
  }
}
