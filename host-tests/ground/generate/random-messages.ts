/** What a board of a dictionary sends, and what it is sent, made at random: values, and the octets of an encoder that knows only the JSON. */

import type { Field, FieldList, Message } from "../../../ground/dictionary/messages.js";
import { CdsShort } from "../../../modules/ccsds/cds-short.js";
import { CucAgency, CucTai } from "../../../modules/ccsds/cuc.js";
import type { TimeCode } from "../../../modules/ccsds/time-code.js";
import { calibrate } from "../../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { ParameterDefinition, ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import { buildTelecommand, buildTelemetry } from "../../../modules/pus/build-parse.js";
import { type Decoded, decode, encode, octetsOf } from "../../dictionary/independent-codec.js";
import { randomValue } from "../../dictionary/random-dictionaries.js";
import type { Random } from "../../framing/random.js";

export interface Filled {
  readonly message: Message;
  readonly fields: readonly Decoded[];
  /** Of each item its fields. */
  readonly items: readonly (readonly Decoded[])[];
  readonly trailer: readonly Decoded[];
  readonly data: Uint8Array;
  /** All of it, as it is on the wire. */
  readonly octets: Uint8Array;
}

const STAMPS: Readonly<Record<string, TimeCode>> = {
  cds: new CdsShort(),
  cuc: new CucAgency(),
  "cuc-tai": new CucTai(),
};

/** A field that has words has one of them as often as not; `onlyWords`: always, where there is a choice. */
function someValue(random: Random, { value, constant }: Field, onlyWords: boolean): Decoded {
  if (constant !== undefined) {
    return constant;
  }
  const { bits } = value;
  if (bits !== undefined) {
    return Object.fromEntries(
      Object.entries(bits).map(([name, { width, words = {} }]) => {
        const isChoice = onlyWords && Object.keys(words).length > 1;
        const few = Object.values(words);
        const whole = Number(randomValue(random, { type: "uint32", maximum: 2 ** width - 1 }));
        return [name, isChoice ? few[random.below(few.length)]! : whole];
      }),
    );
  }
  const words = Object.values(value.words ?? {});
  const isWord = words.length > 0 && value.count === undefined && value.type !== "boolean";
  if (isWord && ((onlyWords && words.length > 1) || random.below(2) === 0)) {
    return words[random.below(words.length)]!;
  }
  return randomValue(random, value);
}

/** A few items, as many as there must be. */
function countOf(random: Random, { minCount = 0, maxCount }: FieldList): number {
  return minCount + random.below(Math.max(Math.min(maxCount, 9) - minCount, 0) + 1);
}

/** @param count of the list's items, at most what there may be; default random */
export function fill(
  random: Random,
  message: Message,
  { count, onlyWords = false }: { readonly count?: number; readonly onlyWords?: boolean } = {},
): Filled {
  const { list, maxDataLength } = message;
  const some = (fields: readonly Field[]) => fields.map((field) => someValue(random, field, onlyWords));
  const number = list === undefined ? 0 : (count ?? countOf(random, list));
  const fields = some(message.fields);
  const items = Array.from({ length: number }, () => some(list!.items));
  const trailer = some(message.trailer);
  const data = random.bytes(random.below(maxDataLength + 1));
  const bytes = (definitions: readonly Field[], values: readonly Decoded[]) =>
    definitions.flatMap(({ value }, k) => Array.from(encode(value, values[k]!)));
  const octets = Uint8Array.from([
    ...bytes(message.fields, fields),
    ...(list === undefined ? [] : encode({ type: list.countType }, number)),
    ...items.flatMap((each) => bytes(list!.items, each)),
    ...bytes(message.trailer, trailer),
    ...data,
  ]);
  return { message, fields, items, trailer, data, octets };
}

/** When the packets of `telemetry` were stamped, in UNIX milliseconds. */
export const STAMPED = Date.UTC(2026, 7, 21, 12, 34, 56, 789);

export function telemetry({ conventions }: BoardDictionary, { message, octets }: Filled, status = 1): Uint8Array {
  const code = STAMPS[conventions.timeCode]!;
  const timeStamp = new Uint8Array(code.length);
  code.write(timeStamp, 0, STAMPED);
  return buildTelemetry({
    apid: conventions.apid,
    serviceType: message.serviceType,
    messageSubtype: message.subtype,
    timeReferenceStatus: status,
    timeStamp,
    sourceData: octets,
  });
}

export function telecommand({ conventions }: BoardDictionary, { message, octets }: Filled, count: number): Uint8Array {
  return buildTelecommand({
    apid: conventions.apid,
    packetSequenceCount: count,
    serviceType: message.serviceType,
    messageSubtype: message.subtype,
    applicationData: octets,
  });
}

/** The word of a raw number, or the value in the unit. @param named how a word is spelt */
export function shown(value: ValueDefinition, raw: Decoded, named: (word: string) => string): unknown {
  if (Array.isArray(raw)) {
    return value.type === "bytes"
      ? hex(Uint8Array.from(raw as number[]))
      : raw.map((each) => shown(value, each, named));
  }
  if (typeof raw === "object" || typeof raw === "string") {
    return raw;
  }
  const word = wordOf(value, Number(raw));
  return word === undefined ? calibrate(value.calibration, Number(raw)) : named(word);
}

export function wordOf({ words = {} }: ValueDefinition, raw: number): string | undefined {
  return Object.entries(words).find(([, number]) => number === raw)?.[0];
}

/** How a value stands to the limits. */
export function limitState(value: ValueDefinition, raw: number): "good" | "warning" | "critical" {
  const { limits = {} } = value as ParameterDefinition;
  const { warning = {}, critical = {} } = limits;
  const found = calibrate(value.calibration, raw);
  const isOut = ({ low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY }) => found < low || found > high;
  return isOut(critical) ? "critical" : isOut(warning) ? "warning" : "good";
}

export function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString("hex");
}

/** What a packet says, in the words of the one message that it can be; undefined when it is none. */
export function explained(
  board: BoardDictionary,
  messages: readonly Message[],
  packet: Uint8Array,
): Filled | undefined {
  const start = 13 + STAMPS[board.conventions.timeCode]!.length;
  const octets = packet.slice(start, packet.length - 2);
  return messages
    .filter(({ serviceType, subtype }) => packet[7] === serviceType && packet[8] === subtype)
    .map((message) => taken(message, octets))
    .find((filled) => filled !== undefined);
}

function taken(message: Message, octets: Uint8Array): Filled | undefined {
  const lengthOf = (fields: readonly Field[]) => fields.reduce((sum, { value }) => sum + octetsOf(value), 0);
  const read = (fields: readonly Field[], at: number): Decoded[] =>
    decode(
      fields.map(({ value }) => value),
      octets.subarray(at, at + lengthOf(fields)),
    );
  const { list } = message;
  try {
    let at = lengthOf(message.fields);
    const fields = read(message.fields, 0);
    if (message.fields.some(({ identifies, constant }, k) => identifies && fields[k] !== constant)) {
      return undefined;
    }
    const items: Decoded[][] = [];
    if (list !== undefined) {
      const count = Number(read([{ name: "count", value: { type: list.countType } }], at)[0]);
      at += octetsOf({ type: list.countType });
      for (let k = 0; k < count; k++) {
        items.push(read(list.items, at));
        at += lengthOf(list.items);
      }
    }
    const trailer = read(message.trailer, at);
    at += lengthOf(message.trailer);
    const data = octets.slice(at);
    return data.length <= message.maxDataLength ? { message, fields, items, trailer, data, octets } : undefined;
  } catch {
    // Octets are missing: it is another message.
    return undefined;
  }
}
