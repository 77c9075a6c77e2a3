/**
 * One connection: what was received and not read yet, how much may be written, and when whom to call.
 *
 * This is the board's contract (ECMA-419 as the Moddable SDK keeps it on lwIP), with the board's limits: exact reads,
 * a write budget, a receive window, `onError` only after the data. A channel outlives the socket object that was
 * accepted: `new TCP({ from })` moves it to the new one. A channel that connects out starts when the connection comes about.
 */
import type { TcpCallbacks, TcpSocket } from "../../modules/link/connection/io.js";
import type { CopyBytes } from "./copy.js";
import type { Network } from "./network.js";
import { Ring } from "./ring.js";

/** Limits and hooks that all sockets of one `Io` share. */
export interface SocketSettings {
  /** Bytes a connection holds unread; more stay with the network. */
  readonly receiveWindow: number;
  /** Bytes a connection may have written that the network has not taken yet. */
  readonly sendBuffer: number;
  readonly copy: CopyBytes;
  /** Gets what a callback threw. On the board, that restarts the VM. */
  readonly abort: (error: unknown) => void;
}

type Callbacks = TcpCallbacks<unknown>;
type Owner = TcpSocket & { readonly target: unknown };

export class Channel {
  readonly endpoint: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #network: Network;
  readonly #settings: SocketSettings;
  readonly #received: Ring;
  readonly #forget: (endpoint: number) => void;
  #callbacks: Callbacks | undefined;
  #owner: Owner | undefined;
  /** The first turn after the take-over has come: callbacks may be called. */
  #started = false;
  #closed = false;
  #peerEnded = false;
  #failed = false;
  /** `onEnd` was called, or stood in for by `onError`. */
  #endTold = false;
  #errorTold = false;
  #turnAsked = false;
  /** Connects out, and neither success nor failure is known. */
  #connecting: boolean;
  /** What the network knows of a failure. */
  #failureCode: string | undefined;
  /** Bytes that may be written now. */
  #budget = 0;

  constructor(
    network: Network,
    endpoint: number,
    remoteAddress: string,
    remotePort: number,
    settings: SocketSettings,
    forget: (endpoint: number) => void,
    connecting = false,
  ) {
    this.#network = network;
    this.endpoint = endpoint;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.#settings = settings;
    this.#forget = forget;
    this.#connecting = connecting;
    this.#received = new Ring(settings.receiveWindow, settings.copy);
    network.credit(endpoint, settings.receiveWindow);
  }

  /** A socket takes the connection over. Its callbacks come in a later turn, never from inside its constructor. */
  attach(owner: Owner, callbacks: Callbacks): void {
    this.#owner = owner;
    this.#callbacks = callbacks;
    if (callbacks.nodelay !== undefined) {
      this.#network.noDelay(this.endpoint, callbacks.nodelay);
    }
    if (!this.#connecting) {
      this.#askForTurn();
    }
  }

  read(view: Uint8Array): number | undefined {
    const available = this.#received.length;
    if (available === 0) {
      return undefined;
    }
    const count = view.byteLength;
    if (count === 0 || count > available) {
      throw new Error(`cannot read ${count} bytes: 1 to ${available} are available`);
    }
    this.#received.shift(view);
    if (this.#failed) {
      // Nothing can come any more; the error waited for the data.
      if (count === available) {
        this.#askForTurn();
      }
      return count;
    }
    this.#network.credit(this.endpoint, count);
    if (this.#peerEnded && count === available) {
      this.#askForTurn();
    }
    return count;
  }

  write(view: Uint8Array): number {
    if (this.#failed || (this.#peerEnded && this.#callbacks?.onEnd === undefined)) {
      throw new Error("not ready: the connection is over");
    }
    const count = view.byteLength;
    if (count > this.#budget) {
      throw new Error(`would block: ${count} bytes to write, but only ${this.#budget} may be`);
    }
    if (count > 0) {
      this.#budget -= count;
      this.#network.send(this.endpoint, view);
    }
    return this.#budget;
  }

  close(): void {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    this.#forget(this.endpoint);
    // As TCP stacks do: who closes with data unread has not taken it, and the peer must learn that.
    if (this.#failed || this.#received.length > 0) {
      this.#network.reset(this.endpoint);
    } else {
      this.#network.close(this.endpoint);
    }
  }

  /** Nobody took the connection: the listener closed first. */
  abandon(): void {
    if (!this.#closed) {
      this.#closed = true;
      this.#forget(this.endpoint);
      this.#network.reset(this.endpoint);
    }
  }

  /** Network event: the connection has come about. */
  opened(): void {
    this.#connecting = false;
    this.#start();
  }

  /** Network event: bytes came. */
  data(bytes: Uint8Array, start: number, end: number): void {
    if (this.#failed) {
      return;
    }
    this.#received.push(bytes, start, end);
    if (this.#started) {
      this.#callReadable();
    }
  }

  /** Network event: part of the send buffer is free again. */
  acknowledged(count: number): void {
    if (!this.#started) {
      return;
    }
    this.#budget += count;
    this.#callWritable();
  }

  /** Network event: FIN. */
  ended(): void {
    this.#peerEnded = true;
    this.#tellEnd();
  }

  /** Network event: RST, or the connection broke, or did not come about. */
  failed(code: string | undefined): void {
    this.#failed = true;
    this.#failureCode = code;
    if (this.#connecting) {
      this.#connecting = false;
      this.#started = true;
    }
    this.#tellEnd();
  }

  /** Network event: the later turn that was asked for. */
  turn(): void {
    this.#turnAsked = false;
    if (this.#callbacks === undefined) {
      return;
    }
    if (!this.#started) {
      this.#start();
    }
    this.#tellEnd();
  }

  #start(): void {
    this.#started = true;
    if (this.#received.length > 0) {
      this.#callReadable();
    }
    this.#budget = this.#settings.sendBuffer;
    this.#callWritable();
  }

  #askForTurn(): void {
    if (!this.#turnAsked && !this.#closed) {
      this.#turnAsked = true;
      this.#network.later(this.endpoint);
    }
  }

  #callReadable(): void {
    try {
      this.#callbacks?.onReadable.call(this.#owner as Owner, this.#received.length);
    } catch (error) {
      this.#settings.abort(error);
    }
  }

  #callWritable(): void {
    if (this.#closed || this.#failed || (this.#peerEnded && this.#callbacks?.onEnd === undefined)) {
      return;
    }
    try {
      this.#callbacks?.onWritable.call(this.#owner as Owner, this.#budget);
    } catch (error) {
      this.#settings.abort(error);
    }
  }

  /** Tells of FIN or failure, each once, and only when what was received has been read. */
  #tellEnd(): void {
    if (!this.#started || this.#closed || this.#received.length > 0) {
      return;
    }
    const callbacks = this.#callbacks as Callbacks;
    try {
      if (this.#peerEnded && !this.#failed && !this.#endTold) {
        this.#endTold = true;
        if (callbacks.onEnd !== undefined) {
          callbacks.onEnd.call(this.#owner as Owner);
        } else {
          this.#errorTold = true;
          callbacks.onError.call(this.#owner as Owner);
        }
      } else if (this.#failed && !this.#errorTold) {
        this.#errorTold = true;
        callbacks.onError.call(this.#owner as Owner, this.#failureCode);
      }
    } catch (error) {
      this.#settings.abort(error);
    }
  }
}
