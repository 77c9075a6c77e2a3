/** The dictionary's entries as tables with an anchor for each: parameters by group, structures, events, functions, failure codes. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { ParameterDefinition, ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import { valuesLength } from "../../../modules/dictionary/value-check.js";
import { type Block, heading, joined, type TableRow, type Text, table } from "../document/document.js";
import { shortType } from "./bit-layout.js";
import type { BoardContent } from "./messages.js";
import { calibrationText, initialText, limitText, rangeText, wordsText } from "./value-text.js";

export function definitionBlocks(content: BoardContent): Block[] {
  const { board } = content;
  return [
    heading(2, "parameters", "Parameters"),
    ...parameterBlocks(board),
    heading(2, "structures", "Housekeeping structures"),
    structureTable(content),
    heading(2, "events", "Events"),
    eventTable(content),
    heading(2, "functions", "Functions"),
    functionTable(content),
    heading(2, "failure-codes", "Failure codes"),
    failureTable(board),
  ];
}

function byNumber<Entry>(
  entries: Readonly<Record<string, Entry>>,
  numberOf: (entry: Entry) => number,
): [string, Entry][] {
  return Object.entries(entries).sort(([, a], [, b]) => numberOf(a) - numberOf(b));
}

function parameterBlocks({ parameters = {} }: BoardDictionary): Block[] {
  const all = byNumber(parameters, ({ id }) => id);
  const groups = new Map<string, [string, ParameterDefinition][]>();
  for (const entry of all) {
    const group = entry[1].group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return Array.from(groups, ([group, entries], k): Block[] => [
    heading(3, `group-${k + 1}`, group === "" ? "without a group" : group),
    table(
      ["ID", "parameter", "type", "unit", "meaning"],
      entries.map(([name, parameter]) => ({
        id: `parameter-${name}`,
        cells: [
          [String(parameter.id)],
          [{ code: name }],
          [shortType(parameter)],
          [parameter.unit ?? ""],
          parameterMeaning(parameter),
        ],
      })),
    ),
    ...limitTable(entries),
  ]).flat();
}

function parameterMeaning(parameter: ParameterDefinition): Text {
  const { description = "", words, calibration, settable, dangerous, bits, monitoring } = parameter;
  const initial = initialText(parameter);
  const parts = Object.entries(bits ?? {}).map(
    ([name, { width, words: named }]) => `${name} ${width}${named === undefined ? "" : ` (${wordsText(named)})`}`,
  );
  return joined(
    [
      [description],
      [words === undefined ? "" : wordsText(words)],
      [parts.length === 0 ? "" : `bits: ${parts.join(", ")}`],
      [calibration === undefined ? "" : `value: ${calibrationText(calibration)}`],
      settable === true ? [{ strong: "can be set" }] : [""],
      [rangeText(parameter)],
      [initial === "" ? "" : `at boot ${initial}`],
      [monitoring === undefined ? "" : `the board checks it every ${monitoring.intervalMs ?? 1000} ms`],
      dangerous === undefined ? [""] : [{ strong: "Dangerous:" }, ` ${dangerous}`],
    ],
    "; ",
  );
}

/** In the unit. */
function limitTable(entries: readonly [string, ParameterDefinition][]): Block[] {
  const rows = entries.flatMap(([name, { limits, unit = "" }]): TableRow[] => {
    if (limits === undefined) {
      return [];
    }
    const { warning, critical } = limits;
    const ends = [
      limitText(critical, "low"),
      limitText(warning, "low"),
      limitText(warning, "high"),
      limitText(critical, "high"),
    ];
    return [{ cells: [[{ link: name, to: `parameter-${name}` }], ...ends.map((end): Text => [end]), [unit]] }];
  });
  const head = ["limits of", "critical below", "warning below", "warning above", "critical above", "unit"];
  return rows.length === 0 ? [] : [table(head, rows)];
}

function structureTable({ board, packets: all }: BoardContent): Block {
  const { structures = {}, parameters = {} } = board;
  const packets = all.filter(({ service }) => service === "housekeeping");
  return table(
    ["ID", "structure", "every", "octets", "parameters", "meaning"],
    byNumber(structures, ({ id }) => id).map(([name, structure]) => {
      const { id, intervalMs, enabled = true, description = "" } = structure;
      const values = Object.fromEntries(structure.parameters.map((each) => [each, parameters[each]!]));
      const links = structure.parameters.map((each): Text => [{ link: each, to: `parameter-${each}` }]);
      return {
        id: `structure-${name}`,
        cells: [
          [String(id)],
          packetLink(packets, name),
          [`${intervalMs} ms${enabled ? "" : ", when enabled"}`],
          [String(valuesLength(values))],
          joined(links, ", "),
          [description],
        ],
      };
    }),
  );
}

function packetLink(packets: readonly { readonly name: string; readonly variant?: string }[], variant: string): Text {
  const packet = packets.find((each) => each.variant === variant);
  return [packet === undefined ? { code: variant } : { link: variant, to: `packet-${packet.name}` }];
}

function eventTable({ board, packets: all }: BoardContent): Block {
  const packets = all.filter(({ service }) => service === "eventReporting");
  return table(
    ["ID", "event", "severity", "text", "auxiliary data"],
    byNumber(board.events ?? {}, ({ id }) => id).map(
      ([name, { id, severity, text, description = "", values, enabled }]) => ({
        id: `event-${name}`,
        cells: [
          [String(id)],
          packetLink(packets, name),
          [severity + (enabled === false ? ", when enabled" : "")],
          [text === undefined ? description : [text, ...(description === "" ? [] : [description])].join("; ")],
          valuesText(values),
        ],
      }),
    ),
  );
}

function valuesText(values: Readonly<Record<string, ValueDefinition>> = {}): Text {
  return joined(
    Object.entries(values).map(([name, value]): Text => {
      const said = [shortType(value), value.unit ?? ""].filter((each) => each !== "").join(", ");
      return [{ code: name }, ` ${said}`];
    }),
    "; ",
  );
}

function functionTable({ board, commands: all }: BoardContent): Block {
  const commands = all.filter(({ service }) => service === "functionManagement");
  return table(
    ["ID", "function", "arguments", "meaning"],
    byNumber(board.functions ?? {}, ({ id }) => id).map(
      ([name, { id, arguments: values, description = "", dangerous }]) => {
        const command = commands.find(({ variant }) => variant === name);
        return {
          id: `function-${name}`,
          cells: [
            [String(id)],
            [command === undefined ? { code: name } : { link: name, to: `command-${command.name}` }],
            valuesText(values),
            joined([[description], dangerous === undefined ? [""] : [{ strong: "Dangerous:" }, ` ${dangerous}`]], " "),
          ],
        };
      },
    ),
  );
}

function failureTable({ failureCodes = {} }: BoardDictionary): Block {
  return table(
    ["code", "failure", "meaning", "failure data"],
    byNumber(failureCodes, ({ code }) => code).map(([name, { code, description = "", data = "" }]) => ({
      id: `failure-${name}`,
      cells: [[String(code)], [{ code: name }], [description], [data]],
    })),
  );
}
