/** A tool at one of the gateway's ports: what it sends is sealed for the board, what the board sends goes to it. */
import type { Socket } from "node:net";
import { unsoundness } from "../ports/telecommand-check.js";
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
    return unsoundness(bytes, start, end);
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
