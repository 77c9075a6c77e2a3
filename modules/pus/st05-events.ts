/**
 * ST[05] event reporting (ECSS-E-ST-70-41C, 6.5 and 8.5): the board says what happened, by an event definition with a
 * severity and up to four values. The ground may silence events one by one.
 */

import { kindOf, typeWidth, widthOf } from "../data/field-kinds.js";
import {
  checkIds,
  DEFAULT_PUS_SETTINGS,
  type EventDefinition,
  HIGH_SEVERITY,
  INFORMATIVE,
  LOW_SEVERITY,
  MEDIUM_SEVERITY,
  type PusSettings,
} from "./definitions.js";
import { SUCCESS, UNKNOWN_EVENT } from "./failure-codes.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import { fieldsLength } from "./request-route.js";
import type { PusService, ReportDefinition, RequestDefinition } from "./service.js";

export const EVENT_SERVICE = 5;
export const ENABLE_EVENTS = 5;
export const DISABLE_EVENTS = 6;

/** Most values of an event report: they are handed over one by one, so that raising an event makes no array. */
export const MAX_AUXILIARY_VALUES = 4;
/** Most events that one request may enable or disable. */
const MAX_EVENTS_PER_REQUEST = 64;

class Event {
  readonly id: number;
  readonly severity: number;
  readonly types: readonly number[];
  readonly length: number;
  enabled: boolean;

  constructor(definition: EventDefinition) {
    const { id, name, severity, auxiliaryData = [] } = definition;
    if (auxiliaryData.length > MAX_AUXILIARY_VALUES) {
      throw new RangeError(
        `event "${name}" may have at most ${MAX_AUXILIARY_VALUES} auxiliary values, not ${auxiliaryData.length}`,
      );
    }
    if (!(severity >= INFORMATIVE && severity <= HIGH_SEVERITY)) {
      throw new RangeError(`the severity of event "${name}" must be 1 to 4, not ${severity}`);
    }
    this.id = id;
    this.severity = severity;
    this.types = auxiliaryData.map((field) => kindOf(field.type));
    this.length = fieldsLength(auxiliaryData);
    this.enabled = definition.enabled ?? true;
  }
}

export interface EventOptions {
  reports: ReportWriter;
  events: readonly EventDefinition[];
  settings?: PusSettings;
}

export class EventService implements PusService {
  readonly serviceType = EVENT_SERVICE;
  readonly name = "eventReporting";
  readonly requests: readonly RequestDefinition[];
  readonly reports: readonly ReportDefinition[];
  /** As defined, for ground configuration: each has its own layout of auxiliary data. */
  readonly definitions: readonly EventDefinition[];
  /** Events raised, those of disabled definitions included. */
  raised = 0;
  readonly #reports: ReportWriter;
  readonly #events: readonly Event[];
  readonly #countWidth: number;
  readonly #idType: number;

  /** @throws RangeError when an ID is used twice or an event has too many values */
  constructor(options: EventOptions) {
    const { events, settings = DEFAULT_PUS_SETTINGS } = options;
    checkIds("event", events, settings.eventIdType);
    this.definitions = events;
    this.#reports = options.reports;
    this.#events = events.map((definition) => new Event(definition));
    this.#countWidth = typeWidth(settings.countType);
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
    this.reports = [
      { messageSubtype: INFORMATIVE, name: "informativeEvent", fields: [id] },
      { messageSubtype: LOW_SEVERITY, name: "lowSeverityEvent", fields: [id] },
      { messageSubtype: MEDIUM_SEVERITY, name: "mediumSeverityEvent", fields: [id] },
      { messageSubtype: HIGH_SEVERITY, name: "highSeverityEvent", fields: [id] },
    ];
  }

  /**
   * Reports an event, unless the ground silenced it. The values fill the definition's auxiliary data in order.
   * @returns false when there is no such event, it is disabled, or the log did not take the report
   */
  raise(id: number, value0 = 0, value1 = 0, value2 = 0, value3 = 0): boolean {
    const event = this.#find(id);
    if (event === undefined) {
      return false;
    }
    this.raised++;
    const reports = this.#reports;
    if (!event.enabled || !reports.begin(EVENT_SERVICE, event.severity, widthOf(this.#idType) + event.length)) {
      return false;
    }
    reports.putField(this.#idType, id);
    for (let i = 0; i < event.types.length; i++) {
      const value = i === 0 ? value0 : i === 1 ? value1 : i === 2 ? value2 : value3;
      reports.putField(event.types[i]!, value);
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
