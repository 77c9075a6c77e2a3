import { once } from "node:events";
import test from "ava";
import { Client, DisconnectedError, LinkError, LinkTimeoutError } from "../../../ground/index.js";
import { encodeFrame } from "../../../modules/framing/encode-decode.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { until } from "../../host/node-rig.js";
import { numberOf, numbers, packet, packets } from "../../link/packets.js";
import { deafServer, linked } from "./linked.js";
import { ManualClock, turns } from "./manual-clock.js";

test("receive: time-out, signal, and nothing is lost by giving up", async (t) => {
  const clock = new ManualClock();
  const { client, server } = await linked(t, { clock });
  const late = t.throwsAsync(client.receive({ timeoutMs: 20 }), {
    instanceOf: LinkTimeoutError,
    message: "nothing came within 20 ms",
  });
  clock.advance(20);
  await late;
  const abort = new AbortController();
  const receiving = client.receive({ signal: abort.signal });
  abort.abort();
  await t.throwsAsync(receiving, { any: true, name: "AbortError" });
  await t.throwsAsync(client.receive({ signal: abort.signal }), { any: true, name: "AbortError" });
  await server.send(packet(1));
  t.is(numberOf(await client.receive({ timeoutMs: 30_000, signal: new AbortController().signal })), 1);
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
  // Each turn would read another 64 KiB, and feed the server as much.
  await turns(500);
  t.is(client.queued.received, 10);
  t.true(sent < count);
  const got: number[] = [];
  while (got.length < count) {
    got.push(numberOf(await client.receive({ timeoutMs: 30_000 })));
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
