/** Every example of the README and of docs/ is type-checked; what says behind each line what it prints prints that. */
import test from "ava";
import { compileExamples, EXAMPLES, isCustomFraming, runExample, saidOutput, suitsBoard } from "./examples.js";

/** Those that name the framing of one's own need its file beside them: own-framing.test.ts has them. */
const examples = EXAMPLES.filter((example) => example.language === "ts" && !isCustomFraming(example));

const names = examples.map(({ page }, number) => `${page.replace(/\W/g, "-")}-${number}`);
let folder = "";

test.before("every example passes the compiler, with imports that a user of the package has", (t) => {
  t.timeout(60_000);
  folder = compileExamples("all", Object.fromEntries(examples.map(({ code }, i) => [names[i] as string, code])));
});

examples.forEach((example, i) => {
  const said = saidOutput(example);
  if (said !== undefined) {
    // One at a time: each is a process of its own.
    test.serial(`${names[i]} prints what its comments say`, async (t) => {
      t.deepEqual((await runExample(`${folder}${names[i]}.js`)).split("\n"), said);
    });
  }
});

test("for each framing, docs/framings.md has an example that is run", (t) => {
  const code = examples
    .filter((example) => example.page === "docs/framings.md" && saidOutput(example) !== undefined)
    .map((example) => example.code)
    .join("\n");
  for (const use of [
    "cobs()",
    "spacePackets({",
    "slip()",
    "lines()",
    "raw()",
    "lengthPrefixed({",
    "netstring()",
    '"marker,kinds=fdaa+150+ccdd/fdcc+190+ccdd/fdcc+192+ccdd"',
    '"fixed,length=544,',
    "fixed({",
    "sync({",
    "uslp({",
    "withCrc(",
  ]) {
    t.true(code.includes(use), use);
  }
});

test("what could run on a board is marked so, and nothing else: the Moddable SDK's tests run it there", (t) => {
  const where = ({ page, code }: { page: string; code: string }) => `${page}: ${code.slice(0, 100)}`;
  t.deepEqual(EXAMPLES.filter(({ onBoard }) => onBoard).map(where), EXAMPLES.filter(suitsBoard).map(where));
  t.true(EXAMPLES.some(({ onBoard }) => onBoard));
});
