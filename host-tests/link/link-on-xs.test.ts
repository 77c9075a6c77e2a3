import { modulePath } from "../host/xs-support.js";
import { allCases } from "./all-cases.js";
import { testCasesOnXs } from "./xs-cases.js";

testCasesOnXs(
  "the link behaves inside XS as on Node, case by case",
  modulePath("./cases-on-xs.js", import.meta.url),
  allCases,
);
