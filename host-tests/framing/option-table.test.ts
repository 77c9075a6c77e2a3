/** Each option is told once: its names in text and in code, how it is read, what the help says. */
import test from "ava";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { fixed } from "../../modules/framing/formats/fixed.js";
import { lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { lines } from "../../modules/framing/formats/lines.js";
import { marker } from "../../modules/framing/formats/marker.js";
import { netstring } from "../../modules/framing/formats/netstring.js";
import { raw } from "../../modules/framing/formats/raw.js";
import { slip } from "../../modules/framing/formats/slip.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { sync } from "../../modules/framing/formats/sync.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { readOptions } from "../../modules/framing/options/option-table.js";
import { FRAMINGS, framingEntry } from "../../modules/framing/registry.js";

type Make = (options: never) => Framing;

/** Every framing's function, with options that make one. */
const MAKERS: Readonly<Record<string, readonly [make: Make, options: object]>> = {
  "space-packets": [spacePackets, {}],
  cobs: [cobs, {}],
  slip: [slip, {}],
  lines: [lines, {}],
  raw: [raw, {}],
  "length-prefixed": [lengthPrefixed, {}],
  netstring: [netstring, {}],
  marker: [marker, { kinds: [{ header: [1], length: 7 }] }],
  fixed: [fixed, { length: 7 }],
  sync: [sync, { frameLength: 7 }],
  uslp: [uslp, { spacecraftId: 1 }],
  "tc-frames": [tcFrames, { spacecraftId: 1 }],
};

test("An option that does not exist is refused in code, too, and those there are are listed.", (t) => {
  t.deepEqual(Object.keys(MAKERS).sort(), FRAMINGS.map(({ name }) => name).sort());
  for (const { name, options } of FRAMINGS) {
    const [make, good] = MAKERS[name]!;
    t.notThrows(() => make(good as never), name);
    const { message } = t.throws(() => make({ ...good, colour: "red" } as never), { instanceOf: TypeError });
    t.true(message.startsWith(`${name}: there is no option colour; there are `), message);
    for (const { property } of options.rows) {
      t.true(message.includes(property.split(".")[0]!), `${name}: ${property}`);
    }
    t.true(message.includes("maxPacketLength"), message);
  }
});

test("Who mistypes an option is told which is meant.", (t) => {
  const wrong: [make: () => Framing, message: RegExp][] = [
    [
      () => spacePackets({ packetIDs: [0x1801] } as never),
      /^space-packets: there is no option packetIDs, did you mean packetIds\? there are maxPacketLength, packetIds, packetIdMask, validator$/,
    ],
    [() => cobs({ max_packet_length: 5 } as never), /no option max_packet_length, did you mean maxPacketLength\?/],
    [() => lines({ emptyLine: "idle" } as never), /no option emptyLine, did you mean emptyLines\?/],
    [
      () => fixed({ identifier: { offset: 0, sizes: 2, lengths: [[1, 4]] } as never }),
      /^fixed: identifier: there is no option sizes, did you mean size\? there are lengths, offset, size, mask, endianness$/,
    ],
    [() => cobs({ "max-packet": 5 } as never), /no option max-packet; there are/],
  ];
  for (const [make, message] of wrong) {
    t.throws(make, { instanceOf: TypeError, message });
  }
});

test("A row says what an option is called in text and in code; one of an object in it is put there.", (t) => {
  t.deepEqual(readOptions(framingEntry("space-packets").options, { "packet-ids": "0x1801/2", "max-packet": "80" }), {
    maxPacketLength: 80,
    packetIds: [0x1801, 2],
  });
  t.deepEqual(readOptions(framingEntry("fixed").options, { ids: "1:4", "id-size": "1", endian: "little" }), {
    identifier: { lengths: [[1, 4]], size: 1, endianness: "little" },
  });
});

test("A check that stands once speaks of the option as it was given: in code, or as text.", (t) => {
  const identifier = { offset: 12, size: 2, lengths: [[1, 10]] as [number, number][] };
  t.throws(() => fixed({ identifier }), {
    message: "fixed: identifier.offset + identifier.size (bytes) must be from 1 to 10, not 14",
  });
  t.throws(() => fixed({ length: 9, identifier: { size: 1 } as never }), {
    message:
      "fixed: identifier.offset, identifier.size, identifier.mask and identifier.endianness need identifier.lengths",
  });
  t.throws(() => lengthPrefixed({ lengthSize: 1, adjustment: -300 }), {
    message:
      "length-prefixed: no count gives a frame that is longer than what is stripped, with lengthSize 1, bytesPerCount 1, " +
      "adjustment -300 and strip 1",
  });
});

test("An option that is undefined is as one that is not given.", (t) => {
  t.is(fixed({ length: 2000, maxPacketLength: undefined } as never).maxPacketLength, 2000);
  t.is(sync({ frameLength: 2000, maxPacketLength: undefined } as never).maxPacketLength, 2000);
  t.throws(() => sync({ frameLength: 2000, maxPacketLength: 100 }), {
    message: "sync: frameLength (bytes, up to maxPacketLength) must be from 1 to 100, not 2000",
  });
});

test("Keys and properties are each their own, and a table is nobody's to change.", (t) => {
  for (const { name, options } of FRAMINGS) {
    const keys = options.rows.map(({ key }) => key);
    const properties = options.rows.map(({ property }) => property);
    t.is(new Set(keys).size, keys.length, name);
    t.is(new Set(properties).size, properties.length, name);
    t.true([options, options.rows, options.inCode, options.parts, ...options.rows].every(Object.isFrozen), name);
  }
});
