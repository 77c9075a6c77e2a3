/** Every behaviour of the board's application that needs no platform, for Node and for XS. */

import type { Cases } from "../link/rig.js";
import { mergeCases } from "../merge-cases.js";
import { bootCases } from "./boot-cases.js";
import { keyConsoleCases } from "./key-console-cases.js";
import { monitoringCases } from "./monitoring-cases.js";
import { ownModuleCases } from "./own-module-cases.js";
import { platformCases } from "./platform-cases.js";
import { securityCases } from "./security-cases.js";
import { stationCases } from "./station-cases.js";

export const allCases: Cases = mergeCases(
  bootCases,
  keyConsoleCases,
  stationCases,
  platformCases,
  monitoringCases,
  ownModuleCases,
  securityCases,
);
