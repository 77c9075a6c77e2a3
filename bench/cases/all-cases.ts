/** Every case that runs on every engine. Each has a memory of its own; make them once. */
import type { BenchCase } from "./bench-case.js";
import { countedCases } from "./counted-cases.js";
import { cryptoCases } from "./crypto-cases.js";
import { delimitedCases } from "./delimited-cases.js";
import { framingCases } from "./framing-cases.js";
import { growthCases } from "./growth-cases.js";
import { linkCases } from "./link-cases.js";
import { parsingCases } from "./parsing-cases.js";
import { payloadCases } from "./payload-cases.js";
import { pingCases } from "./ping-cases.js";
import { sdlsCases } from "./sdls-cases.js";
import { structureCases } from "./structure-cases.js";

export function allCases(): BenchCase[] {
  return [
    ...framingCases(),
    ...delimitedCases(),
    ...countedCases(),
    ...parsingCases(),
    ...cryptoCases(),
    ...sdlsCases(),
    ...payloadCases(),
    ...structureCases(),
    ...pingCases(),
    ...linkCases(),
    ...growthCases(),
  ];
}
