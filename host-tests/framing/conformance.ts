/**
 * What every framing must do, case by case: the same cases on Node and inside the XS engine.
 * Knows no platform, and no test runner: a case passes when it returns.
 */
import { mergeCases } from "../merge-cases.js";
import { burstCases } from "./burst-cases.js";
import { cutCases, damageCases } from "./damage-cases.js";
import { encoderCases, refusingEncoderCases } from "./encoder-cases.js";
import { kindCases } from "./kind-cases.js";
import { lengthCases } from "./length-cases.js";
import { refusalCases } from "./refusal-cases.js";
import { idleCases, streamCases } from "./stream-cases.js";
import type { Cases, Subject } from "./subject.js";
import { subjects } from "./subjects.js";
import { timeoutCases, wrongLengthCases } from "./timeout-cases.js";
import { validatorCases } from "./validator-cases.js";

export function casesFor(subject: Subject): Cases {
  if (subject.only !== undefined) {
    return mergeCases(subject.only === "bursts" ? burstCases : kindCases, encoderCases);
  }
  return mergeCases(
    streamCases,
    subject.emptyPackets ? {} : idleCases,
    lengthCases,
    subject.undetectable ? {} : damageCases,
    cutCases,
    timeoutCases,
    refusalCases,
    encoderCases,
    subject.kinds === undefined ? {} : kindCases,
    subject.headerLength === undefined ? {} : wrongLengthCases,
    subject.bareSpacePackets ? refusingEncoderCases : {},
    subject.validated ? validatorCases : {},
  );
}

/** Runs one case on one framing of the list. @param stepped see `Subject` @returns "ok", or what went wrong */
export function runCase(subjectName: string, title: string, stepped = false): string {
  const subject = subjects.find((each) => each.name === subjectName);
  return subject === undefined ? "there is no such framing" : runCaseOn({ ...subject, stepped }, title);
}

/** Runs one case on any framing. @returns "ok", or what went wrong */
export function runCaseOn(subject: Subject, title: string): string {
  const run = casesFor(subject)[title];
  if (run === undefined) {
    return "there is no such case";
  }
  try {
    run(subject);
    return "ok";
  } catch (error) {
    return String(error);
  }
}
