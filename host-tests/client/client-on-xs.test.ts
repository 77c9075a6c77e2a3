import { modulePath } from "../host/xs-support.js";
import { testCasesOnXs } from "../link/xs-cases.js";
import { allCases } from "./all-cases.js";

testCasesOnXs(
  "the client behaves inside XS as on Node, case by case",
  modulePath("./cases-on-xs.js", import.meta.url),
  allCases,
);
