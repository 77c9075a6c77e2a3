/** The .ksy file, compiled by Kaitai's own compiler: it reads every packet of every board to the values that are in it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { parse } from "yaml";
import { boardChoice, boardDictionary } from "../../../ground/commands/board-choice.js";
import { Ids } from "../../../ground/generate/ids.js";
import { yamlOf } from "../../../ground/generate/kaitai/yaml.js";
import { KAITAI_GENERATOR } from "../../../ground/generate/kaitai.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { Random } from "../../framing/random.js";
import { PROJECT } from "../../project.js";
import { NASTY_TEXTS, nastyBoard, randomBoard, SMALL_BOARD } from "./boards.js";
import { checkExpected, compiler, type Decoder, decoderOf, formatOf, type Parsed } from "./kaitai-decoder.js";
import { randomPackets } from "./random-packets.js";

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
  for (const language of ["python", "java", "csharp", "cpp_stl", "go", "rust"]) {
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
