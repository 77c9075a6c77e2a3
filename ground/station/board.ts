/** A board of a station, wherever its packets come from: what the API and the page know of it. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { CommandArguments } from "../dictionary/encode-command.js";
import type { Message } from "../dictionary/messages.js";
import type { AlarmBook } from "./alarms/alarm-book.js";
import type { Alarm, Command, LinkState } from "./contracts.js";
import type { LatestValue } from "./latest-values.js";

export interface Origin {
  readonly user: string;
  /** Where it came from: an address. */
  readonly origin: string;
}

/** Where commands to a board go. */
export interface Commands {
  readonly commands: readonly Message[];
  /** The telecommand as it would be sent. @throws ArgumentError */
  preview(name: string, given: CommandArguments): Uint8Array;
  /** Sends a command. What becomes of it is told on the bus. @throws ArgumentError */
  send(name: string, given: CommandArguments, origin: Origin): Command;
}

export interface Board {
  readonly name: string;
  /** In the archive. */
  readonly id: number;
  readonly dictionary: BoardDictionary;
  /** Of the whole dictionary. */
  readonly hash: number;
  readonly queue: Commands;
  readonly link: LinkState;
  /** Packets since the station began. */
  readonly received: number;
  /** Octets that came and are no packet, since the station began. */
  readonly rejectedOctets: number;
  /** When the last packet came, UNIX milliseconds. */
  readonly lastPacket: number | undefined;
  /** The latest value of each parameter that has one: of an earlier station, too. */
  readonly values: readonly LatestValue[];
  readonly alarms: AlarmBook;
  /**
   * Somebody has seen what an alarm is of.
   * @returns as it is then; undefined: there is none of this number
   * @throws Error when the archive takes nothing
   */
  acknowledge(alarm: number, user: string): Alarm | undefined;
  start(): void;
  close(): Promise<void>;
}
