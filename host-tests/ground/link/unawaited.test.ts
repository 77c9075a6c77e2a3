/** Promises that nobody waits for. AVA fails a file with an unhandled rejection, as Node ends a program. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import test from "ava";
import {
  Client,
  ClosedError,
  NotConnectedError,
  NotSentError,
  OneClientServer,
  QueueFullError,
} from "../../../ground/index.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { modulePath } from "../../host/xs-support.js";
import { packet } from "../../link/packets.js";

function client(options: Partial<ConstructorParameters<typeof Client>[0]> = {}): {
  client: Client;
  told: NotSentError[];
} {
  const made = new Client({ host: "127.0.0.1", port: 1, framing: cobs(), ...options });
  const told: NotSentError[] = [];
  made.on("notSent", (error) => told.push(error));
  return { client: made, told };
}

/** Until all that is told later has been told. */
function later(): Promise<void> {
  return new Promise(setImmediate);
}

test("a send of a client that nobody waits for, and then close: told by event, and no more", async (t) => {
  const { client: closing, told } = client();
  void closing.send(packet(1));
  void closing.send(packet(2));
  await closing.close();
  await later();
  t.deepEqual(
    told.map(({ outcome, cause }) => [outcome, (cause as Error).name]),
    [
      ["unsent", "ClosedError"],
      ["unsent", "ClosedError"],
    ],
  );
  void closing.send(packet(3));
  await later();
  t.is(told.length, 3);
});

test("a send that somebody waits for is told by event as well", async (t) => {
  const { client: closing, told } = client({ sendLimit: 1 });
  const waiting = closing.send(packet(1));
  const error = await t.throwsAsync(closing.send(packet(2)), { instanceOf: NotSentError });
  t.true(error?.cause instanceof QueueFullError);
  t.deepEqual(told, [error]);
  void closing.close();
  await t.throwsAsync(waiting, { instanceOf: NotSentError });
});

test("a send of a server that nobody waits for: no client under drop, and closed", async (t) => {
  const server = new OneClientServer({ framing: cobs(), unsent: "drop" });
  const told: NotSentError[] = [];
  server.on("notSent", (error) => told.push(error));
  void server.send(packet(1));
  await server.close();
  void server.send(packet(2));
  await later();
  t.true(told[0]?.cause instanceof NotConnectedError);
  t.true(told[1]?.cause instanceof ClosedError);
});

test("what a listener of notSent throws is told as of the other events", async (t) => {
  const made = new Client({ host: "127.0.0.1", port: 1, framing: cobs() });
  made.on("notSent", () => {
    throw new Error("by the listener");
  });
  const error = once(made, "error");
  void made.send(packet(1));
  void made.close();
  t.is(((await error) as Error[])[0]?.message, "by the listener");
});

test("connect, receive and listen that nobody waits for, and then close, end no program", async (t) => {
  const { client: closing } = client({ reconnect: true });
  void closing.connect();
  void closing.receive();
  await closing.close();
  const server = new OneClientServer({ framing: cobs() });
  void server.listen();
  void server.receive();
  await server.close();
  void server.listen();
  await later();
  t.pass();
});

test("a program that sends what is no packet, and does not wait for it, ends with the error", (t) => {
  const ground = new URL(`file://${modulePath("../../../ground/index.js", import.meta.url)}`).href;
  const framing = new URL(`file://${modulePath("../../../modules/framing/formats/cobs.js", import.meta.url)}`).href;
  const program = `import { Client } from ${JSON.stringify(ground)}; import { cobs } from ${JSON.stringify(framing)};
    const client = new Client({ host: "127.0.0.1", port: 1, framing: cobs() }); client.send("no bytes");`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  t.is(status, 1);
  t.regex(stderr, /NotSentError: not sent: a packet must be a Uint8Array/);
});
