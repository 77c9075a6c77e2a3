import test from "ava";
import fc from "fast-check";
import { Pace } from "../../../ground/recording/pace.js";
import {
  entryLine,
  headerLine,
  parseEntry,
  parseHeader,
  RecordingError,
  readRecording,
} from "../../../ground/recording/recording-format.js";
import { checkAsyncProperty } from "../../seeded-properties.js";

const HEADER = {
  board: "b",
  dictionaryHash: "0x00000001",
  settings: { apid: "2" },
  started: "2026-08-21T12:00:00.000Z",
};

async function* linesOf(text: string): AsyncGenerator<string, void, undefined> {
  // As readline gives them: no empty one behind the last newline, and none of an empty file.
  yield* text === "" ? [] : text.split("\n").slice(0, text.endsWith("\n") ? -1 : undefined);
}

async function read(text: string): Promise<unknown[]> {
  const entries: unknown[] = [];
  for await (const entry of readRecording(linesOf(text))) {
    entries.push(entry);
  }
  return entries;
}

test("a header and entries come back as they were", async (t) => {
  const entries = [
    { t: 1000.125, link: "connected" as const },
    { t: 1001, packet: Uint8Array.of(0, 255, 16) },
    { t: 1002, dictionaryHash: "0x00000002" },
    { t: 1003, link: "lost" as const },
  ];
  const text = headerLine(HEADER) + entries.map(entryLine).join("");
  t.deepEqual(await read(text), [{ flatlink: "recording", version: 1, ...HEADER }, ...entries]);
  t.is(text.split("\n")[2], '{"t":1001,"packet":"00ff10"}');
});

test("wherever a recording is cut, what is whole is read", async (t) => {
  const entry = fc.record({
    t: fc.double({ min: 0, max: 1e13, noNaN: true }),
    packet: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  });
  await checkAsyncProperty(
    t,
    fc.asyncProperty(fc.array(entry, { maxLength: 8 }), fc.nat(), async (entries, cut) => {
      const header = headerLine(HEADER);
      const lines = entries.map(entryLine);
      const text = header + lines.join("");
      const end = header.length + (cut % (text.length - header.length + 1));
      let whole = 0;
      for (let at = header.length; whole < lines.length && at + lines[whole]!.length - 1 <= end; whole++) {
        at += lines[whole]!.length;
      }
      const found = await read(text.slice(0, end));
      t.is(found.length, 1 + whole);
      t.deepEqual(
        found.slice(1).map((each) => (each as { packet: Uint8Array }).packet),
        entries.slice(0, whole).map(({ packet }) => packet),
      );
    }),
    200,
  );
});

test("what is no recording is told, with the line that is wrong", async (t) => {
  t.throws(() => parseHeader("{}"), { instanceOf: RecordingError, message: /no recording/ });
  t.throws(() => parseHeader("not JSON"), { message: /no recording/ });
  t.throws(() => parseHeader('{"flatlink":"recording","version":2}'), {
    message: /version is 2, and this program reads version 1/,
  });
  await t.throwsAsync(read(""), { message: /empty/ });
  await t.throwsAsync(read(`${headerLine(HEADER)}nonsense\n${entryLine({ t: 1, link: "lost" })}`), {
    message: "line 2 is no entry of a recording",
  });
  for (const line of [
    "{}",
    "[]",
    "7",
    '{"t":"1"}',
    '{"t":1,"packet":"0"}',
    '{"t":1,"packet":"zz"}',
    '{"t":1,"packet":7}',
  ]) {
    t.is(parseEntry(line), undefined, line);
  }
});

test("packets are as far apart as they came, by the factor", (t) => {
  const pace = new Pace(10);
  t.is(pace.waitMs(5000, 100), 0);
  t.is(pace.waitMs(6000, 100), 100);
  t.is(pace.waitMs(6000, 150), 50);
  t.is(pace.waitMs(6500, 400), 0, "late");
  t.is(pace.waitMs(4000, 400), 0, "a clock that was set back");
  pace.restart();
  t.is(pace.waitMs(9000, 1000), 0);
  t.is(pace.waitMs(9500, 1000), 50);
  const atOnce = new Pace(Number.POSITIVE_INFINITY);
  atOnce.waitMs(0, 0);
  t.is(atOnce.waitMs(1e9, 0), 0);
});
