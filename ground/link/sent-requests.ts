/**
 * Which counter a telecommand was sealed with, by its request ID: a report about it (ST[01]) says that the board took its frame, and
 * all before.
 */
import { requestId } from "../../modules/pus/telecommand.js";
import { TIME_STAMP_OFFSET } from "../../modules/pus/telemetry.js";
import { reportedRequest } from "./request-report.js";

/** Telecommands that are remembered: a count comes round after as many. */
const MOST = 16_384;

export class SentRequests {
  readonly #at: number;
  readonly #counters = new Map<number, number>();

  /** @param timeStampLength octets of the board's time stamps: what follows the request ID in a report of a failure has any length */
  constructor(timeStampLength: number) {
    this.#at = TIME_STAMP_OFFSET + timeStampLength;
  }

  /** @param telecommand a PUS telecommand */
  sent(telecommand: Uint8Array, counter: number): void {
    const id = requestId(telecommand, 0);
    this.#counters.delete(id);
    this.#counters.set(id, counter);
    if (this.#counters.size > MOST) {
      this.#counters.delete(this.#counters.keys().next().value!);
    }
  }

  /** @returns the counter of the telecommand that this is a report about; undefined: it is about none */
  counterOf(packet: Uint8Array): number | undefined {
    const id = reportedRequest(packet, this.#at);
    return id === undefined ? undefined : this.#counters.get(id);
  }
}
