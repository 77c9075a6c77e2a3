/** Hands each telecommand to the sink of its APID. */
import { apid, checkSpacePacket, IDLE_APID, MAX_APID, VALID } from "../ccsds/primary-header.js";
import type { PacketSink } from "./contracts.js";

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
    if (!Number.isInteger(apid) || apid < 0 || apid >= MAX_APID) {
      throw new RangeError(`APID must be from 0 to ${MAX_APID - 1}, not ${apid}`);
    }
    if (this.#sinks.has(apid)) {
      throw new RangeError(`APID ${apid} already has a sink`);
    }
    this.#sinks.set(apid, sink);
    return this;
  }

  accept(bytes: Uint8Array, start: number, end: number, from: number, kind?: number): boolean {
    let sink = this.fallback;
    const valid = checkSpacePacket(bytes, start, end) === VALID;
    if (valid) {
      const destination = apid(bytes, start);
      if (destination === IDLE_APID) {
        this.idle++;
        return true;
      }
      sink = this.#sinks.get(destination) ?? sink;
    }
    if (sink === undefined) {
      if (valid) {
        this.unrouted++;
      } else {
        this.malformed++;
      }
      return true;
    }
    if (!sink.accept(bytes, start, end, from, kind)) {
      return false;
    }
    this.routed++;
    return true;
  }
}
