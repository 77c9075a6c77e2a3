/**
 * A network with no operating system: both ends live in this engine, and nothing moves until a test says so. The far
 * end of a connection is a peer in the test's hand (`connect`), or another socket of the same io, which dialled.
 *
 * `turn()` delivers what is under way, one step; `settle()` repeats it until all is quiet. Once the connections are
 * made, sending, delivering and receiving allocate nothing.
 */
import { checkSize } from "./io.js";
import { LoopbackEnd } from "./loopback-end.js";
import { LoopbackPeer, LoopbackWire } from "./loopback-peer.js";
import type { Network, NetworkEvents } from "./network.js";

const FIRST_EPHEMERAL_PORT = 49152;
/** More steps than any exchange of a test takes: who gets here never comes to rest. */
const MAX_TURNS = 100000;

export interface LoopbackOptions {
  /** Bytes that may be under way to the server, per connection. Default 65536. */
  towardsServer?: number;
  /** Bytes that a peer holds unread before it stops the server. Default 65536. */
  peerWindow?: number;
  /** The most that the server may have sent ahead of the peer: its `sendBuffer`. Default 65536. */
  sendBuffer?: number;
}

export class LoopbackNetwork implements Network {
  readonly resolvesNames = false;
  events: NetworkEvents | undefined;
  /** True: who dials gets no answer, as where packets are lost on the way. */
  isSilent = false;
  readonly #towardsServer: number;
  readonly #peerWindow: number;
  readonly #sendBuffer: number;
  /** By listener number; undefined once closed. */
  readonly #ports: (number | undefined)[] = [];
  /** By endpoint number; undefined once both ends are done. */
  readonly #wires: (LoopbackWire | LoopbackEnd | undefined)[] = [];
  #nextPort = FIRST_EPHEMERAL_PORT;

  /** @throws RangeError when a size is not allowed */
  constructor(options: LoopbackOptions = {}) {
    this.#towardsServer = checkSize("towardsServer", options.towardsServer ?? 65536);
    this.#peerWindow = checkSize("peerWindow", options.peerWindow ?? 65536);
    this.#sendBuffer = checkSize("sendBuffer", options.sendBuffer ?? 65536);
  }

  /**
   * A peer connects; the server learns in the next turn.
   * @throws when nobody listens there
   */
  connect(port: number): LoopbackPeer {
    const listener = this.#ports.indexOf(port);
    if (listener < 0) {
      throw new Error(`connection refused: nobody listens on port ${port}`);
    }
    const endpoint = this.#wires.length;
    const wire = new LoopbackWire(endpoint, listener, this.#towardsServer, this.#peerWindow, this.#sendBuffer);
    this.#wires.push(wire);
    return new LoopbackPeer(wire);
  }

  /** One step: every connection delivers what is under way. @returns whether anything happened */
  turn(): boolean {
    let moved = false;
    // Connections made by the callbacks of this turn wait for the next one.
    const count = this.#wires.length;
    for (let endpoint = 0; endpoint < count; endpoint++) {
      const wire = this.#wires[endpoint];
      if (wire !== undefined && (wire instanceof LoopbackEnd ? this.#stepEnd(wire) : this.#step(wire))) {
        moved = true;
      }
    }
    return moved;
  }

  /** Turns until nothing moves. @returns how many turns that took */
  settle(): number {
    for (let turns = 0; turns < MAX_TURNS; turns++) {
      if (!this.turn()) {
        return turns;
      }
    }
    throw new Error(`the network did not come to rest in ${MAX_TURNS} turns`);
  }

  listen(port: number, _address: string | undefined): number {
    let chosen = port;
    if (port === 0) {
      while (this.#ports.includes(this.#nextPort)) {
        this.#nextPort++;
      }
      chosen = this.#nextPort++;
    } else if (this.#ports.includes(port)) {
      throw new Error(`port ${port} is in use`);
    }
    this.#ports.push(chosen);
    return this.#ports.length - 1;
  }

  port(listener: number): number {
    return this.#ports[listener] ?? 0;
  }

  unlisten(listener: number): void {
    this.#ports[listener] = undefined;
  }

  dial(_host: string, port: number): number {
    const end = new LoopbackEnd(this.#wires.length, port, this.#sendBuffer);
    this.#wires.push(end);
    return end.endpoint;
  }

  credit(endpoint: number, count: number): void {
    this.#wire(endpoint).credit += count;
  }

  send(endpoint: number, bytes: Uint8Array): void {
    const wire = this.#wire(endpoint);
    if (wire instanceof LoopbackEnd) {
      wire.send(bytes);
    } else if (!wire.peerReset) {
      wire.towardsPeer.push(bytes, 0, bytes.length);
    }
  }

  noDelay(_endpoint: number, _enabled: boolean): void {
    // Nothing is ever delayed here.
  }

  close(endpoint: number): void {
    const wire = this.#wire(endpoint);
    if (wire instanceof LoopbackEnd) {
      wire.close();
      return;
    }
    wire.serverDone = true;
    wire.towardsServer.clear();
  }

  reset(endpoint: number): void {
    const wire = this.#wire(endpoint);
    if (wire instanceof LoopbackEnd) {
      wire.reset();
      return;
    }
    wire.serverDone = true;
    wire.towardsServer.clear();
    wire.dropUnderWay();
    wire.peer?.gotReset();
    this.#wires[endpoint] = undefined;
  }

  later(endpoint: number): void {
    this.#wire(endpoint).turnAsked = true;
  }

  #wire(endpoint: number): LoopbackWire | LoopbackEnd {
    const wire = this.#wires[endpoint];
    if (wire === undefined) {
      throw new Error(`endpoint ${endpoint} is gone`);
    }
    return wire;
  }

  #stepEnd(end: LoopbackEnd): boolean {
    const moved = end.dialledPort > 0 && !end.done ? this.#answer(end) : end.step(this.events as NetworkEvents);
    if (end.isOver) {
      this.#wires[end.endpoint] = undefined;
      return true;
    }
    return moved;
  }

  /** Brings a dialling end to its listener, and a turn later tells it. */
  #answer(end: LoopbackEnd): boolean {
    const events = this.events as NetworkEvents;
    if (end.other !== undefined) {
      end.dialledPort = 0;
      end.openTold = true;
      events.opened(end.endpoint);
      return true;
    }
    if (this.isSilent) {
      return false;
    }
    const listener = this.#ports.indexOf(end.dialledPort);
    if (listener < 0) {
      end.dialledPort = 0;
      events.failed(end.endpoint, "ECONNREFUSED");
      return true;
    }
    const accepted = new LoopbackEnd(this.#wires.length, 0, this.#sendBuffer);
    this.#wires.push(accepted);
    accepted.other = end;
    accepted.openTold = true;
    end.other = accepted;
    events.connected(listener, accepted.endpoint, "loopback", FIRST_EPHEMERAL_PORT + end.endpoint);
    return true;
  }

  #step(wire: LoopbackWire): boolean {
    const events = this.events as NetworkEvents;
    const endpoint = wire.endpoint;
    if (!wire.connectTold) {
      wire.connectTold = true;
      events.connected(wire.listener, endpoint, "loopback", FIRST_EPHEMERAL_PORT + endpoint);
      return true;
    }
    let moved = false;
    if (wire.turnAsked) {
      wire.turnAsked = false;
      moved = true;
      if (!wire.serverDone) {
        events.turn(endpoint);
      }
    }
    if (this.#deliverToServer(wire, events)) {
      moved = true;
    }
    if (this.#deliverToPeer(wire, events)) {
      moved = true;
    }
    if (wire.serverDone && (wire.peerReset || (wire.peerDone && wire.peer?.ended === true))) {
      this.#wires[endpoint] = undefined;
    }
    return moved;
  }

  #deliverToServer(wire: LoopbackWire, events: NetworkEvents): boolean {
    const endpoint = wire.endpoint;
    const ring = wire.towardsServer;
    let moved = false;
    // More than once when it wraps around the ring's end, or when reading in the callback gave credit.
    while (ring.length > 0 && wire.credit > 0 && !wire.serverDone) {
      const contiguous = ring.contiguous;
      const count = contiguous < wire.credit ? contiguous : wire.credit;
      const start = ring.head;
      wire.credit -= count;
      ring.drop(count);
      moved = true;
      events.data(endpoint, ring.bytes, start, start + count);
    }
    if (wire.serverDone || ring.length > 0) {
      return moved;
    }
    if (wire.peerReset && !wire.failTold) {
      wire.failTold = true;
      events.failed(endpoint, "ECONNRESET");
      return true;
    }
    if (wire.peerDone && !wire.peerReset && !wire.endTold) {
      wire.endTold = true;
      events.ended(endpoint);
      return true;
    }
    return moved;
  }

  #deliverToPeer(wire: LoopbackWire, events: NetworkEvents): boolean {
    if (wire.peerReset) {
      wire.dropUnderWay();
      return false;
    }
    const count = wire.deliverable;
    if (count > 0) {
      wire.arrived += count;
      wire.peer?.gotBytes(count);
      if (!wire.serverDone) {
        events.acknowledged(wire.endpoint, count);
      }
      return true;
    }
    if (wire.serverDone && wire.underWay === 0 && wire.peer?.ended === false) {
      wire.peer.gotEnd();
      return true;
    }
    return false;
  }
}
