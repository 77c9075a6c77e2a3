/** The generators, in the order of the help. */
import type { Generator } from "./generator.js";
import { ICD_GENERATOR } from "./icd.js";
import { JSON_GENERATOR } from "./json.js";
import { KAITAI_GENERATOR } from "./kaitai.js";
import { OPENMCT_GENERATOR } from "./openmct.js";

export const GENERATORS: readonly Generator[] = [OPENMCT_GENERATOR, KAITAI_GENERATOR, ICD_GENERATOR, JSON_GENERATOR];
