/** `ping`'s connection: what comes is the pinger's, and its first bytes are kept for hints. */

import { GUESS_LENGTH } from "../../modules/framing/guess/guess.js";
import type { ClientReport } from "../../modules/link/client/client-options.js";
import { ConnectError } from "../link/connect-error.js";
import { type LinkClient, linkClient } from "../link/link-client.js";
import type { LinkEndSockets } from "../link/link-end.js";
import { LinkError } from "../link/link-errors.js";
import { SentRequests } from "../link/sent-requests.js";
import type { PingOptions } from "./ping-options.js";
import type { Pinger } from "./pinger.js";

/** The shortest limit for a connection that a client takes. */
const SHORTEST_CONNECT_MS = 100;
/** A cause of rejections: the stream ended in the middle of a frame. */
const TRUNCATED = "truncated";

export class PingLink {
  readonly #options: PingOptions;
  readonly #link: LinkClient;
  /** Pings that were sealed: what answers one says that the board took it. */
  readonly #requests: SentRequests;
  #firstBytes = new Uint8Array(0);
  #report: ClientReport | undefined;
  /** Everything that came has been given to the pinger, and nothing more comes. */
  #isOver = false;

  constructor(options: PingOptions, sockets: LinkEndSockets = {}) {
    const { timeCode, timeoutMs } = options;
    this.#options = options;
    this.#requests = new SentRequests(timeCode.length);
    this.#link = linkClient(
      options,
      {
        connectTimeoutMs: Math.max(SHORTEST_CONNECT_MS, timeoutMs),
      },
      { ...sockets, onData: (bytes, start, end) => this.#keepFirst(bytes, start, end) },
    );
    this.#link.events.on("disconnect", (report) => {
      this.#report ??= report;
    });
  }

  /** The board, or the network, or this side has ended the connection. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The first that came, up to `GUESS_LENGTH`. */
  get firstBytes(): Uint8Array {
    return this.#firstBytes;
  }

  /** Some of what came was a frame of the framing. */
  get hasFrames(): boolean {
    return this.#link.client.totals.packetsReceived > 0;
  }

  /** Frames that were damaged, or losses of synchronization; known when it is over. */
  get damaged(): number {
    const { reason, rejections = {} } = this.#report ?? {};
    const causes = Object.entries(rejections).filter(([cause]) => reason !== "closed" || cause !== TRUNCATED);
    return causes.reduce((sum, [, count]) => sum + count, 0);
  }

  /**
   * @param pinger gets what comes, and is told of the end
   * @throws ConnectError (rejects) when there is no connection to be had
   */
  async open(pinger: Pinger, stopped: AbortSignal): Promise<void> {
    const { host, port } = this.#options;
    try {
      await this.#link.client.connect({ signal: stopped });
    } catch (error) {
      throw stopped.aborted ? new ConnectError(host, port, "ECANCELED") : error;
    }
    void this.#read(pinger);
  }

  send(packet: Uint8Array): void {
    this.#link.client.send(packet).then(
      (number) => this.#requests.sent(packet, number),
      // When the connection is over, the pinger is told in another way.
      () => {},
    );
  }

  close(): void {
    void this.#link.client.close();
  }

  async #read(pinger: Pinger): Promise<void> {
    try {
      const { client, sealing } = this.#link;
      for await (const packet of client) {
        sealing?.settle(this.#requests.counterOf(packet) ?? -1);
        pinger.receive(packet);
      }
    } catch (error) {
      if (!(error instanceof LinkError)) {
        throw error;
      }
    }
    this.#isOver = true;
    pinger.end();
  }

  #keepFirst(bytes: Uint8Array, start: number, end: number): void {
    const room = GUESS_LENGTH - this.#firstBytes.length;
    if (room > 0) {
      this.#firstBytes = Buffer.concat([this.#firstBytes, bytes.subarray(start, Math.min(end, start + room))]);
    }
  }
}
