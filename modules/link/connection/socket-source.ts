/**
 * The socket of a connection as its inbound side's source of bytes, and what is noted of it: who is at its other end, and
 * the stream's first bytes. A part of the connection's object, because each object takes slots of a board's heap.
 */
import type { Framing } from "../../framing/contract/framing.js";
import { GUESS_LENGTH } from "../../framing/guess/guess.js";
import type { ConnectionMemory } from "./connection-pool.js";
import type { ByteSource, NOTHING_NOW, STREAM_OVER } from "./inbound.js";
import type { TcpSocket } from "./io.js";
import { closeQuietly } from "./socket-events.js";
import { StreamHint } from "./stream-hint.js";

export abstract class SocketSource implements ByteSource {
  readonly memory: ConnectionMemory;
  /** When the peer last gave a sign of life. */
  lastHeard = 0;
  /** Where the bytes received last begin. */
  start = 0;
  protected socket: TcpSocket | undefined;
  /** Bytes that the socket still has for us. */
  protected unread = 0;
  protected streamHint: StreamHint;
  protected remoteAddress: string | undefined;
  protected remotePort: number | undefined;

  protected constructor(memory: ConnectionMemory, framing: Framing) {
    this.memory = memory;
    this.streamHint = new StreamHint(memory.bytes, memory.firstBytes, framing);
  }

  /** What the peer seems to speak in place of the framing, for people; undefined: nothing is suspected. */
  get hint(): string | undefined {
    return this.streamHint.text;
  }

  /** socket -> staging area. The stream's first bytes are kept for the hint. */
  receive(): number {
    const { staging } = this.memory;
    const { socket } = this;
    if (this.unread === 0 || socket === undefined) {
      return this.whenEmpty();
    }
    const count = this.unread < staging.capacity ? this.unread : staging.capacity;
    staging.receive(socket, count);
    this.start = staging.start;
    this.unread -= count;
    if (this.streamHint.kept < GUESS_LENGTH) {
      this.streamHint.keep(staging.start, staging.end, this.lastHeard);
    }
    return count;
  }

  /** All that the socket had is read. */
  protected abstract whenEmpty(): typeof NOTHING_NOW | typeof STREAM_OVER;

  /** A stream begins. */
  protected attach(socket: TcpSocket): void {
    this.unread = 0;
    this.streamHint.clear();
    this.socket = socket;
  }

  protected notePeer(socket: TcpSocket): void {
    try {
      this.remoteAddress = socket.remoteAddress;
      this.remotePort = socket.remotePort;
    } catch {
      // The client has left already; its address is not to be had.
      this.remoteAddress = undefined;
      this.remotePort = undefined;
    }
  }

  protected closeSocket(): void {
    const { socket } = this;
    this.socket = undefined;
    closeQuietly(socket);
  }
}
