/** What a client makes of a byte stream, and of one that ends in the middle. */
import { once } from "node:events";
import type { Socket } from "node:net";
import test, { type ExecutionContext } from "ava";
import { Client, type ClientOptions } from "../../../ground/index.js";
import { PingLink } from "../../../ground/ping/ping-link.js";
import { parsePingOptions } from "../../../ground/ping/ping-options.js";
import { Pinger } from "../../../ground/ping/pinger.js";
import type { Framing } from "../../../modules/framing/contract/framing.js";
import { spacePackets } from "../../../modules/framing/formats/space-packets.js";
import { uslp } from "../../../modules/framing/formats/uslp.js";
import type { ClientReport } from "../../../modules/link/client/client-options.js";
import { until } from "../../host/node-rig.js";
import { numberOf, numbers, packet, packets } from "../../link/packets.js";
import { plainServer } from "./linked.js";
import { ManualClock } from "./manual-clock.js";

/** A client of a plain server, which shows both sides' bytes. */
async function link(t: ExecutionContext, framing: Framing, options: Partial<ClientOptions> = {}) {
  const chunks: Buffer[] = [];
  const { port, sockets } = await plainServer(t, (socket) => socket.on("data", (chunk) => chunks.push(chunk)).resume());
  let came = 0;
  const onData = (_: Uint8Array, start: number, end: number) => {
    came += end - start;
  };
  const client = new Client({ host: "127.0.0.1", port, framing, ...options }, { onData });
  t.teardown(() => void client.close());
  await client.connect();
  await until("the connection", () => sockets.length === 1);
  const received: number[] = [];
  return {
    client,
    socket: sockets[0] as Socket,
    sent: () => Buffer.concat(chunks),
    /** Sends to the client, and waits until it has come. */
    async give(bytes: Uint8Array) {
      const expected = came + bytes.length;
      sockets[0]?.write(bytes);
      await until("the bytes", () => came === expected);
    },
    /** The numbers of the packets that came so far. */
    async received() {
      while (client.queued.received > 0) {
        received.push(numberOf(await client.receive()));
      }
      return received;
    },
  };
}

test("frames that are numbered are numbered on", async (t) => {
  const { client, sent } = await link(t, uslp({ spacecraftId: 1, vcFrameCountLength: 1 }));
  await Promise.all(packets(1, 3).map((each) => client.send(each)));
  await until("three frames", () => sent().length >= 3 * 20 && sent().length % 3 === 0);
  const length = sent().length / 3;
  t.deepEqual([sent()[7], sent()[length + 7], sent()[2 * length + 7]], [0, 1, 2]);
});

test("a plausible wrong length is given up after its time, whatever goes on coming", async (t) => {
  const clock = new ManualClock();
  const framing = spacePackets({ packetIds: [0x0042] });
  const { client, give, received } = await link(t, framing, { clock, partialFrameTimeoutMs: 100 });
  await give(packet(1, 1000).slice(0, 6));
  let number = 1;
  for (; number < 40 && client.queued.received === 0; number++) {
    await give(packet(number));
    clock.advance(20);
  }
  // It is looked at every 20 ms.
  t.true(clock.now() >= 100 && clock.now() <= 160, `${clock.now()} ms`);
  t.deepEqual(await received(), numbers(1, number - 1));
  const ended = once(client, "disconnect") as Promise<[ClientReport]>;
  await client.close();
  t.deepEqual((await ended)[0].rejections, { timedOut: 1 });
});

test("the end of the stream: what was begun is cut off, and not late", async (t) => {
  const { client, socket, give, received } = await link(t, spacePackets(), { partialFrameTimeoutMs: 60_000 });
  const ended = once(client, "disconnect") as Promise<[ClientReport]>;
  await give(packet(1));
  socket.end(packet(2).slice(0, 9));
  const [{ reason, rejections }] = await ended;
  t.deepEqual([await received(), reason, rejections], [[1], "peerClosed", { truncated: 1 }]);
});

test("ping: the first bytes that came, and what was damaged; what this side cuts off is not", async (t) => {
  for (const endsInOrder of [true, false]) {
    const { port, sockets } = await plainServer(t, (socket) => socket.resume().write(packet(1, 30)));
    const options = parsePingOptions(["--port", String(port), "--framing", "space-packets"], () => {});
    const link = new PingLink(options!);
    const pinger = new Pinger({
      ...{ apid: 2, timeCode: options!.timeCode, timeoutMs: 1000, packetSequenceCount: 0 },
      send: (bytes) => link.send(bytes),
    });
    await link.open(pinger, new AbortController().signal);
    await until("the packet", () => pinger.damaged === 1);
    sockets[0]?.write(packet(2, 30).slice(0, 20));
    await until("the rest", () => link.firstBytes.length === 50);
    t.deepEqual(link.firstBytes, Buffer.concat([packet(1, 30), packet(2, 30).slice(0, 20)]));
    t.deepEqual([link.hasFrames, link.isOver, link.damaged], [true, false, 0]);
    if (endsInOrder) {
      sockets[0]?.end();
    } else {
      link.close();
    }
    await until("the end", () => link.isOver);
    t.is(link.damaged, endsInOrder ? 1 : 0);
  }
});
