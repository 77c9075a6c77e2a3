/** The generators, in the order of the help. */
import type { Generator } from "./generator.js";
import { JSON_GENERATOR } from "./json.js";

export const GENERATORS: readonly Generator[] = [JSON_GENERATOR];
