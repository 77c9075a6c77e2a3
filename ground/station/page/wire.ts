/** What the station's API answers and sends: the types of `contracts.ts` as JSON makes them. */
import type { ArgumentDefinition } from "../../../modules/dictionary/dictionary.js";
import type { PlainValue } from "../../dictionary/describe.js";
import type { ExplainedField } from "../../dictionary/explain.js";
import type { Rejected } from "../archive/rejected.js";
import type { AlarmNews, CommandNews, EventNews, LinkNews, LinkState, RejectedNews, ValuesNews } from "../contracts.js";

/** A board in the list of all. */
export interface BoardSummary {
  readonly name: string;
  readonly link: LinkState;
  readonly hash: number | string;
  readonly dictionaryHash?: number | string | null;
  /** Packets since the station began. */
  readonly received: number;
  /** UNIX milliseconds. */
  readonly lastPacket?: number | null;
  readonly archiveFailure?: string | null;
}

/** The latest value of a parameter. */
export interface LatestValue extends PlainValue {
  /** UNIX milliseconds. */
  readonly time: number;
  /** The packet that brought it: its row in the archive. */
  readonly packet: number;
}

export interface EventEntry {
  readonly packet: number;
  readonly time: number;
  readonly event: number;
  readonly name: string;
  readonly severity: string;
  readonly text: string;
  /** Who said that it was seen; nothing: nobody yet. */
  readonly acknowledged?: string | null;
}

export interface PacketEntry {
  readonly id: number;
  readonly received: number;
  readonly stamp?: number | null;
  readonly service?: number | null;
  readonly subtype?: number | null;
  readonly count?: number | null;
  readonly hex: string;
  /** Why it says nothing. */
  readonly error?: string;
}

export interface ExplainedPacket extends PacketEntry {
  readonly fields?: readonly ExplainedField[];
}

export interface CommandArgumentEntry {
  readonly name: string;
  readonly kind: "value" | "items" | "data";
  /** None for data. */
  readonly value?: ArgumentDefinition;
  readonly default?: number | boolean;
}

/** A command that can be sent. */
export interface CommandEntry {
  readonly name: string;
  readonly service: string;
  readonly serviceType: number;
  readonly subtype: number;
  readonly description?: string;
  readonly dangerous?: string;
  readonly arguments: readonly CommandArgumentEntry[];
}

/** Octets that are no packet. */
export type RejectedEntry = Rejected;

/** By parameter: pairs of time and value, in the unit. */
export type History = Readonly<Record<string, readonly (readonly [number, unknown])[]>>;

export interface PacketMessage {
  readonly kind: "packet";
  readonly board: string;
  readonly packet: Omit<PacketEntry, "hex"> & { readonly hex?: string; readonly bytes?: string };
  readonly error?: string;
}

/** One message of the live stream. */
export type Message = PacketMessage | ValuesNews | EventNews | CommandNews | AlarmNews | RejectedNews | LinkNews;
