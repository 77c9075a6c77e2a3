import { once } from "node:events";
import test, { type ExecutionContext } from "ava";
import {
  Client,
  ClosedError,
  ConnectError,
  DisconnectedError,
  LinkTimeoutError,
  NotSentError,
  OneClientServer,
} from "../../../ground/index.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { until } from "../../host/node-rig.js";
import { numberOf, packet } from "../../link/packets.js";
import { patiently, portToKeep } from "../../project.js";
import { deafServer, linked, RECONNECT } from "./linked.js";
import { ManualClock, turns } from "./manual-clock.js";

test("connect: nobody listens: ConnectError with the system's code", async (t) => {
  const client = new Client({ host: "127.0.0.1", port: await portToKeep(), framing: cobs() });
  const waiting = t.throwsAsync(client.send(packet(1)), { instanceOf: NotSentError });
  const error = await t.throwsAsync(client.connect(), { instanceOf: ConnectError });
  t.is(error?.code, "ECONNREFUSED");
  t.true((await waiting)?.cause instanceof ConnectError);
  t.false(client.connected);
  t.false("cause" in error!, "the system's code is all that is known");
});

test("ConnectError: one line, with the system's error where there is one", (t) => {
  const late = new ConnectError("board", 7301, "ETIMEDOUT");
  t.is(late.message, "cannot connect to board port 7301: no answer (ETIMEDOUT)");
  t.false("cause" in late);
  const cause = Object.assign(new Error("bind EADDRNOTAVAIL"), { code: "EADDRNOTAVAIL" });
  const thrown = new ConnectError("board", 7301, undefined, cause);
  t.is(thrown.message, "cannot connect to board port 7301: bind EADDRNOTAVAIL (EADDRNOTAVAIL)");
  t.is(thrown.cause, cause);
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
  const clock = new ManualClock();
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), reconnect: RECONNECT, clock });
  const late = t.throwsAsync(client.connect({ timeoutMs: 100 }), {
    instanceOf: LinkTimeoutError,
    message: "no connection came about within 100 ms",
  });
  await clock.passUntil("the limit", () => clock.timers === 0);
  t.is(clock.now(), 100);
  await late;
  t.teardown(() => client.close());
  const before = client.totals.attempts;
  const abort = new AbortController();
  const connecting = client.connect({ signal: abort.signal });
  await clock.passUntil("several attempts", () => client.totals.attempts > before + 2);
  abort.abort(new Error("enough"));
  await t.throwsAsync(connecting, { message: "enough" });
  await t.throwsAsync(client.connect({ signal: abort.signal }), { message: "enough" });
  const server = new OneClientServer({ port, framing: cobs() });
  await patiently(() => server.listen());
  const { attempts } = client.totals;
  t.is(clock.timers, 0);
  clock.advance(60_000);
  await turns(20);
  t.false(server.isConnected);
  t.is(client.totals.attempts, attempts);
  await client.connect();
  await server.connected;
  t.pass();
  await client.close();
  await server.close();
});

test("connect: one of two who wait gives up, the other gets the connection", async (t) => {
  const port = await portToKeep();
  const clock = new ManualClock();
  const client = new Client({ host: "127.0.0.1", port, framing: cobs(), reconnect: RECONNECT, clock });
  const patient = client.connect();
  const impatient = t.throwsAsync(client.connect({ timeoutMs: 50 }), { instanceOf: LinkTimeoutError });
  clock.advance(50);
  await impatient;
  const server = new OneClientServer({ port, framing: cobs() });
  await patiently(() => server.listen());
  await clock.passUntil("the connection", () => client.connected);
  await patient;
  await client.connect();
  await client.close();
  await server.close();
});

test("close: idempotent; what waits is settled with ClosedError", async (t) => {
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

/** After something, nothing is sent any more, until `connect()` is called again. */
async function isOver(t: ExecutionContext, client: Client, why: new (...args: never[]) => Error): Promise<void> {
  const error = await t.throwsAsync(atOnce(client.send(packet(1))), { instanceOf: NotSentError });
  t.is(error?.outcome, "unsent");
  t.true(error?.cause instanceof why, String(error?.cause));
  t.is(client.queued.unsent, 0);
  t.is(error?.cause, await t.throwsAsync(atOnce(client.receive())), "receive says the same");
  const wrong = await t.throwsAsync(atOnce(client.send("abc" as never)), { instanceOf: NotSentError });
  t.true(wrong?.cause instanceof TypeError);
}

/** Rejects with something else when it is not settled in this turn. */
function atOnce<Value>(promise: Promise<Value>): Promise<Value> {
  return Promise.race([
    promise,
    turns(1).then(() => {
      throw new RangeError("pending");
    }),
  ]);
}

for (const unsent of ["keep", "drop"] as const) {
  test(`${unsent}: send after close() is refused at once, and after another connect() it is sent`, async (t) => {
    const { client, server } = await linked(t, { unsent });
    await client.close();
    await isOver(t, client, ClosedError);
    await client.connect();
    await client.send(packet(2));
    t.is(numberOf(await server.receive()), 2, "what was refused does not go out");
  });

  test(`${unsent}: send after the only connection was lost is refused at once`, async (t) => {
    const { client, server } = await linked(t, { unsent });
    const left = once(client, "disconnect");
    server.closeClient();
    await left;
    await isOver(t, client, DisconnectedError);
    await client.connect();
    await client.send(packet(3));
    t.is(numberOf(await server.receive()), 3);
  });

  test(`${unsent}: send after an attempt that no other follows is refused at once`, async (t) => {
    const client = new Client({ host: "127.0.0.1", port: await portToKeep(), framing: cobs(), unsent });
    await t.throwsAsync(client.connect(), { instanceOf: ConnectError });
    await isOver(t, client, ConnectError);
  });

  test(`${unsent}: send after connect() has given up is refused at once`, async (t) => {
    const port = await portToKeep();
    const clock = new ManualClock();
    const client = new Client({ host: "127.0.0.1", port, framing: cobs(), unsent, reconnect: RECONNECT, clock });
    const late = t.throwsAsync(client.connect({ timeoutMs: 60 }), { instanceOf: LinkTimeoutError });
    await clock.passUntil("the limit", () => clock.timers === 0);
    await late;
    await isOver(t, client, LinkTimeoutError);
  });
}

test("send in the disconnect listener: refused, and after connect() there it waits", async (t) => {
  const { client, server } = await linked(t);
  const sent = new Promise<PromiseSettledResult<number>[]>((resolve) => {
    client.once("disconnect", () => {
      const refused = client.send(packet(1));
      const connecting = client.connect().then(() => 0);
      resolve(Promise.allSettled([refused, connecting, client.send(packet(2))]));
    });
  });
  server.closeClient();
  const [refused, , taken] = await sent;
  t.is(refused?.status, "rejected");
  t.is(taken?.status, "fulfilled");
  t.is(numberOf(await server.receive()), 2);
});

test("send before the first connect() waits for it", async (t) => {
  const server = new OneClientServer({ framing: cobs() });
  const clock = new ManualClock();
  const client = new Client({ host: "127.0.0.1", port: await server.listen(), framing: cobs(), clock });
  t.teardown(() => void client.close());
  t.teardown(() => void server.close());
  const sending = client.send(packet(1));
  clock.advance(60_000);
  await turns(20);
  t.is(client.queued.unsent, 1);
  await client.connect();
  t.is(await sending, 0);
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
