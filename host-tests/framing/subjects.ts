/** The framings that the conformance suite is run on. Knows no platform: also runs inside XS. */
import { counted } from "./counted-subjects.js";
import { delimited } from "./delimited-subjects.js";
import { layered } from "./layered-subjects.js";
import { spacePacketSubjects } from "./space-packet-subjects.js";
import type { Subject } from "./subject.js";
import { tcFramesSubjects } from "./tc-frames-subjects.js";
import { uslpSubjects } from "./uslp-subjects.js";

export const subjects: readonly Subject[] = [
  ...delimited,
  ...spacePacketSubjects,
  ...counted,
  ...uslpSubjects,
  ...tcFramesSubjects,
  ...layered,
];

/** The names of their framings, each once, in order. */
export const framingNames: readonly string[] = [...new Set(subjects.map(framingOf))].sort();

export function framingOf(subject: Subject): string {
  return /^[a-z-]+/.exec(subject.name)?.[0] ?? "";
}
