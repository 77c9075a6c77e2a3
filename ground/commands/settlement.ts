/** What a board says of the sealed telecommands that it took: in reports about them, and by its counter. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { timeCode } from "../../modules/flatsat/application-process.js";
import type { TimeCodeName } from "../../modules/flatsat/configuration.js";
import { CounterReports } from "../dictionary/counter-reports.js";
import { OvertakenError } from "../link/link-errors.js";
import type { SealingClient } from "../link/sealing-client.js";
import { SentRequests } from "../link/sent-requests.js";

export class Settlement {
  readonly #client: SealingClient;
  readonly #requests: SentRequests;
  readonly #reports: CounterReports;
  #taken = -1;
  #told: number | undefined;
  #overtaken: OvertakenError | undefined;

  constructor(client: SealingClient, board: BoardDictionary, spi: number) {
    this.#client = client;
    this.#requests = new SentRequests(timeCode(board.conventions.timeCode as TimeCodeName).length);
    this.#reports = new CounterReports(board, spi);
  }

  /** The board took all up to this counter; -1: it has not said so of any. */
  get taken(): number {
    return this.#taken;
  }

  /** The counter that the board told last on this connection; undefined: it has told none. */
  get told(): number | undefined {
    return this.#told;
  }

  /** The board has taken what somebody else sealed. Undefined: it has not said so. */
  get overtaken(): OvertakenError | undefined {
    return this.#overtaken;
  }

  /** Another connection came about. */
  begin(): void {
    this.#told = undefined;
  }

  sent(telecommand: Uint8Array, counter: number): void {
    this.#requests.sent(telecommand, counter);
  }

  /** @param isKnown false: the dictionary is not the board's, and values may be wrong */
  look(packet: Uint8Array, isKnown: boolean): void {
    const told = isKnown ? this.#reports.counterIn(packet) : undefined;
    this.#told = told ?? this.#told;
    const counter = this.#requests.counterOf(packet) ?? told;
    if (counter === undefined) {
      return;
    }
    const { lastCounter } = this.#client;
    if (counter > lastCounter) {
      this.#overtaken = new OvertakenError(lastCounter, counter);
    } else {
      this.#taken = Math.max(this.#taken, counter);
    }
    this.#client.settle(counter);
  }
}
