/** Sockets that connect out, case by case, for any network. Knows no platform. */
import type { Io, ListenerSocket, TcpSocket } from "../../modules/link/connection/io.js";
import { Acceptor } from "./acceptor.js";
import { assert, equal, Log, pattern, type Rig, throws } from "./socket-cases.js";

interface Dialled {
  /** The dialling side. */
  readonly log: Log;
  /** The accepted side. */
  readonly far: Log;
  readonly io: Io;
  readonly aborted: unknown[];
  readonly listener: ListenerSocket;
}

function callbacks(log: Log) {
  return {
    target: log,
    onReadable(this: TcpSocket & { readonly target: Log }, count: number) {
      log.readable = count;
      log.calls.push(`readable ${count}`);
      log.onReadable?.(this, count);
    },
    onWritable(this: TcpSocket & { readonly target: Log }, count: number) {
      log.writable = count;
      log.calls.push(`writable ${count}`);
      log.onWritable?.(this, count);
    },
    onEnd() {
      log.calls.push("end");
    },
    onError(this: TcpSocket & { readonly target: Log }, code?: string) {
      log.calls.push(`error ${code}`);
      log.onError?.(this);
    },
  };
}

function dial(io: Io, port: number, log = new Log()): Log {
  log.socket = new io.TCP<Log>({ address: "127.0.0.1", port, ...callbacks(log) });
  return log;
}

async function dialled(rig: Rig, receiveWindow = 1000, sendBuffer = 1000): Promise<Dialled> {
  const { io, aborted } = await rig.open(receiveWindow, sendBuffer);
  const acceptor = new Acceptor(io);
  const { listener } = acceptor;
  const log = dial(io, listener.port);
  let from: TcpSocket | undefined;
  await rig.until("a connection to accept", () => {
    from ??= acceptor.next();
    return from !== undefined;
  });
  const far = new Log();
  far.socket = new io.TCP<Log>({ from: from as TcpSocket, ...callbacks(far) });
  await rig.until("both sides writable", () => log.writable > 0 && far.writable > 0);
  return { log, far, io, aborted, listener };
}

function socket(log: Log): TcpSocket {
  return log.socket as TcpSocket;
}

/** Writes as the budget allows. */
function pour(log: Log, bytes: Uint8Array): void {
  let at = 0;
  log.onWritable = (to, count) => {
    const part = bytes.slice(at, at + count);
    at += part.length;
    if (part.length > 0) {
      to.write(part);
    }
  };
  log.onWritable(socket(log), log.writable);
}

function drain(log: Log, into: number[]): void {
  log.onReadable = (from, count) => {
    const bytes = new Uint8Array(count);
    from.read(bytes);
    for (const byte of bytes) {
      into.push(byte);
    }
  };
}

export const dialCases: Record<string, (rig: Rig) => Promise<void>> = {
  async "dial: no callback from inside the constructor, then onWritable with the whole budget"(rig) {
    const { io } = await rig.open(1000, 500);
    const listener = new io.Listener({ port: 0, address: "127.0.0.1", target: undefined, onReadable() {} });
    const log = dial(io, listener.port);
    equal(log.calls, [], "calls from inside the constructor");
    throws(() => socket(log).write(new Uint8Array(1)), /would block/, "a write before the connection");
    equal(socket(log).read(new Uint8Array(1)), undefined, "a read before the connection");
    await rig.until("the connection", () => log.calls.length > 0);
    equal(log.calls, ["writable 500"], "calls");
    equal([socket(log).remoteAddress, socket(log).remotePort], ["127.0.0.1", listener.port], "the far side");
  },

  async "dial: bytes go both ways, within window and budget"(rig) {
    const { log, far } = await dialled(rig, 300, 200);
    const sent = pattern(20_000);
    const back = pattern(10_000, 5);
    const got: number[] = [];
    const gotBack: number[] = [];
    drain(far, got);
    drain(log, gotBack);
    pour(log, sent);
    pour(far, back);
    await rig.until("all bytes", () => got.length === sent.length && gotBack.length === back.length);
    equal(got, [...sent], "bytes there");
    equal(gotBack, [...back], "bytes back");
    assert(log.writable <= 200 && far.writable <= 200, "budgets within the send buffer");
  },

  async "dial: a far side that does not read stops the writer, and nobody else"(rig) {
    const { log, far } = await dialled(rig, 100, 100);
    const sent = pattern(400_000);
    pour(log, sent);
    await rig.until("a full window", () => far.readable === 100);
    await rig.rest();
    equal(far.readable, 100, "bytes that the far side holds");
    const got: number[] = [];
    drain(far, got);
    far.onReadable?.(socket(far), far.readable);
    await rig.until("all bytes", () => got.length === sent.length);
  },

  async "dial: the far side closes: what it wrote comes first, then onEnd, once"(rig) {
    const { log, far } = await dialled(rig);
    socket(far).write(pattern(50));
    socket(far).close();
    await rig.until("the bytes", () => log.readable === 50);
    await rig.rest();
    equal(log.count("end"), 0, "the end before the bytes were read");
    socket(log).read(new Uint8Array(50));
    await rig.until("the end", () => log.count("end") === 1);
    socket(log).close();
    await rig.rest();
    equal([log.count("end"), log.count("error"), far.count("error")], [1, 0, 0], "ends and errors");
  },

  async "dial: close flushes, then FIN"(rig) {
    const { log, far } = await dialled(rig);
    socket(log).write(pattern(50));
    socket(log).close();
    await rig.until("the bytes", () => far.readable === 50);
    socket(far).read(new Uint8Array(50));
    await rig.until("the end", () => far.count("end") === 1);
    socket(far).close();
  },

  async "dial: a close with bytes unread resets the far side, which learns why"(rig) {
    const { log, far } = await dialled(rig);
    socket(far).write(pattern(50));
    await rig.until("the bytes", () => log.readable === 50);
    socket(log).close();
    await rig.until("the reset", () => far.count("error") === 1);
    equal(far.count("error ECONNRESET"), 1, "code");
    socket(far).close();
  },

  async "dial: nobody listens: onError with the code, and nothing else"(rig) {
    const { io } = await rig.open(100, 100);
    const listener = new io.Listener({ port: 0, address: "127.0.0.1", target: undefined, onReadable() {} });
    const { port } = listener;
    listener.close();
    await rig.rest();
    const log = dial(io, port);
    await rig.until("the error", () => log.calls.length > 0);
    await rig.rest();
    equal(log.calls, ["error ECONNREFUSED"], "calls");
    socket(log).close();
    await rig.rest();
    equal(log.calls.length, 1, "calls after close");
  },

  async "dial: closed before it came about: no callback at all"(rig) {
    const { io, aborted } = await rig.open(100, 100);
    const listener = new io.Listener({ port: 0, address: "127.0.0.1", target: undefined, onReadable() {} });
    const log = dial(io, listener.port);
    socket(log).close();
    socket(log).close();
    await rig.rest();
    equal([log.calls, aborted], [[], []], "calls");
    throws(() => socket(log).write(new Uint8Array(1)), /closed/, "a write");
  },

  async "dial: from inside onError, again"(rig) {
    const { io } = await rig.open(100, 100);
    const listener = new io.Listener({ port: 0, address: "127.0.0.1", target: undefined, onReadable() {} });
    const second = new Log();
    const { port } = listener;
    const first = new Log();
    first.onError = (from) => {
      from.close();
      dial(io, port, second);
    };
    dial(io, 1, first);
    await rig.until("the second connection", () => second.writable > 0);
    equal(first.calls, ["error ECONNREFUSED"], "calls of the first");
    socket(second).close();
  },

  async "dial: what a callback throws reaches onAbort"(rig) {
    const { io, aborted } = await rig.open(100, 100);
    const listener = new io.Listener({ port: 0, address: "127.0.0.1", target: undefined, onReadable() {} });
    const log = new Log();
    log.onWritable = () => {
      throw new Error("by the application");
    };
    dial(io, listener.port, log);
    await rig.until("the error", () => aborted.length === 1);
    socket(log).close();
  },

  async "dial: a destination that a board would not take throws"(rig) {
    const { io } = await rig.open(100, 100);
    const log = new Log();
    const attempt = (to: object) => () => new io.TCP<Log>({ port: 7301, ...callbacks(log), ...to });
    throws(
      attempt({ address: "localhost" }),
      /option address must be numeric, as in 192.0.2.1, not "localhost"/,
      "a name",
    );
    throws(attempt({ address: "1.2.3.256" }), /must be numeric/, "no address");
    throws(attempt({}), /one of the options from, address and host/, "nothing");
    throws(attempt({ address: "127.0.0.1", port: 0 }), /option port must be from 1 to 65535, not 0/, "port 0");
    throws(attempt({ address: "127.0.0.1", port: 65536 }), /not 65536/, "port 65536");
    equal(log.calls, [], "calls");
  },
};
