/** The .ksy file, compiled by Kaitai's own compiler: it reads every packet of every board to the values that are in it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import test, { type ExecutionContext } from "ava";
import { parse } from "yaml";
import { boardChoice, boardDictionary } from "../../../ground/board-choice.js";
import { Ids } from "../../../ground/generate/ids.js";
import { yamlOf } from "../../../ground/generate/kaitai/yaml.js";
import { KAITAI_GENERATOR } from "../../../ground/generate/kaitai.js";
import { Client } from "../../../ground/index.js";
import { calibrate } from "../../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import { spacePackets } from "../../../modules/framing/formats/space-packets.js";
import { decode } from "../../dictionary/independent-codec.js";
import { Random } from "../../framing/random.js";
import { PROJECT } from "../../project.js";
import { simulator } from "../board.js";
import { NASTY_TEXTS, nastyBoard, randomBoard, SMALL_BOARD } from "./boards.js";
import { type Expected, randomPackets } from "./random-packets.js";

const require = createRequire(import.meta.url);
const compiler = require("kaitai-struct-compiler") as {
  compile(language: string, format: unknown, importer: null, debug: boolean): Promise<Record<string, string>>;
};
const { KaitaiStream } = require("kaitai-struct") as {
  KaitaiStream: { new (bytes: ArrayBuffer): unknown; readonly prototype: Record<string, unknown> };
};
// The runtime's own, 0.11.0, is wrong by 2^32 for most negative numbers.
KaitaiStream.prototype["readS8be"] = function (this: { readS4be(): number; readU4be(): number }): number {
  return this.readS4be() * 2 ** 32 + this.readU4be();
};

interface Attribute {
  readonly id: string;
  readonly "-orig-id"?: string;
}

interface Format {
  readonly meta: { readonly id: string };
  readonly seq: readonly Attribute[];
  readonly types: Readonly<Record<string, { readonly seq?: readonly Attribute[] }>>;
  readonly enums: Readonly<Record<string, unknown>>;
}

type Parsed = Readonly<Record<string, unknown>>;

interface Decoder {
  readonly format: Format;
  read(packet: Uint8Array): Parsed;
}

function formatOf(board: BoardDictionary): Format {
  return parse(KAITAI_GENERATOR.generate(board).find(({ path }) => path.endsWith(".ksy"))!.text) as Format;
}

async function decoderOf(board: BoardDictionary): Promise<Decoder> {
  const format = formatOf(board);
  const files = await compiler.compile("javascript", format, null, false);
  const [[name, code]] = Object.entries(files) as [[string, string]];
  const exported: Record<string, new (stream: unknown, parent: null, root: null) => Parsed> = {};
  compileFunction(code, ["exports", "require"])(exported, require);
  const Packet = exported[name.replace(/\.js$/, "")]!;
  return { format, read: (packet) => new Packet(new KaitaiStream(Uint8Array.from(packet).buffer), null, null) };
}

/** As the compiler names what an identifier is for, in JavaScript. */
function camel(id: string): string {
  return id.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The attributes of an object, in the order of the wire. */
function attributesOf(decoder: Decoder, object: Parsed): readonly Attribute[] {
  const { name } = (object as object).constructor;
  const id = Object.keys(decoder.format.types).find((type) => camel(`x_${type}`).slice(1) === name);
  return id === undefined ? [] : (decoder.format.types[id]!.seq ?? []);
}

/** A value as the independent decoder would give it. */
function plain(value: unknown, { type, bits }: ValueDefinition): unknown {
  if (bits !== undefined) {
    const parts = value as Parsed;
    const [names, found] = [Object.keys(bits), Object.entries(parts).filter(([key]) => !key.startsWith("_"))];
    return Object.fromEntries(names.map((name, k) => [name, Number(found[k]![1])]));
  }
  if (Array.isArray(value)) {
    return value.map((element) => plain(element, { type }));
  }
  if (value instanceof Uint8Array) {
    return Array.from(value);
  }
  if (type === "int24") {
    return (value as { value: number }).value;
  }
  return type === "boolean" ? value === 1 : value;
}

function checkExpected(t: ExecutionContext, decoder: Decoder, object: Parsed, expected: Expected, where: string): void {
  const attributes = [...attributesOf(decoder, object)];
  const next = (): [Attribute, unknown] => {
    const attribute = attributes.shift();
    t.truthy(attribute, `${where}: nothing left to read`);
    return [attribute!, object[camel(attribute!.id)]];
  };
  const check = ([name, definition, wanted]: Expected["values"][number]): void => {
    const [attribute, value] = next();
    t.is(attribute["-orig-id"] ?? attribute.id, name, where);
    t.deepEqual(plain(value, definition), wanted, `${where}: ${name}`);
    const { calibration, count } = definition;
    if (calibration !== undefined && count === undefined) {
      const calibrated = object[camel(`${attribute.id}_calibrated`)] as number;
      const right = calibrate(calibration, wanted as number);
      t.true(
        Math.abs(calibrated - right) <= Math.abs(right) * 1e-9 + 1e-9,
        `${where}: ${name} is ${calibrated}, not ${right}`,
      );
    }
  };
  expected.values.forEach(check);
  if (expected.variant !== undefined) {
    checkExpected(t, decoder, next()[1] as Parsed, expected.variant, where);
  }
  if (expected.items !== undefined) {
    t.is(next()[1], expected.items.length, where);
    const items = next()[1] as Parsed[];
    expected.items.forEach((item, k) => {
      checkExpected(t, decoder, items[k]!, item, `${where}[${k}]`);
    });
  }
  expected.trailer?.forEach(check);
  if (expected.data !== undefined) {
    t.deepEqual(Array.from(next()[1] as Uint8Array), expected.data, where);
  }
  t.deepEqual(attributes, [], `${where}: more than there is`);
}

function checkBoard(t: ExecutionContext, decoder: Decoder, board: BoardDictionary, random: Random): void {
  for (const { name, packet, expected, isTelecommand, serviceType, subtype, time } of randomPackets(random, board)) {
    const parsed = decoder.read(packet);
    const body = parsed["body"] as Parsed;
    t.is(parsed["packetType"], isTelecommand);
    t.is(parsed["apid"], board.conventions.apid);
    t.is(parsed["packetSequenceCount"], ((packet[2]! & 0x3f) << 8) | packet[3]!);
    t.is(parsed["packetErrorControl"], (packet.at(-2)! << 8) | packet.at(-1)!);
    t.deepEqual([body["serviceType"], body["messageSubtype"]], [serviceType, subtype]);
    if (!isTelecommand) {
      const { unix } = body["time"] as { unix: number };
      t.true(Math.abs(unix * 1000 - time) < 0.01, `${unix}, not ${time}`);
    }
    checkExpected(t, decoder, body["data"] as Parsed, expected, name);
  }
}

const FLATSAT = await boardDictionary(boardChoice({}, []));
const flatsatDecoder = decoderOf(FLATSAT);

for (const [title, board] of Object.entries({
  "the flatsat": FLATSAT,
  "the flatsat in CUC": await boardDictionary(boardChoice({}, ["time_code=cuc-tai", "failure_code_bytes=4"])),
  "a small board": SMALL_BOARD,
  "a board whose names are words of languages": nastyBoard(),
})) {
  test(`${title}: each kind of packet, three times with other values`, async (t) => {
    const decoder = await decoderOf(board);
    for (let seed = 1; seed <= 3; seed++) {
      checkBoard(t, decoder, board, new Random(seed));
    }
  });
}

test("random boards: each kind of packet", async (t) => {
  for (let seed = 1; seed <= 8; seed++) {
    const random = new Random(seed);
    const board = randomBoard(random);
    checkBoard(t, await decoderOf(board), board, random);
  }
});

test("what a simulated flatsat sends has the values that the dictionary says", async (t) => {
  const { program, ports } = await simulator("node", ["space-packets:0"], "--board", "examples/flatsat/board.ts");
  t.teardown(() => program.stop());
  // Housekeeping is of its ports, too.
  const board = await boardDictionary(boardChoice({}, ["listen=space-packets:0"]));
  const decoder = await decoderOf(board);
  const client = new Client({ host: "127.0.0.1", framing: spacePackets(), port: ports[0]! });
  t.teardown(() => client.close());
  await client.connect();
  const seen = new Set<number>();
  for await (const packet of client) {
    const body = decoder.read(packet)["body"] as { serviceType: number; messageSubtype: number; data: Parsed };
    if (body.serviceType !== 3 || body.messageSubtype !== 25) {
      continue;
    }
    const id = packet[20]!;
    const [, structure] = Object.entries(board.structures!).find(([, each]) => each.id === id)!;
    const parameters = structure.parameters.map((name) => [name, board.parameters![name]!] as const);
    const values = decode(
      parameters.map(([, definition]) => definition),
      packet.slice(21, -2),
    );
    const content = {
      values: parameters.map(([name, definition], k): Expected["values"][number] => [name, definition, values[k]!]),
    };
    checkExpected(
      t,
      decoder,
      body.data,
      { values: [["structureId", { type: "uint8" }, id]], variant: content },
      `structure ${id}`,
    );
    seen.add(id);
    if (seen.size === Object.keys(board.structures!).length) {
      break;
    }
  }
  t.is(seen.size, 5);
});

test("a packet of another board, or of no board, is refused", async (t) => {
  const decoder = await flatsatDecoder;
  const { packet } = randomPackets(new Random(1), FLATSAT)[0]!;
  const changed = (at: number, value: number): Uint8Array => packet.map((octet, k) => (k === at ? value : octet));
  t.notThrows(() => decoder.read(packet));
  for (const damaged of [changed(1, 77), changed(0, 0x28), changed(6, 0x10), packet.slice(0, -1)]) {
    t.throws(() => decoder.read(damaged));
  }
});

test("data of a type that the board has not are octets", async (t) => {
  const decoder = await flatsatDecoder;
  const packet = randomPackets(new Random(1), FLATSAT)
    .find(({ isTelecommand }) => !isTelecommand)!
    .packet.slice();
  packet[7] = 250;
  const { data } = decoder.read(packet)["body"] as { data: Uint8Array };
  t.deepEqual(data, packet.slice(20, -2));
});

test("a board whose names are words of languages is compiled for each of them", async (t) => {
  const format = formatOf(nastyBoard());
  for (const language of [
    "python",
    "java",
    "csharp",
    "cpp_stl",
    "go",
    "rust",
    "ruby",
    "lua",
    "php",
    "perl",
    "nim",
    "graphviz",
  ]) {
    const files = await compiler.compile(language, format, null, false);
    t.true(Object.keys(files).length > 0, language);
    if (language === "python" && spawnSync("python3", ["--version"]).status === 0) {
      const run = spawnSync("python3", ["-c", "import sys, ast; ast.parse(sys.stdin.read())"], {
        input: Object.values(files)[0]!,
        encoding: "utf8",
      });
      t.is(run.status, 0, run.stderr);
    }
  }
});

test("identifiers are what Kaitai reads, and no two are one, however a language writes them", (t) => {
  const ids = new Ids();
  const names = [
    "class",
    "Class",
    "CLASS",
    "a1",
    "a_1",
    "a__1",
    "für",
    "fur",
    "日本",
    "",
    "_",
    "7up",
    "x".repeat(200),
    `${"x".repeat(199)}y`,
    "toString",
  ];
  const taken = names.map((name) => ids.take(name, "word"));
  for (const id of taken) {
    t.regex(id, /^[a-z][a-z0-9_]*$/);
  }
  t.is(new Set(taken.map((id) => id.replaceAll("_", ""))).size, names.length);
  t.deepEqual(taken.slice(0, 3), ["class_value", "class_value_no2", "class_value_no3"]);
  t.is(taken.at(-1), "to_string_value");
});

test("YAML: any text, as key and as value, in maps and lists of any depth", (t) => {
  const texts = [
    ...NASTY_TEXTS,
    "no",
    "y",
    "null",
    "~",
    "1e3",
    "0x10",
    "a: b",
    "- a",
    "a #b",
    "plain",
    "kebab-case",
    "@x",
    "*x",
    "key",
  ];
  const wellFormed = texts.map((text) => text.toWellFormed());
  const data = {
    texts: wellFormed,
    keys: Object.fromEntries(wellFormed.map((text, k) => [text, k])),
    deep: [{ id: "a", list: [1, -2.5, true], map: { inner: { empty: {}, none: [] } } }, { id: "b" }],
  };
  t.deepEqual(parse(yamlOf(data)), data);
});

test("the program that comes with it prints the packet of the README", (t) => {
  // Below the project, so that it finds the packages.
  const folder = `${PROJECT}build/kaitai-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const { path, text } of KAITAI_GENERATOR.generate(FLATSAT)) {
    writeFileSync(`${folder}/${path}`, text);
  }
  const readme = KAITAI_GENERATOR.generate(FLATSAT).find(({ path }) => path === "README.md")!.text;
  const packages = JSON.parse(
    spawnSync("npm", ["pkg", "get", "devDependencies"], { cwd: PROJECT, encoding: "utf8" }).stdout,
  );
  for (const [, name, version] of readme.matchAll(/(kaitai-struct-compiler|kaitai-struct|yaml)@([\d.]+)/g)) {
    t.is(packages[name!], version);
  }
  const [, packet] = /node decode\.mjs ([0-9a-f]+)/.exec(readme)!;
  const run = spawnSync(process.execPath, ["decode.mjs", packet!], { cwd: folder, encoding: "utf8" });
  t.is(run.status, 0, run.stderr);
  t.regex(run.stdout, /structureId: 19,/);
  t.regex(run.stdout, /orbitPhaseCalibrated: 0/);
});
