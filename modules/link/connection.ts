/**
 * One connection, of a server to its client or of a client to its server: the socket's callbacks and the end. The bytes
 * that come go through its intake, those that go out through its pump.
 *
 * Made at boot and used again for one after the other. The socket's callbacks are shared functions with the connection
 * as their `target`; each is guarded, because an exception that leaves a callback restarts the board.
 */
import type { FrameDecoder } from "../framing/framing.js";
import type { ClientMemory, Occupant } from "./client-pool.js";
import type { ConnectionOwner } from "./connection-owner.js";
import { Intake } from "./intake.js";
import type { Destination, TcpSocket } from "./io.js";
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
import type { TelemetryPump } from "./telemetry-pump.js";

/**
 * A client that takes nothing of what waits for it is given up after so many milliseconds when the sink refuses its packets
 * (it may have gone: while it is not read from, its end is not heard either), or when a log that keeps all is full of
 * what it has not read.
 */
const STALLED_MS = 5000;

export class Connection implements Occupant {
  readonly memory: ClientMemory;
  /** Undefined: nothing is sent. */
  readonly pump: TelemetryPump | undefined;
  number = 0;
  /** When the peer last sent something or took something, by the owner's clock. */
  lastHeard = 0;
  #owner: ConnectionOwner;
  #open = false;
  #established = false;
  /** What the platform said of a failure. */
  #failureCode: string | undefined;
  #socket: TcpSocket | undefined;
  #remoteAddress: string | undefined;
  #remotePort: number | undefined;
  #since = 0;
  #serving = false;
  /** The peer has shut down its write side, and waits for what is due. */
  #finishing = false;
  /** Why the connection is over, while a packet of it is still being handled. */
  #ending: EndReason | undefined;
  readonly #intake: Intake;

  constructor(owner: ConnectionOwner, memory: ClientMemory, decoder: FrameDecoder, pump: TelemetryPump | undefined) {
    this.#owner = owner;
    this.memory = memory;
    this.pump = pump;
    this.#intake = new Intake(owner, memory, decoder);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Nothing can be sent any more, and packets that came still wait for the sink. */
  get isGone(): boolean {
    return this.#open && (this.#socket === undefined || (this.#finishing && !this.#owner.sendsAfterEnd));
  }

  /** The peer is, or was, there: for a connection out, it has come about. */
  get isEstablished(): boolean {
    return this.#established;
  }

  get decoder(): FrameDecoder {
    return this.#intake.decoder;
  }

  /** Packets that the sink took. */
  get received(): number {
    return this.#intake.packets;
  }

  get bytesReceived(): number {
    return this.#intake.bytes;
  }

  /** Packets that the socket took whole. */
  get telemetry(): number {
    return this.pump?.packets ?? 0;
  }

  /** Packets that were overwritten before this peer came to them. */
  get telemetrySkipped(): number {
    return this.pump?.cursor.skipped ?? 0;
  }

  /** When something last came, or could have come: while bytes are held, nothing is read. */
  get lastReceived(): number {
    return this.#intake.lastReceived;
  }

  /** Bytes are held: the sink refused a packet, or the decoder takes its time. Nothing is read until they are served. */
  get isBlocked(): boolean {
    return this.#intake.isBlocked;
  }

  /** When it came about, by the owner's clock. */
  get since(): number {
    return this.#since;
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
    if (!this.#open || (socket !== undefined && socket !== this.#socket)) {
      return;
    }
    const { number } = this;
    try {
      if (!this.#established && (event === READABLE || event === WRITABLE)) {
        this.#established = true;
        this.#since = this.#owner.clock();
        this.#intake.begin(this.#since);
        this.#owner.established?.(this);
        if (socket !== this.#socket) {
          // Whoever was told has closed it.
          return;
        }
      }
      switch (event) {
        case READABLE:
          this.lastHeard = this.#owner.clock();
          this.#intake.announced(count, this.lastHeard);
          this.#serve(this.lastHeard);
          break;
        case WRITABLE:
          this.lastHeard = this.#owner.clock();
          if (this.pump !== undefined) {
            this.pump.budget = count;
            this.#owner.flow();
          }
          if (this.isBlocked) {
            // What has gone out may be what the sink waited for.
            this.#serve(this.#owner.clock());
          }
          break;
        case END:
          this.#finishing = true;
          this.#intake.isOver = true;
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
      if (this.#finishing && !this.isBlocked && (this.#isDrained || !this.#owner.sendsAfterEnd)) {
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
    if (!this.#open || this.#ending !== undefined) {
      return;
    }
    this.pump?.close();
    this.#closeSocket();
    if (this.#serving) {
      this.#ending = reason;
      this.#intake.isClosed = true;
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
    return this.#intake.hint.text;
  }

  #begin(socket: TcpSocket, number: number): void {
    this.memory.occupant = this;
    this.#open = true;
    this.#established = false;
    this.#failureCode = undefined;
    this.number = number;
    this.#since = this.#owner.clock();
    this.lastHeard = this.#since;
    this.#finishing = false;
    this.#intake.open(number, this.#since);
    this.pump?.open();
    this.#socket = socket;
  }

  /** Telecommands first: what was read is served before more telemetry is sent. */
  #serve(since: number): void {
    if (this.#serving) {
      return;
    }
    this.#serving = true;
    this.#owner.hold();
    try {
      this.#intake.serve(this.#socket, since);
    } finally {
      this.#serving = false;
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
    this.#open = false;
    this.#ending = undefined;
    if (!this.isBlocked) {
      this.#intake.hint.lookLast(this.decoder);
    }
    this.decoder.reset();
    this.memory.occupant = undefined;
    this.#owner.ended(this, reason);
  }

  /** All telemetry that there is went out. */
  get #isDrained(): boolean {
    return this.pump === undefined || (this.pump.drained && this.#owner.isExhausted);
  }

  #pump(): void {
    if (this.#socket === undefined || this.#serving || (this.#finishing && !this.#owner.sendsAfterEnd)) {
      return;
    }
    this.pump?.pump(this.#socket);
  }

  #tick(now: number): void {
    const { hint: suspicion, decoder } = this.#intake;
    const hint = this.isBlocked ? undefined : suspicion.lookAt(decoder, now);
    if (hint !== undefined) {
      this.#owner.suspected?.(this, hint);
    }
    this.#intake.newTurn();
    if (this.isBlocked || this.#intake.expireAfter(this.#owner.partialFrameTimeoutMs, now)) {
      this.#serve(this.#owner.clock());
    }
    if (this.isBlocked && !this.#intake.isRefused) {
      // The decoder takes its time: it is not the peer that is silent.
      this.lastHeard = now;
    }
    const holdsUp = this.isBlocked || this.pump?.cursor.holdsUp === true;
    if (holdsUp && now - this.lastHeard >= STALLED_MS && !this.#isDrained) {
      // Neither side moves: the sink may be waiting for the log, and the log for this client to read.
      this.end("idle");
    }
    if (this.#owner.idleTimeoutMs > 0 && now - this.lastHeard >= this.#owner.idleTimeoutMs) {
      this.end("idle");
    }
  }

  /** The socket is gone. Packets that the sink still refuses stay, and are offered again until the place is needed. */
  #lost(): void {
    this.#intake.isOver = true;
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
    this.#intake.unread = 0;
    closeQuietly(socket);
  }
}
