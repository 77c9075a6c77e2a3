/** A framing of one's own: registered, it can be chosen by its name wherever one of this package can. */
import test from "ava";
import { framingHelp } from "../../host/framing-help.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import type { FramingEntry } from "../../modules/framing/options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../../modules/framing/options/option-table.js";
import { wholeNumber } from "../../modules/framing/options/text-options.js";
import { FRAMINGS, parseFraming, registerFraming } from "../../modules/framing/registry.js";

interface Options {
  maxPacketLength?: number;
  key?: number;
}

/** COBS under another name, with an option that does nothing but be in its range. */
const entry: FramingEntry = {
  name: "own",
  summary: "one's own",
  options: optionTable<Options>([
    MAX_PACKET,
    { key: "key", property: "key", read: wholeNumber, help: "a number from 1 to 3, default 1" },
  ]),
  make(options: Options, context) {
    context.range("key", "", options.key ?? 1, 1, 3);
    return { ...cobs({ maxPacketLength: context.maxPacketLength(options.maxPacketLength) }), name: "own" };
  },
};
const framings = registerFraming(entry);
const COMMON = { maxPacketLength: 100, framings };

test("A framing of one's own is found by its name, with its keys and a checksum, and so are all others.", (t) => {
  const framing = parseFraming("framing", "own,key=2,crc=crc16", COMMON);
  t.deepEqual([framing.name, framing.crc, framing.maxPacketLength], ["own", "crc16", 100]);
  const packet = Uint8Array.of(1, 0, 2);
  t.deepEqual(decodeFrames(framing, encodeFrame(framing, packet)), [packet]);
  t.is(parseFraming("framing", "slip", COMMON).name, "slip");
  t.deepEqual(
    framings.map(({ name }) => name),
    [...FRAMINGS.map(({ name }) => name), "own"],
  );
});

test("It is named in errors as the others are, and where it was not handed to, it is not known.", (t) => {
  t.throws(() => parseFraming("framing", "own,key=4", COMMON), {
    message: "framing: own: key must be from 1 to 3, not 4",
  });
  t.throws(() => parseFraming("framing", "own,max-packet=65541,crc=crc16", COMMON), {
    message: "framing: own: max-packet (bytes, crc16 not counted) must be from 1 to 65540, not 65541",
  });
  t.throws(() => parseFraming("framing", "own,colour=red", COMMON), {
    message: /"colour=red" is no option of own; there are max-packet, key, crc/,
  });
  t.throws(() => parseFraming("framing", "own", { maxPacketLength: 100 }), { message: /no framing is called "own"/ });
  t.throws(() => parseFraming("framing", "hdlc", COMMON), {
    message: /no framing is called "hdlc"; .*tc-frames, own$/,
  });
});

test("A port of an application can have it.", (t) => {
  const { ports } = parseConfiguration({ listen: "own:1,key=3,role=tm cobs:2" }, undefined, framings);
  t.deepEqual(
    ports.map(({ framing, role }) => [framing.name, role, framing.maxPacketLength]),
    [
      ["own", "tm", 1024],
      ["cobs", "tmtc", 1024],
    ],
  );
  t.throws(() => parseConfiguration({ listen: "own:1,key=4" }, undefined, framings), {
    message: 'listen: "own:1,key=4": key must be from 1 to 3, not 4',
  });
  t.throws(() => parseConfiguration({ listen: "own:1" }), { message: /no framing is called "own"/ });
});

test("The help lists it last.", (t) => {
  const help = framingHelp({}, framings);
  t.regex(
    help,
    /\n {2}own: one's own\n {4}max-packet +longest .*\n {4}key +a number from 1 to 3, default 1\n {2}every/,
  );
  t.false(framingHelp().includes("own: "));
});

test("A name that is taken, or cannot stand in a text, is refused, and so are keys.", (t) => {
  const named = (name: string) => () => registerFraming({ ...entry, name });
  t.throws(named("cobs"), { instanceOf: TypeError, message: 'there is another framing called "cobs"' });
  t.throws(() => registerFraming(entry, framings), { message: 'there is another framing called "own"' });
  for (const name of ["", "Own", "own framing", "own:1", "own,1", "1own"]) {
    t.throws(named(name), { instanceOf: TypeError, message: /name must be small letters/ }, name);
  }
  const row = { property: "maxPacketLength", read: wholeNumber, help: "" } as const;
  for (const key of ["crc", "Key", "a=b", ""]) {
    const options = optionTable<Options>([{ ...row, key }]);
    t.throws(() => registerFraming({ ...entry, options }), { instanceOf: TypeError, message: /^own: the keys/ }, key);
  }
  t.is(registerFraming({ ...entry, name: "other" }, framings).length, framings.length + 1);
  t.true(Object.isFrozen(framings));
});
