/** What is imitated of a board's preloaded modules catches what it is there for. */
import avaTest from "ava";
import { xs } from "../host/xs-support.js";
import { PreloadImage } from "./preload-image.js";

const test = xs.available ? avaTest : avaTest.skip;

interface Outcome {
  readonly result: string;
  readonly faults: string[];
}

/** Runs `run()` of a module of this text on the imitated board, and on XS as it is. */
async function outcomes(source: string): Promise<{ board: Outcome; desk: string }> {
  const image = new PreloadImage();
  try {
    image.preload("sample", source);
    const answers: string[] = [];
    for (const imitated of [true, false]) {
      const machine = await image.start(imitated);
      try {
        answers.push(
          await machine.evaluate(`(() => {
            let result;
            try { result = String(onBoard(() => modules[0].run())); } catch (error) { result = "threw " + error.message; }
            return JSON.stringify({ result, faults });
          })()`),
        );
      } finally {
        await machine.stop();
      }
    }
    return { board: JSON.parse(answers[0]!) as Outcome, desk: (JSON.parse(answers[1]!) as Outcome).result };
  } finally {
    image.remove();
  }
}

/** What it is, the module, and what a board makes of it. */
const CAUGHT: readonly [string, string, RegExp][] = [
  [
    "a global regular expression that a module holds",
    `const WORD = /[a-z]+/g;\nexport function run() { return "a1b".replace(WORD, "x"); }`,
    /threw .*lastIndex/,
  ],
  [
    "a sticky regular expression that a module holds",
    `const WORD = /[a-z]+/y;\nexport function run() { return WORD.test("ab"); }`,
    /threw .*lastIndex/,
  ],
  [
    "the tag of a typed array",
    `export function run() { return Object.prototype.toString.call(new Uint8Array(1)); }`,
    /dead strip: .*toStringTag/,
  ],
  [
    "a fault that is caught and passed over",
    `export function run() { try { Object.prototype.toString.call(new Uint8Array(1)); } catch {} return 1; }`,
    /dead strip: .*toStringTag/,
  ],
  [
    "bytes that a module holds and writes",
    `const BYTES = new Uint8Array(4);\nexport function run() { BYTES[1] = 7; return BYTES[1]; }`,
    /a preloaded buffer or Date was written/,
  ],
  [
    "a Map that a module holds and fills",
    `const MAP = new Map();\nexport function run() { MAP.set(1, 2); return MAP.size; }`,
    /threw set: a preloaded collection is read-only/,
  ],
  [
    "a WeakMap deep in what a module holds",
    `export const TABLE = { deep: [new WeakMap()] };\nexport function run() { TABLE.deep[0].set({}, 2); return 1; }`,
    /threw set: a preloaded collection is read-only/,
  ],
  [
    "a property of an error that its prototype has, assigned",
    `class Mine extends Error { constructor() { super("m"); this.name = "Mine"; } }\nexport function run() { return new Mine().name; }`,
    /threw .*not writable/,
  ],
  [
    "a static field that changes",
    `class Counter { static count = 0; }\nexport function run() { Counter.count++; return Counter.count; }`,
    /threw .*not writable/,
  ],
  [
    "a method added to a class",
    `class Late {}\nexport function run() { Late.prototype.go = () => 1; return new Late().go(); }`,
    /threw .*not extensible/,
  ],
  [
    "JSON of what a module holds",
    `const TABLE = [1, 2];\nexport function run() { return JSON.stringify({ table: TABLE }); }`,
    /threw JSON.stringify: read only value/,
  ],
];

for (const [what, source, expected] of CAUGHT) {
  test(`The imitated board catches ${what}, which XS by itself lets through.`, async (t) => {
    const { board, desk } = await outcomes(source);
    t.regex([board.result, ...board.faults].join("\n"), expected);
    t.notRegex(desk, /^threw/);
  });
}

const HARMLESS = `
const WORD = /^[a-z]+$/;
const TABLE = Object.freeze([1, 2, 3]);
const STATE = { count: 0 };
class Mine extends Error { name = "Mine"; #secret = 3; get secret() { return this.#secret; } }
export function run() {
  STATE.count++;
  const bytes = new Uint8Array(3);
  bytes[0] = TABLE[1];
  const map = new Map([["a", 1]]);
  map.set("b", 2);
  const text = "a1b2".replace(/[a-z]/g, (letter) => letter + letter);
  const { length } = [...TABLE, ...map.keys()].map((each) => String(each));
  return JSON.stringify([WORD.test("ab"), bytes[0], text, length, STATE.count, String(new Mine("m")), new Mine().secret]);
}`;

test("The imitated board lets through what a board lets through.", async (t) => {
  const { board, desk } = await outcomes(HARMLESS);
  t.deepEqual(board, { result: desk, faults: [] });
  t.is(desk, '[true,2,"aa1bb2",5,1,"Mine: m",3]');
});
