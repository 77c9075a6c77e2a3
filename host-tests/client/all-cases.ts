/** Every behaviour of the client that needs no platform, for Node and for XS. */

import type { Cases } from "../link/rig.js";
import { mergeCases } from "../merge-cases.js";
import { accountCases } from "./account-cases.js";
import { connectionCases } from "./connection-cases.js";
import { relayCases } from "./relay-cases.js";
import { sendingCases } from "./sending-cases.js";
import { watchCases } from "./watch-cases.js";

export const allCases: Cases = mergeCases(connectionCases, sendingCases, watchCases, accountCases, relayCases);
