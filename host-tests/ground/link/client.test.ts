import { once } from "node:events";
import test from "ava";
import { Client, type ClientOptions, NotSentError, UnsendableError } from "../../../ground/index.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../../modules/framing/formats/space-packets.js";
import { until } from "../../host/node-rig.js";
import { numberOf, numbers, packet, packets } from "../../link/packets.js";
import { linked, RECONNECT } from "./linked.js";

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

test("acknowledge: true for what a socket has taken, false for any other number", async (t) => {
  const { client } = await linked(t);
  t.false(client.acknowledge(0));
  t.is(await client.send(packet(1)), 0);
  t.deepEqual(
    [0, 0, 1, 99, -1, 0.5].map((number) => client.acknowledge(number)),
    [true, true, false, false, false, false],
  );
});

for (const reconnect of [true, false]) {
  test(`reconnect: ${reconnect}`, async (t) => {
    const { client, server } = await linked(t, { reconnect });
    const left = once(client, "disconnect");
    server.closeClient();
    const [report] = (await left) as [{ retryInMs: number | undefined }];
    t.is(report.retryInMs !== undefined, reconnect);
    t.true(report.retryInMs === undefined || (report.retryInMs >= 500 && report.retryInMs <= 1000), "the defaults");
  });
}

test("heartbeat: the server hears of a client that has nothing to say", async (t) => {
  const { server } = await linked(t, { heartbeat: Uint8Array.of(1, 2, 3), heartbeatMs: 100 });
  t.deepEqual(await server.receive({ timeoutMs: 30_000 }), Uint8Array.of(1, 2, 3));
  t.deepEqual(await server.receive({ timeoutMs: 30_000 }), Uint8Array.of(1, 2, 3));
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
    [{ heartbeat: "x" as never }, "heartbeat must be a Uint8Array, not a string"],
    [{ heartbeat: null as never }, "heartbeat must be a Uint8Array, not null"],
    [{ heartbeat: [1] as never }, "heartbeat must be a Uint8Array, not another object"],
    [{ heartbeat: new Uint8Array(0) }, "heartbeat (bytes) must be from 1 to 1024, not 0"],
    [{ heartbeat: new Uint8Array(1025) }, "heartbeat (bytes) must be from 1 to 1024, not 1025"],
    [{ heartbeat: new Uint8Array(9), maxPacketLength: 8 }, "heartbeat (bytes) must be from 1 to 8, not 9"],
    [
      { heartbeat: Uint8Array.of(1, 2, 3), framing: spacePackets() },
      "heartbeat: these 3 bytes are no packet of the framing",
    ],
    [{ maxPacketLength: 0 }, "maxPacketLength (bytes) must be from 1 to 65535, not 0"],
    [{ host: "" }, 'host must be a name or an address, not ""'],
    [{ host: " " }, 'host must be a name or an address, not " "'],
    [{ host: undefined as never }, "host must be a name or an address, not undefined"],
    [{ reconnect: 5 as never }, "options of reconnect must be an object, not 5"],
    [{ reconnect: null as never }, "options of reconnect must be an object, not null"],
    [
      { reconnect: { first: 5 } as never },
      '"first" is no option of reconnect; there are firstMs, maxMs, factor, jitter',
    ],
  ] as [Partial<ClientOptions>, string][]) {
    t.throws(make(options), { message });
  }
  t.notThrows(make({ heartbeat: new Uint8Array(1024) }));
});
