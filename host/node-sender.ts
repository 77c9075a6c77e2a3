/**
 * The sending side of a connection: holds what was sent until the system has it, and gives the system no more than the peer
 * keeps up with, so that it is seen when a peer goes on reading, slow as it may be.
 *
 * How much that is follows from looks at what the system still holds (`linux-queues.ts`). Between them as much may be
 * given as the peer has taken before, twice.
 */
import type { Socket } from "node:net";
import { BOARD_SEND_BUFFER } from "./engine/io.js";
import type { Watched } from "./send-watch.js";

/** For a peer of which nothing is known: most keep up, and are not to wait for a look. */
const FIRST_WINDOW = 65_536;
/** For a peer that does not keep up: the system holds no more than a board could. */
const MIN_WINDOW = BOARD_SEND_BUFFER;
const MAX_WINDOW = 1_048_576;

/** Who is told, and asked for looks. */
export interface SenderOwner {
  /** `count` bytes less are held here; 0: none are, and the peer has taken some of what the system held. */
  acknowledged(count: number): void;
  watch(watched: Watched): void;
}

export class NodeSender implements Watched {
  readonly connection: Socket;
  readonly #owner: SenderOwner;
  /** A ring: `#length` bytes from `#head`, of which the first `#atNode` went to Node. */
  readonly #buffer: Buffer;
  #head = 0;
  #length = 0;
  #atNode = 0;
  /** The lengths in which the rest was queued: where packets have no other bounds, they are not to be cut. */
  #pieces: number[] = [];
  /** Bytes since the connection began: that went to Node, that the system has, that the peer has taken for certain. */
  #given = 0;
  #atSystem = 0;
  #taken = 0;
  /** `#atSystem` when the look under way began. */
  #atLook = 0;
  /** The peer had taken something by the last look. */
  #moved = true;
  /** So many bytes may be given and not taken. */
  #window = FIRST_WINDOW;
  /** The connection is over, or its user has closed it. */
  #isDone = false;

  /** @param length of the send buffer, in bytes */
  constructor(socket: Socket, length: number, owner: SenderOwner) {
    this.connection = socket;
    this.#buffer = Buffer.allocUnsafeSlow(length);
    this.#owner = owner;
  }

  /** Takes bytes to send. @returns whether they are the first since the last flush */
  queue(bytes: Uint8Array): boolean {
    const buffer = this.#buffer;
    const count = bytes.length;
    if (count > buffer.length - this.#length) {
      throw new RangeError(`${count} bytes sent, but the send buffer has room for ${buffer.length - this.#length}`);
    }
    const first = this.#length === this.#atNode;
    const tail = (this.#head + this.#length) % buffer.length;
    const toEnd = buffer.length - tail;
    if (count <= toEnd) {
      buffer.set(bytes, tail);
    } else {
      buffer.set(bytes.subarray(0, toEnd), tail);
      buffer.set(bytes.subarray(toEnd), 0);
    }
    this.#length += count;
    this.#pieces.push(count);
    return first;
  }

  /** Gives to Node what was queued, as far as the peer keeps up: whole pieces, of which the last may be too much. */
  flush(): void {
    if (this.#pieces.length === 0) {
      return;
    }
    const room = this.#window - (this.#given - this.#taken);
    let count = 0;
    let pieces = 0;
    while (count < room && pieces < this.#pieces.length) {
      count += this.#pieces[pieces++] as number;
    }
    this.#pieces.splice(0, pieces);
    this.#give(count);
    // Ahead of the need, so that a peer that keeps up is not waited for.
    if (!this.#isDone && (this.#given - this.#taken) * 2 > this.#window) {
      this.#owner.watch(this);
    }
  }

  /** Gives all of it: nothing follows. */
  finish(): void {
    this.#give(this.#length - this.#atNode);
    this.#pieces = [];
    this.#isDone = true;
  }

  /** Nothing is sent any more. */
  drop(): void {
    this.#isDone = true;
    this.#length = this.#atNode;
    this.#pieces = [];
  }

  lookBegins(): void {
    this.#atLook = this.#atSystem;
  }

  looked(held: number | undefined): boolean {
    if (this.#isDone) {
      return false;
    }
    if (held === undefined) {
      this.#window = Number.POSITIVE_INFINITY;
      this.flush();
      return false;
    }
    const took = Math.max(0, this.#atLook - held - this.#taken);
    this.#taken += took;
    // A step, and then nothing, is how a peer takes that does not keep up.
    const steady = this.#moved ? Math.max(MIN_WINDOW, 2 * took) : MIN_WINDOW;
    this.#window = Math.min(MAX_WINDOW, held === 0 ? Math.max(this.#window, steady) : steady);
    this.#moved = took > 0;
    if (took > 0 && this.#pieces.length > 0) {
      this.#owner.acknowledged(0);
    }
    this.flush();
    return took > 0;
  }

  #give(count: number): void {
    const { connection: socket } = this;
    const buffer = this.#buffer;
    // Two writes where the ring ends, but one call of the system: a packet is not cut where no limit asks for it.
    const wraps = ((this.#head + this.#atNode) % buffer.length) + count > buffer.length;
    if (wraps) {
      socket.cork();
    }
    for (let left = count; left > 0 && !this.#isDone; ) {
      const start = (this.#head + this.#atNode) % buffer.length;
      const part = Math.min(left, buffer.length - start);
      left -= part;
      this.#atNode += part;
      this.#given += part;
      socket.write(buffer.subarray(start, start + part), (error) => {
        if (!error) {
          this.#systemHas(part);
        }
      });
    }
    if (wraps) {
      socket.uncork();
    }
  }

  #systemHas(count: number): void {
    this.#head = (this.#head + count) % this.#buffer.length;
    this.#length -= count;
    this.#atNode -= count;
    this.#atSystem += count;
    if (!this.#isDone) {
      this.#owner.acknowledged(count);
    }
  }
}
