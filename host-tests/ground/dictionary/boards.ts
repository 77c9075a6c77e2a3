/** Boards whose dictionaries the tests of decoding and encoding use. */
import { dictionary } from "../../../examples/flatsat/dictionary.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { Dictionary } from "../../../modules/dictionary/dictionary.js";
import { dictionaryOf } from "../../../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../../../modules/flatsat/configuration.js";

export function boardWith(own: Dictionary, settings: Readonly<Record<string, string>> = {}): BoardDictionary {
  return dictionaryOf(parseConfiguration(settings), { dictionary: own });
}

export const FLATSAT = boardWith(dictionary);

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/\s/g, ""), "hex"));
}
