/** What generated packages for tmtccmd make of packets, and what they are given for telecommands. */
import type { Field, Message } from "../../ground/dictionary/messages.js";
import { definitionsOf } from "../../ground/generate/tmtccmd/definitions.js";
import { calibrate, uncalibrate } from "../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { ParameterDefinition, ValueDefinition } from "../../modules/dictionary/dictionary.js";
import { type Decoded, encode, type Scalar } from "../dictionary/independent-codec.js";
import { type Filled, hex, limitState, shown, wordOf } from "../ground/generate/random-messages.js";
import type { Differences } from "./differences.js";

export interface Read {
  readonly name: string | null;
  readonly time: number;
  readonly values: Readonly<Record<string, object>>;
  readonly items: readonly Readonly<Record<string, object>>[];
  readonly data: string;
}

export interface Build {
  readonly message: Message;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Undefined: it is refused. */
  readonly octets?: Uint8Array;
}

/** A message as definitions.json has it. */
export interface Named {
  readonly fields: readonly { readonly name: string }[];
  readonly trailer: readonly { readonly name: string }[];
  readonly list?: { readonly items: readonly { readonly name: string }[] };
}

function wantedOf(value: ValueDefinition, raw: Decoded): object {
  const { bits, type, words, unit = "", limits } = value as ParameterDefinition;
  const plain = (each: Decoded): unknown =>
    type === "boolean" && words === undefined ? each : shown(value, each, (word) => word);
  const isParts = typeof raw === "object" && !Array.isArray(raw);
  const parts = isParts
    ? Object.fromEntries(
        Object.entries(raw).map(([part, number]) => [
          part,
          wordOf({ type, words: bits![part]!.words ?? {} }, number) ?? number,
        ]),
      )
    : undefined;
  const levels = ["good", "warning", "critical"] as const;
  const isNumeric = type !== "ascii" && type !== "bytes" && !isParts;
  const isLimited = limits !== undefined && isNumeric;
  const worst = isLimited
    ? Math.max(...[raw].flat().map((each) => levels.indexOf(limitState(value, Number(each)))))
    : 0;
  const found = parts ?? (Array.isArray(raw) && type !== "bytes" ? raw.map(plain) : plain(raw));
  return { value: found, state: isLimited ? levels[worst] : null, unit };
}

export function checkReport(differences: Differences, read: Read, named: Named, filled: Filled): void {
  const { message } = filled;
  const what = `${message.name} ${hex(filled.octets)}`;
  differences.same(read.name, message.name, what);
  if (read.name !== message.name) {
    return;
  }
  const wanted = (fields: readonly Field[], names: readonly { readonly name: string }[], raw: readonly Decoded[]) =>
    fields.map(({ value }, k) => [names[k]!.name, wantedOf(value, raw[k]!)] as const);
  const values = Object.fromEntries([
    ...wanted(message.fields, named.fields, filled.fields),
    ...wanted(message.trailer, named.trailer, filled.trailer),
  ]);
  differences.same(read.values, values, `${what}: values`);
  const items = filled.items.map((item) => Object.fromEntries(wanted(message.list!.items, named.list!.items, item)));
  differences.same(read.items, items, `${what}: items`);
  differences.same(read.data, hex(filled.data), `${what}: data`);
}

export function namesOf(board: BoardDictionary): readonly Named[] {
  return (definitionsOf(board) as { packets: readonly Named[] }).packets;
}

/** What is given for a raw value, and the raw value that comes of it. */
function given(value: ValueDefinition, raw: Decoded): [given: unknown, raw: Decoded] {
  if (value.type === "bytes") {
    return [{ hex: hex(Uint8Array.from(raw as number[])) }, raw];
  }
  if (typeof raw === "string") {
    return [raw, raw];
  }
  if (Array.isArray(raw)) {
    const each = raw.map((element) => scalar(value, element));
    return [each.map(([first]) => first), each.map(([, second]) => second) as Scalar[]];
  }
  if (typeof raw === "object") {
    const words = (part: string) => ({ type: value.type, words: value.bits![part]!.words ?? {} });
    return [
      Object.fromEntries(Object.entries(raw).map(([part, number]) => [part, wordOf(words(part), number) ?? number])),
      raw,
    ];
  }
  return scalar(value, raw);
}

function scalar(value: ValueDefinition, raw: Scalar): [given: unknown, raw: Scalar] {
  const word = wordOf(value, Number(raw));
  if (word !== undefined || typeof raw === "boolean" || value.calibration === undefined) {
    return [word ?? raw, raw];
  }
  const inUnit = calibrate(value.calibration, raw);
  return [inUnit, value.type.startsWith("float") ? uncalibrate(value.calibration, inUnit) : raw];
}

export function buildOf(filled: Filled): Build {
  const { message } = filled;
  const { list } = message;
  const args: Record<string, unknown> = {};
  const octets: number[] = [];
  const put = (fields: readonly Field[], raw: readonly Decoded[]): void => {
    fields.forEach((field, k) => {
      const [told, becomes] = field.constant === undefined ? given(field.value, raw[k]!) : [undefined, raw[k]!];
      if (field.constant === undefined) {
        args[field.name] = told;
      }
      octets.push(...encode(field.value, becomes));
    });
  };
  put(message.fields, filled.fields);
  if (list !== undefined) {
    octets.push(...encode({ type: list.countType }, filled.items.length));
    const rows = filled.items.map((item) => item.map((raw, column) => given(list.items[column]!.value, raw)));
    list.items.forEach(({ name }, column) => {
      args[name] = rows.map((row) => row[column]![0]);
    });
    octets.push(
      ...rows.flatMap((row) => row.flatMap(([, raw], column) => Array.from(encode(list.items[column]!.value, raw)))),
    );
  }
  put(message.trailer, filled.trailer);
  if (message.maxDataLength > 0) {
    args["data"] = { hex: hex(filled.data) };
    octets.push(...filled.data);
  }
  return { message, arguments: args, octets: Uint8Array.from(octets) };
}
