import { once } from "node:events";
import { createServer } from "node:net";
import test from "ava";
import {
  Client,
  ClosedError,
  DisconnectedError,
  LinkTimeoutError,
  NotConnectedError,
  NotSentError,
  OneClientServer,
  type OneClientServerOptions,
  QueueFullError,
} from "../../../ground/index.js";
import { ListenError } from "../../../host/index.js";
import { encodeFrame } from "../../../modules/framing/encode-decode.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { connectPeer, until } from "../../host/node-rig.js";
import { numberOf, numbers, packet, packets } from "../../link/packets.js";
import { patiently, portToKeep } from "../../project.js";
import { turns } from "./manual-clock.js";

interface Test {
  teardown(fn: () => void): void;
}

function serve(t: Test, options: Partial<OneClientServerOptions> = {}): OneClientServer {
  const server = new OneClientServer({ framing: cobs(), ...options });
  t.teardown(() => void server.close());
  return server;
}

async function join(t: Test, server: OneClientServer): Promise<Client> {
  const client = new Client({ host: "127.0.0.1", port: await server.listen(), framing: cobs() });
  t.teardown(() => void client.close());
  await client.connect();
  return client;
}

test("port 0: the system picks one, told by listen and by port", async (t) => {
  const server = serve(t);
  t.is(server.port, 0);
  t.false(server.isListening);
  const port = await server.listen();
  t.true(port > 0);
  t.is(server.port, port);
  t.is(await server.listen(), port);
  t.true(server.isListening);
});

test("a port in use rejects, and a send that waited for it too", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  t.teardown(() => other.close());
  const { port } = other.address() as { port: number };
  const server = serve(t, { port });
  const sending = t.throwsAsync(server.send(packet(1)), { instanceOf: NotSentError });
  await t.throwsAsync(server.listen(), { instanceOf: ListenError, message: /in use/ });
  t.true((await sending)?.cause instanceof ListenError);
});

test("connected: a promise for each client, one after the other", async (t) => {
  const server = serve(t);
  const first = server.connected;
  t.is(server.connected, first);
  const client = await join(t, server);
  t.like(await first, { connection: 1, remoteAddress: "127.0.0.1" });
  t.deepEqual([server.isConnected, server.shouldBeConnected], [true, true]);
  const left = once(server, "disconnect");
  await client.close();
  t.like((await left)[0], { reason: "peerClosed", connection: 1 });
  t.deepEqual([server.isConnected, server.shouldBeConnected], [false, true], "the client left by itself");
  t.not(server.connected, first);
  const second = server.connected;
  await join(t, server);
  t.like(await second, { connection: 2 });
});

test("the second client is turned away at once, and the first is not disturbed", async (t) => {
  const server = serve(t);
  const client = await join(t, server);
  await server.connected;
  const second = await connectPeer(server.port);
  t.teardown(() => second.socket.destroy());
  second.send(encodeFrame(cobs(), packet(9)));
  await until("its end", () => second.ended || second.wasReset);
  await client.send(packet(1));
  t.is(numberOf(await server.receive()), 1);
  t.like(server.totals, { clients: 1, refusedClients: 1, connections: 1 });
});

test("replace: the second client takes the place of the first", async (t) => {
  const server = serve(t, { excessClients: "replace" });
  const first = await join(t, server);
  await server.connected;
  const left = once(first, "disconnect");
  const second = await join(t, server);
  await left;
  await second.send(packet(2));
  t.is(numberOf(await server.receive()), 2);
});

test("closeClient: the client is gone, the server listens on; without a client it does nothing", async (t) => {
  const server = serve(t);
  server.closeClient();
  const client = await join(t, server);
  await server.connected;
  const left = once(client, "disconnect");
  server.closeClient();
  server.closeClient();
  t.deepEqual([server.isConnected, server.shouldBeConnected], [false, false]);
  await left;
  const again = await join(t, server);
  await server.connected;
  await again.send(packet(3));
  t.is(numberOf(await server.receive()), 3);
});

test("send: what is sent before there is a client waits for one, in order", async (t) => {
  const server = serve(t);
  const sending = packets(1, 5).map((each) => server.send(each));
  const client = await join(t, server);
  t.deepEqual(await Promise.all(sending), numbers(0, 5));
  for (const number of numbers(1, 5)) {
    t.is(numberOf(await client.receive()), number);
  }
});

test("unsent drop: without a client NotConnectedError; what waits when it leaves is given up", async (t) => {
  const server = serve(t, { unsent: "drop", framing: cobs({ maxPacketLength: 60_000 }) });
  await server.listen();
  t.true(
    (await t.throwsAsync(server.send(packet(1)), { instanceOf: NotSentError }))?.cause instanceof NotConnectedError,
  );
  const peer = await connectPeer(server.port);
  peer.pauseReading();
  await server.connected;
  const sending = Promise.allSettled(numbers(0, 400).map(() => server.send(new Uint8Array(60_000).fill(1))));
  await until("some to be taken", () => server.totals.telemetry > 0);
  peer.reset();
  const results = await sending;
  const given = results.filter((each) => each.status === "rejected").map((each) => each.reason as NotSentError);
  t.true(given.length > 2);
  t.true(given.every((error) => error.outcome === "unsent" && error.cause instanceof DisconnectedError));
});

for (const how of ["closes", "is reset"] as const) {
  test(`a client that ${how} before a full queue was read is not taken for connected, and nothing of it is lost`, async (t) => {
    const server = serve(t, { receiveLimit: 1 });
    await server.listen();
    const peer = await connectPeer(server.port);
    const first = server.connected;
    await first;
    const left = once(server, "disconnect");
    for (const each of packets(1, 5)) {
      peer.send(encodeFrame(cobs(), each));
    }
    await until("a full queue", () => server.totals.telecommands === 1);
    t.true(server.isConnected, "it is only slow");
    if (how === "closes") {
      peer.end();
    } else {
      peer.reset();
    }
    await until("the loss", () => !server.isConnected);
    t.true(server.shouldBeConnected);
    t.not(server.connected, first);
    t.like((await left)[0], { telecommands: 5 });
    const next = await join(t, server);
    t.like(await server.connected, { connection: 2 });
    await next.send(packet(6));
    for (const number of numbers(1, 6)) {
      t.is(numberOf(await server.receive({ timeoutMs: 30_000 })), number);
    }
  });
}

test("one that was turned away leaves: the client that is there is not taken for lost", async (t) => {
  const server = serve(t, { receiveLimit: 1, rejectHoldMs: 60_000 });
  const client = await join(t, server);
  await server.connected;
  await Promise.all(packets(1, 3).map((each) => client.send(each)));
  await until("a full queue", () => server.totals.telecommands === 1);
  const second = await connectPeer(server.port);
  await until("its refusal", () => server.totals.refusedClients === 1);
  second.reset();
  await turns(100);
  t.true(server.isConnected);
  t.is(server.totals.telecommands, 1, "the queue keeps its limit");
});

test("for await: the packets of one client after the other, until close", async (t) => {
  const server = serve(t);
  const got: number[] = [];
  const reading = (async () => {
    for await (const each of server) {
      got.push(numberOf(each));
    }
  })();
  for (const number of [1, 2, 3]) {
    const client = await join(t, server);
    await server.connected;
    const left = once(server, "disconnect");
    await client.send(packet(number));
    await client.close();
    await left;
  }
  await server.close();
  await reading;
  t.deepEqual(got, [1, 2, 3]);
});

test("close: idempotent; whoever waits gets ClosedError; the port is free again", async (t) => {
  const server = serve(t);
  const client = await join(t, server);
  await server.connected;
  const receiving = t.throwsAsync(server.receive(), { instanceOf: ClosedError });
  const left = once(client, "disconnect");
  await server.close();
  await server.close();
  await server.done;
  await receiving;
  await left;
  await t.throwsAsync(server.connected, { instanceOf: ClosedError });
  await t.throwsAsync(server.send(packet(1)), { instanceOf: NotSentError });
  const next = serve(t, { port: server.port });
  t.is(await patiently(() => next.listen()), server.port);
  await next[Symbol.asyncDispose]();
  t.false(next.isListening);
});

test("close: before and while it listens", async (t) => {
  const server = serve(t);
  const waiting = server.connected;
  const listening = t.throwsAsync(server.listen(), { instanceOf: ClosedError });
  await server.close();
  await listening;
  await t.throwsAsync(waiting, { instanceOf: ClosedError });
});

for (const [options, message] of [
  [{ idleTimeoutMs: -1 }, "idleTimeoutMs must be from 0 to 86400000, not -1"],
  [{ rejectHoldMs: -3 }, "rejectHoldMs must be from 0 to 60000, not -3"],
  [{ sendLimit: -1 }, "sendLimit must be from 1 to 1000000, not -1"],
  [{ receiveLimit: 0 }, "receiveLimit must be from 1 to 1000000, not 0"],
  [{ partialFrameTimeoutMs: 0 }, "partialFrameTimeoutMs must be from 1 to 600000, not 0"],
  [{ port: 65_536 }, "port must be from 0 to 65535, not 65536"],
  [{ maxPacketLength: 0 }, "maxPacketLength (bytes) must be from 1 to 65535, not 0"],
  [{ excessClients: "queue" as never }, 'excessClients must be reject or replace, not "queue"'],
  [{ unsent: "lose" as never }, 'unsent must be keep or drop, not "lose"'],
] as [Partial<OneClientServerOptions>, string | RegExp][]) {
  test(`${JSON.stringify(options)} throws before anything is opened`, (t) => {
    t.throws(() => new OneClientServer({ framing: cobs(), ...options }), { message });
  });
}

test("a port that could not be had is tried again by the next listen", async (t) => {
  const port = await portToKeep();
  const other = createServer().listen(port, "127.0.0.1");
  await once(other, "listening");
  const server = serve(t, { port });
  await t.throwsAsync(server.listen(), { instanceOf: ListenError });
  t.false(server.isListening);
  await new Promise((resolve) => other.close(resolve));
  t.is(await patiently(() => server.listen()), port);
});

test("an address that is none: rejected, and nothing is left open", async (t) => {
  const server = serve(t, { address: "no such address" });
  await t.throwsAsync(server.listen(), { instanceOf: ListenError });
  await server.close();
  t.false(server.isListening);
});

test("closed is closed: listen rejects", async (t) => {
  const server = serve(t);
  await server.listen();
  await server.close();
  await t.throwsAsync(server.listen(), { instanceOf: ClosedError });
  const never = serve(t);
  await never.close();
  await t.throwsAsync(never.listen(), { instanceOf: ClosedError });
});

test("send before listen: its limits hold, and the queue's", async (t) => {
  const server = serve(t, { sendLimit: 2 });
  const abort = new AbortController();
  const late = t.throwsAsync(server.send(packet(1), { timeoutMs: 0 }), { instanceOf: NotSentError });
  const withdrawn = t.throwsAsync(server.send(packet(2), { signal: abort.signal }), { instanceOf: NotSentError });
  const surplus = t.throwsAsync(server.send(packet(3)), { instanceOf: NotSentError });
  abort.abort();
  t.true((await late)?.cause instanceof LinkTimeoutError);
  t.is((await withdrawn)?.outcome, "unsent");
  t.true((await surplus)?.cause instanceof QueueFullError);
  const sending = server.send(packet(4));
  const client = await join(t, server);
  t.is(await sending, 0);
  t.is(numberOf(await client.receive()), 4);
});

test("totals: before it listens nothing happened", (t) => {
  t.like(serve(t).totals, { connections: 0, clients: 0 });
});

test("a listener that throws reaches the error event", async (t) => {
  const server = serve(t);
  server.once("connect", () => {
    throw new Error("by the listener");
  });
  const failed = once(server, "error");
  await join(t, server);
  t.is(String((await failed)[0]), "Error: by the listener");
  t.true(server.isConnected);
});
