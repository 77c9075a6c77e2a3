/** The framing of docs/own-framing.md, under the tests that all framings are under. Knows no platform: also runs in XS. */
import type { Framing } from "../../modules/framing/contract/framing.js";
import { Traffic } from "./allocation-traffic.js";
import { casesFor, runCaseOn } from "./conformance.js";
import { Random } from "./random.js";
import { runStreamsOn } from "./random-streams.js";
import type { Subject } from "./subject.js";

/** Makes the framing, as the page's example exports it. */
export type MakeFraming = (maxPacketLength: number) => Framing;

const NEWLINE = 0x0a;
const NO_DIGIT = 0x67;

function subjectOf(make: MakeFraming): Subject {
  return {
    name: "hex-lines",
    framing: make,
    shortestPacket: 1,
    packet: (length, random, least = 0) => random.bytes(length, least),
    garbage(length, random) {
      const bytes = random.bytes(length).map((byte) => (byte === NEWLINE ? NO_DIGIT : byte));
      bytes[0] = NO_DIGIT;
      bytes[length - 1] = NEWLINE;
      return bytes;
    },
    spoil(frame) {
      frame[0] = NO_DIGIT;
    },
    spoiltReason: "notHexadecimal",
    tooLongReason: "frameTooLong",
    delimited: true,
    delimiter: [NEWLINE],
    cutsPass: true,
    validated: false,
    // Of the shortest packet; every byte takes another one.
    overhead: 2,
  };
}

/** What the test calls, on Node and, with the scenarios for `ProgramOnXs`, inside XS. */
export interface CustomFraming {
  titles(): string;
  runCase(title: string, stepped: boolean): string;
  runStreams(firstSeed: number, count: number): string;
}

export function customFraming(make: MakeFraming): CustomFraming {
  const subject = subjectOf(make);
  const traffic = new Traffic(make(128), new Random(70).bytes(64));
  Object.assign(globalThis, {
    scenarioTitles: () => JSON.stringify([subject.name]),
    handleCommand(bytes: ArrayBuffer): ArrayBuffer {
      traffic.run(new DataView(bytes).getUint32(4));
      return bytes;
    },
  });
  return {
    titles: () => JSON.stringify(Object.keys(casesFor(subject))),
    runCase: (title, stepped) => runCaseOn({ ...subject, stepped }, title),
    runStreams: (firstSeed, count) => runStreamsOn(subject, firstSeed, count),
  };
}
