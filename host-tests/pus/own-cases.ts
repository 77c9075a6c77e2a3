/** Every behaviour of the services that run on a dictionary, for Node and for XS. */
import type { Cases } from "../link/rig.js";
import { mergeCases } from "../merge-cases.js";
import { ownServiceCases } from "./own-service-cases.js";
import { poolCases } from "./pool-cases.js";
import { settingCases } from "./setting-cases.js";
import { structureCases } from "./structure-cases.js";

export const ownCases: Cases = mergeCases(poolCases, structureCases, settingCases, ownServiceCases);

Object.assign(globalThis, {
  caseTitles: () => JSON.stringify(Object.keys(ownCases)),
  runCase: (title: string) => {
    (ownCases[title] as () => void)();
    return "ok";
  },
});
