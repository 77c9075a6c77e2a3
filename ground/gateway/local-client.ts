/** A tool at one of the gateway's ports: what it sends is sealed for the board, what the board sends goes to it. */
import type { Socket } from "node:net";
import { PUS_STATUS_NAMES, UNSUPPORTED_PUS_VERSION } from "../../modules/pus/packet-status.js";
import { checkTelecommand } from "../../modules/pus/telecommand.js";
import { type Gone, ToolClient } from "../ports/tool-client.js";
import type { LocalChoice, Uplink } from "./contracts.js";

const LIMITS = {
  /** Longest packet that a board may send. */
  maxTelemetryLength: 65_542,
  maxWaiting: 8 << 20,
  drainMs: 2000,
};

export interface LocalClientOptions {
  readonly choice: LocalChoice;
  readonly uplink: Uplink;
  onGone(client: LocalClient, gone: Gone): void;
  /** Telecommands of it that are not passed on: `crcMismatch 3`. */
  onRefused(client: LocalClient, causes: string): void;
}

export class LocalClient extends ToolClient {
  readonly #options: LocalClientOptions;

  constructor(socket: Socket, options: LocalClientOptions) {
    super(socket, options.choice, LIMITS);
    this.#options = options;
  }

  /** A packet of the board. */
  give(packet: Uint8Array): void {
    this.write(packet);
  }

  protected override refusalOf(bytes: Uint8Array, start: number, end: number): string | undefined {
    // A telecommand that is no PUS-C is what its sender meant: the board answers it.
    const status = checkTelecommand(bytes, start, end);
    return status !== 0 && status < UNSUPPORTED_PUS_VERSION ? PUS_STATUS_NAMES[status]! : undefined;
  }

  protected override pass(telecommand: Uint8Array): void {
    void this.#options.uplink.send(telecommand).finally(() => {
      this.isOver();
      this.goOn();
    });
  }

  protected override toldRefused(causes: string): void {
    this.#options.onRefused(this, causes);
  }

  protected override left(gone: Gone): void {
    this.#options.onGone(this, gone);
  }
}
