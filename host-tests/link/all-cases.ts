/** Every behaviour of the link that needs no platform, for Node and for XS. */
import { mergeCases } from "../merge-cases.js";
import { badFrameCases } from "./bad-frame-cases.js";
import { clientCases } from "./client-cases.js";
import { closingCases } from "./closing-cases.js";
import { endingCases } from "./ending-cases.js";
import { fairnessCases } from "./fairness-cases.js";
import { faultCases } from "./fault-cases.js";
import { floodCases } from "./flood-cases.js";
import { forgeryCases } from "./forgery-cases.js";
import { hintCases } from "./hint-cases.js";
import { livenessCases } from "./liveness-cases.js";
import { placesCases } from "./places-cases.js";
import { reuseCases } from "./reuse-cases.js";
import type { Cases } from "./rig.js";
import { sourceCases } from "./source-cases.js";
import { stopCases } from "./stop-cases.js";
import { telecommandCases } from "./telecommand-cases.js";
import { telemetryCases } from "./telemetry-cases.js";

export const allCases: Cases = mergeCases(
  telecommandCases,
  badFrameCases,
  telemetryCases,
  sourceCases,
  clientCases,
  endingCases,
  stopCases,
  faultCases,
  floodCases,
  forgeryCases,
  hintCases,
  livenessCases,
  closingCases,
  reuseCases,
  fairnessCases,
  placesCases,
);
