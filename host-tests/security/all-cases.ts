/** Every behaviour of the keys of a board that needs no link, for Node and for XS. */
import type { Cases } from "../link/rig.js";
import { mergeCases } from "../merge-cases.js";
import { boardSecurityCases } from "./board-security-cases.js";
import { rolesCases } from "./roles-cases.js";

export const allCases: Cases = mergeCases(rolesCases, boardSecurityCases);
