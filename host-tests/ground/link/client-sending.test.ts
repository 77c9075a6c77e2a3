import { once, setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import test from "ava";
import {
  Client,
  DisconnectedError,
  LinkTimeoutError,
  NotConnectedError,
  NotSentError,
  QueueFullError,
} from "../../../ground/index.js";
import { decodeFrames } from "../../../modules/framing/encode-decode.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { until } from "../../host/node-rig.js";
import { numberOf, numbers, packet, packets } from "../../link/packets.js";
import { atRest, deafServer, linked, plainServer, RECONNECT, type Teardown } from "./linked.js";

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

/** A server that does not read its first connection, and collects what comes on the second. */
async function forgetful(t: Teardown): Promise<{ port: number; sockets: Socket[]; packets(): Uint8Array[] }> {
  const chunks: Buffer[] = [];
  const { port, sockets } = await plainServer(t, (socket, number) => {
    if (number > 0) {
      socket.on("data", (chunk) => chunks.push(chunk)).resume();
    }
  });
  return { port, sockets, packets: () => decodeFrames(BIG, Buffer.concat(chunks)) };
}

const BIG = cobs({ maxPacketLength: 60_000 });
const big = new Uint8Array(60_000).fill(1);

test("unsent: the packet that was begun on a lost connection, and given up with it, goes out on no other", async (t) => {
  const server = await forgetful(t);
  const client = new Client({ host: "127.0.0.1", port: server.port, framing: BIG });
  t.teardown(() => void client.close());
  await client.connect();
  await until("the connection", () => server.sockets.length === 1);
  const sending = Promise.allSettled(numbers(0, 400).map(() => client.send(big)));
  await atRest(() => client.queued.unsent);
  server.sockets[0]?.resetAndDestroy();
  const given = (await sending).filter((each) => each.status === "rejected").map((each) => each.reason as NotSentError);
  t.true(given.length > 2);
  t.true(given.every(({ outcome }) => outcome === "unsent"));
  await client.connect();
  await client.send(packet(7), { timeoutMs: 30_000 });
  await until("the packet", () => server.packets().length > 0);
  t.deepEqual(server.packets(), [packet(7)]);
});

test("unsent: the packet that was begun on a lost connection, and withdrawn before the next, never goes out", async (t) => {
  const server = await forgetful(t);
  const reconnect = { firstMs: 300, jitter: 0 };
  const client = new Client({ host: "127.0.0.1", port: server.port, framing: BIG, reconnect });
  t.teardown(() => void client.close());
  await client.connect();
  await until("the connection", () => server.sockets.length === 1);
  const enough = new AbortController();
  setMaxListeners(0, enough.signal);
  const sending = Promise.allSettled(numbers(0, 400).map(() => client.send(big, { signal: enough.signal })));
  await atRest(() => client.queued.unsent);
  const left = once(client, "disconnect");
  server.sockets[0]?.resetAndDestroy();
  await left;
  enough.abort();
  const given = (await sending).filter((each) => each.status === "rejected").map((each) => each.reason as NotSentError);
  t.true(given.length > 2);
  t.true(given.every(({ outcome }) => outcome === "unsent"));
  await client.send(packet(9), { timeoutMs: 30_000 });
  await until("the packet", () => server.packets().length > 0);
  t.deepEqual(server.packets(), [packet(9)]);
});

test("what is no Uint8Array is not sent, and said so", async (t) => {
  const { client, server } = await linked(t);
  for (const [wrong, message] of [
    ["abc", "not sent: a packet must be a Uint8Array, not a string"],
    [[1, 2, 3], "not sent: a packet must be a Uint8Array, not another object"],
    [null, "not sent: a packet must be a Uint8Array, not null"],
  ] as [unknown, string][]) {
    const error = await t.throwsAsync(client.send(wrong as Uint8Array), { instanceOf: NotSentError, message });
    t.true(error?.cause instanceof TypeError);
    await t.throwsAsync(server.send(wrong as Uint8Array), { message });
  }
});
