/**
 * Sockets for benchmarks: what a client sends is there at once, what it is sent is taken at once. They allocate nothing, and
 * do as little as can be, so that the link is what is measured.
 */
import type { Io, ListenerOptions, ListenerSocket, TcpCallbacks, TcpSocket } from "../../modules/link/connection/io.js";

/** As much as lwIP has room for. */
const ROOM = 8192;

type Owner = TcpSocket & { readonly target: unknown };

/** A client, which sends the same bytes each time. */
export class BenchClient {
  /** Bytes that came. */
  received = 0;
  /** The writes of the server, where they are to be kept. */
  kept: Uint8Array[] | undefined;
  options: TcpCallbacks<unknown> | undefined;
  owner: Owner | undefined;
  room = 0;
  reads = true;
  readonly #length: number;
  /** What it sends, in the pieces in which the link reads so many bytes: 1, 2, 4 ... */
  readonly #pieces: Uint8Array[] = [];
  #next = 0;

  constructor(sends: Uint8Array) {
    this.#length = sends.length;
    for (let piece = 1, at = 0; piece <= sends.length; piece *= 2) {
      if ((sends.length & piece) !== 0) {
        this.#pieces.push(sends.slice(at, at + piece));
        at += piece;
      }
    }
  }

  send(): void {
    this.#next = 0;
    this.options?.onReadable.call(this.owner as Owner, this.#length);
  }

  /** The connection has room again, and the link is told. */
  acknowledge(): void {
    if (this.reads && this.room < ROOM) {
      this.room = ROOM;
      this.options?.onWritable.call(this.owner as Owner, ROOM);
    }
  }

  give(view: Uint8Array): number {
    view.set(this.#pieces[this.#next]!);
    this.#next++;
    return view.length;
  }

  take(view: Uint8Array): number {
    this.received += view.length;
    this.kept?.push(view.slice());
    this.room -= view.length;
    return this.room;
  }
}

class BenchSocket implements TcpSocket {
  readonly remoteAddress = "192.0.2.1";
  readonly remotePort = 4000;
  readonly client: BenchClient;
  readonly target: unknown;

  constructor(client: BenchClient, options?: TcpCallbacks<unknown>) {
    this.client = client;
    this.target = options?.target;
    if (options !== undefined) {
      client.options = options;
      client.owner = this;
    }
  }

  read(view: Uint8Array): number {
    return this.client.give(view);
  }

  write(view: Uint8Array): number {
    return this.client.take(view);
  }

  close(): void {}
}

/** A network of one listener after the other. */
export class BenchIo implements Io {
  readonly TCP: Io["TCP"] = class<Target> extends BenchSocket {
    constructor(options: { from?: TcpSocket | undefined; target: Target }) {
      super((options.from as BenchSocket).client, options as unknown as TcpCallbacks<unknown>);
    }
  };
  readonly Listener: Io["Listener"];
  #connecting: BenchClient | undefined;
  #listening: (() => void)[] = [];

  constructor() {
    const io = this;
    this.Listener = class<Target> implements ListenerSocket {
      readonly port: number;
      readonly target: Target;

      constructor(options: ListenerOptions<Target>) {
        this.port = options.port;
        this.target = options.target;
        io.#listening.push(() => options.onReadable.call(this, 1));
      }

      read(): TcpSocket {
        return new BenchSocket(io.#connecting!);
      }

      close(): void {}
    };
  }

  /** @param listener the first one made is 0 @param reads false: the client never takes anything */
  connect(client: BenchClient, listener = 0, reads = true): void {
    client.reads = reads;
    this.#connecting = client;
    this.#listening[listener]!();
    client.acknowledge();
  }
}
