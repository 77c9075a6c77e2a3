import test from "ava";
import { flatlink, objectsIn } from "./run.js";

/** TC[8,1], setHeater control=on. */
const HEATER = "1802c00000082f08010000110183c2";

test("a telecommand is explained octet by octet", async (t) => {
  const { code, stdout, stderr } = await flatlink(["decode", HEATER]);
  t.is(code, 0, stderr);
  t.is(stderr, "");
  const lines = stdout.split("\n");
  t.is(lines[0], "TC[8,1] performFunction setHeater: control on");
  t.regex(stdout, /^ +0\.5 {2}11 bits +APID +2$/m);
  t.regex(stdout, /^ +6\.4 {2}4 bits +acknowledgement flags +15: acceptance, start, progress, completion$/m);
  t.regex(stdout, /^ +12 {2}01 +control +on \(raw 1\)$/m);
  t.regex(stdout, /^ +13 {2}83c2 +CRC +0x83c2, right$/m);
});

test("digits come from standard input, too, with spaces and new lines", async (t) => {
  const spaced = (HEATER.match(/../g) as string[]).join(" ");
  for (const [args, input] of [
    [["decode"], `${spaced.slice(0, 20)}\n${spaced.slice(20)}\n`],
    [["decode", ...spaced.split(" ")], ""],
    [["decode", "--json"], HEATER],
  ] as const) {
    const { code, stdout, stderr } = await flatlink(args, { input });
    t.is(code, 0, stderr);
    t.regex(stdout, /setHeater/);
  }
});

test("as JSON: one object, with every field's place", async (t) => {
  const { stdout } = await flatlink(["decode", "--json", HEATER]);
  const [packet, ...more] = objectsIn(stdout);
  t.deepEqual(more, []);
  t.like(packet, { kind: "telecommand", type: "8,1", message: "performFunction", variant: "setHeater", apid: 2 });
  t.deepEqual((packet!["values"] as unknown[])[1], { name: "control", value: 1, word: "on", raw: 1 });
  t.true(
    (packet!["fields"] as { name: string; offset: number }[]).some(
      ({ name, offset }) => name === "CRC" && offset === 13,
    ),
  );
});

test("what is no packet: the octet and why, in one line, and exit code 1", async (t) => {
  const wrong = await flatlink(["decode", HEATER.replace(/c2$/, "c3")]);
  t.is(wrong.code, 1);
  t.is(wrong.stdout, "");
  t.is(
    wrong.stderr,
    "flatlink decode: octet 13: the CRC is 0x83c3, and 0x83c2 would be right: the packet is damaged\n",
  );
  const json = await flatlink(["decode", "--json", HEATER.slice(0, 8)]);
  t.is(json.code, 1);
  t.like(objectsIn(json.stdout)[0], { kind: "undecoded", fault: "tooShort", offset: 4 });
});

test("settings make the dictionary: of another APID, the same packet is another board's", async (t) => {
  const { code, stderr } = await flatlink(["decode", "--apid", "3", HEATER]);
  t.is(code, 1);
  t.regex(stderr, /the board has APID 3, not 2/);
});

test("no digits, and wrong options, are exit code 2", async (t) => {
  for (const [args, message] of [
    [["decode", "xyz"], /must be pairs of hexadecimal digits/],
    [["decode"], /there is no packet to decode/],
    [["decode", "--bad"], /unknown option '--bad'/],
    [["decode", "--time-code", "x", HEATER], /time_code.*cds/],
    [["decode", "--board", "absent.ts", HEATER], /there is no file absent\.ts/],
  ] as const) {
    const { code, stdout, stderr } = await flatlink(args);
    t.is(code, 2, stderr);
    t.is(stdout, "");
    t.regex(stderr, message);
    t.is(stderr.split("\n").length, 2, "one line");
  }
});

test("commands are listed, and one is told in detail", async (t) => {
  const all = await flatlink(["commands"]);
  t.is(all.code, 0, all.stderr);
  t.regex(all.stdout, /^setHeater +TC\[8,1\] {2}\[control=off\|on\|automatic\]$/m);
  t.regex(all.stdout, /^switchPayload +TC\[8,1\] .*\(dangerous\)$/m);
  const one = await flatlink(["commands", "setBatteryLowLimit"]);
  t.is(
    one.stdout,
    [
      "setBatteryLowLimit batteryLowLimit=uint8",
      "  TC[20,3], setParameters of parameterManagement",
      "  Sets parameters.",
      "  dangerous: Far down, the battery may be empty before the next sunrise.",
      "  arguments:",
      "    batteryLowLimit  uint8; 10 to 80 %",
      "",
    ].join("\n"),
  );
  const json = await flatlink(["commands", "setMode", "--json"]);
  t.like(objectsIn(json.stdout)[0], {
    name: "setMode",
    type: "8,1",
    arguments: [{ name: "mode", kind: "value", type: "uint8", words: { safe: 0, nominal: 1, payload: 2 }, default: 1 }],
  });
  const none = await flatlink(["commands", "setHeatr"]);
  t.is(none.code, 2);
  t.is(none.stderr, 'flatlink commands: there is no command "setHeatr"; did you mean setHeater?\n');
});
