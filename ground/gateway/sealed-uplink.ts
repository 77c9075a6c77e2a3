/**
 * Telecommands of tools, sealed and sent until the board has them.
 *
 * The board says that it has one by its acceptance report (ST[01], 1,1): it has all before it, too, as the frames of a connection come
 * in order. So no dictionary is needed. What nobody asked a report for is settled with the next one that has one; of telecommands that
 * are all without, the last `KEPT` are kept. That they are sent again is safe whether or not the board has them: it takes each frame once.
 */
import { CRC16_LENGTH, hasValidCrc16 } from "../../modules/ccsds/crc16.js";
import { packetType, TELEMETRY } from "../../modules/ccsds/primary-header.js";
import { ACCEPTANCE_SUCCESS, VERIFICATION_SERVICE } from "../../modules/pus/messages/st01-messages.js";
import { requestId } from "../../modules/pus/telecommand.js";
import { TIME_STAMP_OFFSET, telemetryMessageSubtype, telemetryServiceType } from "../../modules/pus/telemetry.js";
import type { SealingClient } from "../link/sealing-client.js";
import type { Uplink } from "./contracts.js";

/**
 * Telecommands that the board has not said to have, and that are sent again on its next connection. They are more octets, 200,000 at
 * least, than are on their way to a board whose receive window is 8 KB.
 */
const KEPT = 4096;
const REQUEST_ID_LENGTH = 4;

interface Sent {
  readonly requestId: number;
  readonly counter: number;
}

export class SealedUplink implements Uplink {
  /** Telecommands that were given up. */
  notSent = 0;
  readonly #client: Pick<SealingClient, "send" | "settle">;
  readonly #onNotSent: (why: string) => void;
  /** In the order of their counters. */
  #sent: Sent[] = [];

  /** @param onNotSent told why a telecommand was given up */
  constructor(client: Pick<SealingClient, "send" | "settle">, onNotSent: (why: string) => void) {
    this.#client = client;
    this.#onNotSent = onNotSent;
  }

  /** Telecommands that are sent again on the next connection. */
  get unsettled(): number {
    return this.#sent.length;
  }

  async send(telecommand: Uint8Array): Promise<void> {
    let counter: number;
    try {
      counter = await this.#client.send(telecommand);
    } catch (error) {
      this.notSent++;
      this.#onNotSent((error as Error).message);
      return;
    }
    this.#sent.push({ requestId: requestId(telecommand, 0), counter });
    if (this.#sent.length > KEPT) {
      this.#settle(0);
    }
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
      this.#client.settle(last.counter);
    }
  }
}

/**
 * The source data of an acceptance report is the request ID alone, so that it stands at the packet's end, however long the time stamp
 * is (ECSS-E-ST-70-41C, 8.1.2.1).
 */
function acceptedBy(packet: Uint8Array): number | undefined {
  const end = packet.length - CRC16_LENGTH;
  const at = end - REQUEST_ID_LENGTH;
  return at > TIME_STAMP_OFFSET &&
    packetType(packet, 0) === TELEMETRY &&
    telemetryServiceType(packet, 0) === VERIFICATION_SERVICE &&
    telemetryMessageSubtype(packet, 0) === ACCEPTANCE_SUCCESS &&
    hasValidCrc16(packet, 0, packet.length)
    ? requestId(packet, at)
    : undefined;
}
