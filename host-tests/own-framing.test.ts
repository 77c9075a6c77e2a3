/** The framing of one's own: its length, the contract that it keeps, on Node and on XS, and a board that speaks it. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { pathToFileURL } from "node:url";
import test, { type ExecutionContext } from "ava";
import { CdsShort } from "../modules/ccsds/cds-short.js";
import { decodeFrames } from "../modules/framing/encode-decode.js";
import type { FramingEntry } from "../modules/framing/options/framing-entry.js";
import { makeFraming } from "../modules/framing/registry.js";
import { parseTelemetry } from "../modules/pus/build-parse.js";
import { compileExamples, EXAMPLES, isCustomFraming } from "./examples.js";
import type { CustomFraming, MakeFraming } from "./framing/custom-framing.js";
import { XsModule, xsTest } from "./framing/xs-module.js";
import { ProgramOnXs } from "./link/heap-growth.js";
import { Program } from "./project.js";

const MAX_LINES = 30;
/** As a user's project that is as strict as this one. */
const STRICTEST = ["--noUncheckedIndexedAccess", "--noPropertyAccessFromIndexSignature", "--erasableSyntaxOnly"];

const examples = EXAMPLES.filter(isCustomFraming);

function exampleLike(pattern: RegExp): string {
  const index = examples.findIndex(({ code }) => pattern.test(code));
  const [example] = examples.splice(index, index < 0 ? 0 : 1);
  if (example === undefined) {
    throw new Error(`there is no example like ${pattern} any more`);
  }
  return example.code;
}

const framing = exampleLike(/^export function hexLines/m);
const sources = { "hex-lines": framing, entry: exampleLike(/\bhexLinesEntry\b/) };
const board = exampleLike(/\bnew Flatsat\(/);
const byHand = exampleLike(/\| nc /);

/** Where the example is, with imports as the package has them. */
const folder = compileExamples("custom-framing", sources, STRICTEST);
const boardFolder = compileExamples("custom-board", { "hex-lines": framing, board });
const { hexLines } = (await import(pathToFileURL(`${folder}hex-lines.js`).href)) as { hexLines: MakeFraming };

/** The same with relative imports, which is all that the XS worker knows, joined to the tests. */
const PROGRAM = `${folder}program.js`;
const compiled = readFileSync(`${folder}hex-lines.js`, "utf8");
writeFileSync(`${folder}hex-lines-relative.js`, compiled.replace(/"flatlink\/([^"]+)"/g, '"../../modules/$1.js"'));
writeFileSync(
  PROGRAM,
  `import { customFraming } from "../../host-tests/framing/custom-framing.js";
import { hexLines } from "./hex-lines-relative.js";
export const { titles, runCase, runStreams } = customFraming(hexLines);
`,
);
const onNode = (await import(pathToFileURL(PROGRAM).href)) as CustomFraming;
const xs = new XsModule(import.meta.url, pathToFileURL(PROGRAM).href);
test.after.always(() => xs.stop());

test(`the framing has at most ${MAX_LINES} lines of code, and every example of it is used here`, (t) => {
  const lines = framing.split("\n").filter((line) => line.trim() !== "" && !/^\s*(\/\/|\/\*)/.test(line));
  t.true(lines.length <= MAX_LINES, `${lines.length} lines`);
  t.deepEqual(examples, []);
});

for (const title of JSON.parse(onNode.titles()) as string[]) {
  test(`hex-lines: ${title}`, (t) => {
    t.is(onNode.runCase(title, false), "ok");
  });

  xsTest(`on XS: hex-lines: ${title}`, async (t) => {
    t.is(await xs.call("runCase", title, true), "ok");
  });
}

xsTest("hex-lines: Node and XS get the same packets and counters out of the same random streams", async (t) => {
  const seeds = 60;
  t.deepEqual((await xs.call("runStreams", 1, seeds)).split("\n"), onNode.runStreams(1, seeds).split("\n"));
});

xsTest("on XS, hex-lines allocates no slot per packet", async (t) => {
  await ProgramOnXs.use(PROGRAM, async (program) => {
    t.deepEqual(await program.growth("hex-lines", 50, 500), { few: 0, many: 0 });
  });
});

/** Starts the board of the example. @returns its port */
async function startBoard(t: ExecutionContext): Promise<number> {
  const program = new Program(process.execPath, [`${boardFolder}board.js`], { PORT: "0" });
  t.teardown(() => program.stop());
  const [, port] = await program.prints(/listening on port (\d+)/);
  return Number(port);
}

/** Service types and subtypes of the telemetry in lines of hexadecimal digits, but for what comes by itself. */
function answers(text: string): string[] {
  return decodeFrames(hexLines(1000), Buffer.from(text))
    .map((packet) => parseTelemetry(packet, new CdsShort()))
    .filter(({ serviceType }) => serviceType !== 3 && serviceType !== 5)
    .map(({ serviceType, messageSubtype }) => `${serviceType},${messageSubtype}`);
}

const ANSWERS = ["1,1", "1,3", "17,2", "1,7"];

test.serial("a board that speaks hex-lines answers over TCP, also behind a damaged line", async (t) => {
  const port = await startBoard(t);
  let received = "";
  const socket = connect(port, "127.0.0.1");
  const [, telecommand] = byHand.match(/^echo ([0-9a-f]+) /) as unknown as [string, string];
  socket.write(`1802c0\n18x2\n${telecommand.slice(0, 9)}`);
  setTimeout(() => socket.end(`${telecommand.slice(9)}\n`), 50);
  for await (const chunk of socket) {
    received += chunk;
  }
  t.deepEqual(answers(received), ANSWERS);
});

test.serial("a telecommand typed by hand is answered in lines that can be read", async (t) => {
  if (spawnSync("sh", ["-c", "command -v nc"]).status !== 0) {
    t.pass("there is no nc on this machine");
    return;
  }
  const command = byHand.replace("7303", String(await startBoard(t)));
  const nc = new Program("sh", ["-c", command]);
  t.teardown(() => nc.stop());
  await nc.prints(/^0802c0..00(?:13|0f)2[01]0107/m);
  t.deepEqual(answers(nc.output), ANSWERS);
});

test("hex-lines is chosen by name through its entry, with its key and a checksum", async (t) => {
  const { hexLinesEntry: entry } = (await import(pathToFileURL(`${folder}entry.js`).href)) as {
    hexLinesEntry: FramingEntry;
  };
  t.is(makeFraming(entry, {}, { maxPacketLength: 512 }).maxPacketLength, 512);
  const made = makeFraming(entry, { "max-packet": "64", crc: "crc16" }, { maxPacketLength: 512 });
  t.is(made.name, entry.name);
  t.is(made.maxPacketLength, 64);
  t.deepEqual(decodeFrames(made, Buffer.from("31323334353637383929b1\n")), [new Uint8Array(Buffer.from("123456789"))]);
  t.throws(() => makeFraming(entry, { "max-packet": "0" }, { maxPacketLength: 512 }), {
    message: /hex-lines.*1 to 65542/,
  });
});
