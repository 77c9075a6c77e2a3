import test from "ava";
import { cobs } from "../../modules/framing/cobs.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/convenience.js";
import { FRAMINGS, framingEntry, makeFraming, parseFraming } from "../../modules/framing/registry.js";

const COMMON = { maxPacketLength: 512 };
const PACKET = Uint8Array.of(0x18, 0x02, 0xc0, 0, 0, 0, 0x77);

test("Every framing is found by its name, bears it, and makes a decoder and an encoder that fit each other.", (t) => {
  for (const { name, example } of FRAMINGS) {
    const framing = parseFraming("framing", example === undefined ? name : `${name},${example}`, COMMON);
    t.is(framing.name, name);
    t.is(framing.maxPacketLength, /\blength=/.test(example ?? "") ? PACKET.length : 512, name);
    t.deepEqual(decodeFrames(framing, encodeFrame(framing, PACKET)), [PACKET]);
  }
  t.deepEqual(
    FRAMINGS.map(({ name }) => name),
    [
      "space-packets",
      "cobs",
      "slip",
      "lines",
      "raw",
      "length-prefixed",
      "netstring",
      "marker",
      "fixed",
      "sync",
      "uslp",
    ],
  );
});

test("A framing's own limit goes before the common one, decimal or hexadecimal.", (t) => {
  t.is(framingEntry("cobs").make({ "max-packet": "100" }, COMMON).maxPacketLength, 100);
  t.is(framingEntry("space-packets").make({ "max-packet": "0x40" }, COMMON).maxPacketLength, 64);
});

test("The COBS delimiters sent are an option.", (t) => {
  const both = framingEntry("cobs").make({ delimiter: "both" }, COMMON);
  t.deepEqual(encodeFrame(both, PACKET), encodeFrame(cobs({ delimiter: "both" }), PACKET));
});

test("The packet IDs expected are a list with slashes.", (t) => {
  const framing = framingEntry("space-packets").make({ "packet-ids": "0x1801/6146" }, COMMON);
  const other = PACKET.with(1, 0x03);
  t.deepEqual(decodeFrames(framing, Uint8Array.of(...other, ...PACKET)), [PACKET]);
});

test("Packet IDs can be compared in some of their bits only: PUS telecommands of every APID.", (t) => {
  const framing = framingEntry("space-packets").make({ "packet-ids": "0x1800", "id-mask": "0x1800" }, COMMON);
  const telemetry = PACKET.with(0, 0x08);
  const plain = PACKET.with(0, 0x10);
  const others = PACKET.with(0, 0x1f).with(1, 0xfe);
  t.deepEqual(decodeFrames(framing, Uint8Array.of(...telemetry, ...plain, ...others, ...PACKET)), [others, PACKET]);
});

test("The CRC at the end of every packet is an option: without it in order, a packet is damage.", (t) => {
  const ping = Uint8Array.of(0x18, 0x02, 0xc0, 0, 0, 6, 0x2f, 0x11, 0x01, 0, 0, 0xa7, 0xd2);
  const stream = Uint8Array.of(...ping.with(12, 0xd3), ...ping);
  const decoded = (options: Record<string, string>) =>
    decodeFrames(makeFraming(framingEntry("space-packets"), { "packet-ids": "0x1802", ...options }, COMMON), stream);
  t.deepEqual(decoded({ crc: "check16" }), [ping]);
  t.deepEqual(decoded({ crc: "off" }), [ping.with(12, 0xd3), ping]);
  t.deepEqual(decoded({}), [ping.with(12, 0xd3), ping]);
});

test("A framing can be made of one text, with its options.", (t) => {
  t.is(parseFraming("framing", "space-packets", COMMON).maxPacketLength, 512);
  t.is(parseFraming("framing", "space-packets,crc=check16,max-packet=100", COMMON).maxPacketLength, 100);
  t.is(encodeFrame(parseFraming("framing", "cobs,delimiter=both", COMMON), PACKET)[0], 0);
  const wrong: [string, RegExp][] = [
    ["", /no framing is called ""/],
    ["hdlc", /no framing is called "hdlc"/],
    [
      "cobs,packet-ids=1",
      /^framing: "packet-ids=1" is no option of cobs; there are max-packet, delimiter, crc, as in max-packet=1024$/,
    ],
    ["cobs,delimiter", /^framing: "delimiter" is no option/],
    ["cobs,delimiter=both=both", /^framing: "delimiter=both=both" is no option/],
    ["space-packets,crc=yes", /^crc must be off or crc16 or crc32 or check16 or check32, not "yes"$/],
  ];
  for (const [text, message] of wrong) {
    t.throws(() => parseFraming("framing", text, COMMON), { message }, text);
  }
});

test("A name that no framing has is refused, with those there are.", (t) => {
  t.throws(() => framingEntry("hdlc"), { instanceOf: TypeError, message: /"hdlc".*space-packets, cobs/ });
});

test("An option out of its range, or that says nothing, is refused by its name.", (t) => {
  const wrong: [name: string, options: Record<string, string>, message: RegExp][] = [
    ["cobs", { "max-packet": "many" }, /max-packet.*"many"/],
    ["cobs", { "max-packet": "" }, /max-packet/],
    ["cobs", { "max-packet": "-5" }, /max-packet/],
    ["cobs", { "max-packet": "70000" }, /maxPacketLength.*65542/],
    ["cobs", { delimiter: "none" }, /delimiter must be trailing or both, not "none"/],
    ["space-packets", { "max-packet": "6" }, /maxPacketLength.*7 to 65542/],
    ["space-packets", { "packet-ids": "0x1801/" }, /packet-ids/],
    ["space-packets", { "packet-ids": "0x1801,0x1802" }, /packet-ids/],
    ["space-packets", { "packet-ids": "0x2000" }, /packet ID.*8191/],
    ["space-packets", { "packet-ids": "1", "id-mask": "0x2000" }, /packetIdMask.*0 to 8191, not 8192/],
    ["space-packets", { "id-mask": "0x1800" }, /packetIdMask needs packetIds/],
  ];
  for (const [name, options, message] of wrong) {
    t.throws(() => framingEntry(name).make(options, COMMON), { message }, JSON.stringify(options));
  }
});
