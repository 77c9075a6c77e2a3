/** What a board's own module works with, by the names of its dictionary. */
import { show } from "../checks/show.js";
import type { Dictionary, MessageDefinition, ParameterDefinition } from "../dictionary/dictionary.js";
import { bitShift } from "../dictionary/value-check.js";
import { bitsHandle, type ParameterPool } from "../pus/parameter-pool.js";
import type { ReportWriter } from "../pus/report-writer.js";
import type { EventService } from "../pus/st05-events.js";
import type { AnyBoard } from "./board-module.js";
import { DefinedReport } from "./defined-report.js";

export interface BoardParts {
  pool: ParameterPool;
  events: EventService;
  reports: ReportWriter;
  uptimeMs(): number;
  now(): number;
  /** Says what the failure code is about that the handler at work returns. */
  setFailureData(data: number): void;
  log(text: string): void;
}

/** @throws (the functions) TypeError for a name that the dictionary does not have */
export function boardFor(dictionary: Dictionary, parts: BoardParts): AnyBoard {
  const { pool, events, reports, uptimeMs, now, setFailureData, log } = parts;
  return {
    pool,
    uptimeMs,
    now,
    log,
    parameter: (name: string) => pool.find(entry("parameter", dictionary.parameters, name).id),
    bits(name: string, field: string) {
      const parameter: ParameterDefinition = entry("parameter", dictionary.parameters, name);
      const { width } = entry(`part of parameter "${name}"`, parameter.bits, field);
      return bitsHandle(pool.find(parameter.id), bitShift(parameter, field), width);
    },
    event: (name: string) => entry("event", dictionary.events, name).id,
    raise(id, value0, value1, value2, value3) {
      if (!events.has(id)) {
        throw new TypeError(`there is no event ${show(id)}; board.event(name) gives its number`);
      }
      return events.raise(id, value0, value1, value2, value3);
    },
    failureCode: (name: string) => entry("failure code", dictionary.failureCodes, name).code,
    fail(code: number, data: number) {
      setFailureData(data);
      return code;
    },
    report(service: string, name: string, variant?: string) {
      const { type, reports: messages } = entry("service", dictionary.services, service);
      const message: MessageDefinition = entry(`report of service "${service}"`, messages, name);
      if (variant === undefined && message.variants !== undefined) {
        const names = Object.keys(message.variants).join(", ");
        throw new TypeError(`report "${name}" of service "${service}" has variants, name one of them: ${names}`);
      }
      const chosen =
        variant === undefined ? undefined : entry(`variant of report "${name}"`, message.variants, variant);
      return new DefinedReport(reports, type, message, chosen);
    },
  };
}

function entry<Entry>(what: string, entries: Readonly<Record<string, Entry>> | undefined, name: string): Entry {
  const found = entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (found === undefined) {
    const names = Object.keys(entries ?? {}).join(", ");
    throw new TypeError(
      `the dictionary has no ${what} "${name}"; ${names === "" ? "there is none" : `there are ${names}`}`,
    );
  }
  return found;
}
