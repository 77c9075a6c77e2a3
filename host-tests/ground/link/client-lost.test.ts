import { once } from "node:events";
import type { Socket } from "node:net";
import test, { type ExecutionContext } from "ava";
import { Client, type ClientOptions, ConnectError, DisconnectedError, NotSentError } from "../../../ground/index.js";
import { type NodeSystem, nodeSystem } from "../../../host/node-system.js";
import { encodeFrame } from "../../../modules/framing/encode-decode.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { until } from "../../host/node-rig.js";
import { join, numberOf, numbers, packet, packets } from "../../link/packets.js";
import { plainServer, RECONNECT } from "./linked.js";
import { ManualClock, turns } from "./manual-clock.js";

function frames(list: readonly Uint8Array[]): Uint8Array {
  return join(list.map((each) => encodeFrame(cobs(), each)));
}

/** A server that sends packets 1 to `count` on each connection, and loses the first one when the client has read them. */
async function losing(
  t: ExecutionContext,
  count: number,
  lose: (socket: Socket) => void,
  options: Partial<ClientOptions>,
): Promise<Client> {
  const bytes = frames(packets(1, count));
  const { port, sockets } = await plainServer(t, (socket) => socket.resume().write(bytes));
  let clientSocket: Socket | undefined;
  const system: NodeSystem = {
    ...nodeSystem,
    connect(address, to) {
      const socket = nodeSystem.connect(address, to);
      clientSocket ??= socket;
      return socket;
    },
  };
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), ...options }, { system });
  t.teardown(() => void client.close());
  await client.connect();
  await until("the packets", () => clientSocket?.bytesRead === bytes.length);
  lose(sockets[0] as Socket);
  return client;
}

const LOSSES: [string, (socket: Socket) => void][] = [
  ["reset", (socket) => socket.resetAndDestroy()],
  ["closed by the server", (socket) => socket.end()],
];

for (const [how, lose] of LOSSES) {
  // More than is decoded at once, and less than that.
  for (const count of [5, 3000]) {
    test(`${how}, with ${count} packets for a full queue: a client that only sends connects again`, async (t) => {
      const client = await losing(t, count, lose, { receiveLimit: 2, reconnect: RECONNECT });
      await until("another connection", () => client.totals.connections === 2);
      t.is(await client.send(packet(1)), 0);
      t.false(client.isHeldUp);
      const got: number[] = [];
      while (got.length < 2 * count) {
        got.push(numberOf(await client.receive({ timeoutMs: 30_000 })));
      }
      t.deepEqual(got, [...numbers(1, count), ...numbers(1, count)]);
    });
  }

  test(`${how}, with packets for a full queue: connect() connects anew, and none of them is lost`, async (t) => {
    const client = await losing(t, 5, lose, { receiveLimit: 1 });
    await until("the loss", () => !client.connected);
    await client.connect({ timeoutMs: 30_000 });
    t.true(client.connected);
    t.is(client.totals.connections, 2);
    const got: number[] = [];
    while (got.length < 10) {
      got.push(numberOf(await client.receive({ timeoutMs: 30_000 })));
    }
    t.deepEqual(got, [...numbers(1, 5), ...numbers(1, 5)]);
  });

  test(`${how}, with packets for a full queue: nothing is sent into it, and everybody is told`, async (t) => {
    const client = await losing(t, 5, lose, { receiveLimit: 1 });
    const disconnect = once(client, "disconnect");
    await until("the loss", () => !client.connected);
    const error = await t.throwsAsync(client.send(packet(1), { timeoutMs: 100 }), { instanceOf: NotSentError });
    t.is(error?.outcome, "unsent");
    const [report] = (await disconnect) as [{ packetsSent: number; packetsReceived: number }];
    t.like(report, { packetsSent: 0, packetsReceived: 5 });
    for (const number of numbers(1, 5)) {
      t.is(numberOf(await client.receive()), number);
    }
    await t.throwsAsync(client.receive(), { instanceOf: DisconnectedError });
  });
}

test("what lost connections leave is bounded: the next one waits, visibly, and goes on when it was taken", async (t) => {
  const count = 255 * 100;
  let lost = 0;
  const bytes = frames(numbers(0, count).map((number) => Uint8Array.of(1 + (number % 255))));
  const { port } = await plainServer(t, (socket) => {
    if (lost < 12) {
      lost++;
      socket.resume().end(bytes);
    }
  });
  const clock = new ManualClock();
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), receiveLimit: 2, reconnect: RECONNECT, clock });
  t.teardown(() => void client.close());
  await client.connect();
  await clock.passUntil("too much", () => client.isHeldUp);
  const { connections } = client.totals;
  t.true(connections > 5 && connections < 12, `${connections} connections`);
  await turns(20);
  clock.advance(60_000);
  await turns(20);
  t.is(client.totals.connections, connections);
  t.false(client.connected);
  const connecting = client.connect();
  const total = 12 * count;
  for (let number = 0; number < total; number++) {
    await clock.passUntil("a packet", () => client.queued.received > 0);
    const [byte] = await client.receive();
    if (byte !== 1 + (number % 255)) {
      t.fail(`packet ${number} is ${byte}`);
      return;
    }
  }
  await clock.passUntil("the last connection", () => client.connected);
  await connecting;
  t.false(client.isHeldUp);
});

test("no connection to be had: who waits to receive is told, before and after", async (t) => {
  const client = new Client({ host: "127.0.0.1", port: 1, framing: cobs() });
  const before = t.throwsAsync(client.receive(), { instanceOf: ConnectError });
  await t.throwsAsync(client.connect(), { instanceOf: ConnectError });
  await before;
  await t.throwsAsync(client.receive(), { instanceOf: ConnectError });
  await t.throwsAsync(
    async () => {
      for await (const _ of client) {
        t.fail();
      }
    },
    { instanceOf: ConnectError },
  );
});

test("connect gives up: who waits to receive is told why", async (t) => {
  const clock = new ManualClock();
  const client = new Client({ host: "127.0.0.1", port: 1, framing: cobs(), reconnect: RECONNECT, clock });
  const receiving = t.throwsAsync(client.receive(), { message: "no connection came about within 50 ms" });
  const sending = t.throwsAsync(client.send(packet(1)), { instanceOf: NotSentError });
  const late = t.throwsAsync(client.connect({ timeoutMs: 50 }));
  await clock.passUntil("the limit", () => clock.timers === 0);
  t.is(clock.now(), 50);
  await late;
  await receiving;
  await sending;
  await t.throwsAsync(client.receive(), { message: "no connection came about within 50 ms" });
});

test("connect from inside the disconnect listener, also when this side closes", async (t) => {
  const { port, sockets } = await plainServer(t, (socket) => socket.resume());
  const client = new Client({ host: "127.0.0.1", port, framing: cobs() });
  t.teardown(() => void client.close());
  await client.connect();
  let connecting: Promise<void> | undefined;
  client.once("disconnect", () => {
    connecting = client.connect();
  });
  const closed = client.close();
  await connecting;
  await closed;
  t.true(client.connected);
  t.is(sockets.length, 2);
  await client.send(packet(3));
});

test("close waits for the socket, with what was sent, and not for ever", async (t) => {
  let received = 0;
  let ended = false;
  const { port } = await plainServer(t, (socket, number) => {
    if (number === 0) {
      socket.on("data", (chunk) => {
        received += chunk.length;
      });
      socket.on("end", () => {
        ended = true;
      });
      socket.resume();
    }
  });
  const clock = new ManualClock();
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), clock });
  await client.connect();
  await Promise.all(packets(0, 500, 500).map((each) => client.send(each)));
  await client.close();
  await until("the server's end", () => ended);
  t.true(received > 500 * 500);
  await client.connect();
  let closed = false;
  const closing = client.close().then(() => {
    closed = true;
  });
  // The second connection is never read: its server does not see the end.
  clock.advance(999);
  await turns(20);
  t.false(closed);
  clock.advance(1);
  await closing;
  await client.done;
});
