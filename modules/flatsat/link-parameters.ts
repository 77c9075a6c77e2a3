/**
 * The values of the parameters that every board has, read when a report needs them. One object for all of them: a getter for each,
 * with what it closes over, would take several slots of a board's heap.
 */
import type { TmtcServer } from "../link/server/tmtc-server.js";
import type { PusDispatcher } from "../pus/dispatcher.js";
import type { ParameterPool, ParameterSource } from "../pus/parameter-pool.js";
import type { ReportWriter } from "../pus/report-writer.js";
import type { SourceWatch } from "../pus/source-watch.js";
import type { PacketLog } from "../tmtc/packet-log.js";
import { firstPortParameter } from "./board-dictionary.js";
import { LINK_DICTIONARY } from "./link-dictionary.js";
import type { BoardPlatform } from "./platform.js";

/** What the values are read of. */
export interface Board {
  /** Milliseconds since boot. */
  uptimeMs(): number;
  readonly log: PacketLog;
  readonly servers: readonly TmtcServer[];
  readonly reports: ReportWriter;
  readonly extraction: SourceWatch;
  /** Made after the parameters that it runs on; read when a telecommand or a report needs it. */
  readonly dispatcher: PusDispatcher;
  readonly pool: ParameterPool;
  readonly platform: BoardPlatform;
  /** Times that the board's own module threw when it was to sample. */
  readonly tickErrors: number;
  /** Raises an event. */
  raise(id: number, value0?: number, value1?: number, value2?: number, value3?: number): void;
}

const { parameters: LINK } = LINK_DICTIONARY;
/** The first counter, and behind the last: what `resetCounters` sets to 0. */
const COUNTERS: readonly number[] = Object.freeze([
  LINK.telecommandsAccepted.id,
  LINK.telecommandsRefused.id,
  LINK.telecommandsFailed.id,
  LINK.packetsRejected.id,
  LINK.packetsMissing.id,
  LINK.packetsReceived.id,
  LINK.packetsSent.id,
  LINK.clientsRefused.id,
  LINK.errors.id,
  LINK.reportsLost.id,
  LINK.logDropped.id,
  LINK.parameterFaults.id,
]);
/** Bound to the source of the link: all but what stands in the pool. */
const SOURCED: readonly number[] = Object.freeze([
  ...COUNTERS,
  LINK.uptime.id,
  LINK.clients.id,
  LINK.logUsed.id,
  LINK.logWaiting.id,
  LINK.rssi.id,
  LINK.freeSlots.id,
  LINK.freeChunks.id,
  LINK.idleTimeout.id,
  LINK.partialFrameTimeout.id,
]);

export class LinkParameters implements ParameterSource {
  readonly #board: Board;
  /** What each counter stood at when it was reset, by its ID. */
  readonly #zeros = new Float64Array(Math.max(...COUNTERS) + 1);
  readonly #ports: readonly PortRejections[];

  /** Binds the parameters of the link and of its ports. */
  constructor(board: Board) {
    this.#board = board;
    const { pool } = board;
    for (const id of SOURCED) {
      pool.bind(pool.find(id), this, id);
    }
    this.#ports = board.servers.map(({ totals }) => new PortRejections(totals));
    this.#ports.forEach((port, n) => {
      for (let cause = 0; cause < port.count; cause++) {
        pool.bind(pool.find(firstPortParameter(n) + cause), port, cause);
      }
    });
  }

  /** @param id of the parameter */
  get(id: number): number {
    const value = this.#read(id);
    return id < this.#zeros.length ? value - this.#zeros[id]! : value;
  }

  /** Has every counter begin anew. What they count goes on: only what is reported begins anew. */
  resetCounters(): void {
    for (let i = 0; i < COUNTERS.length; i++) {
      this.#zeros[COUNTERS[i]!] = this.#read(COUNTERS[i]!);
    }
    for (let n = 0; n < this.#ports.length; n++) {
      this.#ports[n]!.reset();
    }
  }

  #read(id: number): number {
    const { log, reports, extraction, dispatcher, platform, servers, pool, tickErrors } = this.#board;
    switch (id) {
      case LINK.uptime.id:
        return this.#board.uptimeMs();
      case LINK.telecommandsAccepted.id:
        return dispatcher.accepted;
      case LINK.telecommandsRefused.id:
        return dispatcher.refused;
      case LINK.telecommandsFailed.id:
        return dispatcher.failed;
      case LINK.packetsRejected.id:
        return dispatcher.rejections;
      case LINK.packetsMissing.id:
        return extraction.missing;
      case LINK.reportsLost.id:
        return reports.lost;
      case LINK.logUsed.id:
        return log.used;
      case LINK.logWaiting.id:
        return log.waiting;
      case LINK.logDropped.id:
        return log.dropped;
      case LINK.rssi.id:
        return platform.rssi?.() ?? 0;
      case LINK.freeSlots.id:
        return platform.freeSlots?.() ?? 0;
      case LINK.freeChunks.id:
        return platform.freeChunks?.() ?? 0;
      case LINK.parameterFaults.id:
        return pool.faults;
      case LINK.idleTimeout.id:
        return servers[0]!.idleTimeoutMs;
      case LINK.partialFrameTimeout.id:
        return servers[0]!.partialFrameTimeoutMs;
      default:
        return this.#sum(id) + (id === LINK.errors.id ? dispatcher.handlerErrors + tickErrors : 0);
    }
  }

  /** Over all servers. */
  #sum(id: number): number {
    const { servers } = this.#board;
    let sum = 0;
    for (let i = 0; i < servers.length; i++) {
      const { totals } = servers[i]!;
      switch (id) {
        case LINK.packetsReceived.id:
          sum += totals.telecommands;
          break;
        case LINK.packetsSent.id:
          sum += totals.telemetry;
          break;
        case LINK.clients.id:
          sum += totals.clients;
          break;
        case LINK.clientsRefused.id:
          sum += totals.refusedClients + totals.heldClients;
          break;
        default:
          sum += totals.errors;
      }
    }
    return sum;
  }
}

/** Framing rejections of one port, by cause. */
class PortRejections implements ParameterSource {
  /** Causes. */
  readonly count: number;
  readonly #totals: TmtcServer["totals"];
  readonly #zeros: Float64Array;

  constructor(totals: TmtcServer["totals"]) {
    this.count = totals.reasons.length;
    this.#totals = totals;
    this.#zeros = new Float64Array(this.count);
  }

  get(cause: number): number {
    return this.#totals.rejected(cause) - this.#zeros[cause]!;
  }

  reset(): void {
    for (let cause = 0; cause < this.count; cause++) {
      this.#zeros[cause] = this.#totals.rejected(cause);
    }
  }
}
