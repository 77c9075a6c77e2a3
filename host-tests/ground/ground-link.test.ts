import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { GroundLink } from "../../ground/ground-link.js";
import { UnsendableError } from "../../ground/index.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { until } from "../host/node-rig.js";
import { numberOf, numbers, packet, packets } from "../link/packets.js";
import { plainServer } from "./linked.js";

async function link(t: ExecutionContext, framing: Framing, partialFrameTimeoutMs = 100) {
  const chunks: Buffer[] = [];
  const received: number[] = [];
  const { port, sockets } = await plainServer(t, (socket) => socket.on("data", (chunk) => chunks.push(chunk)).resume());
  const ground = new GroundLink({
    host: "127.0.0.1",
    port,
    framing,
    connectTimeoutMs: 5000,
    partialFrameTimeoutMs,
    onPacket: (each) => received.push(numberOf(each)),
    onEnd() {},
  });
  t.teardown(() => ground.close());
  await ground.connect();
  await until("the connection", () => sockets.length === 1);
  return { ground, socket: sockets[0]!, received, sent: () => Buffer.concat(chunks) };
}

test("frames that are numbered are numbered on", async (t) => {
  const { ground, sent } = await link(t, uslp({ spacecraftId: 1, vcFrameCountLength: 1 }));
  for (const each of packets(1, 3)) {
    ground.send(each);
  }
  await until("three frames", () => sent().length >= 3 * 20 && sent().length % 3 === 0);
  const length = sent().length / 3;
  t.deepEqual([sent()[7], sent()[length + 7], sent()[2 * length + 7]], [0, 1, 2]);
});

test("what is no packet of the framing is not sent", async (t) => {
  const { ground } = await link(t, spacePackets());
  t.throws(() => ground.send(Uint8Array.of(1, 2, 3)), { instanceOf: UnsendableError });
});

test("a plausible wrong length is given up after its time, whatever goes on coming", async (t) => {
  const { ground, socket, received } = await link(t, spacePackets({ packetIds: [0x0042] }));
  socket.write(packet(1, 1000).slice(0, 6));
  const begun = performance.now();
  let number = 1;
  for (; number < 40 && received.length === 0; number++) {
    socket.write(packet(number));
    await sleep(20);
  }
  // Timers may be early by a moment.
  t.true(performance.now() - begun >= 90);
  t.true(number < 40);
  await until("all that came", () => received.length === number - 1);
  t.deepEqual(received, numbers(1, number - 1));
  t.is(ground.counters.rejections, 1);
});

test("the end of the stream: what was begun is cut off, and not late", async (t) => {
  const { ground, socket, received } = await link(t, spacePackets(), 60_000);
  socket.write(packet(1));
  socket.end(packet(2).slice(0, 9));
  await until("the end", () => ground.counters.rejections > 0);
  t.deepEqual([received, ground.counters.byReason()], [[1], { truncated: 1 }]);
  t.deepEqual(ground.firstBytes.slice(0, 20), Buffer.from(packet(1)));
});
