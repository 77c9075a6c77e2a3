/** Commands and packets of a board: an article for each, with its figure and its table of fields. */
import { NUMBER_KINDS, numberKind, typeWidth } from "../../../modules/data/field-kinds.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type {
  ArgumentDefinition,
  ParameterDefinition,
  ServiceDefinition,
  Words,
} from "../../../modules/dictionary/dictionary.js";
import { valueLength } from "../../../modules/dictionary/value-check.js";
import { encodeMessage } from "../../dictionary/encode-command.js";
import { headerLength, packetEnd, telecommandHeader, telemetryHeader } from "../../dictionary/headers.js";
import type { Field, Message } from "../../dictionary/messages.js";
import { type Block, heading, joined, paragraph, type TableRow, type Text, table } from "../document/document.js";
import { piecesOf, shortType } from "./bit-layout.js";
import { drawingsOf } from "./layout-figure.js";
import { calibrationText, defaultText, initialText, rangeText, shownText, wordsText } from "./value-text.js";

export type MessageKind = "command" | "packet";

/** A board, and what follows from it: large, so it is made once. */
export interface BoardContent {
  readonly board: BoardDictionary;
  /** The standard's and its own, by name. */
  readonly services: Readonly<Record<string, ServiceDefinition>>;
  readonly commands: readonly Message[];
  readonly packets: readonly Message[];
}

/** More words than these are not repeated where they are names of the dictionary. */
const REPEATED_WORDS = 8;
const FIELD_COLUMNS = ["#", "octet", "bits", "field", "type", "unit", "meaning"];

export function messageBlocks(content: BoardContent, kind: MessageKind): Block[] {
  const messages = kind === "command" ? content.commands : content.packets;
  const blocks: Block[] = [];
  for (let k = 0; k < messages.length; ) {
    const message = messages[k]!;
    const definition = definitionOf(content, message, kind);
    // Items that differ only in the value behind their identifier are told together.
    const together = definition.list?.variants === undefined ? 1 : sameMessage(messages, k);
    blocks.push(
      ...(definition.list?.variants === undefined
        ? articleOf(content, message, kind)
        : itemsArticle(content, messages.slice(k, k + together), kind)),
    );
    k += together;
  }
  return blocks;
}

function sameMessage(messages: readonly Message[], first: number): number {
  const { service, message } = messages[first]!;
  const end = messages.findIndex((other, k) => k > first && (other.service !== service || other.message !== message));
  return (end < 0 ? messages.length : end) - first;
}

function definitionOf({ services }: BoardContent, { service, message }: Message, kind: MessageKind) {
  const { requests = {}, reports = {} } = services[service]!;
  return (kind === "command" ? requests[message] : reports[message])!;
}

/** Octets in front of the data of a telecommand, or of a packet. */
export function dataOffset({ conventions }: BoardDictionary, kind: MessageKind): number {
  const { apid, timeCode } = conventions;
  return headerLength(kind === "command" ? telecommandHeader(apid) : telemetryHeader(apid, timeCode));
}

function articleOf(content: BoardContent, message: Message, kind: MessageKind): Block[] {
  const { board } = content;
  const { name, serviceType, subtype, fields, list, trailer, maxDataLength, description, dangerous } = message;
  const offset = dataOffset(board, kind);
  const hasData = fields.length > 0 || list !== undefined || trailer.length > 0 || maxDataLength > 0;
  const shown = piecesOf(fields, 1);
  const numbered = (): number => 1 + Math.max(0, ...shown.map(({ number = 0 }) => number));
  const blocks: Block[] = [
    heading(3, `${kind}-${name}`, { code: name }, ` ${kind === "command" ? "TC" : "TM"}[${serviceType},${subtype}]`),
    paragraph(
      ...joined(
        [[sentence(description)], originOf(message), answersOf(content, message, kind), [lengthText(message, offset)]],
        " ",
      ),
    ),
    ...(dangerous === undefined ? [] : [{ kind: "warning", text: [dangerous] } as const]),
  ];
  if (kind === "command") {
    blocks.push(...exampleOf(board, message));
  }
  if (!hasData) {
    return blocks;
  }
  const rows = fieldRows(board, fields, 1, offset);
  blocks.push(...figure(`from octet ${offset} of the packet`, drawingsOf(shown, offset)));
  if (list !== undefined) {
    const count = { name: "N", value: { type: list.countType } };
    const first = numbered();
    const at = offset + lengthOf(fields);
    shown.push(...piecesOf([count], first));
    rows.push(
      ...fieldRows(
        board,
        [{ ...count, value: { ...count.value, minimum: list.minCount ?? 0, maximum: list.maxCount } }],
        first,
        at,
        "how many items follow",
      ),
    );
    const items = piecesOf(list.items, numbered());
    rows.push(...fieldRows(board, list.items, numbered(), undefined, "of each item"));
    blocks.push(...figure("how many items follow", drawingsOf(piecesOf([count], first), at)));
    blocks.push(
      ...figure(`each item, N times: ${list.minCount ?? 0} to ${list.maxCount}`, drawingsOf(items, undefined)),
    );
    shown.push(...items);
  }
  if (trailer.length > 0) {
    const isMoving = list !== undefined;
    const end = isMoving ? undefined : offset + lengthOf(fields);
    rows.push(...fieldRows(board, trailer, numbered(), end, isMoving ? "behind the items" : ""));
    blocks.push(...figure("behind the items", drawingsOf(piecesOf(trailer, numbered()), end)));
  }
  if (maxDataLength > 0) {
    blocks.push(
      paragraph(`Behind that: up to ${maxDataLength} octets of data, which the dictionary does not describe.`),
    );
  }
  return [...blocks, ...(rows.length > 0 ? [table(FIELD_COLUMNS, rows)] : [])];
}

/** The whole telecommand, to try an encoder with, where nothing needs to be said. */
function exampleOf(board: BoardDictionary, message: Message): Block[] {
  const { fields, list, trailer } = message;
  const isSaid = ({ constant, value }: Field): boolean => constant !== undefined || value.default !== undefined;
  if (list !== undefined || ![...fields, ...trailer].every(isSaid)) {
    return [];
  }
  const octets = Array.from(encodeMessage(board, message, {}), (octet) => octet.toString(16).padStart(2, "0"));
  const how = fields.every(({ constant }) => constant !== undefined) ? "" : ", with its defaults";
  return [paragraph(`With sequence count and source ID 0${how}: `, { code: octets.join(" ") })];
}

function figure(caption: string, svg: readonly string[]): Block[] {
  return svg.length === 0 ? [] : [{ kind: "figure", caption, svg }];
}

/** Messages with one item each, which goes on behind its identifier as the identifier says. */
function itemsArticle(content: BoardContent, messages: readonly Message[], kind: MessageKind): Block[] {
  const { board } = content;
  const { service, message, serviceType, subtype } = messages[0]!;
  const { description = "", list } = definitionOf(content, messages[0]!, kind);
  const offset = dataOffset(board, kind);
  // All but what stands behind the identifier.
  const head = messages[0]!.fields.slice(
    0,
    -Object.keys(Object.values(list!.variants!)[0]!.values).length || undefined,
  );
  const open = head.map((field, k) => (k === head.length - 1 ? { name: field.name, value: field.value } : field));
  const at = offset + lengthOf(head);
  return [
    heading(
      3,
      `${kind}-of-${service}-${message}`,
      { code: message },
      ` ${kind === "command" ? "TC" : "TM"}[${serviceType},${subtype}]`,
    ),
    paragraph(
      ...joined(
        [
          [sentence(description)],
          [
            `Up to ${list!.maxCount} items, each an identifier and what the table says; with one item it looks like this.`,
          ],
          answersOf(content, messages[0]!, kind),
        ],
        " ",
      ),
    ),
    ...figure(
      `from octet ${offset} of the packet; behind the identifier comes the value`,
      drawingsOf(piecesOf(open, 1), offset),
    ),
    table(FIELD_COLUMNS, fieldRows(board, open, 1, offset)),
    table(
      [kind, "ID", "octet", "bits", "field", "type", "unit", "meaning"],
      messages.flatMap(({ name, fields, dangerous }) =>
        fieldRows(board, fields.slice(head.length), 1, at).map(({ cells: [, ...cells] }, k): TableRow => {
          const id = k === 0 ? String(head.length > 0 ? fields[head.length - 1]!.constant : "") : "";
          const said =
            k === 0 && dangerous !== undefined
              ? [cells.pop()!, [{ strong: "Dangerous:" }, ` ${dangerous}`]]
              : [cells.pop()!];
          const row: TableRow = {
            cells: [k === 0 ? [{ code: name }] : [""], [id], ...cells, joined(said as Text[], "; ")],
          };
          return k === 0 ? { id: `${kind}-${name}`, ...row } : row;
        }),
      ),
    ),
  ];
}

/** With a full stop where it has no end. */
function sentence(text = ""): string {
  return text === "" || /[.!?:;]\s*$/.test(text) ? text : `${text}.`;
}

function originOf({ service, message, variant }: Message): Text {
  return variant === undefined
    ? ["Service ", { code: service }, "."]
    : ["Service ", { code: service }, ", message ", { code: message }, "."];
}

function answersOf(content: BoardContent, message: Message, kind: MessageKind): Text {
  const { replies = [] } =
    kind === "command" ? (definitionOf(content, message, kind) as { replies?: readonly string[] }) : {};
  if (replies.length === 0) {
    return [];
  }
  const packets = content.packets.filter((packet) => packet.service === message.service);
  const links = replies.map((reply): Text => {
    const found = packets.filter((packet) => packet.message === reply);
    return found.length === 1 ? [{ link: reply, to: `packet-${found[0]!.name}` }] : [{ code: reply }];
  });
  return ["Answered by ", ...joined(links, ", "), "."];
}

function lengthText({ fields, list, trailer, maxDataLength }: Message, offset: number): string {
  const fixed = offset + lengthOf(fields) + lengthOf(trailer) + packetEnd().bits / 8;
  const ofList = list === undefined ? [] : [`N × ${lengthOf(list.items)}`];
  const ofData = maxDataLength === 0 ? [] : [`0 to ${maxDataLength}`];
  const whole = fixed + (list === undefined ? 0 : typeWidth(list.countType));
  return `The packet has ${[whole, ...ofList, ...ofData].join(" + ")} octets.`;
}

export function lengthOf(fields: readonly Field[]): number {
  return fields.reduce((sum, { value }) => sum + valueLength(value), 0);
}

/**
 * @param first number of the first piece
 * @param start octets in front; undefined: it depends on how many items there are
 * @param place said of each field
 */
function fieldRows(
  board: BoardDictionary,
  fields: readonly Field[],
  first: number,
  start: number | undefined,
  place = "",
): TableRow[] {
  const rows: TableRow[] = [];
  const sign = start === undefined ? "+" : "";
  let at = start ?? 0;
  let number = first;
  for (const { name, value, constant } of fields) {
    const { bits, type, unit = "" } = value;
    const isParameter =
      board.parameters?.[name] !== undefined &&
      (value as Partial<ParameterDefinition>).id === board.parameters[name].id;
    const label: Text = [isParameter ? { link: name, to: `parameter-${name}` } : { code: name }];
    const meaning = joined([[place], ...meaningOf(board, value, constant)], "; ");
    const width = valueLength(value) * 8;
    rows.push({
      cells: [
        bits === undefined ? [String(number++)] : [""],
        [`${sign}${at}`],
        [String(width)],
        label,
        [shortType(value)],
        [unit],
        meaning,
      ],
    });
    let from = 0;
    for (const [part, { width: partWidth, words, description = "" }] of Object.entries(bits ?? {})) {
      const octet = `${sign}${at + Math.floor(from / 8)}, bit ${from % 8}`;
      const said = joined([[description], words === undefined ? [""] : [wordsText(words)]], "; ");
      rows.push({ cells: [[String(number++)], [octet], [String(partWidth)], [{ code: part }], ["bits"], [""], said] });
      from += partWidth;
    }
    if (bits !== undefined && from < NUMBER_KINDS[numberKind(type)]!.width * 8) {
      rows.push({
        cells: [
          [""],
          [`${sign}${at + Math.floor(from / 8)}, bit ${from % 8}`],
          [String(width - from)],
          ["reserved"],
          [""],
          [""],
          [""],
        ],
      });
    }
    at += valueLength(value);
  }
  return rows;
}

function meaningOf(board: BoardDictionary, value: ArgumentDefinition, constant: number | undefined): Text[] {
  const { description = "", words, calibration } = value;
  const initial = initialText(value as ParameterDefinition);
  if (constant !== undefined) {
    return [[`always ${shownText(value, constant)}`], [description]];
  }
  const byDefault = defaultText(value);
  return [
    [description],
    words === undefined ? [""] : wordsOrLink(board, words),
    [rangeText(value)],
    [byDefault === "" ? "" : `default ${byDefault}`],
    [calibration === undefined ? "" : calibrationText(calibration)],
    [initial === "" ? "" : `at boot ${initial}`],
  ];
}

function wordsOrLink(board: BoardDictionary, words: Words): Text {
  const { parameters = {}, structures = {}, events = {}, functions = {}, failureCodes = {} } = board;
  const codes = Object.fromEntries(Object.entries(failureCodes).map(([name, { code }]) => [name, { id: code }]));
  const entries = Object.entries(words);
  for (const [to, named] of Object.entries({ parameters, structures, events, functions, "failure-codes": codes })) {
    const isOf = ([word, value]: [string, number]): boolean => Object.hasOwn(named, word) && named[word]!.id === value;
    if (entries.length > REPEATED_WORDS && entries.every(isOf)) {
      return ["one of the ", { link: to, to }];
    }
  }
  return [wordsText(words)];
}
