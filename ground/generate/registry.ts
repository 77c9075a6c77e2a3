/** The generators, in the order of the help. */
import { COSMOS_GENERATOR } from "./cosmos/cosmos.js";
import type { Generator } from "./generator.js";
import { ICD_GENERATOR } from "./icd.js";
import { JSON_GENERATOR } from "./json.js";
import { KAITAI_GENERATOR } from "./kaitai.js";
import { OPENMCT_GENERATOR } from "./openmct.js";
import { TMTCCMD_GENERATOR } from "./tmtccmd/tmtccmd.js";
import { YAMCS_GENERATOR } from "./yamcs.js";

export const GENERATORS: readonly Generator[] = [
  YAMCS_GENERATOR,
  COSMOS_GENERATOR,
  TMTCCMD_GENERATOR,
  OPENMCT_GENERATOR,
  KAITAI_GENERATOR,
  ICD_GENERATOR,
  JSON_GENERATOR,
];
