/** What a stream looks like, told by its first bytes. */
import test from "ava";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { encodeFrame, PacketFramer } from "../../modules/framing/encode-decode.js";
import {
  CERTAIN_BITS,
  framingTitle,
  GUESS_LENGTH,
  GUESSABLE,
  guessableName,
  guessFraming,
} from "../../modules/framing/guess/guess.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { FRAMINGS, parseFraming } from "../../modules/framing/registry.js";
import { concat, Random } from "./random.js";

/** They are what they are configured to be, or nothing at all. */
const UNGUESSABLE = ["fixed", "marker", "raw"];

const COMMON = { maxPacketLength: 1024 };

function guess(bytes: Uint8Array): string | undefined {
  return guessFraming(bytes, 0, bytes.length);
}

/** A packet as PUS has it, with its CRC. */
function telecommand(length: number, count: number, random: Random): Uint8Array {
  const packet = random.bytes(length);
  packet.set([0x18, 0x02, 0xc0, count, 0, length - 7, 0x2f, 0x11, 0x01]);
  writeCrc16(packet, 0, length);
  return packet;
}

test("Every framing of the registry can be told, or is known not to be.", (t) => {
  const registered = GUESSABLE.filter((name) => !name.includes(","));
  t.deepEqual([...registered, ...UNGUESSABLE].sort(), FRAMINGS.map(({ name }) => name).sort());
  for (const name of GUESSABLE) {
    t.true(framingTitle(name).length > 0);
  }
  t.is(framingTitle("space-packets"), "space packets");
  t.is(framingTitle("raw"), "raw");
});

const CARRIERS = [
  "space-packets",
  "cobs",
  "cobs,delimiter=both",
  "slip",
  "slip,delimiter=both",
  "slip,delimiter=both,kiss-type=0",
  "netstring",
  "length-prefixed",
];

for (const text of CARRIERS) {
  const name = text.split(",")[0]!;

  test(`${text}: one telecommand is enough, and so are several, wherever the bytes kept end.`, (t) => {
    const framing = parseFraming("framing", text, COMMON);
    const random = new Random(1);
    for (let length = 13; length <= 40; length++) {
      const frames = [0, 1, 2, 3, 4].map((count) => encodeFrame(framing, telecommand(length, count, random)));
      for (let count = 1; count <= frames.length; count++) {
        const stream = concat(...frames.slice(0, count));
        t.is(guess(stream), name, `${count} of ${length} bytes`);
        // Cut in the last packet, or behind what is kept.
        const cut = stream.slice(0, stream.length - 5);
        t.true(
          count === 1 ? [name, undefined].includes(guess(cut)) : guess(cut) === name,
          `${count} of ${length}, cut`,
        );
      }
    }
  });
}

test("Length prefixes of every size are told, either end first.", (t) => {
  const packet = telecommand(20, 0, new Random(2));
  for (const prefix of [[20], [0, 20], [20, 0], [0, 0, 0, 20], [20, 0, 0, 0]]) {
    t.is(guess(Uint8Array.of(...prefix, ...packet)), "length-prefixed", String(prefix));
  }
  const other = new Random(3).bytes(12);
  t.is(guess(Uint8Array.of(0, 12, ...other, 0, 12, ...other)), "length-prefixed");
});

test("COBS and SLIP are told with other packets in them, when there are a few.", (t) => {
  const random = new Random(4);
  for (const name of ["cobs", "slip,delimiter=both"]) {
    const framing = parseFraming("framing", name, COMMON);
    for (let length = 8; length <= 18; length++) {
      const frames = Array.from({ length: 3 }, () => encodeFrame(framing, random.bytes(length)));
      t.is(guess(concat(...frames)), name.split(",")[0], `${name}, ${length} bytes`);
    }
  }
});

test("Lines of text are told, and text in netstrings is not taken for them.", (t) => {
  const text = (string: string) => new TextEncoder().encode(string);
  for (const each of [
    "ping\r\n",
    "get /status HTTP/1.1\r\nHost: board\r\n",
    '{"cmd": "start", "id": 1}\n',
    "a\tb\tc\rd\te\tf\r",
  ]) {
    t.is(guess(text(each)), "lines", each);
  }
  t.is(guess(text("5:hello,3:abc,")), "netstring");
  t.is(guess(text("hello")), undefined, "too little");
});

test("A sync marker in front is enough; USLP frames are told by their lengths.", (t) => {
  t.is(guess(Uint8Array.of(0x1a, 0xcf, 0xfc, 0x1d, 0, 0, 1, 2)), "sync");
  const uslp = new Random(5).bytes(30);
  uslp.set([0xc0, 0x12, 0x34, 0x56, 0, 29]);
  t.is(guess(uslp), "uslp");
  t.is(guess(concat(uslp, uslp)), "uslp");
});

test("Packets in lines are told, TC transfer frames, and USLP in COBS, from one frame on.", (t) => {
  for (const [text, name] of [
    ["lines", "lines"],
    ["lines,terminator=lf", "lines"],
    ["uslp,scid=0x1234,over=cobs", "uslp,over=cobs"],
    ["uslp,scid=1,over=cobs", "uslp,over=cobs"],
    ["tc-frames,scid=0x2ab", "tc-frames"],
    ["tc-frames,scid=0x2ab,over=cobs", "tc-frames,over=cobs"],
    ["tc-frames,scid=0,map=0,over=cobs", "tc-frames,over=cobs"],
  ] as const) {
    const framing = parseFraming("framing", text, COMMON);
    t.is(guessableName(framing), text.startsWith("lines") ? "lines" : name);
    const random = new Random(9);
    for (let length = 13; length <= 40; length++) {
      const framer = new PacketFramer(framing);
      const frames = [0, 1, 2].flatMap((count) => framer.frame(telecommand(length, count, random)) ?? []);
      if (frames.length < 3) {
        // An end of line in one of them.
        continue;
      }
      t.is(guess(frames[0]!), name, `${text}, ${length}`);
      t.is(guess(concat(...frames)), name, `${text}, three of ${length}`);
    }
  }
  t.is(framingTitle("uslp,over=cobs"), "USLP over COBS");
  t.is(guessableName(withCrc(parseFraming("framing", "uslp,scid=1,over=cobs", COMMON), "crc16")), "uslp,over=cobs");
});

test("Where more evidence is asked for, one frame may not do, and four do.", (t) => {
  const random = new Random(10);
  const frames = ["uslp,scid=0x1234", "uslp,scid=0x1234,over=cobs", "tc-frames,scid=7", "tc-frames,scid=7,over=cobs"];
  for (const text of [...CARRIERS, "lines", ...frames]) {
    const framing = parseFraming("framing", text, COMMON);
    const stream = concat(...[0, 1, 2, 3].map((count) => encodeFrame(framing, telecommand(13, count, random))));
    t.is(guessFraming(stream, 0, stream.length, CERTAIN_BITS), guessableName(framing), text);
  }
  const few = encodeFrame(parseFraming("framing", "sync,length=13", COMMON), telecommand(13, 0, random));
  t.is(guessFraming(few, 0, few.length), "sync");
  t.is(guessFraming(few, 0, few.length, CERTAIN_BITS), undefined);
});

/** Streams of a few packets each, cut somewhere. @returns how many of them are taken for what, in the order of names */
function guesses(text: (random: Random) => string, content: (random: Random) => number): Record<string, number> {
  const random = new Random(8);
  const found: Record<string, number> = {};
  for (let i = 0; i < 4000; i++) {
    const framing = parseFraming("framing", text(random), COMMON);
    const frames = Array.from({ length: 1 + random.below(6) }, (_, count) => {
      const packet = telecommand(20 + random.below(60), count, random);
      return encodeFrame(
        framing,
        framing.name === "uslp"
          ? packet
          : Uint8Array.from(packet.slice(0, 10 + random.below(40)), () => content(random)),
      );
    });
    const stream = concat(...frames);
    const name = guess(stream.slice(0, 1 + random.below(stream.length + 20))) ?? "nothing";
    found[name] = (found[name] ?? 0) + 1;
  }
  return found;
}

test("USLP of any spacecraft is not taken for SLIP, though of many the first octet is an END.", (t) => {
  for (const limit of [0x10, 0x1000, 0x10000]) {
    const {
      nothing = 0,
      uslp = 0,
      ...wrong
    } = guesses(
      (random) => `uslp,scid=${random.below(limit)}`,
      () => 0,
    );
    t.true(Object.values(wrong).reduce((sum, count) => sum + count, 0) <= 4, JSON.stringify(wrong));
    t.true(uslp > 50, `${uslp} told, ${nothing} not`);
  }
});

test("Zeros with other octets between them are taken for nothing else than what they are in.", (t) => {
  for (const text of ["slip", "slip,delimiter=both", "cobs", "length-prefixed", "length-prefixed,size=4"]) {
    for (const zeros of [2, 4, 10]) {
      const found = guesses(
        () => text,
        (random) => (random.below(zeros) === 0 ? random.below(256) : 0),
      );
      const wrong = Object.entries(found).filter(([name]) => name !== "nothing" && name !== text.split(",")[0]);
      t.true(
        wrong.reduce((sum, [, count]) => sum + count, 0) <= 16,
        `${text}, 1 in ${zeros}: ${JSON.stringify(wrong)}`,
      );
    }
  }
});

test("Nothing is guessed of nothing, of a few bytes, of zeros, of counting, of one value.", (t) => {
  const length = GUESS_LENGTH;
  for (const bytes of [
    new Uint8Array(0),
    Uint8Array.of(0x18),
    Uint8Array.of(0xc0, 0xc0),
    new Uint8Array(length),
    Uint8Array.from({ length }, (_, i) => i),
    Uint8Array.from({ length }, (_, i) => 255 - i),
    ...[1, 0x18, 0x7f, 0xc0, 0xdb, 0xff].map((value) => new Uint8Array(length).fill(value)),
  ]) {
    t.is(guess(bytes), undefined, String(bytes));
  }
});

test("Random bytes of any length give no hint.", (t) => {
  const random = new Random(6);
  const guesses: string[] = [];
  for (let i = 0; i < 100_000; i++) {
    const found = guess(random.bytes(1 + (i % GUESS_LENGTH)));
    if (found !== undefined) {
      guesses.push(found);
    }
  }
  t.deepEqual(guesses, []);
});

test("The bytes are not changed, and those around them do not matter.", (t) => {
  const framing = parseFraming("framing", "cobs", COMMON);
  const bytes = encodeFrame(framing, telecommand(20, 0, new Random(7)));
  const memory = new Uint8Array(200).fill(0xee);
  memory.set(bytes, 50);
  const before = memory.slice();
  t.is(guessFraming(memory, 50, 50 + bytes.length), "cobs");
  t.deepEqual(memory, before);
});
