/** What the parts of the gateway know of each other. */
import type { BadFrames, Framing } from "../../modules/framing/contract/framing.js";

/** A port that tools without SDLS connect to in place of the board. */
export interface LocalChoice {
  /** What is bound. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly framing: Framing;
  /** As it was asked for. */
  readonly framingText: string;
  /** Telecommands, telemetry, or both. */
  readonly role: "tmtc" | "tc" | "tm";
  /** Clients at once. */
  readonly maxClients: number;
  readonly badFrames: BadFrames;
}

/** The way to the board, for telecommands that are to be sealed. */
export interface Uplink {
  /**
   * Sends a telecommand, in the order of the calls.
   * @param telecommand the callee's from now on
   * @returns (resolves) when it needs no care any more: it is sent, or given up, which whoever gives it up reports
   */
  send(telecommand: Uint8Array): Promise<void>;
}
