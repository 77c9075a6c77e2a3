/** What a relay port is. */
import type { PortRole } from "../../../modules/flatsat/configuration.js";
import type { BadFrames, Framing } from "../../../modules/framing/contract/framing.js";

export interface RelayChoice {
  /** What is bound. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly framing: Framing;
  /** As it was asked for. */
  readonly framingText: string;
  /** Telecommands, telemetry, or both. */
  readonly role: PortRole;
  /** Clients at once. */
  readonly maxClients: number;
  readonly badFrames: BadFrames;
}
