import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork } from "../../host/engine/loopback.js";
import { ListenError } from "../../host/listen-error.js";
import { createNodeIo, nodeClock, nodeTicker } from "../../host/node-io.js";
import type { Io, TcpSocket } from "../../modules/link/connection/io.js";
import { Acceptor } from "./acceptor.js";
import { connectPeer, type NodePeer, nodeRig, until } from "./node-rig.js";
import { accept, pattern, serve } from "./socket-cases.js";

async function occupy(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as { port: number }).port };
}

test("an occupied port rejects, naming address, port and reason", async (t) => {
  const { server, port } = await occupy();
  const error = await t.throwsAsync(createNodeIo({ listen: [{ port, address: "127.0.0.1" }] }), {
    instanceOf: ListenError,
    message: `cannot listen on 127.0.0.1 port ${port}: the port is in use (EADDRINUSE)`,
  });
  t.is(error.code, "EADDRINUSE");
  server.close();
});

test("an address of another machine rejects", async (t) => {
  await t.throwsAsync(createNodeIo({ listen: [{ port: 0, address: "192.0.2.1" }] }), {
    message: /^cannot listen on 192\.0\.2\.1 port 0: this machine does not have this address \(EADDRNOTAVAIL\)$/,
  });
});

test("one port too many leaves none open", async (t) => {
  const { server, port } = await occupy();
  const free = await occupy();
  free.server.close();
  await once(free.server, "close");
  const listen = [
    { port: free.port, address: "127.0.0.1" },
    { port, address: "127.0.0.1" },
  ];
  await t.throwsAsync(createNodeIo({ listen }), { message: /in use/ });
  await t.throwsAsync(connectPeer(free.port), { message: /ECONNREFUSED/ });
  server.close();
});

test("a listener whose port was not bound throws", async (t) => {
  const io = await createNodeIo();
  t.throws(() => new io.Listener({ port: 7301, target: undefined, onReadable() {} }), {
    message: "port 7301 on 127.0.0.1 is not bound: bind it first",
  });
});

test("sizes out of range throw", async (t) => {
  await t.throwsAsync(createNodeIo({ receiveWindow: 0 }), { instanceOf: RangeError, message: /receiveWindow.*not 0/ });
  await t.throwsAsync(createNodeIo({ sendBuffer: 1.5 }), { instanceOf: RangeError, message: /sendBuffer.*not 1.5/ });
});

test("two listeners on port 0 get two ports, and a closed one can be bound again", async (t) => {
  const io = await createNodeIo({ listen: [{ port: 0 }, { port: 0 }] });
  const first = new io.Listener({ port: 0, target: undefined, onReadable() {} });
  const second = new io.Listener({ port: 0, target: undefined, onReadable() {} });
  const port = first.port;
  t.true(port > 0 && second.port > 0 && port !== second.port);
  first.close();
  t.is(await io.bind(port), port);
  const again = new Acceptor(io, port);
  const peer = await connectPeer(port);
  await until("the connection", () => again.next() !== undefined);
  peer.reset();
  io.network.shutDown();
});

test("connections before a listener takes the port wait for it, so many as a backlog holds", async (t) => {
  const io = await createNodeIo();
  t.teardown(() => io.network.shutDown());
  const port = await io.bind(0);
  // A reset may come before a client has noticed that it is connected.
  const peers = await Promise.all(Array.from({ length: 10 }, () => connectPeer(port).catch(() => undefined)));
  await until(
    "those that are too many",
    () => peers.filter((peer) => peer === undefined || peer.wasReset).length === 2,
  );
  let accepted = 0;
  new io.Listener({
    port: 0,
    target: undefined,
    onReadable(count) {
      for (let i = 0; i < count; i++) {
        this.read();
        accepted++;
      }
    },
  });
  await until("the others", () => accepted === 8);
  t.pass();
});

test("connections that wait for a listener are reset when there will be none", async (t) => {
  const io = await createNodeIo();
  const peer = await connectPeer(await io.bind(0));
  io.network.shutDown();
  await until("the end", () => peer.wasReset);
  t.pass();
});

test("a server that does not read makes the client wait", async (t) => {
  const rig = nodeRig();
  const server = await serve(rig, 1000);
  const { peer, log } = await accept(rig, server);
  const socket = (peer as NodePeer).socket;
  const total = 32 * 1024 * 1024;
  let sent = 0;
  const piece = Buffer.alloc(1024 * 1024);
  const fill = async (): Promise<void> => {
    while (sent < total) {
      sent += piece.length;
      if (!socket.write(piece)) {
        await once(socket, "drain");
      }
    }
  };
  void fill();
  await until("a full window", () => log.readable === 1000);
  let before = -1;
  while (before !== sent) {
    before = sent;
    await sleep(50);
  }
  t.true(sent < total, `${sent} bytes taken by the system, and no more`);
  t.is(log.count("readable"), 1);
  let read = 0;
  const view = new Uint8Array(1000);
  log.onReadable = (socket, count) => {
    read += socket.read(count === 1000 ? view : new Uint8Array(count)) as number;
  };
  read += log.socket?.read(view) as number;
  const limit = 5 * 1024 * 1024;
  await until("megabytes once it reads", () => read > limit, 20_000);
  await rig.close();
});

test("a peer that never closes does not hold a closed connection for ever", async (t) => {
  const io = await createNodeIo({ listen: [{ port: 0 }], lingerMs: 50 });
  const acceptor = new Acceptor(io);
  const peer = await connectPeer(acceptor.port);
  let from: TcpSocket | undefined;
  await until("a connection", () => {
    from = acceptor.next();
    return from !== undefined;
  });
  from?.close();
  await until("FIN", () => peer.ended);
  await sleep(100);
  peer.send(pattern(10));
  await until("RST", () => {
    peer.send(pattern(1));
    return peer.wasReset;
  });
  io.network.shutDown();
  t.pass();
});

test("a peer that never closes, and sends a byte now and then, does not hold one either", async (t) => {
  const io = await createNodeIo({ listen: [{ port: 0 }], lingerMs: 300 });
  t.teardown(() => io.network.shutDown());
  const listener = new io.Listener({ port: 0, target: undefined, onReadable() {} });
  const peer = await connectPeer(listener.port);
  let from: TcpSocket | undefined;
  await until("a connection", () => {
    from = listener.read();
    return from !== undefined;
  });
  from?.close();
  await until("RST", () => {
    peer.send(pattern(1));
    return peer.wasReset;
  });
  t.pass();
});

test("what is written in one turn leaves as one piece", async (t) => {
  const rig = nodeRig();
  const server = await serve(rig);
  const { peer, log } = await accept(rig, server);
  await until("onWritable", () => log.writable > 0);
  let pieces = 0;
  (peer as NodePeer).socket.on("data", () => pieces++);
  for (let count = 0; count < 50; count++) {
    log.socket?.write(pattern(20));
  }
  await until("all there", () => peer.received().length === 1000);
  t.is(pieces, 1);
  t.is(log.count("writable 8192"), 2);
  await rig.close();
});

test("1,000 connections come and go", async (t) => {
  const rig = nodeRig();
  const server = await serve(rig);
  for (let round = 0; round < 1000; round++) {
    const { peer, log } = await accept(rig, server);
    if (round % 3 === 0) {
      peer.reset();
    } else {
      (peer as NodePeer).socket.destroy();
    }
    await until("onError", () => log.count("error") === 1);
    log.socket?.close();
  }
  t.deepEqual(server.aborted, []);
  await rig.close();
});

test("a ticker ticks until it is stopped, and the clock goes on", async (t) => {
  let ticks = 0;
  const before = nodeClock();
  const running = nodeTicker.start(5, () => ticks++);
  await until("three ticks", () => ticks >= 3);
  running.stop();
  const then = ticks;
  await sleep(30);
  t.is(ticks, then);
  t.true(nodeClock() - before >= 30);
});

test("a name is resolved on Node, and only there", async (t) => {
  const io = await createNodeIo({ listen: [{ port: 0 }] });
  const listener = new io.Listener({ port: 0, target: undefined, onReadable() {} });
  const told: string[] = [];
  const dial = (by: Io, host: string) =>
    new by.TCP({
      host,
      port: listener.port,
      target: undefined,
      onReadable() {},
      onWritable: (count) => told.push(`writable ${count}`),
      onError: (code) => told.push(`error ${code}`),
    });
  dial(io, "localhost");
  await until("the connection", () => told.length === 1);
  dial(io, "no-such-host.invalid");
  await until("the failure", () => told.length === 2);
  t.is(told[0], "writable 8192");
  // EAI_AGAIN: where there is no name server to ask.
  t.regex(told[1] as string, /^error (ENOTFOUND|EAI_AGAIN)$/);
  t.throws(() => dial(createIo(new LoopbackNetwork()), "localhost"), {
    instanceOf: TypeError,
    message: 'no names are resolved here: option address must be the numeric address of "localhost"',
  });
  io.network.shutDown();
});
