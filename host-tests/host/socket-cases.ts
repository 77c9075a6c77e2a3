/**
 * The contract of our ECMA-419 sockets, case by case, for any network: run on `node:net`, on the loopback network, and
 * on the loopback network inside XS. Knows no platform.
 */
import type { Io, ListenerSocket, TcpSocket } from "../../modules/link/connection/io.js";
import { Acceptor } from "./acceptor.js";

/** The far end, as a test sees it. */
export interface Peer {
  send(bytes: Uint8Array): void;
  end(): void;
  reset(): void;
  pauseReading(): void;
  resumeReading(): void;
  /** All bytes received so far. */
  received(): Uint8Array;
  readonly ended: boolean;
  readonly wasReset: boolean;
}

export interface Rig {
  /** Sockets whose window and send buffer have these many bytes. `onEnd` is part of what the test decides. */
  open(receiveWindow: number, sendBuffer: number): Promise<{ io: Io; aborted: unknown[] }>;
  connect(port: number): Promise<Peer>;
  /** Waits for the condition; fails when it does not come. */
  until(what: string, condition: () => boolean): Promise<void>;
  /** Lets everything happen that is going to. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

/** Everything that the callbacks of one socket were told. */
export class Log {
  readonly calls: string[] = [];
  /** Budget as last told. */
  writable = 0;
  readable = 0;
  socket: TcpSocket | undefined;
  onReadable: ((socket: TcpSocket, count: number) => void) | undefined;
  onWritable: ((socket: TcpSocket, count: number) => void) | undefined;
  onError: ((socket: TcpSocket) => void) | undefined;

  count(call: string): number {
    return this.calls.filter((each) => each.startsWith(call)).length;
  }
}

export interface Server {
  readonly io: Io;
  readonly acceptor: Acceptor;
  readonly listener: ListenerSocket;
  readonly aborted: unknown[];
}

export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) {
    throw new Error(`expected: ${what}`);
  }
}

export function equal(actual: unknown, expected: unknown, what: string): void {
  const found = JSON.stringify(actual) ?? "undefined";
  const wanted = JSON.stringify(expected) ?? "undefined";
  if (found !== wanted) {
    throw new Error(`${what}: expected ${wanted}, not ${found}`);
  }
}

export function throws(action: () => unknown, pattern: RegExp, what: string): void {
  try {
    action();
  } catch (error) {
    assert(error instanceof Error && pattern.test(error.message), `${what} to throw ${pattern}, not ${String(error)}`);
    return;
  }
  throw new Error(`expected: ${what} to throw`);
}

export function pattern(length: number, start = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    bytes[index] = (start + index * 7) & 0xff;
  }
  return bytes;
}

export async function serve(rig: Rig, receiveWindow = 8192, sendBuffer = 8192): Promise<Server> {
  const { io, aborted } = await rig.open(receiveWindow, sendBuffer);
  const acceptor = new Acceptor(io);
  return { io, acceptor, listener: acceptor.listener, aborted };
}

/** Takes a connection over with callbacks that log. */
export function take(io: Io, from: TcpSocket, halfClose = false): Log {
  const log = new Log();
  const options = {
    from,
    target: log,
    onReadable(this: TcpSocket & { readonly target: Log }, count: number) {
      this.target.calls.push(`readable ${count}`);
      this.target.readable = count;
      this.target.onReadable?.(this, count);
    },
    onWritable(this: TcpSocket & { readonly target: Log }, count: number) {
      this.target.calls.push(`writable ${count}`);
      this.target.writable = count;
      this.target.onWritable?.(this, count);
    },
    onError(this: TcpSocket & { readonly target: Log }) {
      this.target.calls.push("error");
      this.target.onError?.(this);
    },
  };
  const onEnd = function (this: TcpSocket & { readonly target: Log }): void {
    this.target.calls.push("end");
  };
  log.socket = new io.TCP<Log>(halfClose ? { ...options, onEnd } : options);
  return log;
}

/** A client connects and the server takes the connection. */
export async function accept(rig: Rig, server: Server, halfClose = false): Promise<{ peer: Peer; log: Log }> {
  const peer = await rig.connect(server.listener.port);
  let from: TcpSocket | undefined;
  await rig.until("a connection to accept", () => {
    from = server.acceptor.next();
    return from !== undefined;
  });
  return { peer, log: take(server.io, from as TcpSocket, halfClose) };
}

/** Reads everything buffered into one array. */
export function drain(socket: TcpSocket, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  equal(socket.read(bytes), count, "bytes read");
  return bytes;
}

type Case = (rig: Rig) => Promise<void>;

export const cases: Record<string, Case> = {
  async "read: undefined while nothing is buffered, exact reads, in order"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    const socket = log.socket as TcpSocket;
    equal(socket.read(new Uint8Array(1)), undefined, "nothing buffered");
    equal(socket.read(new Uint8Array(0)), undefined, "nothing buffered, length 0");
    peer.send(pattern(10));
    await rig.until("10 bytes", () => log.readable === 10);
    equal([...drain(socket, 4)], [...pattern(10)].slice(0, 4), "first part");
    throws(() => socket.read(new Uint8Array(7)), /7/, "a read of more than is available");
    throws(() => socket.read(new Uint8Array(0)), /0/, "a read of length 0");
    equal([...drain(socket, 6)], [...pattern(10)].slice(4), "the failed reads consumed nothing");
    equal(socket.read(new Uint8Array(1)), undefined, "all read");
  },

  async "read: fills exactly the view, and nothing beside it"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    peer.send(pattern(40));
    await rig.until("40 bytes", () => log.readable === 40);
    const memory = new Uint8Array(64).fill(0xee);
    equal(log.socket?.read(new Uint8Array(memory.buffer, 8, 40)), 40, "bytes read");
    equal([...memory.slice(8, 48)], [...pattern(40)], "the view");
    assert(
      memory.slice(0, 8).every((byte) => byte === 0xee),
      "nothing before the view",
    );
    assert(
      memory.slice(48).every((byte) => byte === 0xee),
      "nothing after the view",
    );
  },

  async "onReadable: counts all unread bytes, only when new ones come"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    peer.send(pattern(5));
    await rig.until("5 bytes", () => log.readable === 5);
    drain(log.socket as TcpSocket, 2);
    await rig.rest();
    equal(log.count("readable"), 1, "a partial read announces nothing");
    peer.send(pattern(4));
    await rig.until("7 bytes", () => log.readable === 7);
  },

  async "onReadable: once in a later turn for what came before the connection was taken"(rig) {
    const server = await serve(rig);
    const peer = await rig.connect(server.listener.port);
    peer.send(pattern(9));
    await rig.rest();
    const from = server.acceptor.next() as TcpSocket;
    await rig.rest();
    const log = take(server.io, from);
    equal(log.calls, [], "no callback from inside the constructor");
    await rig.until("the first onWritable", () => log.writable > 0);
    equal(log.calls, ["readable 9", "writable 8192"], "calls");
    equal([...drain(log.socket as TcpSocket, 9)], [...pattern(9)], "bytes");
  },

  async "write: the budget is 0 until the first onWritable, in a later turn"(rig) {
    const server = await serve(rig, 8192, 1000);
    const { peer, log } = await accept(rig, server);
    const socket = log.socket as TcpSocket;
    equal(log.calls, [], "no callback from inside the constructor");
    throws(() => socket.write(pattern(1)), /would block/, "a write before onWritable");
    await rig.until("onWritable", () => log.writable === 1000);
    equal(socket.write(pattern(10)), 990, "budget left");
    await rig.until("10 bytes there", () => peer.received().length === 10);
  },

  async "write: beyond the budget throws and sends nothing; onWritable tells what became free"(rig) {
    const server = await serve(rig, 8192, 100);
    const { peer, log } = await accept(rig, server);
    const socket = log.socket as TcpSocket;
    await rig.until("onWritable", () => log.writable === 100);
    throws(() => socket.write(pattern(101)), /would block/, "a write beyond the budget");
    equal(socket.write(pattern(60)), 40, "budget left");
    throws(() => socket.write(pattern(41)), /would block/, "a write beyond what is left");
    equal(socket.write(pattern(40, 60 * 7)), 0, "budget left");
    equal(socket.write(new Uint8Array(0)), 0, "an empty write");
    await rig.until("all free again", () => log.writable === 100 && log.calls.length > 1);
    await rig.until("100 bytes there", () => peer.received().length === 100);
    equal([...peer.received()], [...pattern(100)], "bytes sent");
  },

  async "write: the view may be overwritten at once"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    await rig.until("onWritable", () => log.writable > 0);
    const view = pattern(300);
    log.socket?.write(view);
    view.fill(0xff);
    await rig.until("300 bytes there", () => peer.received().length === 300);
    equal([...peer.received()], [...pattern(300)], "bytes sent");
  },

  async "write from inside onReadable and onWritable: an echo of 100,000 bytes comes back whole"(rig) {
    const server = await serve(rig, 4096, 1024);
    const { peer, log } = await accept(rig, server);
    let unread = 0;
    const echo = (socket: TcpSocket): void => {
      while (unread > 0 && log.writable > 0) {
        const view = new Uint8Array(Math.min(unread, log.writable));
        socket.read(view);
        unread -= view.length;
        log.writable = socket.write(view) as number;
      }
    };
    log.onReadable = (socket, count) => {
      unread = count;
      echo(socket);
    };
    log.onWritable = (socket) => echo(socket);
    const bytes = pattern(100_000);
    for (let at = 0; at < bytes.length; at += 10_000) {
      peer.send(bytes.slice(at, at + 10_000));
      await rig.until(`${at + 10_000} bytes back`, () => peer.received().length === at + 10_000);
    }
    assert(
      peer.received().every((byte, index) => byte === bytes[index]),
      "the same bytes",
    );
  },

  async "back-pressure: unread bytes never exceed the window, and all arrive once it is read"(rig) {
    const server = await serve(rig, 500);
    const { peer, log } = await accept(rig, server);
    peer.send(pattern(2200));
    await rig.until("a full window", () => log.readable === 500);
    await rig.rest();
    equal(log.readable, 500, "unread bytes");
    const all: number[] = [];
    while (all.length < 2200) {
      const expected = Math.min(500, 2200 - all.length);
      await rig.until(`${expected} more bytes`, () => log.readable === expected);
      log.readable = 0;
      for (const byte of drain(log.socket as TcpSocket, expected)) {
        all.push(byte);
      }
    }
    equal(all, [...pattern(2200)], "bytes");
  },

  async "back-pressure: a connection that nobody took holds a window's bytes, and delivers the rest later"(rig) {
    const server = await serve(rig, 300);
    const peer = await rig.connect(server.listener.port);
    peer.send(pattern(700));
    await rig.rest();
    let from: TcpSocket | undefined;
    await rig.until("a connection", () => {
      from = server.acceptor.next();
      return from !== undefined;
    });
    const log = take(server.io, from as TcpSocket);
    await rig.until("a full window", () => log.readable === 300);
    drain(log.socket as TcpSocket, 300);
    await rig.until("the next bytes", () => log.count("readable") === 2 && log.readable === 300);
  },

  async "FIN: onError once, after the data; writing is over"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    const socket = log.socket as TcpSocket;
    await rig.until("onWritable", () => log.writable > 0);
    peer.send(pattern(20));
    peer.end();
    await rig.until("20 bytes", () => log.readable === 20);
    await rig.rest();
    equal(log.count("error"), 0, "errors while data is unread");
    throws(() => socket.write(pattern(1)), /not ready/, "a write after FIN");
    drain(socket, 19);
    await rig.rest();
    equal(log.count("error"), 0, "errors while a byte is unread");
    drain(socket, 1);
    equal(log.count("error"), 0, "errors from inside read");
    await rig.until("onError", () => log.count("error") === 1);
    await rig.rest();
    equal(log.count("error"), 1, "errors");
    equal(socket.read(new Uint8Array(1)), undefined, "nothing to read");
    socket.close();
    await rig.until("our FIN", () => peer.ended);
  },

  async "FIN with onEnd: told once after the data, and writing still works until close"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server, true);
    const socket = log.socket as TcpSocket;
    await rig.until("onWritable", () => log.writable > 0);
    peer.send(pattern(20));
    peer.end();
    await rig.until("20 bytes", () => log.readable === 20);
    await rig.rest();
    equal(log.count("end"), 0, "ends while data is unread");
    drain(socket, 20);
    await rig.until("onEnd", () => log.count("end") === 1);
    socket.write(pattern(5000));
    await rig.until("all sent", () => log.count("writable 8192") === 2);
    socket.write(pattern(5000));
    socket.close();
    await rig.until("everything and FIN", () => peer.ended && peer.received().length === 10_000);
    equal(log.count("error"), 0, "errors");
    assert(!peer.wasReset, "no reset");
  },

  async "RST: onError once, and a write throws"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server, true);
    await rig.until("onWritable", () => log.writable > 0);
    peer.reset();
    await rig.until("onError", () => log.count("error") === 1);
    throws(() => log.socket?.write(pattern(1)), /not ready/, "a write after RST");
    await rig.rest();
    equal(log.count("error"), 1, "errors");
    equal(log.count("end"), 0, "ends");
    log.socket?.close();
  },

  async "RST with data unread: onError only after it was read"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    peer.send(pattern(6));
    await rig.until("6 bytes", () => log.readable === 6);
    peer.reset();
    await rig.rest();
    equal(log.count("error"), 0, "errors while data is unread");
    equal([...drain(log.socket as TcpSocket, 6)], [...pattern(6)], "bytes");
    await rig.until("onError", () => log.count("error") === 1);
    log.socket?.close();
  },

  async "RST after FIN: onEnd, then onError"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server, true);
    await rig.until("onWritable", () => log.writable > 0);
    peer.end();
    await rig.until("onEnd", () => log.count("end") === 1);
    peer.reset();
    // Who only listens may learn of a reset by writing, as TCP has it.
    await rig.until("onError", () => {
      if (log.count("error") === 0 && log.writable > 100) {
        log.writable = log.socket?.write(pattern(50)) as number;
      }
      return log.count("error") === 1;
    });
    log.socket?.close();
  },

  async "close: flushes what was written, then FIN"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    await rig.until("onWritable", () => log.writable > 0);
    log.socket?.write(pattern(8192));
    log.socket?.close();
    await rig.until("everything and FIN", () => peer.ended);
    equal([...peer.received()], [...pattern(8192)], "bytes");
    assert(!peer.wasReset, "no reset");
  },

  async "close: with unread data resets"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    peer.send(pattern(3));
    await rig.until("3 bytes", () => log.readable === 3);
    log.socket?.close();
    await rig.until("RST", () => peer.wasReset);
  },

  async "close: idempotent, no callback after it, and any use throws"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    const socket = log.socket as TcpSocket;
    await rig.until("onWritable", () => log.writable > 0);
    const before = log.calls.length;
    socket.write(pattern(10));
    socket.close();
    socket.close();
    throws(() => socket.read(new Uint8Array(1)), /closed/, "read");
    throws(() => socket.write(new Uint8Array(1)), /closed/, "write");
    throws(() => socket.remoteAddress, /closed/, "remoteAddress");
    throws(() => socket.remotePort, /closed/, "remotePort");
    throws(() => take(server.io, socket), /closed/, "taking a closed socket over");
    peer.send(pattern(10));
    peer.end();
    await rig.rest();
    equal(log.calls.length, before, "calls");
  },

  async "close: inside each callback"(rig) {
    const server = await serve(rig);
    const writing = await accept(rig, server);
    writing.log.onWritable = (socket) => socket.close();
    await rig.until("FIN after onWritable", () => writing.peer.ended);
    equal(writing.log.calls, ["writable 8192"], "calls");

    const reading = await accept(rig, server);
    await rig.until("onWritable", () => reading.log.writable > 0);
    reading.log.onReadable = (socket, count) => {
      drain(socket, count);
      socket.close();
    };
    reading.peer.send(pattern(4));
    await rig.until("FIN after onReadable", () => reading.peer.ended);
    equal(reading.log.calls, ["writable 8192", "readable 4"], "calls");

    const failing = await accept(rig, server);
    await rig.until("onWritable", () => failing.log.writable > 0);
    failing.log.onError = (socket) => socket.close();
    failing.peer.end();
    await rig.until("FIN after onError", () => failing.peer.ended);
    await rig.rest();
    equal(failing.log.calls, ["writable 8192", "error"], "calls");
    equal(server.aborted, [], "aborted");
  },

  async "close: before the first turn, no callback at all"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    log.socket?.close();
    await rig.until("FIN", () => peer.ended);
    equal(log.calls, [], "calls");
  },

  async "listener: read().close() turns a connection away"(rig) {
    const server = await serve(rig);
    const peer = await rig.connect(server.listener.port);
    await rig.until("a connection", () => {
      const from = server.acceptor.next();
      from?.close();
      return from !== undefined;
    });
    await rig.until("FIN", () => peer.ended);
    equal(server.acceptor.next(), undefined, "no other connection");
    throws(() => server.listener.read(), /more often than onReadable announced/, "a read beyond the announced");
  },

  async "listener: the accepted socket is closed once another took it over"(rig) {
    const server = await serve(rig);
    const peer = await rig.connect(server.listener.port);
    let from: TcpSocket | undefined;
    await rig.until("a connection", () => {
      from = server.acceptor.next();
      return from !== undefined;
    });
    const old = from as TcpSocket;
    assert(typeof old.remotePort === "number" && typeof old.remoteAddress === "string", "the peer's address");
    const log = take(server.io, old);
    throws(() => old.read(new Uint8Array(1)), /closed/, "a read from the old socket");
    old.close();
    await rig.until("onWritable", () => log.writable > 0);
    log.socket?.write(pattern(2));
    await rig.until("2 bytes there", () => peer.received().length === 2);
    throws(() => take(server.io, {} as TcpSocket), /option from/, "a strange from");
  },

  async "listener: onReadable counts the waiting connections; close resets them, and any use throws"(rig) {
    const { io } = await rig.open(8192, 8192);
    const counts: number[] = [];
    const listener = new io.Listener({
      port: 0,
      address: "127.0.0.1",
      target: counts,
      onReadable(count) {
        this.target.push(count);
      },
    });
    const port = listener.port;
    assert(port > 0, "a port");
    const peers = [await rig.connect(port), await rig.connect(port)];
    await rig.until("two connections", () => counts.length === 2);
    equal(counts, [1, 2], "counts");
    listener.close();
    listener.close();
    await rig.until("both reset", () => peers.every((peer) => peer.wasReset));
    throws(() => listener.read(), /closed/, "read");
    throws(() => listener.port, /closed/, "port");
  },

  async "listener: closing it leaves the connections alone"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    server.listener.close();
    await rig.until("onWritable", () => log.writable > 0);
    log.socket?.write(pattern(7));
    await rig.until("7 bytes there", () => peer.received().length === 7);
    log.socket?.close();
  },

  async "what a callback throws reaches onAbort"(rig) {
    const server = await serve(rig);
    const { peer, log } = await accept(rig, server);
    log.onReadable = () => {
      throw new Error("out of a callback");
    };
    peer.send(pattern(1));
    await rig.until("an abort", () => server.aborted.length === 1);
    equal(String(server.aborted[0]), "Error: out of a callback", "what was thrown");
    drain(log.socket as TcpSocket, 1);
    log.socket?.close();
  },

  async "a client that does not read stops only the writer"(rig) {
    const server = await serve(rig, 8192, 8192);
    const slow = await accept(rig, server);
    const quick = await accept(rig, server);
    slow.peer.pauseReading();
    await rig.until("onWritable", () => slow.log.writable > 0);
    let written = 0;
    slow.log.onWritable = (socket, count) => {
      written += count;
      slow.log.writable = socket.write(new Uint8Array(count)) as number;
    };
    written += slow.log.writable;
    slow.log.writable = slow.log.socket?.write(new Uint8Array(slow.log.writable)) as number;
    await rig.until("a writer that waits", () => slow.log.writable === 0);
    await rig.until("onWritable of the other", () => quick.log.writable > 0);
    quick.log.socket?.write(pattern(11));
    await rig.until("the other is served", () => quick.peer.received().length === 11);
    // What a system holds for the two ends.
    assert(written < 16_000_000, "a client that does not read stops the writer");
    slow.log.onWritable = undefined;
    slow.peer.resumeReading();
    await rig.until("all of it there", () => slow.peer.received().length === written);
  },
};
