/** A connection of the gateway to the board, which is dialled again for ever, with a line about each change. */
import type { AttemptFailure, ClientReport } from "../../modules/link/client/client-options.js";
import { connectError } from "../link/connect-error.js";
import type { LinkEvents } from "../link/link-client.js";
import { lostText } from "../link/lost-text.js";

export const CONNECT_TIMEOUT_MS = 10_000;

/** What `Client` and `SealingClient` have in common. */
export interface BoardClient extends LinkEvents {
  connect(limits: { signal: AbortSignal }): Promise<void>;
  receive(): Promise<Uint8Array>;
  close(): Promise<unknown>;
}

export interface BoardLinkOptions {
  readonly client: BoardClient;
  /** As people read it: `192.168.4.1 port 7310, tc-frames`. */
  readonly where: string;
  packet(packet: Uint8Array): void;
  report(line: string): void;
}

export class BoardLink {
  readonly #options: BoardLinkOptions;
  readonly #end = new AbortController();
  #connections = 0;
  /** Why the last attempt failed: said once. */
  #failure: string | undefined;
  #over: Promise<void> = Promise.resolve();

  constructor(options: BoardLinkOptions) {
    const { client, where, report } = options;
    this.#options = options;
    client.on("notSent", () => {});
    client.on("connect", () => {
      this.#failure = undefined;
      report(`connected${this.#connections++ === 0 ? "" : " again"} to ${where}`);
    });
    client.on("disconnect", (why) => this.#lost(why));
    client.on("attemptFailed", (failure) => this.#attemptFailed(failure));
  }

  start(): void {
    this.#over = this.#run();
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#options.client.close();
    await this.#over;
  }

  async #run(): Promise<void> {
    const { client, packet } = this.#options;
    try {
      await client.connect({ signal: this.#end.signal });
      for (;;) {
        packet(await client.receive());
      }
    } catch (error) {
      if (!this.#end.signal.aborted) {
        throw error;
      }
    }
  }

  #lost(report: ClientReport): void {
    if (report.reason !== "closed") {
      this.#options.report(`${lostText(report)}; dialling ${this.#options.where} again`);
    }
  }

  #attemptFailed(failure: AttemptFailure): void {
    const { message } = connectError(failure);
    if (message !== this.#failure && !this.#end.signal.aborted) {
      this.#failure = message;
      this.#options.report(`${message}; trying again`);
    }
  }
}
