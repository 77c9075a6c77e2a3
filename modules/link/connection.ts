/**
 * One connection, of a server to its client or of a client to its server: the socket's callbacks, the bytes that come on
 * their way to the sink, and the end.
 *
 * Made at boot and used again for one after the other. The socket's callbacks are shared functions with the connection
 * as their `target`; each is guarded, because an exception that leaves a callback restarts the board.
 */
import type { FrameDecoder } from "../framing/framing.js";
import { GUESS_LENGTH } from "../framing/guess.js";
import type { PacketSink } from "../tmtc/contracts.js";
import type { ClientMemory, Occupant } from "./client-pool.js";
import type { ConnectionOwner, Destination } from "./connection-owner.js";
import type { TcpSocket } from "./io.js";
import type { ConnectionInfo, ConnectionReport, EndReason } from "./reports.js";
import {
  type ConnectionEvent,
  END,
  LOST,
  onEnd,
  onError,
  onReadable,
  onWritable,
  PUMP,
  READABLE,
  RESUME,
  TICK,
  WRITABLE,
} from "./socket-events.js";
import { StreamHint } from "./stream-hint.js";
import type { TelemetryPump } from "./telemetry-pump.js";

/**
 * A client whose packets the sink refuses, and which takes none of what waits for it, is given up after so many
 * milliseconds. It may have gone: while it is not read from, its end is not heard either.
 */
const STALLED_MS = 5000;

export class Connection implements PacketSink, Occupant {
  readonly memory: ClientMemory;
  readonly decoder: FrameDecoder;
  /** Undefined: nothing is sent. */
  readonly pump: TelemetryPump | undefined;
  number = 0;
  /** Packets that the sink took. */
  received = 0;
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
  #lastReceived = 0;
  #bytesReceived = 0;
  /** Bytes that the socket still has for us. */
  #unread = 0;
  /** The staging area from here on is still to be decoded: the sink refused a packet. */
  #heldAt = 0;
  #heldEnd = 0;
  #expiring = false;
  /** The partial-frame timeout has passed since bytes last came. */
  #expired = false;
  /** The sink has refused a packet since bytes were last read. */
  #refused = false;
  /** No more bytes will come. */
  #over = false;
  #serving = false;
  /** The peer has shut down its write side, and waits for what is due. */
  #finishing = false;
  /** Why the connection is over, while a packet of it is still being handled. */
  #ending: EndReason | undefined;
  #hint: StreamHint;

  constructor(owner: ConnectionOwner, memory: ClientMemory, decoder: FrameDecoder, pump: TelemetryPump | undefined) {
    this.#owner = owner;
    this.memory = memory;
    this.decoder = decoder;
    this.pump = pump;
    this.#hint = new StreamHint(memory.bytes, memory.firstBytes, owner.framing);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get isGone(): boolean {
    return this.#open && this.#socket === undefined;
  }

  /** The peer is, or was, there: for a connection out, it has come about. */
  get isEstablished(): boolean {
    return this.#established;
  }

  /** When something last came, or could have come: while the sink refuses, nothing is read. */
  get lastReceived(): number {
    return this.#lastReceived;
  }

  /** When it came about, by the owner's clock. */
  get since(): number {
    return this.#since;
  }

  get failureCode(): string | undefined {
    return this.#failureCode;
  }

  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  /** The sink refused a packet; nothing is read until it takes it. */
  get isBlocked(): boolean {
    return this.#expiring || this.#heldAt < this.#heldEnd;
  }

  /** Takes an accepted socket over. */
  open(from: TcpSocket, number: number): void {
    const socket = new this.#owner.io.TCP<Connection>({
      from,
      nodelay: true,
      target: this,
      onReadable,
      onWritable,
      onEnd,
      onError,
    });
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
    const { address, host, port } = to;
    const socket = new this.#owner.io.TCP<Connection>({
      ...(address === undefined ? {} : { address }),
      ...(host === undefined ? {} : { host }),
      port,
      nodelay: true,
      target: this,
      onReadable,
      onWritable,
      onEnd,
      onError,
    });
    this.#begin(socket, number);
    this.#remoteAddress = address ?? host;
    this.#remotePort = port;
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
        this.#owner.established?.(this);
        if (socket !== this.#socket) {
          // Whoever was told has closed it.
          return;
        }
      }
      switch (event) {
        case READABLE:
          this.lastHeard = this.#owner.clock();
          if (!this.isBlocked) {
            this.#lastReceived = this.lastHeard;
          }
          this.#unread = count;
          this.#serve();
          break;
        case WRITABLE:
          this.lastHeard = this.#owner.clock();
          if (this.pump !== undefined) {
            this.pump.budget = count;
            this.#owner.flow();
          }
          if (this.isBlocked) {
            // What has gone out may be what the sink waited for.
            this.#serve();
          }
          break;
        case END:
          this.#finishing = true;
          this.#over = true;
          this.#serve();
          break;
        case LOST:
          this.#lost();
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

  /** A packet from the decoder. */
  accept(bytes: Uint8Array, start: number, end: number, _from: number, kind?: number): boolean {
    if (this.#ending !== undefined) {
      return false;
    }
    const sink = this.#owner.sink;
    if (sink === undefined) {
      return true;
    }
    if (!sink.accept(bytes, start, end, this.number, kind)) {
      this.#refused = true;
      return false;
    }
    this.received++;
    return true;
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

  report(reason: EndReason): ConnectionReport {
    const counters = this.decoder.counters;
    return {
      ...this.info(),
      reason,
      durationMs: Math.round(this.#owner.clock() - this.#since),
      telecommands: this.received,
      telemetry: this.pump?.packets ?? 0,
      bytesReceived: this.#bytesReceived,
      bytesSent: this.pump?.bytes ?? 0,
      rejections: counters.byReason(),
      bytesDropped: counters.droppedBytes,
      telemetrySkipped: this.pump?.cursor.skipped ?? 0,
      telemetryRejected: this.pump?.rejected ?? 0,
      writesRefused: this.pump?.writesRefused ?? 0,
      hint: this.hint(),
    };
  }

  /** What the peer seems to speak in place of the framing, for people; undefined: nothing is suspected. */
  hint(): string | undefined {
    return this.#hint.text ?? this.#hint.look(this.decoder);
  }

  #begin(socket: TcpSocket, number: number): void {
    this.memory.occupant = this;
    this.#open = true;
    this.#established = false;
    this.#failureCode = undefined;
    this.number = number;
    this.received = 0;
    this.#since = this.#owner.clock();
    this.lastHeard = this.#since;
    this.#lastReceived = this.#since;
    this.#bytesReceived = 0;
    this.#unread = 0;
    this.#heldAt = 0;
    this.#heldEnd = 0;
    this.#expiring = false;
    this.#expired = false;
    this.#refused = false;
    this.#finishing = false;
    this.#over = false;
    this.decoder.reset();
    this.decoder.counters.clear();
    this.#hint.clear();
    this.pump?.open();
    this.#socket = socket;
  }

  /** Telecommands first: what was read is served before more telemetry is sent. */
  #serve(): void {
    if (this.#serving) {
      return;
    }
    this.#serving = true;
    this.#owner.hold();
    try {
      if (this.#deliverHeld()) {
        if (this.#refused) {
          // While the sink refused, the rest of a frame could not come.
          this.#refused = false;
          this.#lastReceived = this.#owner.clock();
        }
        this.#receive();
      }
      if (this.#over && !this.isBlocked && !this.#expired) {
        // What stands behind a wrong length will not be completed by waiting.
        this.#expire();
        this.#deliverHeld();
      }
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
    this.decoder.reset();
    this.memory.occupant = undefined;
    this.#owner.ended(this, reason);
  }

  /** All telemetry that there is went out. */
  get #isDrained(): boolean {
    return this.pump === undefined || (this.pump.drained && this.#owner.isExhausted);
  }

  /** Offers again what the sink refused. False when it still does. */
  #deliverHeld(): boolean {
    if (this.#expiring && !this.decoder.expire(this, this.#over)) {
      return false;
    }
    this.#expiring = false;
    if (this.#heldAt < this.#heldEnd) {
      this.#heldAt = this.decoder.push(this.#heldAt, this.#heldEnd, this);
    }
    return this.#heldAt === this.#heldEnd;
  }

  #receive(): void {
    const staging = this.memory.staging;
    while (this.#unread > 0 && this.#socket !== undefined) {
      const count = this.#unread < staging.capacity ? this.#unread : staging.capacity;
      staging.receive(this.#socket, count);
      this.#unread -= count;
      this.#bytesReceived += count;
      this.#expired = false;
      if (this.#hint.kept < GUESS_LENGTH) {
        this.#hint.keep(staging.start, staging.end, this.#lastReceived);
      }
      const stop = this.decoder.push(staging.start, staging.end, this);
      if (stop < staging.end) {
        // Not reading is back-pressure: the receive window closes, and the client waits.
        this.#heldAt = stop;
        this.#heldEnd = staging.end;
        return;
      }
    }
  }

  #pump(): void {
    if (this.#socket === undefined || this.#serving || (this.#finishing && !this.#owner.sendsAfterEnd)) {
      return;
    }
    this.pump?.pump(this.#socket);
  }

  #tick(now: number): void {
    if (this.isBlocked) {
      this.#serve();
    } else if (
      !this.#expired &&
      this.decoder.pendingBytes > 0 &&
      now - this.#lastReceived >= this.#owner.partialFrameTimeoutMs
    ) {
      this.#expire();
      this.#serve();
    }
    if (this.#hint.isSettled(now)) {
      const hint = this.#hint.look(this.decoder);
      if (hint !== undefined) {
        this.#owner.suspected?.(this, hint);
      }
    }
    if (this.isBlocked && now - this.lastHeard >= STALLED_MS && !this.#isDrained) {
      // Neither side moves: the sink may be waiting for the log, and the log for this client to read.
      this.end("idle");
    }
    if (this.#owner.idleTimeoutMs > 0 && now - this.lastHeard >= this.#owner.idleTimeoutMs) {
      this.end("idle");
    }
  }

  /** The socket is gone. Packets that the sink still refuses stay, and are offered again until the place is needed. */
  #lost(): void {
    this.#unread = 0;
    this.#over = true;
    // The log must not wait for a client that will read no more: that may be what the sink waits for.
    this.pump?.close();
    this.#closeSocket();
    if (!this.isBlocked) {
      this.#serve();
    }
  }

  /** Gives up on the frame begun, once per pause: what has a delimiter goes on waiting for it. */
  #expire(): void {
    this.#expired = true;
    this.#expiring = this.decoder.pendingBytes > 0;
  }

  #closeSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    try {
      socket?.close();
    } catch {
      // Closing what has closed itself: there is nothing left to do.
    }
  }
}
