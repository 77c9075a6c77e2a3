/** Boards, and the plugins that are made of them. */
import { COSMOS_GENERATOR } from "../../../ground/generate/cosmos/cosmos.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { defineDictionary } from "../../../modules/dictionary/define-dictionary.js";
import type { Dictionary, ParameterDefinition } from "../../../modules/dictionary/dictionary.js";
import { BOARD } from "../../dictionary/sample.js";
import { type CosmosItem, type CosmosPacket, readPackets } from "./cosmos-tokens.js";

export interface Plugin {
  readonly files: ReadonlyMap<string, string>;
  readonly target: string;
  readonly telemetry: readonly CosmosPacket[];
  readonly commands: readonly CosmosPacket[];
}

export function plugin(board: BoardDictionary): Plugin {
  const files = new Map(COSMOS_GENERATOR.generate(board).map(({ path, text }) => [path, text]));
  const [, target = ""] = files.get("plugin.txt")!.match(/^TARGET (\w+) \1$/m) ?? [];
  return {
    files,
    target,
    telemetry: readPackets(files.get(`targets/${target}/cmd_tlm/tlm.txt`)!, target),
    commands: readPackets(files.get(`targets/${target}/cmd_tlm/cmd.txt`)!, target),
  };
}

export function boardOf(
  dictionary: Partial<Dictionary>,
  conventions: Partial<BoardDictionary["conventions"]> = {},
): BoardDictionary {
  return {
    ...defineDictionary({ name: "flat", ...dictionary }),
    conventions: { ...BOARD.conventions, ...PORTS, ...conventions },
  };
}

export const PORTS = { ports: [{ framing: "space-packets,crc=check16", port: 7301, role: "tmtc" }] } as const;
export const SMALL: BoardDictionary = { ...BOARD, conventions: { ...BOARD.conventions, ...PORTS } };

/** The lines of a parameter in its structure. */
export function inHousekeeping(parameter: Omit<ParameterDefinition, "id">, name = "p"): readonly CosmosItem[] {
  const board = boardOf({
    parameters: { [name]: { id: 300, ...parameter } },
    structures: { s: { id: 16, parameters: [name], intervalMs: 1000 } },
  });
  const { items } = plugin(board).telemetry.find((each) => each.name === "HOUSEKEEPING_REPORT_S")!;
  return items.slice(items.findIndex((each) => each.name === "STRUCTURE_ID") + 1, -1);
}

export function lines(items: readonly CosmosItem[]): string[] {
  return items.flatMap(({ keyword, words, told }) => [
    [keyword, ...words.slice(0, -1)].join(" "),
    ...told.map((each) => each.join(" ")),
  ]);
}

/** The parameters of a function's command, without those of the header. */
export function inCommand(argument: object): readonly CosmosItem[] {
  const board = boardOf({ functions: { heat: { id: 16, arguments: { watts: argument as never } } } });
  const { items } = plugin(board).commands.find((each) => each.name === "HEAT")!;
  return items.slice(items.findIndex((each) => each.name === "FUNCTION_ID"));
}
