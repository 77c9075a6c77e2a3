/** How arguments are asked for, and what became of commands. */
import test from "ava";
import type { Command, CommandStage, CommandState } from "../../../../ground/station/contracts.js";
import { groupsOf } from "../../../../ground/station/page/grouping.js";
import { inputOf, missingOf, saidArguments } from "../../../../ground/station/page/inputs.js";
import { messageName } from "../../../../ground/station/page/message-name.js";
import { argumentsText, chipsOf, failureOf } from "../../../../ground/station/page/stages.js";

test("words that are all there is are a choice, with what is sent when nothing is said", (t) => {
  const input = inputOf({
    name: "mode",
    kind: "value",
    value: { type: "uint8", words: { safe: 0, nominal: 1 }, maximum: 1, default: 1 },
  });
  t.is(input.kind, "choice");
  t.deepEqual(input.choices, ["safe", "nominal"]);
  t.is(input.fallback, "nominal");
  t.false(input.isNeeded);
  const flag = inputOf({ name: "on", kind: "value", value: { type: "boolean" } });
  t.is(flag.kind, "choice");
  t.deepEqual(flag.choices, ["false", "true"]);
  t.true(flag.isNeeded);
});

test("words among numbers are proposed; the range is said in the unit", (t) => {
  const input = inputOf({ name: "id", kind: "value", value: { type: "uint8", words: { first: 1 } } });
  t.is(input.kind, "words");
  t.regex(input.hint, /first, or 0 to 255/);
  const calibrated = inputOf({
    name: "celsius",
    kind: "value",
    value: {
      type: "int16",
      unit: "degC",
      minimum: -100,
      maximum: 500,
      calibration: { polynomial: [0, 0.1] },
      default: 215,
    },
  });
  t.is(calibrated.kind, "text");
  t.is(calibrated.hint, "-10 to 50 degC");
  t.is(calibrated.fallback, "21.5");
});

test("lists, arrays, bits and data say their form", (t) => {
  t.regex(inputOf({ name: "ids", kind: "items", value: { type: "uint8" } }).hint, /commas/);
  t.regex(inputOf({ name: "axis", kind: "value", value: { type: "uint8", count: 3 } }).hint, /^3 numbers/);
  const bits = { high: { width: 2 }, low: { width: 6 } };
  t.is(inputOf({ name: "flags", kind: "value", value: { type: "uint8", bits } }).hint, "high:0..3/low:0..63");
  const data = inputOf({ name: "data", kind: "data" });
  t.false(data.isNeeded);
  t.regex(data.hint, /hexadecimal/);
});

test("what was left empty is not said; what must be said is asked for", (t) => {
  const inputs = [
    inputOf({ name: "a", kind: "value", value: { type: "uint8" } }),
    inputOf({ name: "b", kind: "value", value: { type: "uint8", default: 3 } }),
  ];
  t.is(missingOf(inputs, {}), "a");
  t.is(missingOf(inputs, { a: "  " }), "a");
  t.is(missingOf(inputs, { a: "1" }), undefined);
  t.deepEqual(saidArguments(inputs, { a: " 1 ", b: "", c: "9" }), { a: "1" });
});

function commandOf(state: CommandState, ...stages: CommandStage[]): Command {
  const base = { id: 1, time: 0, user: "operator", origin: "::1", name: "ping", arguments: {}, hex: "18" };
  return { ...base, state, stages };
}

const at = (stage: string, failure?: string): CommandStage => ({
  stage,
  time: 10,
  ...(failure === undefined ? {} : { failure }),
});

const states = (command: Command): string =>
  chipsOf(command)
    .map(({ state }) => state)
    .join(" ");

test("chips: what was reached, what is waited for, where it ended", (t) => {
  t.is(states(commandOf("queued")), "waiting open open open");
  t.is(states(commandOf("sent", at("sent"))), "done waiting open open");
  t.is(states(commandOf("accepted", at("sent"), at("accepted"))), "done done waiting open");
  t.is(
    states(commandOf("completed", at("sent"), at("accepted"), at("started"), at("completed"))),
    "done done done done",
  );
  t.is(states(commandOf("completed", at("sent"), at("completed"))), "done skipped skipped done");
  t.is(states(commandOf("failed", at("sent"), at("accepted", "no such service"))), "done failed open open");
  t.is(states(commandOf("unanswered", at("sent"), at("unanswered"))), "done open open open");
});

test("a failure is said in words, with its stage", (t) => {
  t.is(failureOf(commandOf("completed", at("sent"))), undefined);
  t.is(failureOf(commandOf("failed", at("accepted", "no such service"))), "accepted: no such service");
  t.regex(failureOf(commandOf("unanswered", at("sent"))) ?? "", /no report came/);
  t.is(argumentsText({ celsius: "21", list: [1, 2] }), "celsius=21 list=[1,2]");
});

test("groups: the board's own first, what flatlink says of itself last", (t) => {
  const parameters = Object.fromEntries(
    [
      ["link", "a"],
      ["port1", "b"],
      ["power", "c"],
      ["board", "d"],
      [undefined, "e"],
      ["power", "f"],
    ].map(([group, name], id) => [name, { id, type: "uint8", ...(group === undefined ? {} : { group }) }]),
  );
  const value = { name: "unknown", value: 1, raw: 1, time: 1, packet: 1 };
  const dictionary = { name: "x", parameters } as unknown as Parameters<typeof groupsOf>[0];
  t.deepEqual(
    groupsOf(dictionary, new Map([["unknown", value]])).map(({ name, parameters: members }) => [name, ...members]),
    [
      ["power", "c", "f"],
      ["board", "d"],
      ["link", "a"],
      ["port1", "b"],
      ["other", "e", "unknown"],
    ],
  );
});

test("a packet's message is named by its type", (t) => {
  const services = { test: { type: 17, reports: { alive: { subtype: 2 } } } };
  const dictionary = { name: "x", services } as unknown as Parameters<typeof messageName>[0];
  t.is(messageName(dictionary, { service: 17, subtype: 2 }), "alive");
  t.is(messageName(dictionary, { service: 17, subtype: 3 }), "");
  t.is(messageName(undefined, { service: null, subtype: null }), "");
});
