/** The dictionary itself, for tools and scripts of one's own: with the standard's services, and both hashes; and its schema. */
import { wholeHash, wireHash } from "../../modules/dictionary/dictionary-hash.js";
import { allServices } from "../dictionary/standard-services.js";
import { type Generator, SIMULATE } from "./generator.js";
import { jsonReadme, VALUES_PROGRAM } from "./json/example.js";
import { DICTIONARY_SCHEMA } from "./json/schema.js";

export const JSON_GENERATOR: Generator = {
  name: "json",
  help: "the dictionary as data, with every service and both hashes, and its schema",
  generate: (board, simulate = SIMULATE) => [
    {
      path: "dictionary.json",
      text: lines({
        ...board,
        services: allServices(board),
        hashes: { wire: wireHash(board), whole: wholeHash(board) },
      }),
    },
    { path: "dictionary.schema.json", text: lines(DICTIONARY_SCHEMA) },
    { path: "values.py", text: VALUES_PROGRAM },
    { path: "README.md", text: jsonReadme(simulate) },
  ],
};

function lines(data: unknown): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}
