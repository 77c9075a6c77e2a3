/**
 * What the link needs of a platform: sockets as ECMA-419 defines them, a timer and a clock.
 *
 * The platform's classes are handed in through options (`io`), so that the same link runs on lwIP, in the
 * Moddable simulator, on Node and inside an XS worker. Written out here because the published typings are
 * wider than what every platform keeps, and say `void` where the sockets return a count.
 */

/** One TCP connection. Nothing blocks; `close()` may be called at any time, also inside a callback. */
export interface TcpSocket {
  /**
   * Fills the whole view with received bytes.
   * @returns the view's length, or undefined when nothing at all is buffered
   * @throws when the view is longer than what is buffered; nothing is consumed then
   */
  read(view: Uint8Array): number | undefined;
  /**
   * Queues the whole view; its bytes may be overwritten as soon as the call returns.
   * @returns how many bytes may be written next; undefined: the connection is over, and nothing was taken (lwIP, which
   *   need not call `onError` for it)
   * @throws when the view is longer than the budget
   */
  write(view: Uint8Array): number | undefined;
  close(): void;
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
}

/** What every socket is made with, however it gets its connection. The callbacks' `this` is the new socket. */
export interface TcpCallbacks<Target> {
  nodelay?: boolean;
  target: Target;
  /** New bytes came; `count` is all that is buffered. Not repeated for bytes left unread. */
  onReadable(this: TcpSocket & { readonly target: Target }, count: number): void;
  /** `count` bytes may be written now. The first call opens the connection for writing. */
  onWritable(this: TcpSocket & { readonly target: Target }, count: number): void;
  /**
   * The peer has shut down its write side: no more bytes come, but writing is still possible, until `close()`.
   * Called once, after the buffered data has been read. A platform that can write after FIN (Node, the XS worker)
   * calls this in place of `onError`; one that cannot (lwIP) never does. A later reset still gives `onError`.
   */
  onEnd?(this: TcpSocket & { readonly target: Target }): void;
  /**
   * The connection is over, reset, failed or closed by the peer, or never came about. lwIP says nothing of why; where
   * the platform knows (Node, the XS worker), `code` is the system's name of it, as `ECONNREFUSED`.
   */
  onError(this: TcpSocket & { readonly target: Target }, code?: string): void;
}

/** Options of a socket taken over from a listener. */
export interface TcpOptions<Target> extends TcpCallbacks<Target> {
  from: TcpSocket;
}

/**
 * Options of a socket that connects out, to `address`, or to `host` where the platform resolves names. The constructor
 * returns at once; the first `onWritable` or `onReadable` says that the connection has come about, `onError` that it has
 * not. Nothing else limits how long that may take.
 */
export interface TcpConnectOptions<Target> extends TcpCallbacks<Target> {
  from?: undefined;
  /** Numeric, as in 192.0.2.1: what every platform takes. */
  address?: string;
  /** A name, or an address. Node only. */
  host?: string;
  /** 1 to 65,535. */
  port: number;
}

export interface ListenerSocket {
  /**
   * The next accepted connection, without callbacks yet. Only as often as `onReadable` has announced: each read of the
   * Moddable SDK makes a socket, and one that finds no connection is never freed.
   */
  read(): TcpSocket;
  readonly port: number;
  close(): void;
}

export interface ListenerOptions<Target> {
  /** 0: the platform picks one. */
  port: number;
  /** Address to bind. The Moddable SDK ignores it and binds every address. */
  address?: string;
  target: Target;
  /** A connection came; `count` is all that wait to be read, those announced before included. */
  onReadable(this: ListenerSocket & { readonly target: Target }, count: number): void;
}

export interface Io {
  TCP: new <Target>(options: TcpOptions<Target> | TcpConnectOptions<Target>) => TcpSocket;
  Listener: new <Target>(options: ListenerOptions<Target>) => ListenerSocket;
}

/** Milliseconds, from any start, never going back. */
export type Clock = () => number;

/** A repeating timer: the one kind that allocates nothing per tick. */
export interface Ticker {
  /** Calls back every `intervalMs` until `stop()`. */
  start(intervalMs: number, callback: () => void): { stop(): void };
}

/** Where a client connects to: an address, or a name where the platform resolves those. */
export interface Destination {
  readonly address?: string | undefined;
  readonly host?: string | undefined;
  readonly port: number;
}
