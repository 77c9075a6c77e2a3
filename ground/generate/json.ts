/** The dictionary itself, for tools and scripts of one's own: with the standard's services, and both hashes. */
import { wholeHash, wireHash } from "../../modules/dictionary/dictionary-hash.js";
import { allServices } from "../dictionary/standard-services.js";
import type { Generator } from "./generator.js";

export const JSON_GENERATOR: Generator = {
  name: "json",
  help: "the dictionary as data, with every service and both hashes",
  generate: (board) => [
    {
      path: "dictionary.json",
      text: `${JSON.stringify(
        { ...board, services: allServices(board), hashes: { wire: wireHash(board), whole: wholeHash(board) } },
        null,
        2,
      )}\n`,
    },
  ],
};
