import test from "ava";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { lines } from "../../modules/framing/formats/lines.js";
import { marker } from "../../modules/framing/formats/marker.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
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
      "tc-frames",
    ],
  );
});

test("A framing's own limit goes before the common one, decimal or hexadecimal.", (t) => {
  t.is(makeFraming(framingEntry("cobs"), { "max-packet": "100" }, COMMON).maxPacketLength, 100);
  t.is(makeFraming(framingEntry("space-packets"), { "max-packet": "0x40" }, COMMON).maxPacketLength, 64);
});

test("The COBS delimiters sent are an option.", (t) => {
  const both = makeFraming(framingEntry("cobs"), { delimiter: "both" }, COMMON);
  t.deepEqual(encodeFrame(both, PACKET), encodeFrame(cobs({ delimiter: "both" }), PACKET));
});

test("The packet IDs expected are a list with slashes.", (t) => {
  const framing = makeFraming(framingEntry("space-packets"), { "packet-ids": "0x1801/6146" }, COMMON);
  const other = PACKET.with(1, 0x03);
  t.deepEqual(decodeFrames(framing, Uint8Array.of(...other, ...PACKET)), [PACKET]);
});

test("Packet IDs can be compared in some of their bits only: PUS telecommands of every APID.", (t) => {
  const framing = makeFraming(framingEntry("space-packets"), { "packet-ids": "0x1800", "id-mask": "0x1800" }, COMMON);
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
    ["", /^framing: no framing is called ""/],
    ["hdlc", /^framing: no framing is called "hdlc"/],
    [
      "cobs,packet-ids=1",
      /^framing: "packet-ids=1" is no option of cobs; there are max-packet, delimiter, crc, as in max-packet=1024$/,
    ],
    ["cobs,delimiter=both=both", /^framing: "delimiter=both=both" is no option/],
    ["cobs,delimiter", /^framing: delimiter needs a value behind a "=", as in max-packet=1024$/],
    ["lines,terminator=xx", /terminator: what is none of crlf, lf, cr, nul must be octets .* not "xx"/],
    ["cobs,max-packet=9,max-packet=10", /^framing: max-packet is given twice: 9 and 10$/],
    ["cobs,crc=crc16,delimiter=both,crc=crc16", /^framing: crc is given twice: crc16 and crc16$/],
    [
      "space-packets,crc=yes",
      /^framing: space-packets: crc must be off or crc16 or crc32 or check16 or check32, not "yes"$/,
    ],
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
    ["cobs", { "max-packet": "70000" }, /^cobs: max-packet \(bytes\) must be from 1 to 65542, not 70000$/],
    ["cobs", { delimiter: "none" }, /delimiter must be trailing or both, not "none"/],
    ["space-packets", { "max-packet": "6" }, /^space-packets: max-packet \(bytes\) must be from 7 to 65542, not 6$/],
    ["space-packets", { "packet-ids": "0x1801/" }, /packet-ids/],
    ["space-packets", { "packet-ids": "0x1801,0x1802" }, /packet-ids/],
    ["space-packets", { "packet-ids": "0x2000" }, /: packet-ids: packet ID must be from 0 to 8191, not 8192$/],
    ["space-packets", { "packet-ids": "1", "id-mask": "0x2000" }, /: id-mask must be from 0 to 8191, not 8192$/],
    ["space-packets", { "id-mask": "0x1800" }, /: id-mask needs packet-ids$/],
  ];
  for (const [name, options, message] of wrong) {
    t.throws(() => makeFraming(framingEntry(name), options, COMMON), { message }, JSON.stringify(options));
  }
});

/** As text, what is wrong with it, in its own words and numbers. */
const REFUSED: [string, RegExp][] = [
  ["length-prefixed,size=5", /: size \(octets\) must be from 1 to 4, not 5$/],
  ["length-prefixed,unit=0", /: unit \(bytes\) must be from 1 to 65536, not 0$/],
  ["length-prefixed,min-packet=600", /: min-packet \(bytes, up to max-packet\) must be from 0 to 512, not 600$/],
  ["length-prefixed,sync=1acf", /: sync, which offset counts, \(number of octets\) must be from 0 to 0, not 2$/],
  ["length-prefixed,unit=100,min-packet=99,max-packet=99", /with size 2, unit 100 and adjust 2$/],
  ["lines,keep=on,max-packet=2", /: max-packet \(bytes\) must be more than the terminator's 2, not 2$/],
  ["marker,kinds=aa55+600", /: kind 0: length \(bytes, up to max-packet\) must be from 0 to 512, not 600$/],
  ["marker,kinds=aa55+u8,send=2", /: send must be from 0 to 0, not 2$/],
  ["marker,kinds=aa55+u8@300", /: kind 0: offset of the length field \(bytes\) must be from 2 to 255, not 300$/],
  ["fixed", /^framing: fixed: give either length or ids$/],
  ["fixed,length=4,ids=1:4", /^framing: fixed: give either length or ids$/],
  ["fixed,ids=70000:4", /: ids: identifier must be from 0 to 65535, not 70000$/],
  ["fixed,ids=1:10,id-offset=12", /: id-offset \+ id-size \(bytes\) must be from 1 to 10, not 14$/],
  ["slip,kiss-type=256", /^framing: slip: kiss-type must be from 0 to 255, not 256$/],
  ["uslp,scid=70000", /: scid must be from 0 to 65535, not 70000$/],
  ["uslp,scid=1,vcid=63", /: vcid must be from 0 to 62, not 63$/],
  ["fixed,length=32,pattern=0:fdaa/1:bb", /: pattern: the octet at offset 1 cannot be both 0xaa and 0xbb$/],
  ["fixed,length=32,pattern=1:bb/0:fdaa", /: pattern: the octet at offset 1 cannot be both 0xbb and 0xaa$/],
  [
    "fixed,ids=0x0801:8/0x0802:9,pattern=1:01",
    /: fixed: identifier 2050: pattern has another octet, 0x01, at offset 1$/,
  ],
  ["sync,length=7,max-packet=0", /: max-packet \(bytes\) must be from 1 to 65542, not 0$/],
  ["tc-frames,vcid=1", /^framing: tc-frames: give the spacecraft ID: scid$/],
  ["tc-frames,scid=1024", /: scid must be from 0 to 1023, not 1024$/],
  ["tc-frames,scid=1,vcid=64", /: vcid must be from 0 to 63, not 64$/],
  ["tc-frames,scid=1,map=64", /: map must be from 0 to 63, not 64$/],
  ["tc-frames,scid=1,max-frame=13", /: max-frame \(bytes\) must be from 14 to 1024, not 13$/],
  ["tc-frames,scid=1,max-frame=1025,over=cobs", /: max-frame \(bytes\) must be from 14 to 1024, not 1025$/],
  ["tc-frames,scid=1,max-frame=50,max-packet=44", /: max-packet \(bytes\) must be from 7 to 43, not 44$/],
  ["tc-frames,scid=1,over=slip", /: over must be bare or cobs, not "slip"$/],
  ["uslp,scid=1,max-frame=5", /: max-frame \(bytes\) must be from 16 to 65536, not 5$/],
];

for (const [text, message] of REFUSED) {
  test(`${text} is refused by the names that it uses`, (t) => {
    t.throws(() => parseFraming("framing", text, COMMON), { message });
  });
}

test("With a checksum, a limit out of its range is the one that was given, and the range is what holds with it.", (t) => {
  const wrong: [string, RegExp][] = [
    ["cobs,max-packet=65542,crc=crc32", /max-packet \(bytes, crc32 not counted\) must be from 1 to 65538, not 65542$/],
    ["cobs,max-packet=0,crc=crc32", /max-packet must be at least 1 bytes, not 0$/],
    ["space-packets,max-packet=5,crc=crc16", /max-packet must be at least 7 bytes, not 5$/],
    ["space-packets,max-packet=65541,crc=crc16", /from 7 to 65540, not 65541$/],
    ["fixed,length=600,crc=crc16", /length \(bytes, strip and max-packet allow\) must be from 1 to 514, not 600$/],
  ];
  for (const [text, message] of wrong) {
    t.throws(() => parseFraming("framing", text, COMMON), { instanceOf: RangeError, message }, text);
  }
  t.is(parseFraming("framing", "cobs,max-packet=65538,crc=crc32", COMMON).maxPacketLength, 65538);
  t.is(parseFraming("framing", "cobs,crc=crc32", { maxPacketLength: 65542 }).maxPacketLength, 65538, "not asked for");
});

test("Runs of a pattern may lie over each other where they say the same, and over an identifier's bits that do not count.", (t) => {
  t.notThrows(() => parseFraming("framing", "fixed,length=32,pattern=0:fdaa/1:aabb/0:fd", COMMON));
  t.notThrows(() => parseFraming("framing", "fixed,ids=0x0801:8/0x0802:9,pattern=0:08", COMMON));
  t.notThrows(() => parseFraming("framing", "fixed,ids=1:8/2:9,id-mask=0xff,pattern=0:77", COMMON));
});

/** Bytes of the longest packet, where that is not the longest space packet. */
const MOST: Readonly<Record<string, number>> = { "length-prefixed": 255, uslp: 65_524, "tc-frames": 1017 };

test("A limit that is no number is refused with the range, which is that of its framing.", (t) => {
  for (const { name, example } of FRAMINGS) {
    for (const text of ["-1", "1.5", "many", ""]) {
      const own = name === "length-prefixed" ? ",size=1,min-packet=0" : example === undefined ? "" : `,${example}`;
      const least = ["space-packets", "uslp", "tc-frames"].includes(name) ? 7 : 1;
      const most = MOST[name] ?? 65_542;
      for (const [crc, length] of [
        ["", 0],
        [",crc=crc32", 4],
        [",crc=check16", 0],
      ] as const) {
        const range = `must be a whole number from ${least} to ${most - length}, not "${text}"`;
        const error = t.throws(() => parseFraming("framing", `${name}${own},max-packet=${text}${crc}`, COMMON), {
          instanceOf: TypeError,
        });
        t.true(
          error.message.startsWith(`framing: ${name}: max-packet (bytes`) && error.message.endsWith(range),
          error.message,
        );
      }
    }
  }
});

/** Bytes of the longest packet that goes out and comes back. */
function longestCarried(framing: Framing): number {
  let length = framing.maxPacketLength + 8;
  for (; length > 0; length--) {
    const packet = new Uint8Array(length);
    try {
      if (decodeFrames(framing, encodeFrame(framing, packet))[0]?.length === length) {
        break;
      }
    } catch {
      // Longer than can be sent.
    }
  }
  return length;
}

test("A count too short for the usual maximum makes it what the count can say; asked for, it is refused.", (t) => {
  for (const [text, most] of [
    ["length-prefixed,size=1", 255],
    ["length-prefixed,size=1,crc=crc16", 253],
    ["length-prefixed,size=1,max-packet=255", 255],
    ["length-prefixed,size=1,strip=0,adjust=0,crc=crc16", 255],
    ["length-prefixed,size=1,adjust=0", 254],
    ["length-prefixed,size=2", 512],
    ["marker,kinds=aa55+u8+cc", 255],
    ["marker,kinds=aa55+u8:frame", 252],
    ["marker,kinds=aa55+u8,crc=crc16", 253],
  ] as const) {
    const framing = parseFraming("framing", text, COMMON);
    t.is(framing.maxPacketLength, most, text);
    if (!text.includes("strip=0")) {
      t.is(longestCarried(framing), most, text);
    }
  }
  t.is(lengthPrefixed({ lengthSize: 1 }).maxPacketLength, 255);
  t.throws(() => lengthPrefixed({ lengthSize: 1, maxPacketLength: 256 }), {
    instanceOf: RangeError,
    message: "length-prefixed: maxPacketLength (bytes, as the count can say) must be from 1 to 255, not 256",
  });
  t.throws(() => parseFraming("framing", "length-prefixed,size=2,max-packet=65535,crc=crc16", COMMON), {
    message: /max-packet \(bytes, crc16 not counted, as the count can say\) must be from 1 to 65533, not 65535$/,
  });
  t.throws(() => parseFraming("framing", "length-prefixed,size=1,adjust=-300", COMMON), {
    instanceOf: RangeError,
    message:
      /^framing: length-prefixed: no count gives a frame that is longer than what is stripped, with size 1, unit 1, adjust -300 and strip 1$/,
  });
});

test("A length field in the packet does not count a checksum behind it, nor does it limit what is promised.", (t) => {
  for (const crc of ["crc16", "crc32", "check16"] as const) {
    const field = parseFraming("framing", `marker,kinds=aa55+u8+0d0a,keep=body,crc=${crc}`, COMMON);
    t.is(field.maxPacketLength, 256, crc);
    const prefixes = [
      withCrc(lengthPrefixed({ lengthSize: 1, strip: 0 }), crc),
      parseFraming("framing", `length-prefixed,size=1,strip=0,crc=${crc}`, COMMON),
    ];
    for (const prefixed of prefixes) {
      t.is(prefixed.maxPacketLength, 256, crc);
    }
    for (const framing of [field, ...prefixes]) {
      const packet = new Uint8Array(256);
      packet[0] = 255;
      if (crc === "check16") {
        writeCrc16(packet, 0, 256);
      }
      t.deepEqual(decodeFrames(framing, encodeFrame(framing, packet)), [packet], crc);
    }
  }
  t.is(
    withCrc(marker({ kinds: [{ header: [1], lengthField: { size: 1 } }], keep: "body" }), "crc32").maxPacketLength,
    256,
  );
  t.is(withCrc(withCrc(lengthPrefixed({ lengthSize: 1, strip: 0 }), "crc16"), "crc16").maxPacketLength, 256);
  t.is(withCrc(lengthPrefixed({ lengthSize: 1, strip: 0, maxPacketLength: 100 }), "crc16").maxPacketLength, 98);
});

test("A checksum where nothing can stand behind a packet is refused when the framing is made.", (t) => {
  t.throws(() => withCrc(lines({ keepTerminator: true }), "crc16"), {
    instanceOf: TypeError,
    message: "lines: crc: crc16 cannot stand behind a packet: keepTerminator makes the terminator its end",
  });
  t.throws(() => withCrc(marker({ kinds: [{ header: [1], length: 9 }], keep: "frame" }), "crc32"), {
    instanceOf: TypeError,
    message: "marker: crc: crc32 cannot stand behind a packet: keep frame makes it the whole frame",
  });
  t.throws(() => parseFraming("framing", "lines,keep=on,crc=crc16", COMMON), {
    message: /^framing: lines: crc: crc16 cannot stand behind a packet: keep makes the terminator its end$/,
  });
  t.throws(() => parseFraming("framing", "marker,kinds=aa55+u16,keep=frame,crc=crc16", COMMON), {
    instanceOf: TypeError,
  });
  const checked = withCrc(lines({ keepTerminator: true }), "check16");
  t.throws(() => withCrc(checked, "crc16"), { instanceOf: TypeError }, "a layer between does not hide it");
});
