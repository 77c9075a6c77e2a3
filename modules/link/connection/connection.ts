/**
 * One connection, of a server to its client or of a client to its server: the socket's callbacks and the end. The bytes
 * that come go through its intake, those that go out through its pump.
 *
 * Made at boot and used again for one after the other. The socket's callbacks are shared functions with the connection
 * as their `target`; each is guarded, because an exception that leaves a callback restarts the board.
 */
import type { FrameDecoder } from "../../framing/contract/framing.js";
import type { ConnectionOwner } from "./connection-owner.js";
import type { ConnectionMemory, Occupant } from "./connection-pool.js";
import type { FramePump } from "./frame-pump.js";
import { Intake } from "./intake.js";
import type { Destination, TcpSocket } from "./io.js";
import { isIdle, isStalled } from "./liveness.js";
import type { ConnectionInfo, EndReason } from "./reports.js";
import {
  acceptSocket,
  type ConnectionEvent,
  closeQuietly,
  dialSocket,
  END,
  LOST,
  PUMP,
  READABLE,
  RESUME,
  TICK,
  WRITABLE,
} from "./socket-events.js";
import type { Waiting } from "./turn-order.js";

/*
 * FREE         its place is nobody's
 *   -> OPEN          a socket was accepted, or dials
 * OPEN         packets go both ways; without a socket any more, what the sink refused still waits for it
 *   -> HALF_CLOSED   the peer has shut down its write side
 *   -> FREE          it ended
 * HALF_CLOSED  the peer waits for what is due
 *   -> FREE          it ended
 */
const FREE = 0;
const OPEN = 1;
const HALF_CLOSED = 2;
type State = typeof FREE | typeof OPEN | typeof HALF_CLOSED;

export class Connection implements Occupant, Waiting {
  readonly memory: ConnectionMemory;
  readonly intake: Intake;
  /** Undefined: nothing is sent. */
  readonly pump: FramePump | undefined;
  number = 0;
  /** When it came about, by the owner's clock; so are the times below. */
  since = 0;
  lastHeard = 0;
  /** When it last took something, or had nothing to take. */
  lastTook = 0;
  #owner: ConnectionOwner;
  #state: State = FREE;
  #established = false;
  /** What the platform said of a failure. */
  #failureCode: string | undefined;
  #socket: TcpSocket | undefined;
  #remoteAddress: string | undefined;
  #remotePort: number | undefined;
  #serving = false;
  /** Why the connection is over, while a packet of it is still being handled. */
  #ending: EndReason | undefined;

  constructor(owner: ConnectionOwner, memory: ConnectionMemory, decoder: FrameDecoder, pump: FramePump | undefined) {
    this.#owner = owner;
    this.memory = memory;
    this.pump = pump;
    this.intake = new Intake(owner, memory, decoder);
  }

  get isOpen(): boolean {
    return this.#state !== FREE;
  }

  /** Nothing can be sent any more, and packets that came still wait for the sink. */
  get isGone(): boolean {
    return this.isOpen && (this.#socket === undefined || (this.#isHalfClosed && !this.#owner.sendsAfterEnd));
  }

  /** The peer is, or was, there: for a connection out, it has come about. */
  get isEstablished(): boolean {
    return this.#established;
  }

  /** It has sent packets that were taken; or it is on a port where clients can do nothing else. */
  get commands(): boolean {
    return this.pump === undefined || this.intake.packets > 0;
  }

  /** Bytes are held: the sink refused a packet, or the decoder takes its time. Nothing is read until they are served. */
  get isBlocked(): boolean {
    return this.intake.isBlocked;
  }

  get failureCode(): string | undefined {
    return this.#failureCode;
  }

  /** Takes an accepted socket over. */
  open(from: TcpSocket, number: number): void {
    const socket = acceptSocket(this.#owner.io, from, this);
    this.#begin(socket, number);
    this.#established = true;
    try {
      this.#remoteAddress = socket.remoteAddress;
      this.#remotePort = socket.remotePort;
    } catch {
      // The client has left already; its address is not to be had.
      this.#remoteAddress = undefined;
      this.#remotePort = undefined;
    }
  }

  /**
   * Connects out. The owner is told when the connection has come about, and of its end in any case.
   * @throws what the platform throws when it cannot even begin
   */
  connect(to: Destination, number: number): void {
    this.#begin(dialSocket(this.#owner.io, to, this), number);
    this.#remoteAddress = to.address ?? to.host;
    this.#remotePort = to.port;
  }

  /** Every entry from the platform: nothing may be thrown past it, and late events of an earlier socket are nobody's. */
  guard(socket: TcpSocket | undefined, event: ConnectionEvent, count: number): void {
    if (!this.isOpen || (socket !== undefined && socket !== this.#socket)) {
      return;
    }
    const { number } = this;
    try {
      if (!this.#established && (event === READABLE || event === WRITABLE)) {
        this.#established = true;
        this.since = this.#owner.clock();
        this.intake.begin(this.since);
        this.#owner.established?.(this);
        if (socket !== this.#socket) {
          // Whoever was told has closed it.
          return;
        }
      }
      switch (event) {
        case READABLE:
          this.lastHeard = this.#owner.clock();
          this.intake.announced(count, this.lastHeard);
          this.#owner.turns.offer();
          if (!this.intake.isRefused) {
            this.#serve(this.lastHeard);
          }
          break;
        case WRITABLE:
          this.lastHeard = this.#owner.clock();
          this.lastTook = this.lastHeard;
          if (this.pump !== undefined) {
            this.pump.budget = count;
            this.#owner.flow();
          }
          // What has gone out may be what the sink waited for.
          this.#owner.turns.offer();
          break;
        case END:
          this.#state = HALF_CLOSED;
          this.intake.isOver = true;
          this.#serve(this.#owner.clock());
          break;
        case LOST:
          this.#lost();
          break;
        case TICK:
          this.#tick(count);
          break;
        case RESUME:
          this.#serve(this.#owner.clock());
          break;
        default:
          this.#pump();
      }
      if (this.#isHalfClosed && !this.isBlocked && (this.#isDrained || !this.#owner.sendsAfterEnd)) {
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
    if (socket === this.#socket) {
      this.#failureCode = code;
    }
    this.guard(socket, LOST, 0);
  }

  tick(now: number): void {
    this.guard(undefined, TICK, now);
  }

  /** The sink may take packets again. */
  resume(): void {
    if (this.isBlocked) {
      this.guard(undefined, RESUME, 0);
    }
  }

  /** Sends telemetry as far as the socket takes it. */
  flow(): void {
    if (this.pump !== undefined) {
      this.guard(undefined, PUMP, 0);
    }
  }

  /** Ends the connection at once; when its own packet is being handled, the owner is told when that is over. */
  end(reason: EndReason): void {
    if (!this.isOpen || this.#ending !== undefined) {
      return;
    }
    this.pump?.close();
    this.#closeSocket();
    if (this.#serving) {
      this.#ending = reason;
      this.intake.isClosed = true;
    } else {
      this.#finish(reason);
    }
  }

  info(): ConnectionInfo {
    return {
      server: this.#owner.name,
      connection: this.number,
      remoteAddress: this.#remoteAddress,
      remotePort: this.#remotePort,
    };
  }

  /** What the peer seems to speak in place of the framing, for people; undefined: nothing is suspected. */
  hint(): string | undefined {
    return this.intake.hint.text;
  }

  #begin(socket: TcpSocket, number: number): void {
    this.memory.occupant = this;
    this.#state = OPEN;
    this.#established = false;
    this.#failureCode = undefined;
    this.number = number;
    this.since = this.#owner.clock();
    this.lastHeard = this.since;
    this.lastTook = this.since;
    this.intake.open(number, this.since);
    this.pump?.open();
    this.#socket = socket;
  }

  /** Telecommands first: what was read is served before more telemetry is sent. */
  #serve(since: number): void {
    if (this.#serving) {
      return;
    }
    const { turns } = this.#owner;
    const packets = this.intake.packets;
    this.#serving = true;
    this.#owner.hold();
    turns.begin(this);
    try {
      this.intake.serve(this.#socket, since);
    } finally {
      this.#serving = false;
      if (this.intake.isRefused) {
        turns.join(this, this.intake.packets !== packets);
      } else {
        turns.leave(this);
      }
      this.#owner.release();
      if (this.#ending !== undefined) {
        this.#finish(this.#ending);
      }
    }
    if (this.#socket === undefined && !this.isBlocked) {
      this.end("connectionLost");
    }
  }

  #finish(reason: EndReason): void {
    this.#state = FREE;
    this.#ending = undefined;
    if (!this.isBlocked) {
      this.intake.hint.lookLast(this.intake.decoder);
    }
    this.intake.decoder.reset();
    this.#owner.turns.leave(this);
    this.memory.occupant = undefined;
    this.#owner.ended(this, reason);
  }

  get #isHalfClosed(): boolean {
    return this.#state === HALF_CLOSED;
  }

  /** All telemetry that there is went out. */
  get #isDrained(): boolean {
    return this.pump === undefined || (this.pump.drained && this.#owner.isExhausted);
  }

  #pump(): void {
    if (this.#socket === undefined || this.#serving || (this.#isHalfClosed && !this.#owner.sendsAfterEnd)) {
      return;
    }
    if (this.pump?.pump(this.#socket) === false) {
      this.#lost();
    }
  }

  #tick(now: number): void {
    const hint = this.isBlocked ? undefined : this.intake.hint.lookAt(this.intake.decoder, now);
    if (hint !== undefined) {
      this.#owner.suspected?.(this, hint);
    }
    this.intake.newTurn();
    // What the sink refused is offered in its turn, which does not come by the tick of its own connection.
    if (this.isBlocked ? !this.intake.isRefused : this.intake.expireAfter(this.#owner.partialFrameTimeoutMs, now)) {
      this.#serve(this.#owner.clock());
    }
    if (this.isBlocked && !this.intake.isRefused) {
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

  /** The socket is gone. Packets that the sink still refuses stay, and are offered again until the place is needed. */
  #lost(): void {
    this.intake.isOver = true;
    // The log must not wait for a client that will read no more: that may be what the sink waits for.
    this.pump?.close();
    this.#closeSocket();
    if (!this.isBlocked) {
      this.#serve(this.#owner.clock());
    }
  }

  #closeSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.intake.unread = 0;
    closeQuietly(socket);
  }
}
