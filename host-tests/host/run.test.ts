import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import type { Running } from "../../host/run.js";
import { runOnNode } from "../../host/run-node.js";
import { runOnXs } from "../../host/run-xs.js";
import type { EchoSettings } from "./echo-application.js";
import { connectPeer, until } from "./node-rig.js";
import { pattern } from "./socket-cases.js";
import { modulePath, xs } from "./xs-support.js";

const APPLICATION = modulePath("./echo-application.js", import.meta.url);

type Event = Record<string, unknown> & { event: string };

interface Rig {
  readonly running: Running;
  readonly events: Event[];
  readonly failures: Error[];
  readonly port: number;
  count(event: string): number;
}

type Run = typeof runOnNode;

async function start(run: Run, settings: Partial<EchoSettings> = {}): Promise<Rig> {
  const events: Event[] = [];
  const failures: Error[] = [];
  const port = settings.port ?? 0;
  const running = await run({
    application: APPLICATION,
    settings: { port, ...settings },
    listen: [{ port, address: "127.0.0.1" }],
    receiveWindow: 4096,
    sendBuffer: 2048,
    onReport: (event) => events.push(event as Event),
    onFailure: (error) => failures.push(error),
  });
  const listening = events.find((event) => event.event === "listening") as Event;
  const count = (name: string): number => events.filter((event) => event.event === name).length;
  return { running, events, failures, port: listening["port"] as number, count };
}

const engines: [string, Run, boolean][] = [
  ["Node", runOnNode, true],
  ["XS", runOnXs, xs.available],
];

for (const [engine, run, available] of engines) {
  const check = available ? test.serial : test.serial.skip;
  const on = (title: string, body: (t: ExecutionContext) => Promise<void>): void => check(`${engine}: ${title}`, body);

  on("an echo of 200,000 bytes, then FIN both ways; reports arrive, and stop is clean", async (t) => {
    const { running, events, failures, port } = await start(run);
    t.true(port > 0);
    t.is(events[0]?.["text"], "späť ✓");
    const peer = await connectPeer(port);
    const clientPort = peer.socket.localPort;
    const bytes = pattern(200_000);
    peer.send(bytes);
    peer.end();
    await until("all back, and FIN", () => peer.ended, 20_000);
    t.deepEqual(peer.received(), Buffer.from(bytes));
    t.is(events[1]?.["remoteAddress"], "127.0.0.1");
    t.is(events[1]?.["remotePort"], clientPort);
    t.is(events[2]?.event, "end");
    await Promise.all([running.stop(), running.stop()]);
    t.is(events.at(-1)?.event, "stopped");
    t.deepEqual(failures, []);
    await t.throwsAsync(connectPeer(port), { message: /ECONNREFUSED/ });
  });

  on("the clock goes on while the application is busy", async (t) => {
    const { running, failures } = await start(run, { waitMs: 20 });
    t.deepEqual(failures, []);
    await running.stop();
  });

  on("several clients at once, a reset among them", async (t) => {
    const { running, count, port } = await start(run);
    const peers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => connectPeer(port)));
    await until("all accepted", () => count("accepted") === 6);
    for (const [index, peer] of peers.entries()) {
      peer.send(pattern(1000, index));
    }
    await until("every echo", () => peers.every((peer) => peer.received().length === 1000));
    for (const [index, peer] of peers.entries()) {
      t.deepEqual(peer.received(), Buffer.from(pattern(1000, index)));
    }
    peers[3]?.reset();
    await until("the reset reported", () => count("error") === 1);
    for (const peer of peers) {
      peer.socket.destroy();
    }
    await running.stop();
  });

  on("a client that does not read is waited for; another is served", async (t) => {
    const { running, port } = await start(run);
    const slow = await connectPeer(port);
    slow.pauseReading();
    const piece = Buffer.alloc(1024 * 1024);
    let sent = 0;
    while (slow.socket.write(piece) && sent < 32) {
      sent++;
    }
    for (let before = -1; before !== slow.socket.bytesWritten - slow.socket.writableLength; await sleep(100)) {
      before = slow.socket.bytesWritten - slow.socket.writableLength;
    }
    const quick = await connectPeer(port);
    quick.send(pattern(100));
    await until("the other served", () => quick.received().length === 100);
    t.pass();
    slow.socket.destroy();
    quick.socket.destroy();
    await running.stop();
  });

  on("the timer ticks on a clock that goes on, until stop", async (t) => {
    const { running, events, count } = await start(run, { tickMs: 10 });
    await until("five ticks", () => count("tick") >= 5);
    const clocks = events.filter(({ event }) => event === "tick").map((event) => event["clock"] as number);
    for (const [index, clock] of clocks.entries()) {
      t.true(index === 0 || clock > (clocks[index - 1] as number));
    }
    await running.stop();
    const then = count("tick");
    await sleep(30);
    t.is(count("tick"), then);
  });

  on("what start throws rejects", async (t) => {
    await t.throwsAsync(start(run, { fails: "the option is wrong" }), { message: /the option is wrong/ });
  });

  on("an occupied port rejects in one line", async (t) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    await t.throwsAsync(start(run, { port }), {
      message: `cannot listen on 127.0.0.1 port ${port}: the port is in use (EADDRINUSE)`,
    });
    server.close();
  });

  on("what a callback throws is a failure", async (t) => {
    const { running, failures, port } = await start(run);
    const peer = await connectPeer(port);
    peer.send(Uint8Array.of(0xfe));
    await until("a failure", () => failures.length === 1);
    t.regex(String(failures[0]?.stack ?? failures[0]), /told to throw/);
    peer.socket.destroy();
    await running.stop();
  });
}

const onXs = xs.available ? test.serial : test.serial.skip;

onXs("XS: a listener can be closed and opened again on its port at once", async (t) => {
  const { running, port } = await start(runOnXs, { twice: true });
  const peer = await connectPeer(port);
  peer.send(pattern(5));
  await until("the echo", () => peer.received().length === 5);
  t.true(port > 0);
  peer.socket.destroy();
  await running.stop();
});

onXs("XS: a worker that hangs is ended by stop", async (t) => {
  const { running, port } = await start(runOnXs);
  const peer = await connectPeer(port);
  peer.send(Uint8Array.of(0xff));
  await sleep(100);
  await running.stop();
  await t.throwsAsync(connectPeer(port), { message: /ECONNREFUSED/ });
  peer.socket.destroy();
});
