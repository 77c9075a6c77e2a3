/**
 * Clients that were turned away. Each is held a moment before its connection is closed: a ground tool that reconnects
 * without delay (Yamcs does) would otherwise use up the board's connections in TIME_WAIT, and its time. They are read
 * from the listener, because nobody is told of what becomes of a connection that still waits there (lwIP), but not
 * taken over: nobody speaks to them.
 */
import type { TcpSocket } from "../connection/io.js";
import { closeQuietly } from "../connection/socket-events.js";

/** Held at once, more than lwIP can have. One more is closed at once. */
const PLACES = 32;

export class WaitingRoom {
  #holdMs: number;
  /** In the order in which they came, and when. */
  readonly #sockets: TcpSocket[] = [];
  readonly #since: number[] = [];

  /** @param holdMs how long a client is held, in milliseconds; 0: not at all */
  constructor(holdMs: number) {
    this.#holdMs = holdMs;
  }

  /** Takes a socket from the listener; it will be closed. */
  hold(socket: TcpSocket, now: number): void {
    if (this.#holdMs === 0 || this.#sockets.length === PLACES) {
      closeQuietly(socket);
      return;
    }
    this.#sockets.push(socket);
    this.#since.push(now);
  }

  tick(now: number): void {
    while (this.#sockets.length > 0 && now - this.#since[0]! >= this.#holdMs) {
      this.#closeFirst();
    }
  }

  closeAll(): void {
    while (this.#sockets.length > 0) {
      this.#closeFirst();
    }
  }

  #closeFirst(): void {
    this.#since.shift();
    closeQuietly(this.#sockets.shift());
  }
}
