import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import {
  Client,
  ClosedError,
  ConnectError,
  LinkTimeoutError,
  NotSentError,
  OneClientServer,
} from "../../ground/index.js";
import { cobs } from "../../modules/framing/cobs.js";
import { until } from "../host/node-rig.js";
import { packet } from "../link/packets.js";
import { patiently, portToKeep } from "../project.js";
import { deafServer, linked, RECONNECT } from "./linked.js";

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
