/**
 * Telecommands of tools, sealed and sent until the board has them.
 *
 * The board says that it has one by its acceptance report (ST[01], 1,1): it has all before it, too, as the frames of a connection come
 * in order. So no dictionary is needed. What nobody asked a report for is settled with the next one that has one; of telecommands that
 * are all without, the last `KEPT` are kept. That they are sent again is safe whether or not the board has them: it takes each frame once.
 */
import { CRC16_LENGTH } from "../../modules/ccsds/crc16.js";
import { ACCEPTANCE_SUCCESS } from "../../modules/pus/messages/st01-messages.js";
import { ACKNOWLEDGE_ACCEPTANCE, acknowledgementFlags, requestId } from "../../modules/pus/telecommand.js";
import { telemetryMessageSubtype } from "../../modules/pus/telemetry.js";
import { type GroundClock, groundClock } from "../link/ground-clock.js";
import { REQUEST_ID_LENGTH, reportedRequest } from "../link/request-report.js";
import type { SealingClient } from "../link/sealing-client.js";
import type { Uplink } from "./contracts.js";

/**
 * Telecommands that the board has not said to have, and that are sent again on its next connection. They are more octets, 200,000 at
 * least, than are on their way to a board whose receive window is 8 KB.
 */
const KEPT = 4096;
/** A report that was asked for takes milliseconds. */
const OVERDUE_MS = 10_000;

interface Sent {
  readonly requestId: number;
  readonly counter: number;
  /** Its acceptance report was asked for, and is overdue from then on; undefined: it was not. */
  readonly dueAt: number | undefined;
}

/** Of the client beneath. */
export type SealingLink = Pick<SealingClient, "send" | "settle" | "connected">;

export interface SealedUplinkOptions {
  readonly client: SealingLink;
  /** A telecommand was given up. */
  onNotSent(why: string): void;
  /** The board does not say that it has a telecommand, though it was asked to. */
  onOverdue(): void;
  readonly clock?: Pick<GroundClock, "now" | "after">;
}

export class SealedUplink implements Uplink {
  /** Telecommands that were given up. */
  notSent = 0;
  readonly #options: SealedUplinkOptions;
  readonly #clock: Pick<GroundClock, "now" | "after">;
  /** In the order of their counters. */
  #sent: Sent[] = [];
  /** Takes back the look that is to come. */
  #forget: (() => void) | undefined;

  constructor(options: SealedUplinkOptions) {
    this.#options = options;
    this.#clock = options.clock ?? groundClock;
  }

  /** Telecommands that are sent again on the next connection. */
  get unsettled(): number {
    return this.#sent.length;
  }

  async send(telecommand: Uint8Array): Promise<void> {
    let counter: number;
    try {
      counter = await this.#options.client.send(telecommand);
    } catch (error) {
      this.notSent++;
      this.#options.onNotSent((error as Error).message);
      return;
    }
    const isAsked = (acknowledgementFlags(telecommand, 0) & ACKNOWLEDGE_ACCEPTANCE) !== 0;
    const dueAt = isAsked ? this.#clock.now() + OVERDUE_MS : undefined;
    this.#sent.push({ requestId: requestId(telecommand, 0), counter, dueAt });
    if (isAsked) {
      this.#watch();
    }
    if (this.#sent.length > KEPT) {
      this.#settle(0);
    }
  }

  /** Nothing is overdue any more. */
  end(): void {
    this.#forget?.();
  }

  /** A packet of the board: it may say that it has a telecommand. */
  look(packet: Uint8Array): void {
    const id = acceptedBy(packet);
    if (id !== undefined) {
      // Two tools may have given the same one: the board took the older one first.
      this.#settle(this.#sent.findIndex((sent) => sent.requestId === id));
    }
  }

  /** The board has this one, and those before it. @param index -1: none */
  #settle(index: number): void {
    const last = this.#sent[index];
    if (last !== undefined) {
      this.#sent = this.#sent.slice(index + 1);
      this.#options.client.settle(last.counter);
    }
  }

  #watch(): void {
    this.#forget ??= this.#clock.after(OVERDUE_MS, () => {
      this.#forget = undefined;
      const asked = this.#sent.filter(({ dueAt }) => dueAt !== undefined);
      const { client, onOverdue } = this.#options;
      if (asked.length > 0) {
        this.#watch();
      }
      if (client.connected && asked.some(({ dueAt }) => dueAt! <= this.#clock.now())) {
        onOverdue();
      }
    });
  }
}

/**
 * The source data of an acceptance report is the request ID alone, so that it stands at the packet's end, however long the time stamp
 * is (ECSS-E-ST-70-41C, 8.1.2.1).
 */
function acceptedBy(packet: Uint8Array): number | undefined {
  return telemetryMessageSubtype(packet, 0) === ACCEPTANCE_SUCCESS
    ? reportedRequest(packet, packet.length - CRC16_LENGTH - REQUEST_ID_LENGTH)
    : undefined;
}
