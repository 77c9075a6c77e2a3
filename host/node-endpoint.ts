/** One connection of the Node network: credit towards the socket's reader; its sender towards the system. */
import type { Socket } from "node:net";
import type { Dial } from "./dial.js";
import type { NetworkEvents } from "./engine/network.js";
import { NodeSender } from "./node-sender.js";
import type { Watched } from "./send-watch.js";

/** What an endpoint needs of its network. */
interface Turns {
  readonly events: NetworkEvents | undefined;
  /** Told of what comes before the reader is. */
  readonly onData?: ((bytes: Uint8Array, start: number, end: number) => void) | undefined;
  enter(): void;
  leave(): void;
  /** There is nothing more to come, beside what is held. */
  over(endpoint: NodeEndpoint): void;
  /** Has it looked at what the system holds. */
  watch(watched: Watched): void;
}

export class NodeEndpoint {
  /** How it comes about, for one that connects out. */
  dial: Dial | undefined;
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
  #noDelay = true;
  readonly #sendBuffer: number;
  /** Undefined until the connection has come about, as the sender. */
  #socket: Socket | undefined;
  #sender: NodeSender | undefined;

  /** @param sendBuffer in bytes */
  constructor(network: Turns, number: number, sendBuffer: number) {
    this.#network = network;
    this.#number = number;
    this.#sendBuffer = sendBuffer;
  }

  /** The connection is there. */
  attach(socket: Socket): void {
    this.#socket = socket;
    this.#sender = new NodeSender(socket, this.#sendBuffer, {
      acknowledged: (count) => this.#acknowledged(count),
      watch: (sender) => this.#network.watch(sender),
    });
    socket.on("data", (chunk: Buffer) => this.#received(chunk));
    socket.on("end", () => this.#over("ended"));
    socket.on("error", (error: NodeJS.ErrnoException) => this.failed(error));
    socket.pause();
    socket.setNoDelay(this.#noDelay);
    if (this.#credit > 0) {
      socket.resume();
    }
  }

  /** A connection that was dialled has come about. */
  opened(): void {
    if (!this.#done) {
      this.#network.enter();
      this.#network.events?.opened(this.#number);
      this.#network.leave();
    }
  }

  /** It is over, or has not come about. */
  failed(error: NodeJS.ErrnoException): void {
    this.#failureCode = error.code;
    this.#over("failed");
  }

  noDelay(enabled: boolean): void {
    this.#noDelay = enabled;
    this.#socket?.setNoDelay(enabled);
  }

  /** `count` more bytes may be handed over. @returns whether a turn is needed for it */
  credit(count: number): boolean {
    this.#credit += count;
    if (this.#held !== undefined) {
      return true;
    }
    this.#resume();
    return false;
  }

  /** Takes bytes to send. @returns whether it is the first since the last flush */
  queue(bytes: Uint8Array): boolean {
    return !this.#failed && this.#sender?.queue(bytes) === true;
  }

  /** Gives to Node what was queued. */
  flush(): void {
    this.#sender?.flush();
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

  /** Sends what is left, then FIN. The peer has so long to take it and to send its own, whatever else it sends. */
  close(lingerMs: number): void {
    if (this.#held !== undefined) {
      this.reset();
      return;
    }
    this.#done = true;
    const socket = this.#socket;
    if (socket === undefined) {
      this.dial?.cancel();
      return;
    }
    this.#sender?.finish();
    socket.end();
    // Without a reader the peer's FIN would never be seen.
    socket.resume();
    if (!socket.destroyed) {
      const limit = setTimeout(() => socket.destroy(), lingerMs).unref();
      socket.once("close", () => clearTimeout(limit));
    }
    socket.once("finish", () => socket.unref());
  }

  reset(): void {
    this.#done = true;
    this.#held = undefined;
    this.#sender?.drop();
    // Before it has come about there is nothing to reset.
    this.dial?.cancel();
    this.#socket?.resetAndDestroy();
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
      this.#network.onData?.(held, start, end);
      this.#network.events?.data(this.#number, held, start, end);
    }
    if (this.#done) {
      return;
    }
    if (this.#held !== undefined || this.#credit === 0) {
      this.#socket?.pause();
    } else {
      this.#resume();
    }
    this.#tellOver();
  }

  #resume(): void {
    if (this.#socket?.isPaused() && !this.#failed) {
      this.#socket.resume();
    }
  }

  #acknowledged(count: number): void {
    if (!this.#done && !this.#failed) {
      this.#network.enter();
      this.#network.events?.acknowledged(this.#number, count);
      this.#network.leave();
    }
  }

  #over(how: "ended" | "failed"): void {
    if (how === "failed") {
      this.#failed = true;
      this.#sender?.drop();
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
