/** Sockets that do exactly what a test tells them, faults included. Knows no platform. */
import type { Io, ListenerOptions, ListenerSocket, TcpCallbacks, TcpSocket } from "../../modules/link/connection/io.js";
import { join } from "./packets.js";

type Options = TcpCallbacks<unknown>;
type Owner = TcpSocket & { readonly target: unknown };

/** One connection: the server's socket object is only a handle on it. */
export class FakeConnection {
  unread: Uint8Array = new Uint8Array(0);
  /** What the server wrote, write by write. */
  readonly writes: Uint8Array[] = [];
  budget = 0;
  closed = 0;
  options: Options | undefined;
  owner: Owner | undefined;
  /** Faults: what the next calls of that kind throw. */
  readThrows = 0;
  writeThrows = 0;
  /** So many writes succeed before one throws. */
  writesUntilThrow = Number.POSITIVE_INFINITY;
  closeThrows = 0;
  /** Reads that say they found nothing. */
  readsNothing = 0;
  addressThrows = false;
  address = "192.0.2.1";
  /** lwIP has freed the connection, and says nothing of it: writes return undefined. */
  isDead = false;
  /** Reads and writes of a socket that the server had closed. */
  usedWhenClosed = 0;

  /** Bytes come, and the server is told. */
  receive(bytes: Uint8Array): void {
    this.unread = join([this.unread, bytes]);
    this.options?.onReadable.call(this.owner as Owner, this.unread.length);
  }

  /** Room to write, and the server is told. */
  writable(count: number): void {
    this.budget = count;
    this.options?.onWritable.call(this.owner as Owner, count);
  }

  end(): void {
    this.options?.onEnd?.call(this.owner as Owner);
  }

  fail(code?: string): void {
    this.options?.onError.call(this.owner as Owner, code);
  }

  get written(): Uint8Array {
    return join(this.writes);
  }
}

class FakeSocket implements TcpSocket {
  readonly connection: FakeConnection;
  readonly target: unknown;

  constructor(connection: FakeConnection, options?: Options) {
    this.connection = connection;
    this.target = options?.target;
    if (options !== undefined) {
      connection.options = options;
      connection.owner = this;
    }
  }

  read(view: Uint8Array): number | undefined {
    const connection = this.connection;
    this.#checkOpen();
    if (connection.readThrows > 0) {
      connection.readThrows--;
      throw new Error("read failed");
    }
    if (connection.readsNothing > 0) {
      connection.readsNothing--;
      return undefined;
    }
    if (view.length > connection.unread.length) {
      throw new Error("invalid");
    }
    view.set(connection.unread.slice(0, view.length));
    connection.unread = connection.unread.slice(view.length);
    return view.length;
  }

  write(view: Uint8Array): number | undefined {
    const connection = this.connection;
    this.#checkOpen();
    if (connection.isDead) {
      return undefined;
    }
    if (connection.writesUntilThrow-- === 0) {
      throw new Error("would block");
    }
    if (connection.writeThrows > 0) {
      connection.writeThrows--;
      throw new Error("would block");
    }
    if (view.length > connection.budget) {
      throw new Error(`budget of ${connection.budget} bytes passed with a write of ${view.length}`);
    }
    connection.writes.push(view.slice());
    connection.budget -= view.length;
    return connection.budget;
  }

  close(): void {
    this.connection.closed++;
    if (this.connection.closeThrows > 0) {
      this.connection.closeThrows--;
      throw new Error("close failed");
    }
  }

  #checkOpen(): void {
    if (this.connection.closed > 0) {
      this.connection.usedWhenClosed++;
      throw new Error("invalid host data");
    }
  }

  get remoteAddress(): string {
    if (this.connection.addressThrows) {
      throw new Error("no peer");
    }
    return this.connection.address;
  }

  get remotePort(): number {
    return 4000;
  }
}

class FakeListener implements ListenerSocket {
  readonly target: unknown;
  readonly port: number;
  readonly pending: FakeSocket[] = [];
  readonly options: ListenerOptions<unknown>;
  /** Connections that the server was told of, and has not read yet. */
  announced = 0;
  /** Fault: reads that throw and leave the connection where it is. */
  readThrows = 0;
  closed = false;

  constructor(options: ListenerOptions<unknown>) {
    this.options = options;
    this.target = options.target;
    this.port = options.port || 7301;
  }

  read(): TcpSocket {
    if (this.closed) {
      throw new Error("invalid host data");
    }
    if (this.announced === 0) {
      throw new Error("the listener was read more often than announced");
    }
    this.announced--;
    if (this.readThrows > 0) {
      this.readThrows--;
      throw new Error("no memory");
    }
    return this.pending.shift()!;
  }

  close(): void {
    this.closed = true;
  }
}

export class FakeIo implements Io {
  readonly listeners: FakeListener[] = [];
  /** Connections out, in the order in which they were asked for. */
  readonly dialled: FakeConnection[] = [];
  /** Constructors of sockets that throw from now on. */
  tcpThrows = 0;
  listenThrows = 0;
  /** The clients that connect from now on have no address. */
  addressThrows = false;
  /** Where the clients come from that connect from now on. */
  address = "192.0.2.1";
  readonly TCP: Io["TCP"];
  readonly Listener: Io["Listener"];

  constructor() {
    const io = this;
    this.TCP = class<Target> extends FakeSocket {
      constructor(options: { from?: TcpSocket | undefined; target: Target }) {
        if (io.tcpThrows > 0) {
          io.tcpThrows--;
          throw new Error("no socket");
        }
        const { from } = options;
        const connection = from === undefined ? new FakeConnection() : (from as FakeSocket).connection;
        if (from === undefined) {
          io.dialled.push(connection);
        }
        super(connection, options as unknown as Options);
      }
    };
    this.Listener = class<Target> extends FakeListener {
      constructor(options: ListenerOptions<Target>) {
        if (io.listenThrows > 0) {
          io.listenThrows--;
          throw new Error("bind socket failed");
        }
        super(options as unknown as ListenerOptions<unknown>);
        io.listeners.push(this);
      }
    };
  }

  /** Clients connect, and the listener is told once. */
  connect(count = 1, listener = this.listeners[this.listeners.length - 1]!): FakeConnection[] {
    const made: FakeConnection[] = [];
    for (let i = 0; i < count; i++) {
      const connection = new FakeConnection();
      connection.addressThrows = this.addressThrows;
      connection.address = this.address;
      made.push(connection);
      listener.pending.push(new FakeSocket(connection));
    }
    this.acceptable(listener);
    return made;
  }

  /** The listener's callback, also when it is closed: a platform may have had it under way. */
  acceptable(listener: FakeListener = this.listeners[this.listeners.length - 1]!): void {
    listener.announced = listener.pending.length;
    listener.options.onReadable.call(
      listener as unknown as ListenerSocket & { readonly target: unknown },
      listener.announced,
    );
  }
}
