/** What the README and the pages about framings say is what there is. */
import test from "ava";
import { PORT_OPTIONS } from "../../modules/flatsat/configuration.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { helpOf } from "../../modules/framing/options/option-table.js";
import { COMMON_FRAMING_OPTIONS, FRAMINGS, framingOptions, parseFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { projectFile } from "../project.js";

const README = projectFile("README.md");
const FRAMINGS_PAGE = projectFile("docs/framings.md");
/** Keys and causes. */
const OPTIONS_PAGE = projectFile("docs/framing-options.md");
const TEXT = README + FRAMINGS_PAGE + OPTIONS_PAGE;
const CODE = [...TEXT.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, code]) => code as string);

test("Every framing that is written with its keys can be made.", (t) => {
  const names = FRAMINGS.map(({ name }) => name).join("|");
  const texts = CODE.filter((code) => new RegExp(`^(${names})(,[a-z-]+=[^,]+)+$`).test(code));
  t.true(texts.length >= 11, `${texts.length} found`);
  for (const text of texts) {
    t.notThrows(() => parseFraming("framing", text, { maxPacketLength: 1024 }), text);
  }
});

test("Every framing is described, with every key.", (t) => {
  for (const entry of FRAMINGS) {
    for (const word of [entry.name, ...framingOptions(entry)]) {
      t.true(
        CODE.some((code) => code === word || code.startsWith(`${word}=`) || code.startsWith(`${entry.name},${word}=`)),
        `${entry.name}: ${word}`,
      );
    }
  }
});

test("The table of keys is that of --help.", (t) => {
  const everyOne = Object.entries({ ...helpOf(COMMON_FRAMING_OPTIONS), ...PORT_OPTIONS });
  const rows = [
    ...FRAMINGS.flatMap(({ name, options }) => Object.entries(helpOf(options)).map((option) => [name, ...option])),
    ...everyOne.map((option) => ["every one", ...option]),
  ].map(([framing, key, value]) => `| ${framing} | \`${key}\` | ${value} |`);
  const found = [...OPTIONS_PAGE.matchAll(/^\| [\w -]+ \| `[\w-]+` \| .*\|$/gm)].map(([row]) => row);
  t.deepEqual(found, rows);
});

test("The overheads in the table of framings are those of the frames.", (t) => {
  const packet = Uint8Array.of(0x18, 0x02, 0xc0, 0, 0, 0, 0x77);
  const overhead = (text: string) =>
    encodeFrame(parseFraming("framing", text, { maxPacketLength: 100 }), packet).length - packet.length;
  t.is(overhead("length-prefixed"), 2);
  t.is(overhead("netstring"), 3);
  t.is(overhead("fixed,length=7"), 0);
  t.is(overhead("sync,length=7"), 4);
  t.is(overhead("uslp,scid=1"), 8 + 2 + 2);
  t.is(overhead("uslp,scid=1,count=0,fecf=off"), 8);
  t.is(overhead("tc-frames,scid=1"), 5 + 2);
  t.is(overhead("tc-frames,scid=1,map=0"), 5 + 1 + 2);
});

test("The causes of rejection are those that the decoders count, in their order.", (t) => {
  const rows = Array.from(OPTIONS_PAGE.matchAll(/^\| `([\w,=-]+)` \| ((?:\w+, )+\w+) \|$/gm), ([, text, causes]) => ({
    text: text as string,
    causes: causes as string,
  }));
  for (const { text, causes } of rows) {
    const example = FRAMINGS.find(({ name }) => text.split(",")[0] === name)?.example;
    const framing = parseFraming("framing", example === undefined || text.includes("=") ? text : `${text},${example}`, {
      maxPacketLength: 64,
    });
    t.is(framing.decoder(new FixedMemory(4096), 0).counters.reasons.join(", "), causes, text);
  }
  const names = rows.map(({ text }) => text).filter((text) => !text.includes(","));
  t.deepEqual(names.sort(), FRAMINGS.map(({ name }) => name).sort());
});

test("The tables of framings have every framing.", (t) => {
  for (const [page, section] of [
    ["README.md", README.match(/^### Framings\n([\s\S]*?)^##/m)?.[1] ?? ""],
    ["docs/framings.md", FRAMINGS_PAGE.match(/^## Which one\n([\s\S]*?)^##/m)?.[1] ?? ""],
  ] as const) {
    const names = Array.from(section.matchAll(/^\| `([a-z-]+)` \|/gm), ([, name]) => name as string);
    t.deepEqual(names.sort(), FRAMINGS.map(({ name }) => name).sort(), page);
  }
});

test("Every framing has a section of its own.", (t) => {
  const sections = Array.from(FRAMINGS_PAGE.matchAll(/^## (.+)$/gm), ([, heading]) => heading as string);
  for (const { name } of FRAMINGS) {
    t.true(sections.includes(name), name);
  }
});
