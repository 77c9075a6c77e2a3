/** Hands each telecommand to the sink of its APID. */

import { APID_JUDGED, CRC16_JUDGED, HEADER_JUDGED, NOTHING_JUDGED } from "../ccsds/judgements.js";
import { apid, checkSpacePacket, IDLE_APID, MAX_APID, VALID } from "../ccsds/primary-header.js";
import { checkWithin } from "../checks/options.js";
import type { PacketSink, Receipt } from "./contracts.js";

/** What a port's connections are numbered apart from those of the port before. */
export const CONNECTIONS_OF_A_PORT = 2 ** 30;

export class TelecommandRouter implements PacketSink {
  /** Packets that a sink took. */
  routed = 0;
  /** Packets for an APID that has no sink, when there is no default either. */
  unrouted = 0;
  /** Packets that are no space packet (a framing such as COBS carries any bytes), when there is no default. */
  malformed = 0;
  /** Idle packets: received, and meant for nobody. */
  idle = 0;
  #sinks = new Map<number, PacketSink>();
  /** Takes what no APID's sink is there for, space packet or not. */
  fallback: PacketSink | undefined;

  constructor(fallback?: PacketSink) {
    this.fallback = fallback;
  }

  /**
   * @param apid 0 to 2046
   * @throws RangeError for an APID out of range, or one that has a sink
   */
  add(apid: number, sink: PacketSink): this {
    checkWithin("APID", apid, 0, MAX_APID - 1);
    if (this.#sinks.has(apid)) {
      throw new RangeError(`APID ${apid} already has a sink`);
    }
    this.#sinks.set(apid, sink);
    return this;
  }

  /**
   * The way in for the packets of one port.
   * @param judged what is known of every one of them, `_JUDGED` bits: `judged` of the port's framing
   * @param port its place among the ports, from 0: servers number their connections each by itself, and sinks get
   *   `CONNECTIONS_OF_A_PORT` more for each port before it
   */
  behind(judged: number, port = 0): PacketSink {
    return judged === NOTHING_JUDGED && port === 0 ? this : new Way(this, judged, port * CONNECTIONS_OF_A_PORT);
  }

  accept(
    bytes: Uint8Array,
    start: number,
    end: number,
    from: number,
    kind = 0,
    judged = NOTHING_JUDGED,
    receipt?: Receipt,
  ): boolean {
    if ((judged & HEADER_JUDGED) === 0 && checkSpacePacket(bytes, start, end) !== VALID) {
      return this.#acceptMalformed(bytes, start, end, from, kind, judged, receipt);
    }
    const destination = apid(bytes, start);
    let sink = this.#sinks.get(destination);
    let known = judged | HEADER_JUDGED | APID_JUDGED;
    if (sink === undefined) {
      if (destination === IDLE_APID) {
        this.idle++;
        return true;
      }
      sink = this.fallback;
      known = judged | HEADER_JUDGED;
    }
    if (sink === undefined) {
      this.unrouted++;
      return true;
    }
    if (!sink.accept(bytes, start, end, from, kind, known, receipt)) {
      return false;
    }
    this.routed++;
    return true;
  }

  #acceptMalformed(
    bytes: Uint8Array,
    start: number,
    end: number,
    from: number,
    kind: number,
    judged: number,
    receipt: Receipt | undefined,
  ): boolean {
    if (this.fallback === undefined) {
      this.malformed++;
      return true;
    }
    if (!this.fallback.accept(bytes, start, end, from, kind, judged & CRC16_JUDGED, receipt)) {
      return false;
    }
    this.routed++;
    return true;
  }
}

/** In front of the router: says what is known of the packets of one port, and which port it is. */
class Way implements PacketSink {
  readonly #router: TelecommandRouter;
  readonly #judged: number;
  readonly #firstConnection: number;

  constructor(router: TelecommandRouter, judged: number, firstConnection: number) {
    this.#router = router;
    this.#judged = judged;
    this.#firstConnection = firstConnection;
  }

  accept(
    bytes: Uint8Array,
    start: number,
    end: number,
    from: number,
    kind?: number,
    _judged?: number,
    receipt?: Receipt,
  ): boolean {
    return this.#router.accept(bytes, start, end, this.#firstConnection + from, kind, this.#judged, receipt);
  }
}
