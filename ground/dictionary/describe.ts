/** Decoded packets in words: for a line on a terminal, and as plain data for JSON. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { SEVERITIES, type Severity } from "../../modules/dictionary/dictionary.js";
import { HOUSEKEEPING_REPORT, HOUSEKEEPING_SERVICE } from "../../modules/pus/messages/st03-messages.js";
import { EVENT_SERVICE } from "../../modules/pus/messages/st05-messages.js";
import { PARAMETER_REPORT, PARAMETER_SERVICE } from "../../modules/pus/messages/st20-messages.js";
import type { DecodedValue, RawScalar } from "./decoded-value.js";
import type { LimitState } from "./limit-state.js";
import type { DecodedPacket, DecodedTelemetry } from "./packet-decoder.js";
import { shortNumber } from "./raw-value.js";

/** A value as an operator reads it: its word, or the value in its unit. */
export function describeValue({ value, unit, word, parts, bits }: DecodedValue): string {
  const behind = unit === undefined ? "" : ` ${unit}`;
  if (parts !== undefined) {
    return parts.map((part) => `${part.name} ${describeValue(part)}`).join(" ");
  }
  if (Array.isArray(value)) {
    const words = (word ?? []) as readonly (string | undefined)[];
    return `[${value.map((element, k) => words[k] ?? scalarText(element)).join(", ")}]${behind}`;
  }
  if (typeof word === "string") {
    return word;
  }
  return typeof value === "string" && bits > 0
    ? `${printable(value)}${behind}`
    : `${scalarText(value as RawScalar)}${behind}`;
}

/** What a board sends is shown, and does not move the cursor. */
export function printable(text: string): string {
  return Array.from(text, (character) => {
    const point = character.codePointAt(0)!;
    return point < 0x20 || (point >= 0x7f && point < 0xa0) ? `\\x${point.toString(16).padStart(2, "0")}` : character;
  }).join("");
}

function scalarText(value: RawScalar): string {
  return typeof value === "number" ? shortNumber(value) : printable(String(value));
}

/** The board's time; of one that has none, since its boot. */
export function describeTime({ time, timeReferenceStatus }: DecodedTelemetry): string {
  if (timeReferenceStatus === 0) {
    return `up ${(time / 1000).toFixed(3)} s`;
  }
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? `${time} ms` : date.toISOString();
}

/** Every parameter that a report gives: of a structure, or one by one. */
export function parametersIn(packet: DecodedPacket): readonly DecodedValue[] {
  if (packet.kind === "telecommand") {
    return [];
  }
  const { serviceType, subtype, values, list } = packet;
  if (serviceType === HOUSEKEEPING_SERVICE && subtype === HOUSEKEEPING_REPORT) {
    // Behind the structure's ID.
    return values.slice(1);
  }
  return serviceType === PARAMETER_SERVICE && subtype === PARAMETER_REPORT
    ? (list?.items ?? []).flatMap(({ values: item }) => item.slice(1))
    : [];
}

export interface DescribedEvent {
  readonly name: string;
  readonly severity: Severity;
  readonly text: string;
}

/** @returns undefined: it is no event */
export function describeEvent(board: BoardDictionary, packet: DecodedPacket): DescribedEvent | undefined {
  const { serviceType, variant: name, subtype } = packet;
  const severity = SEVERITIES[subtype - 1];
  if (packet.kind !== "telemetry" || serviceType !== EVENT_SERVICE || name === undefined || severity === undefined) {
    return undefined;
  }
  const { text, description } = board.events?.[name] ?? {};
  const values = packet.values.slice(1);
  const said = (text ?? description ?? "").replace(/\{(\w+)\}/g, (braces, value: string) => {
    const found = values.find((each) => each.name === value);
    return found === undefined ? braces : describeValue(found);
  });
  return { name, severity, text: said === "" ? values.map(named).join(", ") : said };
}

/** A packet in a line, without its time: type, message, variant, values. */
export function describePacket(board: BoardDictionary, packet: DecodedPacket): string {
  const { serviceType, subtype, message, variant, values, list, trailer, data } = packet;
  const event = describeEvent(board, packet);
  const type = `${packet.kind === "telemetry" ? "TM" : "TC"}[${serviceType},${subtype}]`;
  if (event !== undefined) {
    return `${type} ${message} ${event.name}: ${event.text}`;
  }
  // An identifier says what the variant's name says already.
  const shown = values.filter((value) => value !== packet.identifier);
  const listed = (list?.items ?? []).map((item) =>
    item.values
      .filter((value) => value !== item.identifier)
      .map(named)
      .join(" "),
  );
  const behind = [
    ...shown.map(named),
    ...listed,
    ...trailer.map(named),
    ...(data === undefined ? [] : [`data ${data.hex}`]),
  ];
  const name = variant === undefined ? message : `${message} ${variant}`;
  return `${type} ${name}${behind.length === 0 ? "" : `: ${behind.join(", ")}`}`;
}

function named(value: DecodedValue): string {
  return `${value.name} ${describeValue(value)}`;
}

/** Plain data for `JSON.stringify`. */
export interface PlainValue {
  readonly name: string;
  readonly value: unknown;
  readonly unit?: string;
  readonly word?: unknown;
  readonly raw: unknown;
  readonly limit?: LimitState;
  readonly parts?: readonly PlainValue[];
}

export function plainValue({ name, raw, value, unit, word, limit, parts }: DecodedValue): PlainValue {
  return {
    name,
    value: plainScalar(value),
    ...(unit === undefined ? {} : { unit }),
    ...(word === undefined ? {} : { word: Array.isArray(word) ? word.map((each) => each ?? null) : word }),
    raw: plainScalar(raw),
    ...(limit === undefined ? {} : { limit }),
    ...(parts === undefined ? {} : { parts: parts.map(plainValue) }),
  };
}

/** JSON has no integers beyond 2^53, no NaN and no infinities: they are text. */
function plainScalar(value: DecodedValue["value"]): unknown {
  if (Array.isArray(value)) {
    return value.map((element: RawScalar) => plainScalar(element));
  }
  return typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value)) ? String(value) : value;
}

/** A whole packet as plain data. */
export function plainPacket(board: BoardDictionary, packet: DecodedPacket): Record<string, unknown> {
  const { kind, serviceType, subtype, service, message, variant, values, list, trailer, data } = packet;
  const event = describeEvent(board, packet);
  return {
    kind,
    type: `${serviceType},${subtype}`,
    service,
    message,
    ...(variant === undefined ? {} : { variant }),
    apid: packet.apid,
    sequenceCount: packet.sequenceCount,
    ...(packet.kind === "telecommand"
      ? { acknowledgementFlags: packet.acknowledgementFlags, sourceId: packet.sourceId }
      : {
          messageTypeCounter: packet.messageTypeCounter,
          destinationId: packet.destinationId,
          time: describeTime(packet),
          synchronized: packet.timeReferenceStatus !== 0,
        }),
    ...(event === undefined ? {} : { severity: event.severity, text: event.text }),
    values: values.map(plainValue),
    ...(list === undefined
      ? {}
      : {
          items: list.items.map((item) => ({
            ...(item.variant === undefined ? {} : { variant: item.variant }),
            values: item.values.map(plainValue),
          })),
        }),
    ...(trailer.length === 0 ? {} : { trailer: trailer.map(plainValue) }),
    ...(data === undefined ? {} : { data: data.hex }),
  };
}
