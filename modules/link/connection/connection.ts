/**
 * One connection, of a server to its client or of a client to its server: the socket's callbacks and the end. The bytes
 * that come go through its inbound side, those that go out through its pump.
 *
 * Made at boot and used again for one after the other. The socket's callbacks are shared functions with the connection
 * as their `target`; each is guarded, because an exception that leaves a callback restarts the board.
 */
import type { FrameDecoder } from "../../framing/contract/framing.js";
import type { ConnectionOwner } from "./connection-owner.js";
import type { ConnectionMemory, Occupant } from "./connection-pool.js";
import type { FramePump } from "./frame-pump.js";
import { Inbound, NOTHING_NOW, STREAM_OVER } from "./inbound.js";
import type { Destination, TcpSocket } from "./io.js";
import { isIdle, isStalled } from "./liveness.js";
import type { ConnectionInfo, EndReason } from "./reports.js";
import {
  acceptSocket,
  type ConnectionEvent,
  dialSocket,
  END,
  LOST,
  PUMP,
  READABLE,
  RESUME,
  TICK,
  WRITABLE,
} from "./socket-events.js";
import { SocketSource } from "./socket-source.js";
import type { Waiting } from "./turn-order.js";

/*
 * FREE         its place is nobody's
 *   -> DIALING      it connects out
 *   -> UP           a socket was accepted
 * DIALING      the connection out has not come about
 *   -> UP           the socket can be read or written
 *   -> FREE         it will not
 * UP           packets go both ways
 *   -> HALF_CLOSED  the peer has shut down its write side
 *   -> LINGERING    the socket is lost
 *   -> ENDING, FREE it is ended
 * HALF_CLOSED  the peer waits for what is due
 *   -> LINGERING    the socket is lost
 *   -> ENDING, FREE it is ended, or nothing is due any more
 * LINGERING    there is no socket; what came still waits for the sink
 *   -> ENDING, FREE all of it is served, or the place is needed
 * ENDING       it was ended while a packet of it is being handled
 *   -> FREE         that is over
 */
const FREE = 0;
const DIALING = 1;
const UP = 2;
const HALF_CLOSED = 3;
const LINGERING = 4;
const ENDING = 5;
type State = typeof FREE | typeof DIALING | typeof UP | typeof HALF_CLOSED | typeof LINGERING | typeof ENDING;

export class Connection extends SocketSource implements Occupant, Waiting {
  readonly inbound: Inbound;
  /** Undefined: nothing is sent. */
  readonly pump: FramePump | undefined;
  number = 0;
  /** When it came about, by the owner's clock; so are all times here. */
  since = 0;
  /** When it last took something, or had nothing to take. */
  lastTook = 0;
  #owner: ConnectionOwner<Connection>;
  #state: State = FREE;
  /** ENDING: why. */
  #reason: EndReason = "stopped";
  /** What the platform said of a failure. */
  #failureCode: string | undefined;

  constructor(
    owner: ConnectionOwner<Connection>,
    memory: ConnectionMemory,
    decoder: FrameDecoder,
    pump: FramePump | undefined,
  ) {
    super(memory, owner.framing);
    this.#owner = owner;
    this.pump = pump;
    this.inbound = new Inbound(owner, this, memory.bytes, decoder);
  }

  get isOpen(): boolean {
    return this.#state !== FREE;
  }

  /** The peer is, or was, there. */
  get isEstablished(): boolean {
    return this.#state > DIALING;
  }

  /** Nothing can be sent any more; packets that came may still wait for the sink. */
  get isGone(): boolean {
    return this.#state >= LINGERING || (this.#state === HALF_CLOSED && !this.#owner.sendsAfterEnd);
  }

  /**
   * It has sent packets that were taken; or it is on a port where clients can do nothing else. Where frames are authenticated,
   * only the first counts: anybody can connect.
   */
  get commands(): boolean {
    return this.inbound.packets > 0 || (this.pump === undefined && this.#owner.framing.sdls === undefined);
  }

  get failureCode(): string | undefined {
    return this.#failureCode;
  }

  /** Takes an accepted socket over. */
  open(from: TcpSocket, number: number): void {
    const socket = acceptSocket(this.#owner.io, from, this);
    this.#begin(UP, socket, number);
    this.notePeer(socket);
  }

  /**
   * Connects out. The owner is told when the connection has come about, or has not.
   * @throws what the platform throws when it cannot even begin
   */
  connect(to: Destination, number: number): void {
    this.#begin(DIALING, dialSocket(this.#owner.io, to, this), number);
    this.remoteAddress = to.address ?? to.host;
    this.remotePort = to.port;
  }

  /** Every entry from the platform: nothing may be thrown past it, and late events of an earlier socket are nobody's. */
  guard(socket: TcpSocket | undefined, event: ConnectionEvent, count: number): void {
    if (this.#state === FREE || (socket !== undefined && socket !== this.socket)) {
      return;
    }
    const { number } = this;
    try {
      if (this.#state === DIALING && (event === READABLE || event === WRITABLE)) {
        this.#establish();
        if (socket !== this.socket) {
          // Whoever was told has closed it.
          return;
        }
      }
      this.#handle(event, count);
      if (this.#state === HALF_CLOSED && this.inbound.isReading && (this.#isDrained || !this.#owner.sendsAfterEnd)) {
        this.end("peerClosed");
      }
    } catch (error) {
      this.#owner.failed(this, error);
      if (this.number === number) {
        this.end("error");
      }
    }
  }

  /** The platform says that the connection is over, or did not come about. */
  lost(socket: TcpSocket, code: string | undefined): void {
    if (socket === this.socket) {
      this.#failureCode = code;
    }
    this.guard(socket, LOST, 0);
  }

  tick(now: number): void {
    this.guard(undefined, TICK, now);
  }

  /** The sink may take packets again. */
  resume(): void {
    if (this.inbound.isHeld) {
      this.guard(undefined, RESUME, 0);
    }
  }

  /** Sends telemetry as far as the socket takes it. */
  flow(): void {
    const { pump } = this;
    // Who takes nothing now costs nothing; but who waits for the last of it may be done.
    if (pump !== undefined && (pump.budget > 0 || this.#state === HALF_CLOSED)) {
      this.guard(undefined, PUMP, 0);
    }
  }

  /** Ends the connection at once; when its own packet is being handled, the owner is told when that is over. */
  end(reason: EndReason): void {
    if (this.#state === FREE || this.#state === ENDING) {
      return;
    }
    this.pump?.close();
    this.closeSocket();
    if (this.inbound.isServing) {
      this.#state = ENDING;
      this.#reason = reason;
      this.inbound.stop();
    } else {
      this.#finish(reason);
    }
  }

  info(): ConnectionInfo {
    return {
      server: this.#owner.name,
      connection: this.number,
      remoteAddress: this.remoteAddress,
      remotePort: this.remotePort,
    };
  }

  protected whenEmpty(): typeof NOTHING_NOW | typeof STREAM_OVER {
    if (this.#state <= UP) {
      return NOTHING_NOW;
    }
    this.streamHint.lookLast(this.inbound.decoder);
    return STREAM_OVER;
  }

  #begin(state: typeof DIALING | typeof UP, socket: TcpSocket, number: number): void {
    const now = this.#owner.clock();
    this.memory.occupant = this;
    this.#state = state;
    this.#failureCode = undefined;
    this.number = number;
    this.since = now;
    this.lastHeard = now;
    this.lastTook = now;
    this.inbound.open(number, now);
    this.pump?.open();
    this.attach(socket);
  }

  #establish(): void {
    this.#state = UP;
    this.since = this.#owner.clock();
    this.inbound.begin(this.since);
    this.#owner.established?.(this);
  }

  #handle(event: ConnectionEvent, count: number): void {
    switch (event) {
      case READABLE:
        this.lastHeard = this.#owner.clock();
        this.inbound.announced(this.lastHeard);
        this.unread = count;
        if (this.#owner.turns.waiting > 0) {
          this.#owner.turns.offer();
        }
        if (this.inbound.isReading) {
          // Otherwise it waits behind what came before.
          this.#serve(this.lastHeard);
        }
        break;
      case WRITABLE:
        this.lastHeard = this.#owner.clock();
        this.lastTook = this.lastHeard;
        if (this.pump !== undefined) {
          this.pump.budget = count;
          this.#pump();
          this.#owner.wrote?.();
        }
        // What has gone out may be what the sink waited for.
        this.#owner.turns.offer();
        break;
      case END:
        this.#halfClose();
        break;
      case LOST:
        this.#lose();
        break;
      case TICK:
        this.#tick(count);
        break;
      case RESUME:
        this.#serve();
        break;
      default:
        this.#pump();
    }
  }

  #halfClose(): void {
    if (this.#state === DIALING) {
      this.end("peerClosed");
      return;
    }
    this.#state = HALF_CLOSED;
    if (this.inbound.isReading || this.inbound.isHeld) {
      this.#serve();
    }
  }

  /** The socket is gone. Packets that the sink still refuses stay, and are offered again until the place is needed. */
  #lose(): void {
    if (this.#state === DIALING) {
      this.end("connectionLost");
      return;
    }
    this.#state = LINGERING;
    // The log must not wait for a client that will read no more: that may be what the sink waits for.
    this.pump?.close();
    this.closeSocket();
    if (this.inbound.isReading) {
      this.#serve();
    }
  }

  /** Telecommands first: what was read is served before more telemetry is sent. */
  #serve(since = this.#owner.clock()): void {
    const { inbound } = this;
    const { turns } = this.#owner;
    const { packets } = inbound;
    this.#owner.hold();
    if (turns.waiting > 0) {
      turns.begin(this);
    }
    try {
      inbound.serve(since);
    } finally {
      if (inbound.isHeld) {
        turns.join(this, inbound.packets !== packets);
      } else if (turns.waiting > 0) {
        turns.leave(this);
      }
      this.#owner.release();
      if (this.#state === ENDING) {
        this.#finish(this.#reason);
      }
    }
    const { bar } = inbound.decoder;
    if (bar !== undefined) {
      // Whatever else came is not looked at.
      this.end(bar === "forged" ? bar : "error");
    } else if (this.#state === LINGERING && inbound.isReading) {
      this.end("connectionLost");
    }
  }

  #finish(reason: EndReason): void {
    const wasEstablished = this.isEstablished;
    this.#state = FREE;
    if (!this.inbound.isHeld) {
      this.streamHint.lookLast(this.inbound.decoder);
    }
    this.inbound.decoder.reset();
    this.#owner.turns.leave(this);
    this.memory.occupant = undefined;
    if (wasEstablished) {
      this.#owner.ended(this, reason);
    } else {
      this.#owner.failedToConnect?.(this);
    }
  }

  /** All telemetry that there is went out. */
  get #isDrained(): boolean {
    return this.pump === undefined || (this.pump.drained && this.#owner.isExhausted);
  }

  #pump(): void {
    const socket = this.socket;
    if (socket === undefined || this.inbound.isServing || this.isGone) {
      return;
    }
    if (this.pump?.pump(socket) === false) {
      this.#lose();
    }
  }

  #tick(now: number): void {
    const { inbound } = this;
    const hint = inbound.isReading ? this.streamHint.lookAt(inbound.decoder, now) : undefined;
    if (hint !== undefined) {
      this.#owner.suspected?.(this, hint);
      if (this.#state === FREE) {
        return;
      }
    }
    if (inbound.wakes(now)) {
      this.#serve();
    }
    if (inbound.isBusy) {
      // The decoder takes its time: it is not the peer that is silent.
      this.lastHeard = now;
    }
    if (this.#isDrained) {
      this.lastTook = now;
    }
    if (isStalled(this, now) || isIdle(this, this.#owner.idleTimeoutMs, now)) {
      this.end("idle");
    }
  }
}
