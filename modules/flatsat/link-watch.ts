/** Raises the events of the link: clients that come and go, damage on the way, telemetry lost. */
import { NO_DAMAGE } from "../framing/contract/counters.js";
import { SECURITY_REASONS } from "../framing/contract/frame-security.js";
import type { ConnectionInfo, ConnectionReport } from "../link/connection/reports.js";
import type { TmtcServer } from "../link/server/tmtc-server.js";
import { FrameRefusals } from "./frame-refusals.js";
import { END_REASONS, LINK_EVENTS } from "./link-dictionary.js";
import type { Board } from "./link-parameters.js";

/** Damage and loss come in crowds: one event of each kind in so many milliseconds says how many there were. */
const QUIET_MS = 1000;

export class LinkWatch {
  #board: Board;
  #checkedAt = 0;
  /** Of each server, which causes of rejection are damage, by their index. */
  #damages: readonly (readonly number[])[];
  /** Of the servers whose frames are authenticated. */
  #refusals: readonly FrameRefusals[];
  /** Such rejections of each server, and packets dropped, that events have told of. */
  #rejections: number[];
  #dropped = 0;

  constructor(board: Board) {
    this.#board = board;
    this.#rejections = board.servers.map(() => 0);
    this.#damages = board.servers.map(({ totals }) =>
      totals.reasons.flatMap((reason, cause) => (isDamage(reason) ? [cause] : [])),
    );
    this.#refusals = board.servers
      .filter((server) => FrameRefusals.concerns(server))
      .map((server) => new FrameRefusals(board, server));
  }

  connected(server: TmtcServer, info: ConnectionInfo): void {
    this.#board.raise(LINK_EVENTS.clientConnected.id, server.port, info.connection);
  }

  disconnected(server: TmtcServer, report: ConnectionReport): void {
    const reason = END_REASONS.indexOf(report.reason);
    this.#board.raise(LINK_EVENTS.clientLost.id, server.port, report.connection, reason, report.telecommands);
  }

  /** To be called now and then. */
  tick(): void {
    const { servers, log } = this.#board;
    const now = this.#board.uptimeMs();
    if (now - this.#checkedAt < QUIET_MS) {
      return;
    }
    this.#checkedAt = now;
    let clients = 0;
    for (let i = 0; i < servers.length; i++) {
      const server = servers[i]!;
      const before = this.#rejections[i]!;
      const damages = this.#damages[i]!;
      const { totals } = server;
      let rejections = 0;
      for (let k = 0; k < damages.length; k++) {
        rejections += totals.rejected(damages[k]!);
      }
      this.#rejections[i] = rejections;
      if (rejections > before) {
        this.#board.raise(LINK_EVENTS.framingDamage.id, server.port, rejections - before);
      }
      clients += totals.clients;
    }
    for (let i = 0; i < this.#refusals.length; i++) {
      this.#refusals[i]!.tell();
    }
    // With nobody there to be told, the event itself would push one packet more out of the log.
    if (clients > 0 && log.dropped > this.#dropped) {
      const packets = log.dropped - this.#dropped;
      this.#dropped = log.dropped;
      this.#board.raise(LINK_EVENTS.telemetryDropped.id, packets);
    }
  }
}

/** What is refused for want of a key came undamaged, and has an event of its own. */
function isDamage(reason: string): boolean {
  return !NO_DAMAGE.includes(reason) && !SECURITY_REASONS.includes(reason);
}
