/** What the parts of a ground station tell each other. Everything is plain data: it goes to pages and tools as it is. */

import type { PlainValue } from "../dictionary/describe.js";
import type { LimitState } from "../dictionary/limit-state.js";
import type { DecodedPacket } from "../dictionary/packet-decoder.js";
import type { StoredPacket } from "./archive/archive.js";
import type { Rejected } from "./archive/rejected.js";

/** A connection to a board, as it is now. */
export interface LinkState {
  readonly state: "dialling" | "connected" | "lost";
  /** UNIX milliseconds. */
  readonly since: number;
  /** What is dialled. */
  readonly address: string;
  /** Why there is none; what is wrong with the stream. */
  readonly text?: string;
  /** Whether the board's dictionary is the one at hand; undefined: it has not said. */
  readonly dictionary?: "same" | "wrong";
  /** Other tools that are connected to its relay ports; missing: none. */
  readonly tools?: number;
}

/** A packet that is stored, and what it says. */
export interface PacketNews {
  readonly kind: "packet";
  readonly board: string;
  readonly packet: StoredPacket;
  readonly decoded?: DecodedPacket;
  /** Why it says nothing. */
  readonly error?: string;
}

export interface ValuesNews {
  readonly kind: "values";
  readonly board: string;
  readonly packet: number;
  /** UNIX milliseconds: the board's where it knows it, else of reception. */
  readonly time: number;
  readonly values: readonly PlainValue[];
}

export interface EventNews {
  readonly kind: "event";
  readonly board: string;
  readonly packet: number;
  readonly time: number;
  readonly event: number;
  readonly name: string;
  readonly severity: string;
  readonly text: string;
}

/** A command changed: it was sent, it reached a stage, it failed. */
export interface CommandNews {
  readonly kind: "command";
  readonly board: string;
  readonly command: Command;
}

/** Octets came that are no packet. */
export interface RejectedNews {
  readonly kind: "rejected";
  readonly board: string;
  readonly rejected: Rejected;
}

export interface LinkNews {
  readonly kind: "link";
  readonly board: string;
  readonly link: LinkState;
}

/** An alarm was raised, got worse, or its state is another. */
export interface AlarmNews {
  readonly kind: "alarm";
  readonly board: string;
  readonly alarm: Alarm;
}

export type News = PacketNews | ValuesNews | EventNews | CommandNews | AlarmNews | RejectedNews | LinkNews;

/**
 * | state | leads on |
 * | --- | --- |
 * | queued | its turn comes: `sent`, or `failed` where no socket takes it |
 * | sent | `accepted`, or `failed` |
 * | accepted | `started`, or `failed` |
 * | started | `completed`, or `failed` |
 * | completed, failed | it is over |
 * | unanswered | the time for reports is over; they may still come, or the board says by its counter: `taken` |
 * | taken | sealed, and the board took it; its reports were lost |
 */
export type CommandState = "queued" | "sent" | "accepted" | "started" | "completed" | "failed" | "unanswered" | "taken";

export interface CommandStage {
  readonly stage: string;
  readonly time: number;
  /** In words. */
  readonly failure?: string;
}

export interface Command {
  /** In the archive. */
  readonly id: number;
  readonly time: number;
  readonly user: string;
  /** Where it came from: an address. */
  readonly origin: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly state: CommandState;
  readonly stages: readonly CommandStage[];
  /** The telecommand, in hexadecimal digits. */
  readonly hex: string;
}

/** See `alarms/alarm-state.ts` for what leads from one to the other. */
export type AlarmState = "active" | "acknowledged" | "returned" | "gone";
export type AlarmLevel = "warning" | "critical";

/** A value out of its limits; of an event, its text. */
export interface AlarmValue {
  /** UNIX milliseconds. */
  readonly time: number;
  /** As `PlainValue` has it; an array as JSON. */
  readonly value: number | string;
  /** Where it is; an event is over as it comes: `ok`. */
  readonly limit: LimitState;
}

/** Something that somebody must look at: a parameter that left its limits, or an event of medium or high severity. */
export interface Alarm {
  /** In the archive. */
  readonly id: number;
  /** Rises with every change that is told: an answer may come behind the news. */
  readonly version: number;
  readonly source: "parameter" | "event";
  /** ID of the parameter or the event. */
  readonly subject: number;
  readonly name: string;
  readonly state: AlarmState;
  /** The worst since it was raised. */
  readonly level: AlarmLevel;
  /** When it was raised, UNIX milliseconds. */
  readonly first: number;
  /** When its state became what it is. */
  readonly changed: number;
  /** How often the parameter left its limits, or the event came. */
  readonly count: number;
  readonly worst: AlarmValue;
  readonly latest: AlarmValue;
  readonly unit: string | null;
  /** Who said first that it was seen, and when. */
  readonly acknowledged: { readonly user: string; readonly time: number } | null;
  /** Packets that brought the first and the latest of it, of those that are stored; 0: none is. */
  readonly firstPacket: number;
  readonly lastPacket: number;
}
