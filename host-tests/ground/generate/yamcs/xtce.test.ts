/** What stands in the XTCE of a board, construct by construct. */
import test from "ava";
import { xtceOf } from "../../../../ground/generate/yamcs/xtce.js";
import { wireHash } from "../../../../modules/dictionary/dictionary-hash.js";
import { boardOf, NASTY, SMALL } from "./boards.js";
import { all, first, parseXml, type XmlElement } from "./xml-tree.js";

const ROOT = parseXml(xtceOf(SMALL, "UNIX").text);

function named(set: XmlElement, name: string | undefined): XmlElement {
  return set.children.find(({ attributes }) => attributes["name"] === name)!;
}

function parameterType(root: XmlElement, parameter: string): XmlElement {
  return named(first(root, "ParameterTypeSet"), first(root, "Parameter", parameter).attributes["parameterTypeRef"]);
}

function command(name: string): XmlElement {
  return first(ROOT, "MetaCommand", name);
}

function argumentType(name: string, argument: string): XmlElement {
  const { attributes } = first(command(name), "Argument", argument);
  return named(first(ROOT, "ArgumentTypeSet"), attributes["argumentTypeRef"]);
}

function attributesOf(element: XmlElement, name: string, attribute: string): (string | undefined)[] {
  return all(element, name).map(({ attributes }) => attributes[attribute]);
}

test("words, texts and units come out of the file as they were written, but for what no XML may have", (t) => {
  const root = parseXml(xtceOf(NASTY, "UNIX").text);
  const shown = all(parameterType(root, "worded"), "Enumeration").map(({ attributes }) => attributes);
  t.deepEqual(
    shown.slice(0, 7).map(({ label, value }) => [label, value]),
    [
      ["0", "0"],
      ["1", "1"],
      ['a "b"', "2"],
      ["c <d> & e", "3"],
      ["f\ng", "4"],
      ["5", "5"],
      ["ü 漢 \ud83d\ude80", "6"],
    ],
  );
  const text = NASTY.description!.replace("\u0000", "\ufffd").replace("\u0007", "\ufffd");
  t.is(first(root, "Parameter", "worded").attributes["shortDescription"], text);
});

test("a setting: its ID is fixed, range and calibration are in the unit, the reason why it is dangerous is told", (t) => {
  const set = command("setCelsius");
  t.deepEqual(attributesOf(set, "FixedValueEntry", "binaryValue"), ["01", "0100"]);
  t.deepEqual(attributesOf(set, "FixedValueEntry", "sizeInBits"), ["8", "16"]);
  const type = argumentType("setCelsius", "celsius");
  t.is(type.name, "FloatArgumentType");
  t.deepEqual(first(type, "ValidRange").attributes, { minInclusive: "-55", maxInclusive: "120" });
  t.deepEqual(attributesOf(type, "Term", "coefficient"), ["50", "10"]);
  t.is(first(set, "DefaultSignificance").attributes["reasonForWarning"], "it burns");
  t.is(first(set, "DefaultSignificance").attributes["consequenceLevel"], "critical");
  t.is(all(command("setIsOpen"), "DefaultSignificance").length, 0);
});

test("a calibration that falls: its points are in the order of the values, and so is the range", (t) => {
  const type = argumentType("setPressure", "pressure");
  t.deepEqual(attributesOf(type, "SplinePoint", "raw"), ["7", "100"]);
  t.deepEqual(attributesOf(type, "SplinePoint", "calibrated"), ["100", "0"]);
  const { minInclusive, maxInclusive } = first(type, "ValidRange").attributes;
  t.true(Number(minInclusive) < Number(maxInclusive));
});

test("a function: defaults and ranges of its arguments", (t) => {
  t.deepEqual(attributesOf(command("heat"), "Argument", "initialValue"), ["false", "10"]);
  t.deepEqual(first(argumentType("heat", "watts"), "ValidRange").attributes, { minInclusive: "0", maxInclusive: "50" });
});

test("lists: Yamcs counts their items; structures that the ground makes have words of their own", (t) => {
  t.deepEqual(attributesOf(command("enableHousekeeping"), "Argument", "name"), ["count", "structureIds"]);
  const array = argumentType("enableHousekeeping", "structureIds");
  t.is(first(array, "ArgumentInstanceRef").attributes["argumentRef"], "count");
  const types = first(ROOT, "ArgumentTypeSet");
  t.deepEqual(attributesOf(named(types, array.attributes["arrayTypeRef"]), "Enumeration", "label"), [
    "all",
    "created2",
    "created1",
  ]);
  t.deepEqual(attributesOf(argumentType("createStructure", "structureId"), "Enumeration", "label"), [
    "created2",
    "created1",
  ]);
  const items = argumentType("modifyCollectionInterval", "items");
  t.is(named(types, items.attributes["arrayTypeRef"]).name, "AggregateArgumentType");
});

test("the hash of the dictionary is the only value of dictionaryHash that raises no alarm", (t) => {
  const board = boardOf({ name: "own" });
  const hash = String(wireHash(board));
  const type = parameterType(parseXml(xtceOf(board, "UNIX").text), "dictionaryHash");
  t.deepEqual(first(type, "CriticalRange").attributes, { minInclusive: hash, maxInclusive: hash });
});

test("limits bound the good range; IDs are aliases; groups are told; bit fields and elements are parameters of their own", (t) => {
  const type = parameterType(ROOT, "celsius");
  t.deepEqual(first(type, "WarningRange").attributes, { minInclusive: "0", maxInclusive: "40" });
  t.deepEqual(first(type, "CriticalRange").attributes, { maxInclusive: "60" });
  t.is(first(first(ROOT, "Parameter", "celsius"), "AncillaryData").text, "thermal");
  t.deepEqual(first(first(ROOT, "Parameter", "axes_1"), "Alias").attributes, { nameSpace: "ID", alias: "258[1]" });
  t.deepEqual(
    attributesOf(first(ROOT, "SequenceContainer", "housekeepingReportAll"), "ParameterRefEntry", "parameterRef"),
    [
      ...["celsius", "mode", "axes_0", "axes_1", "axes_2", "label"],
      ...["status_kind", "status_level", "reserved6", "pressure", "raw", "isOpen"],
    ],
  );
});

test("verifiers look at parameters that only their own stage's reports have, and at any packet", (t) => {
  const verification = first(ROOT, "SpaceSystem", "verification");
  for (const [verifier, stage, container] of [
    ["ReceivedVerifier", 1, "acceptance"],
    ["ExecutionVerifier", 3, "start"],
    ["CompleteVerifier", 7, "completion"],
  ] as const) {
    const inputs = attributesOf(first(ROOT, verifier), "InputParameterInstanceRef", "parameterRef");
    t.is(inputs[5], "/small/sequenceCount");
    t.regex(first(ROOT, verifier).text, new RegExp(`stage: ${stage},`));
    const comparisons = all(first(verification, "SequenceContainer", container), "Comparison").map(
      ({ attributes }) =>
        `${attributes["parameterRef"]} ${attributes["comparisonOperator"] ?? "=="} ${attributes["value"]}`,
    );
    t.deepEqual(comparisons, [
      "/small/apid == 2",
      "/small/service == 1",
      `/small/subtype >= ${stage}`,
      `/small/subtype <= ${stage + 1}`,
    ]);
    const read = all(verification, "SequenceContainer")
      .filter(({ attributes }) => attributes["name"]!.startsWith(container))
      .flatMap((each) => attributesOf(each, "ParameterRefEntry", "parameterRef"))
      .map((name) => `/small/verification/${name}`);
    t.deepEqual(inputs.filter((input) => input!.includes("/verification/")).sort(), read.sort());
  }
});
