/** What `flatlink tail` prints of a packet: a line, or several, or none. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { Severity } from "../../modules/dictionary/dictionary.js";
import { hexOf } from "../dictionary/decoded-value.js";
import {
  describeEvent,
  describePacket,
  describeTime,
  describeValue,
  parametersIn,
  plainPacket,
  plainValue,
} from "../dictionary/describe.js";
import type { DecodedTelemetry } from "../dictionary/packet-decoder.js";
import type { PacketError } from "../dictionary/packet-error.js";
import { type Colours, limitColour } from "./colours.js";

export const SUBJECTS = ["packets", "values", "events"] as const;
export type Subject = (typeof SUBJECTS)[number];

export interface TailLine {
  readonly text: string;
  readonly object: Readonly<Record<string, unknown>>;
}

const NAME_WIDTH = 20;
const TIME_WIDTH = 24;
const SEVERITY_COLOUR: Readonly<Record<Severity, "dim" | "yellow" | "red" | undefined>> = {
  informative: undefined,
  low: "dim",
  medium: "yellow",
  high: "red",
};

/** @param received when it came, in UNIX milliseconds */
export function tailLines(
  subject: Subject,
  board: BoardDictionary,
  packet: DecodedTelemetry,
  received: number,
  colours: Colours,
): TailLine[] {
  const stamp = describeTime(packet);
  const time = colours.dim(stamp.padEnd(TIME_WIDTH));
  const times = { time: stamp, synchronized: packet.timeReferenceStatus !== 0, received: isoTime(received) };
  const event = describeEvent(board, packet);
  switch (subject) {
    case "packets": {
      const worst = parametersIn(packet).map(({ limit }) => limit);
      const beyond = worst.filter((limit) => limit !== undefined && limit !== "ok");
      const paint = limitColour(colours, beyond.find((limit) => limit?.startsWith("critical")) ?? beyond[0]);
      const marked = parametersIn(packet)
        .filter(({ limit }) => limit !== undefined && limit !== "ok")
        .map(({ name, limit }) => `${name} ${limit}`);
      const mark = marked.length === 0 ? "" : paint(`  [${marked.join(", ")}]`);
      return [
        {
          text: `${time}  ${describePacket(board, packet)}${mark}`,
          object: { ...plainPacket(board, packet), received: isoTime(received) },
        },
      ];
    }
    case "values":
      return parametersIn(packet).map((value) => {
        const { name, limit } = value;
        const state = limit === undefined || limit === "ok" ? "" : `  ${limit}`;
        return {
          text: `${time}  ${name.padEnd(NAME_WIDTH)}  ${limitColour(colours, limit)(describeValue(value) + state)}`,
          object: { kind: "value", ...times, ...plainValue(value) },
        };
      });
    default: {
      if (event === undefined) {
        return [];
      }
      const { name, severity, text } = event;
      const colour = SEVERITY_COLOUR[severity];
      const line = `${severity.padEnd(11)}  ${name}: ${text}`;
      return [
        {
          text: `${time}  ${colour === undefined ? line : colours[colour](line)}`,
          object: { kind: "event", ...times, name, severity, text, values: packet.values.slice(1).map(plainValue) },
        },
      ];
    }
  }
}

/** A packet that is none of the dictionary's. */
export function undecodedLine(bytes: Uint8Array, error: PacketError, received: number, colours: Colours): TailLine {
  const { fault, offset, message } = error;
  const hex = hexOf(bytes);
  const time = isoTime(received);
  return {
    text: `${colours.dim(time)}  ${colours.red(`not decoded: ${message}`)}  ${hex}`,
    object: { kind: "undecoded", received: time, fault, offset, message, hex },
  };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
