/** The far end of a loopback connection, and the wire between the ends. */
import { copyWithoutAllocation } from "./copy.js";
import { Ring } from "./ring.js";

/** The state of one connection, both directions. The network moves it along; the peer reads and sets its side. */
export class LoopbackWire {
  readonly endpoint: number;
  readonly listener: number;
  readonly towardsServer: Ring;
  /** Sent by the server: the first `arrived` bytes have reached the peer, the rest is under way. */
  readonly towardsPeer: Ring;
  arrived = 0;
  /** Bytes that the server has room for. */
  credit = 0;
  turnAsked = false;
  connectTold = false;
  endTold = false;
  failTold = false;
  peerDone = false;
  peerReset = false;
  peerPaused = false;
  /** The server closed; FIN follows what is under way. */
  serverDone = false;
  peer: LoopbackPeer | undefined;
  readonly #peerWindow: number;

  constructor(endpoint: number, listener: number, towardsServer: number, peerWindow: number, sendBuffer: number) {
    this.endpoint = endpoint;
    this.listener = listener;
    this.#peerWindow = peerWindow;
    this.towardsServer = new Ring(towardsServer, copyWithoutAllocation);
    this.towardsPeer = new Ring(peerWindow + sendBuffer, copyWithoutAllocation);
  }

  /** Bytes that the server sent and the peer has not got. */
  get underWay(): number {
    return this.towardsPeer.length - this.arrived;
  }

  /** How many of them may arrive now. */
  get deliverable(): number {
    if (this.peerPaused) {
      return 0;
    }
    const room = this.#peerWindow - this.arrived;
    const underWay = this.underWay;
    return underWay < room ? underWay : room;
  }

  /** They are lost. What arrived stays readable. */
  dropUnderWay(): void {
    this.towardsPeer.dropLast(this.underWay);
  }
}

export class LoopbackPeer {
  readonly #wire: LoopbackWire;
  #received = 0;
  #ended = false;
  #wasReset = false;

  /** Made by `LoopbackNetwork.connect`. */
  constructor(wire: LoopbackWire) {
    this.#wire = wire;
    wire.peer = this;
  }

  /** Bytes received since the connection began. */
  get received(): number {
    return this.#received;
  }

  /** Bytes received and not read yet. */
  get available(): number {
    return this.#wire.arrived;
  }

  /** Bytes sent that the server has not room for. */
  get unsent(): number {
    return this.#wire.towardsServer.length;
  }

  /** The server sent FIN, and all that came before. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The server sent RST. */
  get wasReset(): boolean {
    return this.#wasReset;
  }

  /** Sends the whole view. @returns false, sending nothing, when there is no room for it under way, or no connection */
  send(view: Uint8Array): boolean {
    const wire = this.#wire;
    if (wire.peerDone || this.#wasReset || view.length > wire.towardsServer.free) {
      return false;
    }
    if (!wire.serverDone) {
      wire.towardsServer.push(view, 0, view.length);
    }
    return true;
  }

  /** Fills the whole view. @throws when fewer bytes are available */
  read(view: Uint8Array): void {
    const wire = this.#wire;
    if (view.length > wire.arrived) {
      throw new RangeError(`cannot read ${view.length} bytes: ${wire.arrived} are available`);
    }
    wire.towardsPeer.shift(view);
    wire.arrived -= view.length;
  }

  /** Forgets what was received and not read. */
  discard(): void {
    const wire = this.#wire;
    wire.towardsPeer.drop(wire.arrived);
    wire.arrived = 0;
  }

  /** What the server sends stays under way, and in its send buffer. */
  pauseReading(): void {
    this.#wire.peerPaused = true;
  }

  resumeReading(): void {
    this.#wire.peerPaused = false;
  }

  /** FIN: sends nothing more, still reads. */
  end(): void {
    this.#wire.peerDone = true;
  }

  /** RST: what was under way in either direction is lost. */
  reset(): void {
    const wire = this.#wire;
    wire.peerDone = true;
    wire.peerReset = true;
    wire.towardsServer.clear();
    wire.dropUnderWay();
  }

  /** The network tells; not for tests. */
  gotBytes(count: number): void {
    this.#received += count;
  }

  gotEnd(): void {
    this.#ended = true;
  }

  gotReset(): void {
    this.#wasReset = true;
  }
}
