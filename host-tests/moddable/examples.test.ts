/** Every example of the README and of docs/ that is marked for a board runs there as on Node. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import test from "ava";
import { compileExamples, EXAMPLES } from "../examples.js";
import { build, Simulator, whyNot, writeExamples } from "./simulator.js";

const skipped = whyNot();
if (skipped !== undefined) {
  console.log(`Firmware tests skipped: ${skipped}`);
}
const firmwareTest = skipped === undefined ? test.serial : test.serial.skip;

/** What only exports a framing of one's own, and what talks through it. */
const HEX_LINES_USE = `
import { decodeFrames, encodeFrame } from "flatlink/framing/encode-decode";
const framing = hexLines(16);
const frame = encodeFrame(framing, Uint8Array.of(0x12, 0xab));
console.log(frame, decodeFrames(framing, frame));
`;

const examples = EXAMPLES.filter(({ onBoard }) => onBoard).map(({ page, code }, i) => ({
  name: `${page.replace(/\W/g, "-")}-${i}`,
  code: /^export function hexLines/m.test(code) ? `${code}\n${HEX_LINES_USE}` : code,
}));

const IMPORT = /^import \{ (.*) \} from "flatlink\/(.*)";\n/gm;

/**
 * All examples as one module: a function for each.
 * @param sources what the compiler made of them, by name
 * @param specifier where a module of the project is
 */
function oneModule(sources: Record<string, string>, specifier: (module: string) => string): string {
  const imports = new Set<string>();
  const functions = Object.entries(sources).map(([name, source]) => {
    for (const [, names, module] of source.matchAll(IMPORT)) {
      for (const each of (names as string).split(", ")) {
        imports.add(`import { ${each} } from "${specifier(module as string)}";\n`);
      }
    }
    const body = source
      .replaceAll(IMPORT, "")
      .replaceAll(/^export (?!\{\})/gm, "")
      .replaceAll("export {};", "");
    return `  ${JSON.stringify(name)}(console, Buffer) {\n${body}  },\n`;
  });
  return `${[...imports].join("")}export const examples = {\n${functions.join("")}};\n`;
}

firmwareTest("every example that is marked for a board prints there what it prints on Node", async (t) => {
  t.timeout(900_000);
  const folder = compileExamples("board", Object.fromEntries(examples.map(({ name, code }) => [name, code])));
  const sources = Object.fromEntries(examples.map(({ name }) => [name, readFileSync(`${folder}${name}.js`, "utf8")]));
  const onNode = writeExamples(
    "examples-on-node",
    oneModule(sources, (module) => `../modules/${module}.js`),
  );
  writeExamples(
    "examples",
    oneModule(sources, (module) => `flatlink/${module}`),
  );

  const expected: string[] = [];
  const { examples: compiled } = await import(pathToFileURL(onNode).href);
  const standIns: string = "./programs/stand-ins.js";
  const { runExamples } = await import(standIns);
  runExamples(compiled, (line: string) => expected.push(...line.split("\n")));
  t.deepEqual(
    expected.filter((line) => line.includes("threw")),
    [],
  );
  for (const helper of ["decode(", "decodeText(", "decodeJson(", "encodeFrame("]) {
    t.true(
      examples.some(({ code }) => code.includes(helper)),
      helper,
    );
  }

  const made = build("lin", [], "examples");
  t.teardown(() => made.remove());
  t.is(made.status, 0, made.log);
  const simulator = new Simulator(made);
  t.teardown(() => simulator.stop());
  const END = "all examples ended";
  await simulator.until(END, () => simulator.lines.find((line) => line === END));
  // What XS itself says of an exception, caught or not.
  const lines = simulator.lines.slice(0, simulator.lines.indexOf(END)).filter((line) => !line.startsWith("Exception "));
  t.deepEqual(lines, expected);
  t.log(`${examples.length} examples`);
});
