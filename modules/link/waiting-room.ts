/**
 * Clients that were turned away. Each is held a moment before its connection is closed: a ground tool that reconnects
 * without delay (Yamcs does) would otherwise use up the board's connections in TIME_WAIT.
 */

import type { Io, TcpSocket } from "./io.js";
import { closeQuietly } from "./socket-events.js";

/** Held at once; lwIP has 8 connections in all. One more is closed at once. */
const PLACES = 2;

type Visitor = TcpSocket & { readonly target: WaitingRoom };

function ignore(): void {}
function onError(this: Visitor): void {
  this.target.left(this);
}

export class WaitingRoom {
  #io: Io;
  #holdMs: number;
  #sockets: (TcpSocket | undefined)[] = [];
  #since: number[] = [];

  /** @param holdMs how long a client is held, in milliseconds */
  constructor(io: Io, holdMs: number) {
    this.#io = io;
    this.#holdMs = holdMs;
    for (let i = 0; i < PLACES; i++) {
      this.#sockets.push(undefined);
      this.#since.push(0);
    }
  }

  /** Takes an accepted socket; it will be closed. */
  hold(from: TcpSocket, now: number): void {
    const place = this.#sockets.indexOf(undefined);
    if (place < 0) {
      from.close();
      return;
    }
    this.#since[place] = now;
    this.#sockets[place] = new this.#io.TCP<WaitingRoom>({
      from,
      target: this,
      onReadable: ignore,
      onWritable: ignore,
      onError,
    });
  }

  /** The client has gone by itself. */
  left(socket: TcpSocket): void {
    const place = this.#sockets.indexOf(socket);
    if (place >= 0) {
      this.#close(place);
    }
  }

  tick(now: number): void {
    for (let i = 0; i < PLACES; i++) {
      if (this.#sockets[i] !== undefined && now - this.#since[i]! >= this.#holdMs) {
        this.#close(i);
      }
    }
  }

  closeAll(): void {
    for (let i = 0; i < PLACES; i++) {
      this.#close(i);
    }
  }

  #close(place: number): void {
    const socket = this.#sockets[place];
    this.#sockets[place] = undefined;
    closeQuietly(socket);
  }
}
