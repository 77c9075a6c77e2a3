import test from "ava";
import { ArgumentError } from "../../../ground/dictionary/argument-error.js";
import { argumentsOf } from "../../../ground/dictionary/command-arguments.js";
import { type CommandArguments, encodeCommand, findCommand } from "../../../ground/dictionary/encode-command.js";
import { commandsOf } from "../../../ground/dictionary/messages.js";
import { parseTelecommand } from "../../../modules/pus/build-parse.js";
import { boardWith, FLATSAT } from "./boards.js";

/** Of an argument whose name is also that of something that every object has. */
const AS_EVERY_OBJECT_HAS = { type: "uint8", default: 3 } as const;

const OWN = boardWith({
  name: "own",
  parameters: {
    voltage: { id: 300, type: "uint16", unit: "V", calibration: { polynomial: [1, 0.5] }, maximum: 20, settable: true },
    curve: { id: 301, type: "uint8", unit: "degC", calibration: { polynomial: [0, 1, 1] }, settable: true },
    label: { id: 302, type: "ascii", length: 5, settable: true },
    key: { id: 303, type: "bytes", length: 3, settable: true },
    axes: { id: 304, type: "int16", count: 3, settable: true },
    flags: {
      id: 305,
      type: "uint8",
      bits: { kind: { width: 3, words: { a: 1, b: 2 } }, on: { width: 1 } },
      settable: true,
    },
    flag: { id: 306, type: "boolean", settable: true },
    ratio: { id: 307, type: "float32", minimum: 0, maximum: 1, settable: true },
    count: { id: 308, type: "uint8", settable: true },
    odd: { id: 309, type: "uint8", bits: { constructor: { width: 3 }, on: { width: 1 } }, settable: true },
  },
  functions: { build: { id: 40, arguments: { constructor: AS_EVERY_OBJECT_HAS } } },
  services: {
    camera: {
      type: 200,
      requests: {
        shoot: {
          subtype: 1,
          values: { mode: { type: "uint8", words: { still: 0, film: 1 } } },
          list: {
            countType: "uint8",
            items: { time: { type: "uint16", unit: "s" }, name: { type: "ascii", length: 3 } },
            maxCount: 2,
          },
          trailer: { time: { type: "uint8" } },
          maxDataLength: 4,
        },
      },
    },
  },
});

/** Application data in hexadecimal digits. */
function data(board: typeof OWN, name: string, given: CommandArguments): string {
  const packet = encodeCommand(board, name, given);
  const view = parseTelecommand(packet);
  return Buffer.from(packet.subarray(view.applicationDataStart, view.applicationDataEnd)).toString("hex");
}

const GOLDEN: readonly [string, CommandArguments, string][] = [
  ["setVoltage", { voltage: "3" }, "01012c0004"],
  ["setVoltage", { voltage: "3.2 V" }, "01012c0004"],
  ["setVoltage", { voltage: 11 }, "01012c0014"],
  ["setVoltage", { voltage: "raw:7" }, "01012c0007"],
  ["setCurve", { curve: "raw:0x10" }, "01012d10"],
  ["setLabel", { label: "ab" }, "01012e6162000000"],
  ["setLabel", { label: '"a,\\"b"' }, "01012e612c226200"],
  ["setKey", { key: "00 fF:7f" }, "01012f00ff7f"],
  ["setKey", { key: Uint8Array.of(1, 2, 3) }, "01012f010203"],
  ["setAxes", { axes: "[1,-2,0x10]" }, "0101300001fffe0010"],
  ["setAxes", { axes: [1, -2, 16] }, "0101300001fffe0010"],
  ["setFlags", { flags: "kind:b/on:1" }, "01013150"],
  ["setFlags", { flags: { kind: "b", on: true } }, "01013150"],
  ["setFlags", { flags: "0x50" }, "01013150"],
  ["setFlag", { flag: "true" }, "01013201"],
  ["setFlag", { flag: "OFF" }, "01013200"],
  ["setRatio", { ratio: "0.5" }, "0101333f000000"],
  ["setCount", { count: "9" }, "01013409"],
  ["setOdd", { odd: "on:1" }, "01013510"],
  ["build", {}, "2803"],
  ["build", { constructor: "4" }, "2804"],
  ["shoot", { mode: "film", time: "1 s,2", name: "a,b", trailerTime: "5" }, "01020001610000000262000005"],
  ["shoot", { mode: 0, time: [], name: [], trailerTime: 5, data: "beef" }, "000005beef"],
  ["reportParameters", { parameterId: "voltage,305" }, "02012c0131"],
];

for (const [name, given, hex] of GOLDEN) {
  test(`${name} ${JSON.stringify(given)}`, (t) => {
    t.is(data(OWN, name, given), hex);
  });
}

const REFUSED: readonly [string, CommandArguments, RegExp][] = [
  ["setVoltag", {}, /^there is no command "setVoltag"; did you mean setVoltage\?$/],
  ["quite another", {}, /^there is no command "quite another"$/],
  ["setVoltage", {}, /^setVoltage needs voltage: 1 to 11 V$/],
  ["setVoltage", { volage: "3" }, /^setVoltage has no argument "volage"; did you mean voltage\?$/],
  ["areYouAlive", { x: "3" }, /^areYouAlive has no argument "x"; it has none$/],
  ["setVoltage", { voltage: "12" }, /^voltage must be 1 to 11 V, not 12 V$/],
  ["setVoltage", { voltage: "3 mV" }, /^voltage is in V, not in "mV"$/],
  ["setVoltage", { voltage: "high" }, /^voltage is 1 to 11 V, not "high"$/],
  ["setVoltage", { voltage: "raw:21" }, /^voltage must be 1 to 11 V, not 11.5 V$/],
  ["setVoltage", { voltage: [1, 2] }, /^voltage is one value, 1 to 11 V, not \[1,2\]$/],
  ["setCurve", { curve: "7" }, /^curve: no raw number follows from a value in degC; say raw:NUMBER$/],
  ["setLabel", { label: "abcdef" }, /^label is text of 5 characters at most, not 6$/],
  ["setLabel", { label: "ä" }, /^label is text of 5 characters at most, and character 0 of "ä" is not ASCII$/],
  ["setKey", { key: "0102" }, /^key is 3 octets in hexadecimal digits, not 2$/],
  ["setKey", { key: "01020" }, /^key must be pairs of hexadecimal digits/],
  ["setAxes", { axes: "1,2" }, /^axes has 3 elements, as in \[0,1,2\], not 2$/],
  ["setAxes", { axes: "1,2,40000" }, /^axes\[2\] must be -32768 to 32767, not 40000$/],
  ["setFlags", { flags: "kin:1" }, /^flags has no part "kin"; did you mean kind\?$/],
  ["setFlags", { flags: "kind:9" }, /^flags.kind must be a, b, or 0 to 7, not 9$/],
  ["setFlags", { flags: "kind:1:9" }, /^flags is part:value\/part:value or a number, not "kind:1:9"$/],
  ["setFlags", { flags: "kind:1/on:1/kind:2" }, /^flags has kind twice in "kind:1\/on:1\/kind:2"$/],
  ["setFlag", { flag: "2" }, /^flag must be false or true, not 2$/],
  ["setRatio", { ratio: "1.5" }, /^ratio must be 0 to 1, not 1.5$/],
  ["setCount", { count: "1.5" }, /^count must be a whole number, 0 to 255, not 1.5$/],
  ["shoot", { mode: "fil", time: "1", name: "a", trailerTime: "1" }, /did you mean film\?$/],
  ["shoot", { mode: "film", time: "1,2", name: "a", trailerTime: "1" }, /^name has 1 items, and another argument 2/],
  ["shoot", { mode: "film", trailerTime: "1" }, /^shoot needs time: 0 to 65535 s$/],
  ["reportParameters", { parameterId: "" }, /^reportParameters takes 1 item at least, not 0$/],
  ["shoot", { mode: 0, time: "1,2,3", name: "a,b,c", trailerTime: 1 }, /^shoot takes 2 items at most, not 3$/],
  ["shoot", { mode: 0, time: "1", name: "a", trailerTime: 1, data: "0102030405" }, /^data may have 4 octets, not 5$/],
];

for (const [name, given, message] of REFUSED) {
  test(`refused: ${name} ${JSON.stringify(given)}`, (t) => {
    t.throws(() => encodeCommand(OWN, name, given), { instanceOf: ArgumentError, message });
  });
}

test("what nobody has a say in is no argument; a name that is taken gets its place in front", (t) => {
  const names = (name: string) => argumentsOf(findCommand(commandsOf(OWN), name)).map((argument) => argument.name);
  t.deepEqual(names("shoot"), ["mode", "time", "name", "trailerTime", "data"]);
  t.deepEqual(names("setCount"), ["count"]);
});

test("defaults are the dictionary's; counts, source and flags are as they are asked for", (t) => {
  t.is(data(FLATSAT, "setMode", {}), "1001");
  t.is(data(FLATSAT, "switchPayload", {}), "1200");
  const options = { sequenceCount: 77, sourceId: 5, acknowledgementFlags: 0b1001 };
  t.like(parseTelecommand(encodeCommand(FLATSAT, "detumble", {}, options)), {
    apid: 2,
    packetSequenceCount: 77,
    sourceId: 5,
    acknowledgementFlags: 9,
    serviceType: 8,
    messageSubtype: 1,
  });
  t.throws(() => encodeCommand(FLATSAT, "detumble", {}, { sequenceCount: 16_384 }), { message: /0 to 16383/ });
});
