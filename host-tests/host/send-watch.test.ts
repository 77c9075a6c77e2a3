import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { heldByLinux, heldIn } from "../../host/linux-queues.js";
import { SendWatch, type Watched } from "../../host/send-watch.js";
import type { TcpSocket } from "../../modules/link/connection/io.js";
import { type NodePeer, nodeRig, until } from "./node-rig.js";
import { accept, serve } from "./socket-cases.js";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

function line(ends: string, queues: string): string {
  return `   0: ${ends} 01 ${queues} 00:00000000 00000000     0        0 41302 1 0000000035cc3517 20 4 30 10 -1\n`;
}

const board = { localAddress: "127.0.0.1", localPort: 7301, remoteAddress: "192.0.2.1", remotePort: 40_000 };

test("The bytes that the peer has not acknowledged stand in the line of the connection.", (t) => {
  const all =
    HEAD +
    line("0100007F:1C85 010200C0:9C41", "00000007:00000000") +
    line("0100007F:1C85 010200C0:9C40", "00001A2B:00000005");
  t.is(heldIn(all, "", board), 0x1a2b);
});

test("Those that a peer on this machine has not read stand in the line of the peer.", (t) => {
  const all =
    HEAD +
    line("0100007F:1C85 0100007F:9C40", "00000100:00000005") +
    line("0100007F:9C40 0100007F:1C85", "00000003:0000F000");
  t.is(heldIn(all, "", { ...board, remoteAddress: "127.0.0.1" }), 0xf100);
});

test("IPv6 addresses are found, and an IPv4 peer of an IPv6 socket.", (t) => {
  const six =
    HEAD + line("B80D0120000000000000000001000000:1C85 B80D0120000000000000FF00EFBEADDE:9C40", "00000009:00000000");
  t.is(heldIn(HEAD, six, { ...board, localAddress: "2001:db8::1", remoteAddress: "2001:db8::ff:dead:beef" }), 0);
  const other =
    HEAD + line("B80D0120000000000000000001000000:1C85 B80D012000000000FF000000EFBEADDE:9C40", "00000009:00000000");
  t.is(heldIn(HEAD, other, { ...board, localAddress: "2001:db8::1", remoteAddress: "2001:db8::ff:dead:beef" }), 9);
});

test("An IPv4 peer of a socket that takes both families is found in the table of the one or the other.", (t) => {
  const mapped = { ...board, localAddress: "::ffff:127.0.0.1", remoteAddress: "::ffff:127.0.0.1" };
  const six =
    HEAD + line("0000000000000000FFFF00000100007F:1C85 0000000000000000FFFF00000100007F:9C40", "00000011:00000000");
  const four = HEAD + line("0100007F:9C40 0100007F:1C85", "00000000:00000022");
  t.is(heldIn(four, six, mapped), 0x33);
});

const linuxTest = process.platform === "linux" ? test : test.skip;

linuxTest("Linux tells of what nobody reads.", async (t) => {
  const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as { port: number }).port, "127.0.0.1");
  const [accepted] = (await once(server, "connection")) as [Socket];
  socket.write(Buffer.alloc(3000));
  for (let looks = 0; (await heldByLinux([socket]))?.[0] !== 3000; looks++) {
    t.true(looks < 1000);
  }
  t.deepEqual(await heldByLinux([accepted, socket]), [0, 3000]);
  accepted.destroy();
  socket.destroy();
  server.close();
});

/** A look that the test answers, by a clock that it sets. */
function looking() {
  let now = 0;
  const asked: { connections: number; answer(held: readonly number[] | undefined): void }[] = [];
  const watch = new SendWatch(
    (connections) => new Promise((answer) => asked.push({ connections: connections.length, answer })),
    () => now,
  );
  const watched = (looked: (held: number | undefined) => boolean): Watched => ({
    connection: {} as never,
    lookBegins() {},
    looked,
  });
  return { watch, watched, asked, pass: (ms: number) => (now += ms) };
}

test("One look is for all who ask, and for each of them once.", async (t) => {
  const { watch, watched, asked } = looking();
  const told: unknown[] = [];
  const first = watched((held) => told.push(["first", held]) > 0);
  watch.add(first);
  watch.add(first);
  watch.add(watched((held) => told.push(["second", held]) > 0));
  await until("a look", () => asked.length === 1);
  t.is(asked[0]?.connections, 2);
  asked[0]?.answer([10, 20]);
  await until("the answers", () => told.length === 2);
  t.deepEqual(told, [
    ["first", 10],
    ["second", 20],
  ]);
  await sleep(60);
  t.is(asked.length, 1);
});

test("Who asks while a look is under way is looked at by the next one.", async (t) => {
  const { watch, watched, asked } = looking();
  const told: unknown[] = [];
  watch.add(watched((held) => told.push(held) > 0));
  await until("a look", () => asked.length === 1);
  watch.add(watched((held) => told.push(held) > 0));
  asked[0]?.answer([1]);
  await until("the next look", () => asked.length === 2);
  asked[1]?.answer(undefined);
  await until("both answers", () => told.length === 2);
  t.deepEqual(told, [1, undefined]);
});

linuxTest(
  "A client that reads nothing stops the writer at some hundred kilobytes, and each piece that it reads shows.",
  async (t) => {
    const rig = nodeRig();
    t.teardown(() => rig.close());
    const server = await serve(rig, 8192, 8192);
    const { peer, log } = await accept(rig, server);
    const { socket } = peer as NodePeer;
    let written = 0;
    let progress = 0;
    const write = (to: TcpSocket, count: number): void => {
      progress++;
      if (count > 0) {
        written += count;
        to.write(new Uint8Array(count));
      }
    };
    socket.pause();
    await until("onWritable", () => log.writable > 0);
    log.onWritable = write;
    write(log.socket as TcpSocket, log.writable);
    // What it read before it was stopped, and what two systems hold.
    const rest = async (): Promise<void> => {
      for (let before = -1; before !== written; ) {
        before = written;
        await sleep(450);
      }
    };
    await rest();
    t.true(written < 1_000_000, `${written} bytes`);
    const before = progress;
    // More than Node's streams hold, and less than a system waits for that holds megabytes.
    let left = 131_072;
    socket.on("data", (chunk) => {
      left -= chunk.length;
      if (left <= 0) {
        socket.pause();
      }
    });
    socket.resume();
    await until("progress", () => progress > before);
  },
);
