/** One end of a loopback connection whose both ends are sockets of this engine: one dialled, the other was accepted. */
import { copyWithoutAllocation } from "./copy.js";
import type { NetworkEvents } from "./network.js";
import { Ring } from "./ring.js";

export class LoopbackEnd {
  readonly endpoint: number;
  /** Sent by the other end, and not handed over yet. */
  readonly incoming: Ring;
  /** Bytes that this end has room for. */
  credit = 0;
  turnAsked = false;
  /** Where the dialling end wants to; 0 once it is there, and for the accepted end. */
  dialledPort: number;
  /** Its user knows of the connection. */
  openTold = false;
  /** Closed by its user. */
  done = false;
  wasReset = false;
  other: LoopbackEnd | undefined;
  #endTold = false;
  #failTold = false;

  /** @param capacity bytes that may be under way towards this end */
  constructor(endpoint: number, dialledPort: number, capacity: number) {
    this.endpoint = endpoint;
    this.dialledPort = dialledPort;
    this.incoming = new Ring(capacity, copyWithoutAllocation);
  }

  send(bytes: Uint8Array): void {
    const other = this.other;
    if (other !== undefined && !other.wasReset) {
      other.incoming.push(bytes, 0, bytes.length);
    }
  }

  close(): void {
    this.done = true;
  }

  reset(): void {
    this.done = true;
    this.wasReset = true;
    this.incoming.clear();
    // What was under way to the other end is lost, as with TCP.
    this.other?.incoming.clear();
  }

  /** Nothing more will happen to this end. */
  get isOver(): boolean {
    if (!this.done) {
      return false;
    }
    const other = this.other;
    return other === undefined || this.wasReset || (other.done && this.incoming.length === 0);
  }

  /** Hands over what is under way to this end. @returns whether anything happened */
  step(events: NetworkEvents): boolean {
    let moved = false;
    if (this.turnAsked) {
      this.turnAsked = false;
      moved = true;
      if (!this.done) {
        events.turn(this.endpoint);
      }
    }
    if (!this.openTold && !this.done) {
      return moved;
    }
    return this.#deliver(events) || moved;
  }

  #deliver(events: NetworkEvents): boolean {
    const { incoming, endpoint, other } = this;
    let moved = false;
    while (incoming.length > 0 && !this.done && this.credit > 0) {
      const contiguous = incoming.contiguous;
      const count = contiguous < this.credit ? contiguous : this.credit;
      const start = incoming.head;
      this.credit -= count;
      incoming.drop(count);
      moved = true;
      events.data(endpoint, incoming.bytes, start, start + count);
      this.#acknowledge(events, count);
    }
    if (this.done && incoming.length > 0) {
      // As TCP stacks do after a polite close: what still comes is taken and thrown away.
      const count = incoming.length;
      incoming.clear();
      this.#acknowledge(events, count);
      return true;
    }
    if (this.done || incoming.length > 0 || other === undefined) {
      return moved;
    }
    if (other.wasReset && !this.#failTold) {
      this.#failTold = true;
      events.failed(endpoint, "ECONNRESET");
      return true;
    }
    if (other.done && !other.wasReset && !this.#endTold) {
      this.#endTold = true;
      events.ended(endpoint);
      return true;
    }
    return moved;
  }

  #acknowledge(events: NetworkEvents, count: number): void {
    const other = this.other;
    if (other !== undefined && !other.done) {
      events.acknowledged(other.endpoint, count);
    }
  }
}
