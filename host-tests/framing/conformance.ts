/**
 * What every framing must do, case by case: the same cases on Node and inside the XS engine.
 * Knows no platform, and no test runner: a case passes when it returns.
 */
import { damageCases } from "./damage-cases.js";
import { encoderCases } from "./encoder-cases.js";
import { lengthCases } from "./length-cases.js";
import { refusalCases } from "./refusal-cases.js";
import { streamCases } from "./stream-cases.js";
import { type Cases, subjects } from "./subjects.js";
import { timeoutCases } from "./timeout-cases.js";

export const cases: Cases = {
  ...streamCases,
  ...lengthCases,
  ...damageCases,
  ...timeoutCases,
  ...refusalCases,
  ...encoderCases,
};

/** Runs one case on one framing. @returns "ok", or what went wrong */
export function runCase(subjectName: string, title: string): string {
  const subject = subjects.find((each) => each.name === subjectName);
  const run = cases[title];
  if (subject === undefined || run === undefined) {
    return "there is no such case";
  }
  try {
    run(subject);
    return "ok";
  } catch (error) {
    return String(error);
  }
}
