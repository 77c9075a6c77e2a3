/** One connection of the Node network: credit towards the socket's reader, a send buffer towards the system. */
import type { Socket } from "node:net";
import type { NetworkEvents } from "./engine/network.js";

/** What an endpoint needs of its network. */
interface Turns {
  readonly events: NetworkEvents | undefined;
  enter(): void;
  leave(): void;
  /** There is nothing more to come, beside what is held. */
  over(endpoint: NodeEndpoint): void;
}

export class NodeEndpoint {
  readonly socket: Socket;
  /** Of whoever connected here. Node forgets them when the connection is over. */
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  /** The reader asked for a turn. */
  turnAsked = false;
  readonly #network: Turns;
  readonly #number: number;
  /** Bytes that may be handed over. */
  #credit = 0;
  /** What Node read beyond that; at most one chunk, since the socket is paused then. */
  #held: Buffer | undefined;
  #heldAt = 0;
  #ended = false;
  #failed = false;
  #failureCode: string | undefined;
  #overTold = false;
  /** Closed by our side: nothing is told any more. */
  #done = false;
  /** Holds what was sent until the system has it: `#taken` bytes from `#head`, of which `#given` went to Node. */
  readonly #sendBuffer: Buffer;
  #head = 0;
  #taken = 0;
  #given = 0;

  constructor(network: Turns, number: number, socket: Socket, sendBuffer: number) {
    this.#network = network;
    this.#number = number;
    this.socket = socket;
    this.#sendBuffer = Buffer.allocUnsafeSlow(sendBuffer);
    socket.on("data", (chunk: Buffer) => this.#received(chunk));
    socket.on("end", () => this.#over("ended"));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#failureCode = codeOf(error);
      this.#over("failed");
    });
    socket.pause();
  }

  /** A connection that was dialled has come about. */
  opened(): void {
    if (!this.#done) {
      this.#network.enter();
      this.#network.events?.opened(this.#number);
      this.#network.leave();
    }
  }

  /** `count` more bytes may be handed over. @returns whether a turn is needed for it */
  credit(count: number): boolean {
    this.#credit += count;
    if (this.#held !== undefined) {
      return true;
    }
    if (this.socket.isPaused() && !this.#failed) {
      this.socket.resume();
    }
    return false;
  }

  /** Takes bytes to send. @returns whether it is the first since the last flush */
  queue(bytes: Uint8Array): boolean {
    if (this.#failed) {
      return false;
    }
    const buffer = this.#sendBuffer;
    const count = bytes.length;
    if (count > buffer.length - this.#taken) {
      throw new RangeError(`${count} bytes sent, but the send buffer has room for ${buffer.length - this.#taken}`);
    }
    const first = this.#taken === this.#given;
    const tail = (this.#head + this.#taken) % buffer.length;
    const toEnd = buffer.length - tail;
    if (count <= toEnd) {
      buffer.set(bytes, tail);
    } else {
      buffer.set(bytes.subarray(0, toEnd), tail);
      buffer.set(bytes.subarray(toEnd), 0);
    }
    this.#taken += count;
    return first;
  }

  /** Gives to Node what was queued. */
  flush(): void {
    const buffer = this.#sendBuffer;
    // Two writes where the ring ends, but one call of the system: a packet is not cut where no limit asks for it.
    const wraps = ((this.#head + this.#given) % buffer.length) + this.#taken - this.#given > buffer.length;
    if (wraps) {
      this.socket.cork();
    }
    while (this.#given < this.#taken && !this.#failed) {
      const start = (this.#head + this.#given) % buffer.length;
      const count = Math.min(this.#taken - this.#given, buffer.length - start);
      this.#given += count;
      this.socket.write(buffer.subarray(start, start + count), (error) => {
        if (!error) {
          this.#sent(count);
        }
      });
    }
    if (wraps) {
      this.socket.uncork();
    }
  }

  /** What `later` asked for, and data that waited for credit. */
  turn(): void {
    if (this.#done) {
      return;
    }
    if (this.turnAsked) {
      this.turnAsked = false;
      this.#network.events?.turn(this.#number);
    }
    this.#handOver();
  }

  /** Sends what is left, then FIN. */
  close(lingerMs: number): void {
    if (this.#held !== undefined) {
      this.reset();
      return;
    }
    this.#done = true;
    const socket = this.socket;
    if (socket.connecting) {
      socket.destroy();
      return;
    }
    this.flush();
    socket.end();
    // Without a reader the peer's FIN would never be seen. A peer that never sends one must not hold the socket.
    socket.resume();
    socket.setTimeout(lingerMs, () => socket.destroy());
    socket.once("finish", () => socket.unref());
  }

  reset(): void {
    this.#done = true;
    this.#held = undefined;
    this.#given = this.#taken;
    if (this.socket.connecting) {
      // There is nothing to reset yet; Node would wait for the connection to come about.
      this.socket.destroy();
    } else {
      this.socket.resetAndDestroy();
    }
  }

  #received(chunk: Buffer): void {
    if (this.#done) {
      return;
    }
    this.#held = chunk;
    this.#heldAt = 0;
    this.#network.enter();
    this.#handOver();
    this.#network.leave();
  }

  /** Hands over what there is credit for, once: what the reader frees meanwhile waits for a later turn. */
  #handOver(): void {
    const held = this.#held;
    if (held !== undefined && this.#credit > 0) {
      const start = this.#heldAt;
      const end = Math.min(held.length, start + this.#credit);
      this.#credit -= end - start;
      if (end === held.length) {
        this.#held = undefined;
      } else {
        this.#heldAt = end;
      }
      this.#network.events?.data(this.#number, held, start, end);
    }
    if (this.#done) {
      return;
    }
    if (this.#held !== undefined || this.#credit === 0) {
      this.socket.pause();
    } else if (this.socket.isPaused() && !this.#failed) {
      this.socket.resume();
    }
    this.#tellOver();
  }

  #sent(count: number): void {
    this.#head = (this.#head + count) % this.#sendBuffer.length;
    this.#taken -= count;
    this.#given -= count;
    if (!this.#done && !this.#failed) {
      this.#network.enter();
      this.#network.events?.acknowledged(this.#number, count);
      this.#network.leave();
    }
  }

  #over(how: "ended" | "failed"): void {
    if (how === "failed") {
      this.#failed = true;
      this.#overTold = false;
    } else {
      this.#ended = true;
    }
    if (!this.#done) {
      this.#network.over(this);
      this.#network.enter();
      this.#tellOver();
      this.#network.leave();
    }
  }

  /** FIN and failure come after the data. */
  #tellOver(): void {
    if (this.#done || this.#overTold || this.#held !== undefined) {
      return;
    }
    if (this.#failed) {
      this.#overTold = true;
      this.#network.events?.failed(this.#number, this.#failureCode);
    } else if (this.#ended) {
      this.#overTold = true;
      this.#network.events?.ended(this.#number);
    }
  }
}

/** Where a name has several addresses, Node's error is of all attempts together. */
function codeOf(error: NodeJS.ErrnoException): string | undefined {
  if (error.code === undefined && error instanceof AggregateError) {
    return (error.errors[0] as NodeJS.ErrnoException | undefined)?.code;
  }
  return error.code;
}
