/** Tells of the authenticated frames that one port refused: how many of each cause, since it was last told. */
import {
  BAD_MAC,
  BARRED,
  NO_SECURITY_HEADER,
  NOT_KEPT,
  REPLAYED,
  SECURITY_REASONS,
  type SecurityFailure,
  UNKNOWN_SPI,
} from "../framing/contract/frame-security.js";
import type { TmtcServer } from "../link/server/tmtc-server.js";
import type { Board } from "./link-parameters.js";
import { SECURITY_DICTIONARY } from "./security-dictionary.js";

const { framesRefused, counterNotKept } = SECURITY_DICTIONARY.events;

export class FrameRefusals {
  readonly #board: Board;
  readonly #server: TmtcServer;
  /** Place of each cause among those of the port. */
  readonly #places: Uint8Array;
  /** What each stood at when it was told. */
  readonly #told = new Uint32Array(SECURITY_REASONS.length);

  /** @param server of a framing with `sdls` */
  constructor(board: Board, server: TmtcServer) {
    this.#board = board;
    this.#server = server;
    this.#places = Uint8Array.from(SECURITY_REASONS.map((reason) => server.totals.reasons.indexOf(reason)));
  }

  /** Whether the port's frames are authenticated. */
  static concerns({ totals }: TmtcServer): boolean {
    return totals.reasons.includes(SECURITY_REASONS[0]!);
  }

  /** Raises an event if there is something new. */
  tell(): void {
    const { port } = this.#server;
    const unknown = this.#since(NO_SECURITY_HEADER) + this.#since(UNKNOWN_SPI);
    const forged = this.#since(BAD_MAC) + this.#since(BARRED);
    const replayed = this.#since(REPLAYED);
    if (unknown + forged + replayed > 0) {
      this.#board.raise(framesRefused.id, port, unknown, forged, replayed);
    }
    const notKept = this.#since(NOT_KEPT);
    if (notKept > 0) {
      this.#board.raise(counterNotKept.id, port, notKept);
    }
  }

  #since(cause: SecurityFailure): number {
    const count = this.#server.totals.rejected(this.#places[cause]!);
    const before = this.#told[cause]!;
    this.#told[cause] = count;
    return count - before;
  }
}
