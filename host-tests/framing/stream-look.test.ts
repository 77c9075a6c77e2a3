/** The looks that a decoder without delimiters takes at what it holds: which places, which bytes of them, and how many. */
import test from "ava";
import {
  ACCEPT_PACKET,
  type PacketCheck,
  type PacketVerdict,
  REJECT_PACKET,
  SKIP_PACKET,
} from "../../modules/framing/contract/packet-check.js";
import type { StreamFormat } from "../../modules/framing/engines/stream-format.js";
import { FOUND, isWhole, lookBehind } from "../../modules/framing/engines/stream-look.js";

/** Where the bytes stand in the memory. */
const START = 10;

/** A frame says its length in its first byte; no frame begins with 0. Two bytes in front of its packet, one behind it. */
class FirstByte implements StreamFormat {
  readonly reasons = ["zero"];
  readonly maxWanted = 255;
  readonly leading = 2;
  readonly trailing = 1;
  readonly kind = 0;
  /** `offset/available/final` of each question. */
  readonly asked: string[] = [];
  readonly isTelling: boolean;

  constructor(isTelling = false) {
    this.isTelling = isTelling;
  }

  wanted(bytes: Uint8Array, at: number, available: number, final: boolean): number {
    this.asked.push(`${at - START}/${available}/${final}`);
    return bytes[at] === 0 ? -1 : bytes[at]!;
  }
}

/** Judges by the offset of a packet, and notes what was judged. */
class Judge implements PacketCheck {
  readonly trailerLength = 0;
  readonly judged: string[] = [];
  #verdict: (offset: number) => PacketVerdict;

  constructor(verdict: (offset: number) => PacketVerdict = () => REJECT_PACKET) {
    this.#verdict = verdict;
  }

  judge(_bytes: Uint8Array, start: number, end: number): PacketVerdict {
    this.judged.push(`${start - START}-${end - START}`);
    return this.#verdict(start - START);
  }
}

/** What stands in front and behind would be whole frames. */
function memoryOf(...bytes: readonly number[]): { bytes: Uint8Array; end: number } {
  const memory = new Uint8Array(START + bytes.length + 10).fill(1);
  memory.set(bytes, START);
  return { bytes: memory, end: START + bytes.length };
}

function look(format: StreamFormat, check: PacketCheck | undefined, from: number, ...given: readonly number[]): number {
  const { bytes, end } = memoryOf(...given);
  return lookBehind(format, check, bytes, START, end, from);
}

test("Where nothing tells a packet from other bytes, nothing is looked at.", (t) => {
  const format = new FirstByte();
  t.is(look(format, undefined, 3, 9, 1, 1, 1, 1), 3);
  t.deepEqual(format.asked, []);
});

test("Each place behind the first is looked at once, with what there is from there on, and the next look begins behind the last.", (t) => {
  for (const [from, order, next] of [
    [1, ["1/3/false", "2/2/false", "3/1/false"], 4],
    [2, ["2/2/false", "3/1/false", "1/3/false"], 2],
    [3, ["3/1/false", "1/3/false", "2/2/false"], 3],
    [4, ["1/3/false", "2/2/false", "3/1/false"], 4],
  ] as const) {
    const format = new FirstByte(true);
    t.is(look(format, undefined, from, 9, 9, 9, 9), next, `from ${from}`);
    t.deepEqual(format.asked, order as readonly string[], `from ${from}`);
  }
  const alone = new FirstByte(true);
  t.is(look(alone, undefined, 1, 1), 1);
  t.deepEqual(alone.asked, []);
  t.true(FOUND < 0, "no place is taken for it");
});

test("A frame behind the beginning is found where it is whole, to the last byte, and nowhere else.", (t) => {
  const judge = new Judge();
  t.is(look(new FirstByte(true), undefined, 1, 4, 9, 0, 9), 4, "only the first one is whole");
  t.is(look(new FirstByte(true), undefined, 1, 9, 0, 2, 9), FOUND, "it ends with the bytes");
  t.is(look(new FirstByte(true), undefined, 1, 9, 0, 3, 9), 4, "one byte is missing");
  t.is(look(new FirstByte(true), undefined, 1, 9, 9, 9, 1), FOUND, "the last byte alone");
  t.is(look(new FirstByte(), judge, 1, 9, 0, 0, 0, 0), 5, "no frame begins there");
  t.deepEqual(judge.judged, []);
});

test("With a check, the packet of a whole frame is judged; one that is to be skipped is found as well.", (t) => {
  for (const [verdict, result] of [
    [ACCEPT_PACKET, FOUND],
    [SKIP_PACKET, FOUND],
    [REJECT_PACKET, 8],
  ] as const) {
    const judge = new Judge(() => verdict);
    t.is(look(new FirstByte(), judge, 1, 99, 0, 5, 0, 0, 0, 0, 0), result);
    t.deepEqual(judge.judged, ["4-6"]);
  }
  const second = new Judge((offset) => (offset === 3 ? REJECT_PACKET : ACCEPT_PACKET));
  t.is(look(new FirstByte(), second, 1, 99, 4, 4, 0, 0, 0, 0, 0), FOUND);
  t.deepEqual(second.judged, ["3-4", "4-5"]);
});

/** Where there is a whole frame of this length at each place. */
class SameLength extends FirstByte {
  #length: number;

  constructor(length: number) {
    super();
    this.#length = length;
  }

  override wanted(): number {
    return this.#length;
  }
}

test("A look ends when 2048 bytes were judged, the last packet to its end; the next one goes on from there.", (t) => {
  for (const [length, packets] of [
    [1, 2048],
    [1023, 3],
    [1024, 2],
    [1025, 2],
    [2047, 2],
    [2048, 1],
    [2049, 1],
  ] as const) {
    const judge = new Judge();
    const bytes = new Uint8Array(5000);
    const first = lookBehind(new SameLength(length), judge, bytes, START, 4990, 1);
    t.is(first, 1 + packets, `${length}`);
    t.is(judge.judged.length, packets, `${length}`);
    lookBehind(new SameLength(length), judge, bytes, START, 4990, first);
    t.is(judge.judged[packets], `${first + 2}-${first + length - 1}`, `${length}`);
  }
});

function whole(format: StreamFormat, check: PacketCheck | undefined, ...given: readonly number[]): boolean {
  const { bytes, end } = memoryOf(...given);
  return isWhole(format, check, bytes, START, end);
}

test("Bytes are whole packets when frames fill them, one behind the other, and there is one at least.", (t) => {
  t.false(whole(new FirstByte(), undefined));
  t.true(whole(new FirstByte(), undefined, 1));
  t.true(whole(new FirstByte(), undefined, 3, 0, 0, 1, 2, 0));
  t.false(whole(new FirstByte(), undefined, 3, 0, 0, 2), "the last one goes on");
  t.false(whole(new FirstByte(), undefined, 3, 0, 0, 0), "the rest is none");
  t.false(whole(new FirstByte(), undefined, 0, 1));
  const format = new FirstByte();
  whole(format, undefined, 3, 0, 0, 1);
  t.deepEqual(format.asked, ["0/4/true", "3/1/true"], "no more is to come");
});

test("Each packet of theirs is judged: one that is rejected is enough, one that is to be skipped is good.", (t) => {
  const good = new Judge((offset) => (offset === 2 ? ACCEPT_PACKET : SKIP_PACKET));
  t.true(whole(new FirstByte(), good, 5, 0, 0, 0, 0, 4, 0, 0, 0));
  t.deepEqual(good.judged, ["2-4", "7-8"]);
  t.false(
    whole(
      new FirstByte(),
      new Judge((offset) => (offset === 7 ? REJECT_PACKET : ACCEPT_PACKET)),
      5,
      0,
      0,
      0,
      0,
      4,
      0,
      0,
      0,
    ),
  );
  t.false(
    whole(
      new FirstByte(),
      new Judge((offset) => (offset === 2 ? REJECT_PACKET : ACCEPT_PACKET)),
      5,
      0,
      0,
      0,
      0,
      4,
      0,
      0,
      0,
    ),
  );
});
