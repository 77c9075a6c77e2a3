/**
 * Hashes of a dictionary, 32 bits each (FNV-1a), walked without building text. The same on every engine, and after a way through JSON.
 *
 * The wire hash changes with all that changes an octet on the wire: IDs, types, orders, ranges, intervals, conventions. The whole hash
 * changes with everything: names, texts, units, calibrations, limits, too.
 */
import type { BoardDictionary } from "./conventions.js";
import type {
  Dictionary,
  LayoutDefinition,
  MessageDefinition,
  ParameterDefinition,
  ValueDefinition,
} from "./dictionary.js";
import { DEFAULT_MONITORING_INTERVAL_MS, MONITORING_EVENTS } from "./monitoring.js";

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** In front of each value: two neighbours must not be taken for one. */
const NOTHING = 0;
const FALSE = 1;
const TRUE = 2;
const NUMBER = 3;
const TEXT = 4;
const LIST = 5;
const ENTRIES = 6;

class Hasher {
  state = OFFSET_BASIS;
  readonly #scratch = new DataView(new ArrayBuffer(8));

  octet(octet: number): void {
    this.state = Math.imul(this.state ^ octet, PRIME);
  }

  text(text: string): void {
    this.octet(TEXT);
    for (let k = 0; k < text.length; k++) {
      const unit = text.charCodeAt(k);
      this.octet(unit & 0xff);
      this.octet(unit >> 8);
    }
    this.octet(NOTHING);
  }

  number(number: number): void {
    this.octet(NUMBER);
    // Zero has two signs, and JSON knows one of them.
    this.#scratch.setFloat64(0, number === 0 ? 0 : number);
    for (let k = 0; k < 8; k++) {
      this.octet(this.#scratch.getUint8(k));
    }
  }

  /** Plain data, as deep as it goes. What is undefined is as if it were not there. */
  data(value: unknown): void {
    if (typeof value === "string") {
      this.text(value);
    } else if (typeof value === "number") {
      this.number(value);
    } else if (typeof value === "boolean") {
      this.octet(value ? TRUE : FALSE);
    } else if (Array.isArray(value)) {
      this.octet(LIST);
      for (let k = 0; k < value.length; k++) {
        this.data(value[k]);
      }
      this.octet(NOTHING);
    } else if (typeof value === "object" && value !== null) {
      this.octet(ENTRIES);
      for (const key of Object.keys(value)) {
        const entry: unknown = (value as Record<string, unknown>)[key];
        if (entry !== undefined) {
          this.text(key);
          this.data(entry);
        }
      }
      this.octet(NOTHING);
    } else {
      this.octet(NOTHING);
    }
  }

  /** Of a monitored parameter: its checks are reported with their limits, as raw numbers. */
  monitoring({ monitoring, limits, calibration }: ParameterDefinition, events: Dictionary["events"]): void {
    if (monitoring === undefined) {
      return;
    }
    const { intervalMs, repetitions, enabled = true, expected, events: raised = {} } = monitoring;
    this.octet(ENTRIES);
    this.data(intervalMs ?? DEFAULT_MONITORING_INTERVAL_MS);
    this.data(repetitions ?? 1);
    this.data(enabled);
    this.data(expected);
    this.data(limits);
    this.data(calibration);
    for (const key of MONITORING_EVENTS) {
      const name = raised[key];
      this.data(name === undefined ? undefined : events?.[name]?.id);
    }
    this.octet(NOTHING);
  }

  values(values: Readonly<Record<string, ValueDefinition>> | undefined): void {
    this.octet(LIST);
    for (const name of Object.keys(values ?? {})) {
      this.value(values![name]!);
    }
    this.octet(NOTHING);
  }

  value(value: ValueDefinition): void {
    this.text(value.type);
    this.data(value.length);
    this.data(value.count);
    this.data(value.minimum);
    this.data(value.maximum);
    for (const name of Object.keys(value.bits ?? {})) {
      this.number(value.bits![name]!.width);
    }
  }

  layout({ values, list, maxDataLength }: LayoutDefinition): void {
    this.values(values);
    this.data(list?.countType);
    this.data(list?.minCount ?? 0);
    this.data(list?.maxCount);
    this.values(list?.items);
    this.data(maxDataLength);
  }

  messages(messages: Readonly<Record<string, MessageDefinition>> | undefined): void {
    this.octet(LIST);
    for (const name of Object.keys(messages ?? {})) {
      const message = messages![name]!;
      this.number(message.subtype);
      this.layout(message);
      this.octet(ENTRIES);
      for (const key of Object.keys(message.variants ?? {})) {
        const variant = message.variants![key]!;
        this.number(variant.id);
        this.layout(variant);
      }
      this.octet(NOTHING);
    }
    this.octet(NOTHING);
  }
}

/** @returns 0 to 2^32 - 1 */
export function wireHash(board: BoardDictionary): number {
  const hasher = new Hasher();
  const { ports, ...conventions } = board.conventions;
  hasher.data(conventions);
  // Which number a port has changes nothing that goes through it.
  for (const { framing, role } of ports) {
    hasher.text(framing);
    hasher.text(role);
  }
  const parameters: Readonly<Record<string, ParameterDefinition>> = board.parameters ?? {};
  each(parameters, (parameter) => {
    hasher.number(parameter.id);
    hasher.value(parameter);
    hasher.data(parameter.settable ?? false);
    hasher.data(parameter.initial);
    hasher.monitoring(parameter, board.events);
  });
  hasher.octet(LIST);
  each(board.structures, (structure) => {
    hasher.number(structure.id);
    hasher.number(structure.intervalMs);
    hasher.data(structure.minimumIntervalMs);
    hasher.data(structure.enabled ?? true);
    for (const name of structure.parameters) {
      hasher.number(parameters[name]!.id);
    }
    hasher.octet(NOTHING);
  });
  hasher.octet(LIST);
  each(board.events, (event) => {
    hasher.number(event.id);
    hasher.text(event.severity);
    hasher.data(event.enabled ?? true);
    hasher.values(event.values);
  });
  hasher.octet(LIST);
  each(board.functions, (definition) => {
    hasher.number(definition.id);
    hasher.values(definition.arguments);
  });
  hasher.octet(LIST);
  each(board.failureCodes, (failure) => hasher.number(failure.code));
  hasher.octet(LIST);
  each(board.services, (service) => {
    hasher.number(service.type);
    hasher.messages(service.requests);
    hasher.messages(service.reports);
  });
  return hasher.state >>> 0;
}

/** Of all that there is. @returns 0 to 2^32 - 1 */
export function wholeHash(board: BoardDictionary): number {
  const hasher = new Hasher();
  hasher.data(board);
  return hasher.state >>> 0;
}

function each<Entry>(entries: Readonly<Record<string, Entry>> | undefined, visit: (entry: Entry) => void): void {
  for (const name of Object.keys(entries ?? {})) {
    visit(entries![name]!);
  }
}
