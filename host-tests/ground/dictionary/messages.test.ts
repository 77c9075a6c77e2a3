import test from "ava";
import { commandsOf, type Message, packetsOf } from "../../../ground/dictionary/messages.js";
import { defineDictionary } from "../../../modules/dictionary/define-dictionary.js";
import type { Dictionary } from "../../../modules/dictionary/dictionary.js";
import { dictionaryOf } from "../../../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../../../modules/flatsat/configuration.js";

const OWN = defineDictionary({
  name: "own",
  parameters: {
    gain: { id: 256, type: "uint8", settable: true, maximum: 9, dangerous: "it is loud" },
    volume: { id: 257, type: "uint16" },
  },
  structures: { sound: { id: 16, parameters: ["gain", "volume"], intervalMs: 1000, description: "what is heard" } },
  functions: {
    setGain: { id: 16, arguments: { by: { type: "int8" } } },
    setTime: { id: 17 },
  },
  services: {
    camera: {
      type: 200,
      requests: {
        shoot: { subtype: 1, values: { version: { type: "uint8", minimum: 3, maximum: 3 } }, maxDataLength: 4 },
        adjust: {
          subtype: 2,
          values: { what: { type: "uint8" } },
          variants: {
            focus: { id: 1, values: { metres: { type: "float32" } }, dangerous: "glass" },
            lines: { id: 2, list: { countType: "uint8", items: { row: { type: "uint8" } }, maxCount: 3 } },
          },
        },
      },
      reports: { shot: { subtype: 3, values: { width: { type: "uint16" } } } },
    },
  },
});

function commands(dictionary: Dictionary): Record<string, Message> {
  const all = commandsOf(dictionaryOf(parseConfiguration({}), { dictionary }));
  return Object.fromEntries(all.map((message) => [message.name, message]));
}

/** A message in one line: its fields, and what they always are. */
function line({ fields, list, trailer, maxDataLength }: Message): string {
  const said = (field: Message["fields"][number]) =>
    field.constant === undefined ? field.name : `${field.name}=${field.constant}`;
  const repeated = list === undefined ? [] : [`${list.maxCount} x (${list.items.map(said).join(" ")})`];
  const data = maxDataLength === 0 ? [] : [`${maxDataLength} octets`];
  return [...fields.map(said), ...repeated, ...trailer.map(said), ...data].join(" ");
}

test("a function, a setting and a variant are commands of their own, their identifiers constants", (t) => {
  const all = commands(OWN);
  t.is(line(all["setGain"] as Message), "functionId=16 by", "a function has its own name");
  t.is(all["setGain"]?.service, "functionManagement");
  t.is(line(all["adjustFocus"] as Message), "what=1 metres");
  t.is(all["adjustFocus"]?.dangerous, "glass");
  t.is(line(all["adjustLines"] as Message), "what=2 3 x (row)");
  t.is(line(all["shoot"] as Message), "version=3 4 octets");
  t.is(line(all["areYouAlive"] as Message), "");
  t.is(
    line(all["createStructure"] as Message),
    "structureId collectionInterval 32 x (parameterId) superCommutatedGroups=0",
  );
  t.is(line(all["setScratch"] as Message), "count=1 parameterId=34 scratch");
});

test("a name that is taken has its service's in front: the board's own are named first", (t) => {
  const all = commands(OWN);
  const setting = all["parameterManagementSetGain"] as Message;
  t.is(line(setting), "count=1 parameterId=256 gain");
  t.is(setting.dangerous, "it is loud");
  t.is(line(all["setTime"] as Message), "functionId=17");
  t.is(line(all["timeManagementSetTime"] as Message), "pField=64 day millisecondOfDay");
  const { length } = commandsOf(dictionaryOf(parseConfiguration({}), { dictionary: OWN }));
  t.is(Object.keys(all).length, length);
});

test("reports by structure, event and parameter are packets of their own, described by what they are of", (t) => {
  const packets = packetsOf(dictionaryOf(parseConfiguration({}), { dictionary: OWN }));
  const find = (name: string) => packets.find((packet) => packet.name === name) as Message;
  t.is(line(find("housekeepingReportSound")), "structureId=16 gain volume");
  t.is(find("housekeepingReportSound").description, "what is heard");
  t.is(find("housekeepingReportSound").variant, "sound");
  t.is(line(find("parameterReportVolume")), "count=1 parameterId=257 volume");
  t.is(line(find("informativeEventRestart")), "eventId=1 resetReason");
  t.is(line(find("shot")), "width");
  t.is(new Set(packets.map(({ name }) => name)).size, packets.length);
  const types = packets.map(({ serviceType }) => serviceType);
  t.deepEqual(
    types,
    [...types].sort((a, b) => a - b),
  );
});
