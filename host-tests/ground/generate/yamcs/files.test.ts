/** What is generated for Yamcs hangs together, whatever the dictionary; the real Yamcs is asked in `npm run test:interop`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { plainName } from "../../../../ground/generate/yamcs/names.js";
import { element, xmlDocument } from "../../../../ground/generate/yamcs/xml.js";
import { xtceOf } from "../../../../ground/generate/yamcs/xtce.js";
import { yamcsFiles } from "../../../../ground/generate/yamcs.js";
import type { BoardDictionary } from "../../../../modules/dictionary/conventions.js";
import { SAMPLE } from "../../../dictionary/sample.js";
import { Random } from "../../../framing/random.js";
import { checkProperty } from "../../../seeded-properties.js";
import { nastyBoard } from "../boards.js";
import { boardOf, CONVENTIONS, NASTY, randomBoard, SMALL } from "./boards.js";
import { first, parseXml } from "./xml-tree.js";
import { complaintsAbout } from "./xtce-check.js";

const BOARDS = 30;

function fileOf(board: BoardDictionary, path: RegExp): string {
  return yamcsFiles(board).find((file) => path.test(file.path))!.text;
}

test("what Yamcs cannot do is refused in one line that says what would do", (t) => {
  const cds = { ...SMALL, conventions: { ...CONVENTIONS, timeCode: "cds" } };
  t.throws(() => yamcsFiles(cds), { instanceOf: RangeError, message: /^[^\n]*time_code=cuc$/ });
  for (const framing of ["cobs", "space-packets,crc=crc16", "space-packets,crc=none", "slip,over=space-packets"]) {
    const ports = [{ framing, port: 7301, role: "tmtc" as const }];
    const board = { ...SMALL, conventions: { ...CONVENTIONS, ports } };
    t.throws(() => yamcsFiles(board), { instanceOf: RangeError, message: /^[^\n]*listen=space-packets:7301$/ });
  }
  const ports = [
    { framing: "cobs", port: 7302, role: "tmtc" as const },
    { framing: "space-packets", port: 7310, role: "tm" as const },
    { framing: "space-packets,crc=check32", port: 7311, role: "tmtc" as const },
    { framing: "space-packets,crc=check16,packet-ids=0x1800", port: 7303, role: "tmtc" as const },
  ];
  t.regex(fileOf({ ...SMALL, conventions: { ...CONVENTIONS, ports } }, /yamcs\.small\.yaml/), /FLATLINK_PORT:7303\}/);
});

test("the time's epoch is that of the board's code, for the database and for the link", (t) => {
  for (const [timeCode, epoch] of [
    ["cuc", "UNIX"],
    ["cuc-tai", "TAI"],
  ] as const) {
    const board = { ...SMALL, conventions: { ...CONVENTIONS, timeCode } };
    t.is(first(parseXml(fileOf(board, /^mdb\//)), "Epoch").text, epoch);
    t.true(fileOf(board, /yamcs\.small\.yaml/).includes(`epoch: ${epoch} }`));
  }
});

test("a board without events has nothing that decodes them: Yamcs would not start", (t) => {
  t.true(fileOf(SMALL, /yamcs\.small\.yaml/).includes("eventIdParameter: /small/eventReporting_eventId\n"));
  t.false(fileOf({ ...SMALL, events: {} }, /yamcs\.small\.yaml/).includes("PusEventDecoder"));
});

for (const [name, board] of Object.entries({
  "the small board": SMALL,
  "a board that means trouble": NASTY,
  "one that no tool likes": { ...nastyBoard(), conventions: CONVENTIONS },
  "the sample": { ...SAMPLE, conventions: CONVENTIONS } as BoardDictionary,
  "a board without anything": { name: "", conventions: CONVENTIONS },
  "the link's own board": boardOf({ name: "own" }),
})) {
  test(`well-formed, legal names, no reference to nothing: ${name}`, (t) => {
    t.deepEqual(complaintsAbout(fileOf(board, /^mdb\//)), []);
    t.notThrows(() => parseXml(fileOf(board, /^pom\.xml$/)));
    for (const { path, text } of yamcsFiles(board)) {
      t.regex(path, /^([A-Za-z0-9_.-]{1,240}\/?)+$/);
      t.regex(text, /\n$/);
      if (/\.(par|json|yaml)$/.test(path)) {
        t.regex(text, /^[\n\x20-\x7e]*$/, `${path} is ASCII, for readers with any character set`);
      }
    }
  });
}

test(`${BOARDS} random dictionaries: none fails, every file hangs together`, (t) => {
  const seeds = fc.integer({ min: 0, max: 0xffffffff });
  const property = fc.property(seeds, (seed) => {
    const board = randomBoard(new Random(seed));
    t.deepEqual(complaintsAbout(fileOf(board, /^mdb\//)), []);
    t.true(Array.isArray(JSON.parse(fileOf(board, /events\.[^/]*json$/))));
  });
  checkProperty(t, property, BOARDS);
});

test("event texts: values by their path, with digits and unit; other braces are none of Yamcs's", (t) => {
  const small = JSON.parse(fileOf(SMALL, /events\.[^/]*json$/)) as { eventId: string; template: string }[];
  t.deepEqual(small, [{ eventId: "hot", template: "it is {/small/hot_celsius; %.1f} degC in {/small/hot_mode}" }]);
  const nasty = JSON.parse(fileOf(NASTY, /events\.[^/]*json$/)) as { eventId: string; template: string }[];
  const { name } = xtceOf(NASTY, "UNIX");
  t.is(nasty.length, 3);
  const [long, described, plain] = nasty.map(({ template }) => template);
  const inside = [...long!.matchAll(/\{([^}]*)\}/g)].map(([, path]) => path);
  t.deepEqual(inside, [`/${name}/${nasty[0]!.eventId}_celsius`]);
  t.true(long!.includes("_celsius} % "), "its unit stands behind it");
  t.false(/[{}]/.test(described!));
  t.is(plain, "constructor");
});

test("event texts have the digits of a small step, and none that a float may not have", (t) => {
  const values = {
    drift: { type: "int16", calibration: { polynomial: [0, 1e-7] } },
    ratio: { type: "float32", calibration: { polynomial: [0, 2] } },
  } as const;
  const board = { ...SMALL, events: { hot: { id: 256, severity: "low", text: "{drift} {ratio}", values } } } as const;
  const [made] = JSON.parse(fileOf(board, /events\.[^/]*json$/)) as { template: string }[];
  t.is(made!.template, "{/small/hot_drift; %.7f} {/small/hot_ratio}");
});

test("a board's name is text to YAML, whatever YAML takes it for", (t) => {
  for (const name of ["true", "no", "null"]) {
    const board = { ...SMALL, name };
    t.true(fileOf(board, /etc\/yamcs\.yaml$/).includes(`instances: ["${name}"]\n`));
    t.true(fileOf(board, new RegExp(`yamcs\\.${name}\\.yaml$`)).includes(`  - name: "${name}"\n`));
  }
});

test("data behind a list have no parameter, and their packet says so", (t) => {
  const list = { countType: "uint8", items: { x: { type: "uint8" } }, maxCount: 3 } as const;
  const reports = { far: { subtype: 1, description: "far", list, maxDataLength: 9 }, near: { subtype: 2, list } };
  const board = { ...SMALL, services: { own: { type: 200, reports } } } as const;
  const root = parseXml(fileOf(board, /^mdb\//));
  const said = (name: string) => first(root, "SequenceContainer", name).attributes["shortDescription"];
  t.is(said("far"), "far; up to 9 octets behind the list have no parameter");
  t.is(said("near"), undefined);
});

test("the start script fills a folder for the jar files that is there, and empty", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-yamcs-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "start.sh"), fileOf(SMALL, /^start\.sh$/), { mode: 0o755 });
  for (const [name, script] of [
    ["mvn", "mkdir lib.part && touch lib.part/yamcs-core.jar"],
    ["java", "ls lib"],
  ] as const) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  mkdirSync(join(folder, "lib"));
  const run = spawnSync("sh", [join(folder, "start.sh")], {
    encoding: "utf8",
    env: { PATH: `${folder}:${process.env["PATH"]}`, YAMCS_SECRET_KEY: "x" },
  });
  t.regex(run.stdout, /^yamcs-core\.jar$/m, run.stderr);
});

test("any text becomes a plain name, and every text of XML comes out as it went in", (t) => {
  t.is(plainName("Größe 1/2: a.b"), "Gro_e_1_2_a_b");
  t.is(plainName("漢字"), "board");
  t.is(plainName("9-a"), "a");
  t.is(plainName("x".repeat(500)).length, 60);
  const texts = fc.string({ unit: "binary" });
  t.is(/<!-- (.*) -->/.exec(xmlDocument(element("a"), "a---b--"))![1], "a- - -b- -");
  const property = fc.property(texts, texts, (text, attribute) => {
    t.regex(plainName(text), /^[A-Za-z][A-Za-z0-9_-]*$/);
    const root = parseXml(xmlDocument(element("a", { b: attribute }, text), attribute));
    t.is(root.attributes["b"], legal(attribute));
    t.is(root.text, legal(text));
  });
  checkProperty(t, property, 200);
});

/** XML 1.0, 2.2. */
function legal(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}
