import { once, setMaxListeners } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import {
  Client,
  type ClientOptions,
  ClosedError,
  ConnectError,
  DisconnectedError,
  LinkError,
  LinkTimeoutError,
  NotConnectedError,
  NotSentError,
  OneClientServer,
  QueueFullError,
  UnsendableError,
} from "../../ground/index.js";
import { cobs } from "../../modules/framing/cobs.js";
import { encodeFrame } from "../../modules/framing/convenience.js";
import { spacePackets } from "../../modules/framing/space-packets.js";
import { until } from "../host/node-rig.js";
import { numberOf, numbers, packet, packets } from "../link/packets.js";
import { patiently, portToKeep } from "../project.js";

const RECONNECT = { firstMs: 20, maxMs: 50 };

async function linked(
  t: { teardown(fn: () => void): void },
  options: Partial<ClientOptions> = {},
): Promise<{ client: Client; server: OneClientServer }> {
  const server = new OneClientServer({ framing: options.framing ?? cobs(), sendLimit: 10_000 });
  const port = await server.listen();
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), ...options });
  t.teardown(() => {
    void client.close();
    void server.close();
  });
  await client.connect();
  await server.connected;
  return { client, server };
}

/** A server that never reads, on a plain socket. */
async function deafServer(t: { teardown(fn: () => void): void }): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server: Server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on("error", () => {});
    sockets.push(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => {
    server.close();
    for (const socket of sockets) {
      socket.destroy();
    }
  });
  return { port: (server.address() as { port: number }).port, sockets };
}

/** Until the number stays the same for a while. */
async function atRest(value: () => number): Promise<void> {
  for (let last = Number.NaN; last !== value(); await sleep(300)) {
    last = value();
  }
}

for (const framing of [cobs(), spacePackets()]) {
  test(`${framing.name}: packets both ways, by name of the host`, async (t) => {
    const { client, server } = await linked(t, { framing, host: "localhost" });
    t.deepEqual(await Promise.all(packets(1, 50, 30, "tc").map((each) => client.send(each))), numbers(0, 50));
    for (const number of numbers(1, 50)) {
      t.is(numberOf(await server.receive()), number);
    }
    await Promise.all(packets(1, 50).map((each) => server.send(each)));
    for (const number of numbers(1, 50)) {
      t.is(numberOf(await client.receive()), number);
    }
    t.true(client.connected);
    t.true(client.shouldBeConnected);
    t.like(client.totals, { packetsSent: 50, packetsReceived: 50, connections: 1 });
  });
}

test("the packet is copied when it is given to send", async (t) => {
  const { client, server } = await linked(t);
  const bytes = Uint8Array.of(1, 2, 3);
  const sent = client.send(bytes);
  bytes.fill(9);
  await sent;
  t.deepEqual(await server.receive(), Uint8Array.of(1, 2, 3));
});

test("the longest packet of the framing can be sent, and one byte more cannot", async (t) => {
  const framing = cobs({ maxPacketLength: 3000 });
  const { client, server } = await linked(t, { framing });
  await client.send(new Uint8Array(3000).fill(7));
  t.is((await server.receive()).length, 3000);
  const error = await t.throwsAsync(client.send(new Uint8Array(3001)), { instanceOf: NotSentError });
  t.true(error?.cause instanceof UnsendableError);
  t.is(error?.message, "not sent: 3001 bytes are too long: a packet has up to 3000");
  t.is(error?.outcome, "unsent");
});

test("what is no packet of the framing is not sent, and the packets around it are", async (t) => {
  const framing = spacePackets();
  const { client, server } = await linked(t, { framing });
  const first = client.send(packet(1));
  const wrong = client.send(Uint8Array.of(1, 2, 3));
  const last = client.send(packet(2));
  const error = await t.throwsAsync(wrong, { instanceOf: NotSentError });
  t.is(error?.message, "not sent: these 3 bytes are no packet for space-packets");
  t.deepEqual([await first, await last], [0, 1]);
  t.is(numberOf(await server.receive()), 1);
  t.is(numberOf(await server.receive()), 2);
});

test("connect: nobody listens: ConnectError with the system's code", async (t) => {
  const client = new Client({ host: "127.0.0.1", port: await portToKeep(), framing: cobs() });
  const waiting = t.throwsAsync(client.send(packet(1)), { instanceOf: NotSentError });
  const error = await t.throwsAsync(client.connect(), { instanceOf: ConnectError });
  t.is(error?.code, "ECONNREFUSED");
  t.true((await waiting)?.cause instanceof ConnectError);
  t.false(client.connected);
});

test("connect: no such host", async (t) => {
  const client = new Client({ host: "no-such-host.invalid", port: 7301, framing: cobs() });
  const error = await t.throwsAsync(client.connect(), { instanceOf: ConnectError });
  t.regex(error?.code ?? "", /ENOTFOUND|EAI_AGAIN/);
});

test("connect: with reconnect it goes on until somebody listens", async (t) => {
  const port = await portToKeep();
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), reconnect: RECONNECT });
  const failed = once(client, "attemptFailed");
  const connected = client.connect();
  await failed;
  const server = new OneClientServer({ port, framing: cobs() });
  await patiently(() => server.listen());
  await connected;
  t.true(client.connected);
  await client.close();
  await server.close();
});

test("connect: its time-out and its signal end the attempts", async (t) => {
  const port = await portToKeep();
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), reconnect: RECONNECT });
  await t.throwsAsync(client.connect({ timeoutMs: 100 }), {
    instanceOf: LinkTimeoutError,
    message: "no connection came about within 100 ms",
  });
  t.teardown(() => client.close());
  const before = client.totals.attempts;
  const abort = new AbortController();
  const connecting = client.connect({ signal: abort.signal });
  await until("several attempts", () => client.totals.attempts > before + 2);
  abort.abort(new Error("enough"));
  await t.throwsAsync(connecting, { message: "enough" });
  await t.throwsAsync(client.connect({ signal: abort.signal }), { message: "enough" });
  const server = new OneClientServer({ port, framing: cobs() });
  await patiently(() => server.listen());
  await sleep(150);
  t.false(server.isConnected);
  await client.connect();
  await server.connected;
  t.pass();
  await client.close();
  await server.close();
});

test("connect: one of two who wait gives up, the other gets the connection", async (t) => {
  const port = await portToKeep();
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), reconnect: RECONNECT });
  const patient = client.connect();
  await t.throwsAsync(client.connect({ timeoutMs: 50 }), { instanceOf: LinkTimeoutError });
  const server = new OneClientServer({ port, framing: cobs() });
  await patiently(() => server.listen());
  await patient;
  t.true(client.connected);
  await client.connect();
  await client.close();
  await server.close();
});

test("close: idempotent; what waits is settled with ClosedError, and a later send waits for a connection", async (t) => {
  const { client } = await linked(t);
  const receiving = t.throwsAsync(client.receive(), { instanceOf: ClosedError });
  const [disconnect] = [once(client, "disconnect")];
  await client.close();
  await client.close();
  await receiving;
  await client.done;
  const [report] = (await disconnect) as [{ reason: string }];
  t.is(report.reason, "closed");
  t.deepEqual([client.connected, client.shouldBeConnected], [false, false]);
  await t.throwsAsync(client.receive(), { instanceOf: ClosedError });
  for await (const _ of client) {
    t.fail();
  }
});

test("close: while connecting", async (t) => {
  const { port } = await deafServer(t);
  const client = new Client({ host: "127.0.0.1", port, framing: cobs() });
  const connecting = t.throwsAsync(client.connect(), { instanceOf: ClosedError });
  const sending = t.throwsAsync(client.send(packet(1)), { instanceOf: NotSentError });
  await client.close();
  await connecting;
  const error = await sending;
  t.true(error?.cause instanceof ClosedError);
  t.is(error?.outcome, "unsent");
});

test("Symbol.asyncDispose closes", async (t) => {
  const { client, server } = await linked(t);
  await client[Symbol.asyncDispose]();
  t.false(client.connected);
  await until("the server to know", () => !server.isConnected);
});

test("receive: time-out, signal, and nothing is lost by giving up", async (t) => {
  const { client, server } = await linked(t);
  await t.throwsAsync(client.receive({ timeoutMs: 20 }), {
    instanceOf: LinkTimeoutError,
    message: "nothing came within 20 ms",
  });
  const abort = new AbortController();
  const receiving = client.receive({ signal: abort.signal });
  abort.abort();
  await t.throwsAsync(receiving, { any: true, name: "AbortError" });
  await t.throwsAsync(client.receive({ signal: abort.signal }), { any: true, name: "AbortError" });
  await server.send(packet(1));
  t.is(numberOf(await client.receive({ timeoutMs: 5000, signal: new AbortController().signal })), 1);
});

test("for await: each packet, until the server closes in order", async (t) => {
  const { client, server } = await linked(t);
  await Promise.all(packets(1, 20).map((each) => server.send(each)));
  server.closeClient();
  const got: number[] = [];
  for await (const each of client) {
    got.push(numberOf(each));
  }
  t.deepEqual(got, numbers(1, 20));
  t.deepEqual([client.connected, client.shouldBeConnected], [false, true]);
  const error = await t.throwsAsync(client.receive(), { instanceOf: DisconnectedError });
  t.is(error?.report.reason, "peerClosed");
});

test("for await: a connection that is lost throws, after the packets that came", async (t) => {
  const { port, sockets } = await deafServer(t);
  const client = new Client({ host: "127.0.0.1", port, framing: cobs() });
  await client.connect();
  await until("the connection", () => sockets.length === 1);
  sockets[0]?.write(encodeFrame(cobs(), packet(5)));
  await until("the packet", () => client.queued.received === 1);
  sockets[0]?.resetAndDestroy();
  await once(client, "disconnect");
  const got: number[] = [];
  const error = await t.throwsAsync(
    async () => {
      for await (const each of client) {
        got.push(numberOf(each));
      }
    },
    { instanceOf: DisconnectedError },
  );
  t.deepEqual(got, [5]);
  t.like(error?.report, { reason: "connectionLost", code: "ECONNRESET" });
  t.true(error instanceof LinkError);
});

test("overflow pause: the sender waits, and nothing is lost", async (t) => {
  const framing = cobs({ maxPacketLength: 60_000 });
  const { client, server } = await linked(t, { framing, receiveLimit: 10, overflow: "pause" });
  // More bytes than the system's buffers take on the way.
  const count = 400;
  let sent = 0;
  const sending = packets(0, count, 50_000).map((each) => server.send(each, { timeoutMs: 20_000 }).then(() => sent++));
  await until("a full queue", () => client.queued.received === 10);
  await sleep(100);
  t.is(client.queued.received, 10);
  t.true(sent < count);
  const got: number[] = [];
  while (got.length < count) {
    got.push(numberOf(await client.receive({ timeoutMs: 5000 })));
  }
  const results = await Promise.allSettled(sending);
  const queued = results.filter((each) => each.status === "fulfilled").length;
  t.deepEqual(got.slice(0, queued), numbers(0, count).slice(0, queued));
  t.is(client.dropped, 0);
});

for (const [overflow, kept] of [
  ["dropOldest", numbers(90, 10)],
  ["dropNewest", numbers(0, 10)],
] as const) {
  test(`overflow ${overflow}: the queue is bounded, and what is lost is counted`, async (t) => {
    const { client, server } = await linked(t, { receiveLimit: 10, overflow });
    await Promise.all(packets(0, 100).map((each) => server.send(each)));
    await until("all packets", () => client.totals.packetsReceived === 100);
    t.is(client.dropped, 90);
    for (const number of kept) {
      t.is(numberOf(await client.receive()), number);
    }
  });
}

test("send: the queue is full", async (t) => {
  const { port } = await deafServer(t);
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), sendLimit: 3 });
  t.teardown(() => client.close());
  const waiting = packets(1, 3).map((each) => client.send(each));
  const error = await t.throwsAsync(client.send(packet(4)), { instanceOf: NotSentError });
  t.true(error?.cause instanceof QueueFullError);
  await client.connect();
  t.deepEqual(await Promise.all(waiting), [0, 1, 2]);
});

test("send: a packet that waits can be withdrawn; one that is on its way is uncertain", async (t) => {
  const { port } = await deafServer(t);
  const client = new Client({ host: "127.0.0.1", port, framing: cobs({ maxPacketLength: 60_000 }), sendLimit: 1000 });
  await client.connect();
  const big = new Uint8Array(60_000).fill(1);
  const taken: number[] = [];
  // More than the system's buffers take: one is begun, and those behind it wait.
  const enough = new AbortController();
  setMaxListeners(0, enough.signal);
  const sending = numbers(0, 400).map((k) =>
    client.send(big, { signal: enough.signal }).then(
      (number) => taken.push(number),
      (error: NotSentError) => ({ k, error }),
    ),
  );
  await atRest(() => client.queued.unsent);
  enough.abort(new Error("enough"));
  const given = (await Promise.all(sending)).filter((each) => typeof each === "object");
  t.deepEqual(taken, numbers(0, taken.length));
  t.true(given.length > 2, `${given.length} given up`);
  t.deepEqual(
    given.map(({ error }) => error.outcome),
    ["uncertain", ...numbers(1, given.length - 1).map(() => "unsent")],
  );
  t.true(given.every(({ error }) => (error.cause as Error).message === "enough"));
  const late = await t.throwsAsync(client.send(packet(1), { timeoutMs: 20 }), { instanceOf: NotSentError });
  t.true(late?.cause instanceof LinkTimeoutError);
  const abort = new AbortController();
  const withdrawn = client.send(packet(1), { signal: abort.signal });
  abort.abort();
  t.is((await t.throwsAsync(withdrawn, { instanceOf: NotSentError }))?.outcome, "unsent");
  await client.close();
});

test("unsent keep: what waits goes out on the next connection", async (t) => {
  const { client, server } = await linked(t, { reconnect: RECONNECT });
  const left = once(client, "disconnect");
  server.closeClient();
  await left;
  const sending = packets(1, 5).map((each) => client.send(each));
  t.deepEqual(await Promise.all(sending), numbers(0, 5));
  for (const number of numbers(1, 5)) {
    t.is(numberOf(await server.receive()), number);
  }
});

test("unsent keep: withdrawn while there is no connection, it never goes out", async (t) => {
  const { client, server } = await linked(t, { reconnect: { firstMs: 200, jitter: 0 } });
  const left = once(client, "disconnect");
  server.closeClient();
  await left;
  const withdrawn = client.send(packet(1), { timeoutMs: 30 });
  const kept = client.send(packet(2));
  t.is((await t.throwsAsync(withdrawn, { instanceOf: NotSentError }))?.outcome, "unsent");
  await kept;
  t.is(numberOf(await server.receive()), 2);
});

test("unsent drop: without a connection NotConnectedError, and what waits when it ends is given up", async (t) => {
  const { port, sockets } = await deafServer(t);
  const framing = cobs({ maxPacketLength: 60_000 });
  const client = new Client({ host: "127.0.0.1", port, framing, unsent: "drop", reconnect: RECONNECT });
  const early = await t.throwsAsync(client.send(packet(1)), { instanceOf: NotSentError });
  t.true(early?.cause instanceof NotConnectedError);
  await client.connect();
  await until("the connection", () => sockets.length === 1);
  const big = new Uint8Array(60_000).fill(1);
  const sending = Promise.allSettled(numbers(0, 400).map(() => client.send(big)));
  await atRest(() => client.queued.unsent);
  sockets[0]?.resetAndDestroy();
  const results = await sending;
  const given = results.filter((each) => each.status === "rejected").map((each) => each.reason as NotSentError);
  t.true(given.length > 2);
  t.true(given.every((error) => error.outcome === "unsent" && error.cause instanceof DisconnectedError));
  await once(client, "connect");
  t.is(client.queued.unsent, 0);
  await client.close();
});

test("heartbeat: the server hears of a client that has nothing to say", async (t) => {
  const { server } = await linked(t, { heartbeat: Uint8Array.of(1, 2, 3), heartbeatMs: 100 });
  t.deepEqual(await server.receive({ timeoutMs: 5000 }), Uint8Array.of(1, 2, 3));
  t.deepEqual(await server.receive({ timeoutMs: 5000 }), Uint8Array.of(1, 2, 3));
});

test("idle: a server that says nothing is left, and found again", async (t) => {
  const { client } = await linked(t, { idleTimeoutMs: 150, reconnect: RECONNECT });
  const [report] = (await once(client, "disconnect")) as [{ reason: string }];
  t.is(report.reason, "idle");
  await once(client, "connect");
  t.is(client.totals.connections, 2);
});

test("a listener that throws reaches the error event, and the link goes on", async (t) => {
  const { client, server } = await linked(t, { reconnect: RECONNECT });
  client.once("disconnect", () => {
    throw new Error("by the listener");
  });
  const failed = once(client, "error");
  server.closeClient();
  t.is(String((await failed)[0]), "Error: by the listener");
  await until("a new connection", () => client.connected);
  await client.send(packet(1));
  t.is(numberOf(await server.receive()), 1);
});

test("options out of range throw, naming option, value and range", (t) => {
  const make = (options: Partial<ClientOptions>) => () =>
    new Client({ host: "127.0.0.1", port: 7301, framing: cobs(), ...options });
  for (const [options, message] of [
    [{ port: 0 }, "port must be from 1 to 65535, not 0"],
    [{ receiveLimit: 0 }, "receiveLimit must be from 1 to 1000000, not 0"],
    [{ sendLimit: 1.5 }, "sendLimit must be a whole number from 1 to 1000000, not 1.5"],
    [{ overflow: "grow" as never }, 'overflow must be pause or dropOldest or dropNewest, not "grow"'],
    [{ unsent: "lose" as never }, 'unsent must be keep or drop, not "lose"'],
    [{ heartbeatMs: 99 }, "heartbeatMs must be from 100 to 86400000, not 99"],
  ] as [Partial<ClientOptions>, string][]) {
    t.throws(make(options), { message });
  }
});
