/** The interface control document: everything is in it, nothing in it is broken, and figures have every bit in its place. */
import test, { type ExecutionContext } from "ava";
import { boardChoice, boardDictionary } from "../../../ground/commands/board-choice.js";
import { headerLength, telecommandHeader, telemetryHeader } from "../../../ground/dictionary/headers.js";
import { commandsOf, type Field, type Message, packetsOf } from "../../../ground/dictionary/messages.js";
import { printable } from "../../../ground/generate/document/document.js";
import { headerPieces, piecesOf, ROW_BITS, rowsOf } from "../../../ground/generate/icd/bit-layout.js";
import { ICD_GENERATOR } from "../../../ground/generate/icd.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { defineDictionary } from "../../../modules/dictionary/define-dictionary.js";
import { wholeHash, wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { valueLength } from "../../../modules/dictionary/value-check.js";
import { timeCode } from "../../../modules/flatsat/application-process.js";
import { buildTelecommand, buildTelemetry, parseTelecommand } from "../../../modules/pus/build-parse.js";
import { Random } from "../../framing/random.js";
import { nastyBoard, randomBoard, SMALL_BOARD } from "./boards.js";
import { type Element, elementsIn, parsePage, textOf } from "./markup.js";

const FLATSAT = await boardDictionary(boardChoice({}, []));
const BOARDS: Readonly<Record<string, BoardDictionary>> = {
  "the flatsat": FLATSAT,
  "a small board": SMALL_BOARD,
  "a board whose names and texts are markup": nastyBoard(),
  "random board 1": randomBoard(new Random(1)),
  "random board 2": randomBoard(new Random(2)),
  "random board 3": randomBoard(new Random(3)),
};

function made(board: BoardDictionary): { page: string; markdown: string } {
  const files = Object.fromEntries(ICD_GENERATOR.generate(board).map(({ path, text }) => [path, text]));
  return { page: files["icd.html"]!, markdown: files["icd.md"]! };
}

function messagesOf(board: BoardDictionary): [string, Message][] {
  return [
    ...commandsOf(board).map((message): [string, Message] => [`command-${message.name}`, message]),
    ...packetsOf(board).map((message): [string, Message] => [`packet-${message.name}`, message]),
  ];
}

/** The article that an anchor is in, or its table's row. */
function partWith(elements: readonly Element[], id: string): Element | undefined {
  const isAt = (element: Element): boolean => element.attributes["id"] === id;
  return (
    elements.find((element) => element.name === "tr" && isAt(element)) ??
    elements.find(
      (element) =>
        element.name === "article" && element.children.some((child) => typeof child !== "string" && isAt(child)),
    )
  );
}

function fieldsOf({ fields, list, trailer }: Message): Field[] {
  return [...fields, ...(list?.items ?? []), ...trailer];
}

for (const [title, board] of Object.entries(BOARDS)) {
  const { page, markdown } = made(board);
  const root = parsePage(page);
  const elements = elementsIn(root);

  test(`${title}: the page is well-formed, and needs nothing from elsewhere`, (t) => {
    for (const { attributes, name } of elements) {
      t.is(attributes["src"], undefined);
      t.true(attributes["href"] === undefined || attributes["href"].startsWith("#"), attributes["href"]);
      t.false(["link", "img", "iframe", "object", "embed", "base", "form"].includes(name), name);
      t.false(Object.keys(attributes).some((attribute) => attribute.startsWith("on")));
    }
    t.is(elements.filter(({ name }) => name === "script").length, 1);
    const style = textOf(elements.find(({ name }) => name === "style")!);
    t.false(/url\(|@import|https?:/.test(style));
    t.is(
      textOf(elements.find(({ name }) => name === "title")!),
      `${printable(board.name)}: interface control document`,
    );
  });

  test(`${title}: anchors are there once, and links find theirs`, (t) => {
    const ids = elements.flatMap(({ attributes }) => (attributes["id"] === undefined ? [] : [attributes["id"]]));
    t.is(new Set(ids).size, ids.length);
    const inMarkdown = Array.from(markdown.matchAll(/<a id="([^"]+)"><\/a>/g), ([, id]) => id!);
    t.is(new Set(inMarkdown).size, inMarkdown.length);
    for (const { attributes } of elements) {
      const { href } = attributes;
      t.true(href === undefined || ids.includes(href.slice(1)), href);
    }
    const links = Array.from(markdown.matchAll(/\]\(#([^)]+)\)/g), ([, to]) => to!);
    t.deepEqual(
      links.filter((to) => !inMarkdown.includes(to)),
      [],
    );
  });

  test(`${title}: every field of every message is there, with its place`, (t) => {
    for (const [id, message] of messagesOf(board)) {
      const part = partWith(elements, id);
      t.truthy(part, id);
      t.true(markdown.includes(`<a id="${id}"></a>`), id);
      const text = textOf(part!);
      if (message.dangerous !== undefined) {
        t.true(printable(text).includes(printable(`Dangerous: ${message.dangerous}`).trim()), id);
      }
      if (part!.name === "tr") {
        // One row is for what follows the identifier.
        t.true(
          text.includes(message.fields.at(-1)!.name) && text.includes(String(message.fields.at(-2)!.constant)),
          id,
        );
        continue;
      }
      t.true(text.includes(`[${message.serviceType},${message.subtype}]`), id);
      checkTable(t, id, part!, message, board);
    }
  });

  test(`${title}: every entry of the dictionary is there`, (t) => {
    const { parameters = {}, structures = {}, events = {}, functions = {}, failureCodes = {} } = board;
    for (const [kind, entries] of Object.entries({
      parameter: parameters,
      structure: structures,
      event: events,
      function: functions,
    })) {
      for (const [name, { id }] of Object.entries(entries)) {
        const row = elements.find(({ attributes }) => attributes["id"] === `${kind}-${name}`);
        t.true(textOf(row!).startsWith(`${id}${name}`), `${kind} ${name}`);
      }
    }
    for (const [name, { code, description = "" }] of Object.entries(failureCodes)) {
      const row = elements.find(({ attributes }) => attributes["id"] === `failure-${name}`);
      t.true(textOf(row!).startsWith(`${code}${name}${printable(description)}`), name);
    }
    for (const hash of [wireHash(board), wholeHash(board)]) {
      t.true(
        page.includes(`0x${hash.toString(16).padStart(8, "0")}`) &&
          markdown.includes(`0x${hash.toString(16).padStart(8, "0")}`),
      );
    }
  });

  test(`${title}: no figure has a bit twice, or misses one`, (t) => {
    for (const [id, { fields, list, trailer }] of messagesOf(board)) {
      for (const some of [fields, list?.items ?? [], trailer]) {
        checkRows(t, id, some);
      }
    }
  });

  test(`${title}: each table of the Markdown has as many cells in every row`, (t) => {
    const count = (row: string): number => row.replaceAll(/\\[\s\S]/g, "").split("|").length;
    for (const [table] of markdown.matchAll(/(?:^\|.*\n)+/gm)) {
      const rows = table.trimEnd().split("\n");
      t.deepEqual(
        rows.filter((row) => count(row) !== count(rows[0]!)),
        [],
      );
    }
    t.false(/<(?!a id="[\w-]+"><\/a>|\/a>)/.test(markdown), "no other markup");
  });
}

/** The figure's and the table's places, against those that the values' lengths give. */
function checkTable(t: ExecutionContext, id: string, part: Element, message: Message, board: BoardDictionary): void {
  const rows = elementsIn(part)
    .filter(({ name }) => name === "tr")
    .slice(1)
    .map((row) =>
      Object.fromEntries(
        elementsIn(row)
          .filter(({ name }) => name === "td")
          .map((cell) => [cell.attributes["data-label"]!, textOf(cell)]),
      ),
    );
  const { apid, timeCode: code } = board.conventions;
  let at = headerLength(id.startsWith("command") ? telecommandHeader(apid) : telemetryHeader(apid, code));
  let from = 0;
  for (const { name, value } of message.fields) {
    const k = rows.findIndex((row, index) => index >= from && row["field"] === name && row["octet"] === String(at));
    t.true(k >= 0, `${id}: ${name} at ${at}`);
    t.is(rows[k]!["bits"], String(valueLength(value) * 8));
    t.true(rows[k]!["type"]!.includes(value.type));
    at += valueLength(value);
    from = k + 1;
    for (const part of Object.keys(value.bits ?? {})) {
      t.is(rows[from++]!["field"], part);
    }
  }
  for (const { name } of fieldsOf(message)) {
    t.true(
      rows.some((row) => row["field"] === name),
      `${id}: ${name}`,
    );
  }
}

function checkRows(t: ExecutionContext, id: string, fields: readonly Field[]): void {
  const octets = fields.reduce((sum, { value }) => sum + valueLength(value), 0);
  const rows = rowsOf(piecesOf(fields, 1), 7);
  let at = 7;
  for (const { offset, segments, isTorn } of rows) {
    t.is(offset, at, id);
    let bit = 0;
    for (const { piece, from, to } of segments) {
      t.true(from === bit && to > from && to <= ROW_BITS, `${id}: ${piece.name}`);
      bit = to;
    }
    at += isTorn ? segments[0]!.piece.bits / 8 : bit / 8;
  }
  t.is(at - 7, octets, id);
}

test("examples of telecommands are telecommands, of the message that they stand below", (t) => {
  const { markdown } = made(FLATSAT);
  const articles = markdown.split(/^### /m).slice(1);
  let count = 0;
  for (const article of articles) {
    const [, hex] = /^With sequence count and source ID 0[^`\n]*: `([0-9a-f ]+)`$/m.exec(article) ?? [];
    if (hex === undefined) {
      continue;
    }
    count++;
    const telecommand = parseTelecommand(Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")));
    t.true(article.includes(` TC\\[${telecommand.serviceType},${telecommand.messageSubtype}\\]`), hex);
  }
  t.true(count >= 9, `${count} of them`);
  // Golden: the flatsat's ping, as other implementations have it.
  t.regex(markdown, /### `areYouAlive` TC\\\[17,1\\\][\s\S]*?`18 02 c0 00 00 06 2f 11 01 00 00 a7 d2`/);
});

test("the headers are those of packets that the board sends and takes", (t) => {
  for (const code of ["cds", "cuc", "cuc-tai"] as const) {
    const time = timeCode(code);
    const stamp = new Uint8Array(time.length);
    time.write(stamp, 0, 0);
    const packet = buildTelemetry({ apid: 5, serviceType: 3, messageSubtype: 25, timeStamp: stamp });
    const fields = telemetryHeader(5, code);
    t.is(headerLength(fields), packet.length - 2);
    checkConstants(t, fields, packet);
  }
  const packet = buildTelecommand({ apid: 5, serviceType: 17, messageSubtype: 1 });
  t.is(headerLength(telecommandHeader(5)), packet.length - 2);
  checkConstants(t, telecommandHeader(5), packet);
  t.is(rowsOf(headerPieces(telecommandHeader(5)), 0).length, 6);
});

/** Every constant of a header stands in the packet. */
function checkConstants(t: ExecutionContext, fields: ReturnType<typeof telecommandHeader>, packet: Uint8Array): void {
  const digits = Array.from(packet, (octet) => octet.toString(2).padStart(8, "0")).join("");
  let at = 0;
  for (const { name, bits, constant } of fields) {
    if (constant !== undefined) {
      t.is(Number.parseInt(digits.slice(at, at + bits), 2), constant, name);
    }
    at += bits;
  }
}

test("long fields are torn, parts of numbers are drawn bit by bit", (t) => {
  const rows = rowsOf(
    piecesOf(
      [
        { name: "id", value: { type: "uint8" }, constant: 3 },
        { name: "flags", value: { type: "uint16", bits: { a: { width: 3 }, b: { width: 9 } } } },
        { name: "text", value: { type: "ascii", length: 20 } },
        { name: "last", value: { type: "uint32" } },
      ],
      1,
    ),
    20,
  );
  t.deepEqual(
    rows.map(({ offset, segments, isTorn }) => [
      offset,
      isTorn,
      ...segments.map(({ piece, from, to }) => `${piece.number} ${piece.name} ${from} ${to}`),
    ]),
    [
      [20, false, "1 id 0 8", "2 a 8 11", "3 b 11 16"],
      [22, false, "3 b 0 4", "undefined reserved 4 8"],
      [23, true, "4 text 0 16"],
      [43, false, "5 last 0 16"],
      [45, false, "5 last 0 16"],
    ],
  );
});

test("defaults and values at boot are in the unit, and say which raw number that is", (t) => {
  const calibration = { polynomial: [10, -0.5] };
  const board = {
    conventions: SMALL_BOARD.conventions,
    ...defineDictionary({
      name: "b",
      parameters: {
        level: { id: 300, type: "int16", unit: "V", calibration, initial: 4, settable: true },
        gains: { id: 301, type: "uint8", unit: "dB", count: 2, initial: [1, 2] },
        way: { id: 302, type: "uint8", words: { up: 1 }, initial: 1 },
      },
      functions: {
        heat: {
          id: 16,
          arguments: {
            volts: { type: "int8", unit: "V", calibration, default: 2 },
            watts: { type: "uint8", unit: "W", default: 3 },
          },
        },
      },
    }),
  };
  const { markdown } = made(board);
  for (const text of [
    "at boot 8 V (raw 4)",
    "at boot 1 dB, 2 dB",
    "at boot 1 up",
    "default 9 V (raw 2)",
    "default 3 W",
  ]) {
    t.true(markdown.includes(text), text);
  }
});

test("what follows from the dictionary is made once, however many messages there are", (t) => {
  let reads = 0;
  const counted = (count: number): BoardDictionary => {
    const names = Array.from({ length: count }, (_, k) => `p${k}`);
    const parameters = Object.fromEntries(
      names.map((name, k) => [
        name,
        { id: 300 + k, type: "int16", settable: true, limits: { warning: { high: 5 } }, monitoring: {} } as const,
      ]),
    );
    const conventions = {
      ...SMALL_BOARD.conventions,
      // Only the standard's services depend on it.
      get createdStructures(): number {
        reads++;
        return 4;
      },
    };
    return { ...defineDictionary({ name: "b", parameters }), conventions };
  };
  made(counted(2));
  const ofFew = reads;
  reads = 0;
  made(counted(20));
  t.is(reads, ofFew);
});
