/** A screen for each structure of housekeeping, its parameters in boxes by group. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { snakeCase, UniqueNames } from "../names.js";
import type { Item } from "./items.js";
import type { Telemetry } from "./packets.js";
import { cosmosName, quoted } from "./text.js";

const MAX_FILE_NAME = 60;
/** Values in one column. */
const MAX_IN_BOX = 24;

export interface Screen {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly text: string;
}

export function screensOf(board: BoardDictionary, target: string, { packets }: Telemetry): readonly Screen[] {
  const names = new UniqueNames(MAX_FILE_NAME);
  return packets
    .filter(({ message }) => message.service === "housekeeping" && message.variant !== undefined)
    .map(({ name, message, items }) => ({
      name: names.take(snakeCase(message.variant!)),
      text: screenText(board, `${target} ${name}`, message.variant!, items),
    }));
}

function screenText(board: BoardDictionary, packet: string, structure: string, items: readonly Item[]): string {
  const { description = "", id } = board.structures![structure]!;
  const boxes = boxesOf(board, items).flatMap(([group, some]) => [
    `  VERTICALBOX ${quoted(group)}`,
    ...some.map(({ name, isLimited }) => `    ${isLimited ? "LABELVALUELIMITSBAR" : "LABELVALUE"} ${packet} ${name}`),
    "  END",
  ]);
  return `${[
    "SCREEN AUTO AUTO 1.0",
    `TITLE ${quoted(`${board.name}: ${structure} (structure ${id})`)}`,
    `LABEL ${quoted(description || structure)}`,
    `LABELVALUE ${packet} PACKET_TIMEFORMATTED`,
    "HORIZONTAL",
    ...boxes,
    "END",
  ].join("\n")}\n`;
}

/** By group, in the order of the report; a group that is too long has several. */
function boxesOf(board: BoardDictionary, items: readonly Item[]): [group: string, items: readonly Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = board.parameters?.[item.field.name]?.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  return [...groups].flatMap(([group, all]) =>
    Array.from({ length: Math.ceil(all.length / MAX_IN_BOX) }, (_, k): [string, readonly Item[]] => [
      group === "" ? cosmosName(board.name) : group,
      all.slice(k * MAX_IN_BOX, (k + 1) * MAX_IN_BOX),
    ]),
  );
}
