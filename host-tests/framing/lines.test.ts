import test from "ava";
import { DOES_NOT_FIT, NOT_A_PACKET } from "../../modules/framing/contract/framing.js";
import { ACCEPT_PACKET, type PacketCheck } from "../../modules/framing/contract/packet-check.js";
import { type LinesOptions, lines, linesEntry } from "../../modules/framing/formats/lines.js";
import { makeFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { frame, Workbench } from "./workbench.js";

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function texts(bench: Workbench): string[] {
  return bench.packets.map((packet) => new TextDecoder().decode(packet));
}

/** Feeds the text cut at every one point, and byte by byte. */
function decodeAnyhow(options: LinesOptions, text: string, check: (bench: Workbench, what: string) => void): void {
  const bytes = octets(text);
  const run = (...splits: number[]) => {
    const bench = new Workbench(lines(options), bytes.length);
    let at = 0;
    for (const split of [...splits, bytes.length]) {
      bench.feed(bytes.slice(at, split));
      at = split;
    }
    check(bench, `cut at [${splits}]`);
  };
  run(...bytes.keys());
  for (let split = 0; split <= bytes.length; split++) {
    run(split);
  }
}

test("Lines end with CR LF by default; a CR or LF alone is text, and empty lines are idle.", (t) => {
  decodeAnyhow({}, "one\r\n\r\nt\rw\no\r\r\n\n\rthree\r\r\nfour", (bench, what) => {
    t.deepEqual(texts(bench), ["one", "t\rw\no\r", "\n\rthree\r"], what);
    t.is(bench.decoder.counters.idleBytes, 2);
    t.is(bench.decoder.pendingBytes, 4);
    t.is(bench.decoder.counters.rejections, 0);
  });
});

test("A terminator of eight bytes may be cut anywhere, and begin in vain before it comes.", (t) => {
  const terminator = octets("-=-=-=-#");
  decodeAnyhow({ terminator }, "a-=-=-=-=-=-#-=-=-=-#b--=-=-=-#", (bench, what) => {
    t.deepEqual(texts(bench), ["a-=-=", "b-"], what);
    t.is(bench.decoder.counters.idleBytes, 8);
  });
});

test("A terminator that is kept is part of the packet, both ways.", (t) => {
  const options: LinesOptions = { keepTerminator: true, maxPacketLength: 7 };
  decodeAnyhow(options, "hello\r\n\r\ntoo long\r\nx\r\n", (bench, what) => {
    t.deepEqual(texts(bench), ["hello\r\n", "x\r\n"], what);
    t.deepEqual(bench.decoder.counters.byReason(), { frameTooLong: 1 });
  });
  t.deepEqual(frame(lines(options), octets("hi\r\n")), octets("hi\r\n"));
  t.throws(() => frame(lines(options), octets("hi")), { message: /refuses.*-2/ });
  t.throws(() => frame(lines(options), octets("\r\n")), { message: /refuses.*-2/ });
  t.throws(() => frame(lines(options), octets("a\r\nb\r\n")), { message: /refuses.*-2/ });
});

test("Empty lines are packets where they are asked for.", (t) => {
  decodeAnyhow({ emptyLines: "packet" }, "\r\na\r\n\r\n", (bench, what) => {
    t.deepEqual(texts(bench), ["", "a", ""], what);
    t.is(bench.decoder.counters.idleBytes, 0);
  });
  decodeAnyhow({ emptyLines: "packet", keepTerminator: true }, "\r\na\r\n", (bench, what) => {
    t.deepEqual(texts(bench), ["\r\n", "a\r\n"], what);
  });
  t.deepEqual(frame(lines({ emptyLines: "packet" }), new Uint8Array(0)), octets("\r\n"));
  t.throws(() => frame(lines(), new Uint8Array(0)), { message: /refuses.*-2/ });
});

test("A line that is too long ends at its terminator, wherever that is cut, and the next one arrives.", (t) => {
  for (const terminator of ["\r\n", "\n", "END!"]) {
    const text = `${"x".repeat(40)}E\rEN${terminator}ok${terminator}`;
    decodeAnyhow({ maxPacketLength: 10, terminator: octets(terminator) }, text, (bench, what) => {
      t.deepEqual(texts(bench), ["ok"], what);
      t.deepEqual(bench.decoder.counters.byReason(), { frameTooLong: 1 });
      t.is(bench.decoder.counters.droppedBytes, 44 + terminator.length);
    });
  }
});

test("A refused empty line is offered again, and counted when the stream ends.", (t) => {
  const bench = new Workbench(lines({ emptyLines: "packet", terminator: [10] }), 10);
  bench.refusals = () => 2;
  bench.feed(octets("\na\n\n"));
  t.deepEqual(texts(bench), ["", "a", ""]);
  bench.refusals = () => 1000;
  t.false(bench.offer(octets("\n")));
  bench.reset();
  t.is(bench.counts()["undelivered"], 1);
});

test("A text that contains the terminator, or forms one with it, is refused rather than sent.", (t) => {
  const encode = (options: LinesOptions, text: string, room = 100) => {
    const memory = new FixedMemory(200);
    memory.bytes.set(octets(text));
    return lines(options)
      .encoder(memory)
      .encode(0, text.length, 100, 100 + room);
  };
  t.is(encode({}, "a\r\nb"), NOT_A_PACKET);
  t.is(encode({}, "a\r\n"), NOT_A_PACKET);
  t.is(encode({}, "a\r"), 104);
  t.is(encode({}, "\na"), 104);
  t.is(encode({ terminator: octets("aa") }, "ba"), NOT_A_PACKET);
  t.is(encode({ terminator: octets("aa") }, "ab"), 104);
  t.is(encode({ terminator: [0] }, "a\0b"), NOT_A_PACKET);
  t.is(encode({}, "abc", 4), DOES_NOT_FIT);
  t.is(encode({}, "abc", 5), 105);
});

test("As text, a terminator is a name or hexadecimal digits.", (t) => {
  const common = { maxPacketLength: 100 };
  const terminators: Record<string, number[]> = {
    crlf: [13, 10],
    lf: [10],
    cr: [13],
    nul: [0],
    "0D0a": [13, 10],
    "2d3d2d3d2d3d2d23": [0x2d, 0x3d, 0x2d, 0x3d, 0x2d, 0x3d, 0x2d, 0x23],
  };
  for (const [terminator, octets] of Object.entries(terminators)) {
    t.deepEqual(
      frame(makeFraming(linesEntry, { terminator }, common), Uint8Array.of(65)),
      Uint8Array.of(65, ...octets),
    );
  }
  const kept = makeFraming(linesEntry, { keep: "on", empty: "packet", terminator: "lf" }, common);
  t.deepEqual(frame(kept, Uint8Array.of(10)), Uint8Array.of(10));
  for (const [options, message] of [
    [{ terminator: "eol" }, /terminator: what is none of crlf, lf, cr, nul must be octets.*"eol"/],
    [{ terminator: "010203040506070809" }, /terminator.*1 to 8, not 9/],
    [{ keep: "yes" }, /keep must be off or on, not "yes"/],
    [{ empty: "no" }, /empty must be idle or packet, not "no"/],
  ] as const) {
    t.throws(() => makeFraming(linesEntry, options, common), { message });
  }
});

test("Lines options out of range are refused by name, with the range.", (t) => {
  t.throws(() => lines({ maxPacketLength: 0 }), { message: /maxPacketLength.*1 to 65542/ });
  t.throws(() => lines({ terminator: [] }), { message: /terminator.*1 to 8, not 0/ });
  t.throws(() => lines({ terminator: [256] }), { message: /terminator.*0 to 255, not 256/ });
  t.throws(() => lines({ keepTerminator: true, maxPacketLength: 2 }), {
    message: /more than the terminator's 2, not 2/,
  });
  t.is(lines().decoderMemory, 1025);
  t.is(lines({ keepTerminator: true }).decoderMemory, 1024);
  t.is(lines({ terminator: [10] }).decoderMemory, 1024);
});

test("A line that is to keep its terminator, and has none, is not sent with its last bytes overwritten.", (t) => {
  for (const options of [{ keepTerminator: true }, { keepTerminator: true, emptyLines: "packet" }] as LinesOptions[]) {
    t.throws(() => frame(lines(options), octets("hello")), { message: /refuses.*-2/ });
    t.throws(() => frame(lines(options), octets("hello\r")), { message: /refuses.*-2/ });
    t.deepEqual(frame(lines(options), octets("hello\r\n")), octets("hello\r\n"));
  }
});

test("A checksum finds no place behind a line that keeps its terminator: both directions say so.", (t) => {
  const message = "lines: keepTerminator leaves no room for a checksum behind the packet";
  for (const length of [1, 2]) {
    const framing = lines({ keepTerminator: true });
    const check: PacketCheck = { judge: () => ACCEPT_PACKET, trailerLength: length };
    const memory = new FixedMemory(2000);
    t.throws(() => framing.decoder(memory, 0, check), { instanceOf: TypeError, message });
    t.throws(() => framing.encoder(memory, length), { instanceOf: TypeError, message });
    t.notThrows(() => lines().decoder(memory, 0, check));
    t.notThrows(() => lines().encoder(memory, length));
  }
  t.notThrows(() => lines({ keepTerminator: true }).encoder(new FixedMemory(10), 0));
});
