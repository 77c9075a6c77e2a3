/** What a station publishes, whatever becomes of the broker and of the station. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { DiscardPolicy, jetstreamManager } from "@nats-io/jetstream";
import test, { type ExecutionContext } from "ava";
import { Archive } from "../../../../ground/station/archive/archive.js";
import { forget } from "../../../../ground/station/archive/retention.js";
import { PublishCursor } from "../../../../ground/station/fan-out/cursor.js";
import { STREAM } from "../../../../ground/station/fan-out/subjects.js";
import { Station } from "../../../../ground/station/station.js";
import { start } from "../../commands/run.js";
import { FLATSAT } from "../../dictionary/boards.js";
import { uptimeReport, uptimeRow } from "../packets.js";
import { folderOf, until } from "../rig.js";
import { boardOf, broker, byName, client, fed, publishing, streamed, uptimeOf, uptimesIn } from "./fan-out-rig.js";
import { NatsServer, withBroker } from "./nats-server.js";

const brokerTest = withBroker(test);

/** Of each board, what the broker keeps, in its order. */
async function uptimesOf(t: ExecutionContext, url: string): Promise<Record<string, number[]>> {
  return byName((await streamed(t, url)).map(({ subject, bytes }) => [subject.split(".")[1]!, uptimeOf(bytes)]));
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

brokerTest("packets are published with what is known of them, and values and links as JSON", async (t) => {
  const server = await broker(t);
  const board = await boardOf(t);
  const listener = await client(t, server.url);
  const heard: Record<string, unknown[]> = {};
  listener.subscribe("flatlink.>", {
    callback: (_, message) => {
      const [, , what] = message.subject.split(".");
      if (what !== "tm" && what !== "dictionary") {
        heard[message.subject] ??= [];
        heard[message.subject]!.push(message.json());
      }
    },
  });
  await listener.flush();
  const { rig, fanOut } = await publishing(t, server.url, { boards: [board.entry("b1")] });
  await until("it is connected to both", () =>
    (heard["flatlink.b1.link"] ?? []).some((link) => (link as { state: string }).state === "connected"),
  );
  board.send(uptimeReport(77));
  await until("it is published", () => rig.station.boards[0]!.received === 1 && fanOut.lag === 0);
  const [message, ...more] = await streamed(t, server.url);
  t.deepEqual(more, []);
  t.is(message!.subject, "flatlink.b1.tm.20.2");
  t.deepEqual(message!.bytes, uptimeReport(77));
  const packet = rig.station.archive.packet(1)!;
  t.is(message!.headers["Flatlink-Received"], String(packet.received));
  t.is(message!.headers["Flatlink-Stamp"], String(packet.stamp));
  t.is(message!.headers["Flatlink-Synchronized"], "0");
  t.is(message!.headers["Flatlink-Row"], "1");
  t.is(Number.parseInt(message!.headers["Flatlink-Dictionary"]!, 16), packet.dictionary);
  t.is(message!.headers["Nats-Msg-Id"], `b1.${message!.headers["Flatlink-Archive"]}.1`);
  await until("a value", () => heard["flatlink.b1.value.uptime"] !== undefined);
  t.like(heard["flatlink.b1.value.uptime"]![0], { board: "b1", name: "uptime", value: 77, unit: "ms", packet: 1 });
  const metrics = (await rig.ask("/metrics")).text;
  t.regex(metrics, /flatlink_nats_connected 1\n/);
  t.regex(metrics, /flatlink_nats_published_total 1\n/);
  t.regex(metrics, /flatlink_nats_lag_packets 0\n/);
});

brokerTest(
  "a broker that is killed while ten boards send: what they sent is there, once, and at each station that is served",
  async (t) => {
    const server = await broker(t);
    const boards = await Promise.all(upTo(10).map(() => boardOf(t)));
    const names = boards.map((_, k) => `b${k}`);
    const { rig, fanOut, lines } = await publishing(t, server.url, {
      file: join(folderOf(t), "a.sqlite"),
      boards: boards.map((board, k) => board.entry(names[k]!)),
    });
    const folder = folderOf(t);
    const served = [
      await fed(t, server.url, { file: join(folder, "1.sqlite") }),
      await fed(t, server.url, { file: join(folder, "2.sqlite") }),
    ];
    await until("clients", () => boards.every(({ clients }) => clients === 1));
    let sent = 0;
    const send = (): void => {
      for (let k = 0; k < 10; k++, sent++) {
        for (const board of boards) {
          board.send(uptimeReport(sent));
        }
      }
    };
    const sending = setInterval(send, 5);
    t.teardown(() => clearInterval(sending));
    for (const more of [30, 100, 400]) {
      const at = sent;
      await until("some of it is published", () => sent > at + more && fanOut.lag < 10 * sent);
      await server.kill();
      const away = sent;
      await until("more comes meanwhile", () => sent > away + 50);
      await server.start();
    }
    clearInterval(sending);
    const all = Object.fromEntries(names.map((name) => [name, upTo(sent)]));
    await until("the station has it", () => rig.station.boards.every(({ received }) => received === sent));
    await until("it is published", () => fanOut.lag === 0);
    t.deepEqual(uptimesIn(rig), all);
    t.deepEqual(sorted(await uptimesOf(t, server.url)), all);
    for (const { rig: other, lines: told } of served) {
      await until(
        "it is served",
        () => other.station.boards.reduce((sum, { received }) => sum + received, 0) >= 10 * sent,
      );
      t.deepEqual(sorted(uptimesIn(other)), all);
      t.deepEqual(other.station.boards.map(({ name }) => name).sort(), names);
      t.true(told.length > 0);
    }
    t.true(
      lines.some((line) => /it works again/.test(line)),
      lines.join("\n"),
    );
  },
);

function sorted(uptimes: Record<string, number[]>): Record<string, number[]> {
  const sort = (some: number[]): number[] => [...some].sort((a, b) => a - b);
  return Object.fromEntries(
    Object.entries(uptimes)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, some]) => [name, sort(some)]),
  );
}

brokerTest(
  "a station that is killed while it publishes goes on where it was: all of the archive is published, and once",
  async (t) => {
    const server = await broker(t);
    const board = await boardOf(t);
    const file = join(folderOf(t), "a.sqlite");
    let sent = 0;
    const sending = setInterval(() => {
      for (let k = 0; board.clients > 0 && k < 20; k++) {
        board.send(uptimeReport(sent++));
      }
    }, 2);
    t.teardown(() => clearInterval(sending));
    const args = ["ground", "--port", "0", "--board", `b1=127.0.0.1:${board.port}`, "--archive", file];
    const published = async (): Promise<number> => (await streamed(t, server.url).catch(() => [])).length;
    for (const more of [1, 300, 1000]) {
      const before = await published();
      const ground = start(t, [...args, "--nats", server.url]);
      await ground.prints(/http:/);
      await until("it publishes", async () => (await published()) >= before + more);
      await ground.stop("SIGKILL");
    }
    clearInterval(sending);
    const last = start(t, [...args, "--nats", server.url]);
    const [url] = await last.prints(/http:\/\/\S+/);
    const metrics = async (): Promise<string> => (await fetch(`${new URL(url).origin}/metrics`)).text();
    await until("all is published", async () => /flatlink_nats_lag_packets 0\n/.test(await metrics()));
    t.notRegex((await last.stop("SIGINT")).stderr, /nats:/);
    const archive = new Archive(file, { readOnly: true });
    t.teardown(() => archive.close());
    const kept = archive.packetsBehind(0, Number.MAX_SAFE_INTEGER).map(({ bytes }) => uptimeOf(bytes));
    t.deepEqual(sorted(await uptimesOf(t, server.url)), { b1: kept });
  },
);

brokerTest(
  "a broker that is absent: the station goes on, one line says so, and what came is published when it is there",
  async (t) => {
    const server = await NatsServer.make();
    t.teardown(() => server.close());
    const board = await boardOf(t);
    const { rig, fanOut, lines } = await publishing(t, server.url, { boards: [board.entry("b1")] });
    const { rig: second, lines: told } = await fed(t, server.url);
    await until("it is told", () => lines.length > 0 && told.length > 0);
    await until("a client", () => board.clients === 1);
    for (let k = 0; k < 50; k++) {
      board.send(uptimeReport(k));
    }
    await until("it is in the archive", () => rig.station.archive.derivedUpTo === 50);
    t.is(fanOut.lag, 50);
    // Dialled several times meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    t.deepEqual(lines, [`${server.url}: nothing listens there`]);
    t.deepEqual(told, lines);
    await server.start();
    await until("it is published", () => fanOut.lag === 0);
    await until("it is served", () => second.station.boards[0]?.received === 50);
    t.deepEqual(uptimesIn(second), { b1: upTo(50) });
    t.deepEqual(await uptimesOf(t, server.url), { b1: upTo(50) });
    t.is(lines.at(-1), `${server.url}: it works again`);
  },
);

brokerTest(
  "a broker that hangs delays neither the archive nor the page, and has everything once when it is back",
  async (t) => {
    const server = await broker(t);
    const board = await boardOf(t);
    const { rig, fanOut } = await publishing(t, server.url, { boards: [board.entry("b1")] });
    await until("a client", () => board.clients === 1);
    board.send(uptimeReport(0));
    await until("it is published", () => rig.station.archive.derivedUpTo === 1 && fanOut.lag === 0);
    server.freeze();
    for (let k = 1; k < 3000; k++) {
      board.send(uptimeReport(k));
    }
    await until("it is in the archive", () => rig.station.archive.derivedUpTo === 3000);
    t.is((await rig.ask("/api/v1/boards/b1/values")).json[0].value, 2999);
    t.is(fanOut.lag, 2999);
    server.thaw();
    await until("it is published", () => fanOut.lag === 0);
    t.deepEqual(await uptimesOf(t, server.url), { b1: upTo(3000) });
  },
);

brokerTest("packets that the archive forgot before they were published are told", async (t) => {
  const server = await NatsServer.make();
  t.teardown(() => server.close());
  const file = join(folderOf(t), "a.sqlite");
  const before = new Station({ file, boards: [], report: (line) => t.fail(line) });
  const { archive } = before;
  const [id, hash] = [archive.board("b1"), archive.keepDictionary(FLATSAT)];
  const cursor = new PublishCursor(archive);
  const stored = archive.addPackets(upTo(2000).map((k) => uptimeRow(id, hash, k, k)));
  archive.addDerived({ from: 1, upTo: stored.at(-1)!.id, samples: [], events: [] });
  cursor.moveTo(10);
  t.is(forget(archive, { maxAgeMs: 1 }, 500), 499);
  await before.close();
  await server.start();
  const { fanOut, lines } = await publishing(t, server.url, { file, boards: [] });
  await until("it is published", () => fanOut.lag === 0);
  t.deepEqual(lines, [
    `${server.url}: the archive forgot 489 packets before they were published: they are missing there`,
  ]);
  t.deepEqual(await uptimesOf(t, server.url), { b1: upTo(2000).slice(499) });
});

brokerTest(
  "a broker without JetStream, a wrong password, and what is no broker at all are one line each",
  async (t) => {
    const server = await broker(t, "authorization { user: a, password: secret }");
    const other = createServer((socket) => socket.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    t.teardown(() => other.close());
    const plain = await NatsServer.make("", "none");
    t.teardown(() => plain.close());
    await plain.start();
    const cases: readonly (readonly [url: string, pattern: RegExp])[] = [
      [server.url.replace("//", "//a:wrong@"), /refuses the name, the password or the token/],
      [plain.url, /has no JetStream: start nats-server with -js/],
      [`nats://127.0.0.1:${(other.address() as AddressInfo).port}`, /127\.0\.0\.1:\d+: \S/],
    ];
    for (const [url, pattern] of cases) {
      const { lines } = await publishing(t, url, { boards: [] });
      await until(url, () => lines.length > 0);
      t.regex(lines[0]!, pattern);
      t.notRegex(lines[0]!, /wrong|\n/);
    }
  },
);

brokerTest("a stream that is full, or gone, is told; an answer of somebody else is no acknowledgement", async (t) => {
  const server = await broker(t);
  const board = await boardOf(t);
  const manager = await jetstreamManager(await client(t, server.url));
  await manager.streams.add({
    name: STREAM,
    subjects: ["flatlink.*.tm.>", "flatlink.*.event"],
    max_msgs: 1,
    discard: DiscardPolicy.New,
  });
  const listener = await client(t, server.url);
  listener.subscribe("flatlink.*.tm.>", { callback: (_, message) => void message.respond("{}") });
  await listener.flush();
  const { rig, fanOut, lines } = await publishing(t, server.url, { boards: [board.entry("b1")] });
  await until("a client", () => board.clients === 1);
  for (let k = 0; k < 3; k++) {
    board.send(uptimeReport(k));
  }
  await until("it is told", () => lines.length > 0);
  t.deepEqual(lines, [`${server.url}: the stream does not take it: maximum messages exceeded`]);
  t.is(fanOut.published, 1);
  // The limits are whoever runs the broker's.
  await manager.streams.update(STREAM, { max_msgs: 100 });
  await until("it is published", () => rig.station.archive.derivedUpTo === 3 && fanOut.lag === 0);
  t.deepEqual(await uptimesOf(t, server.url), { b1: [0, 1, 2] });
  await listener.close();
  await manager.streams.delete(STREAM);
  board.send(uptimeReport(3));
  await until("it is published", () => rig.station.archive.derivedUpTo === 4 && fanOut.lag === 0);
  t.deepEqual(await uptimesOf(t, server.url), { b1: [3] });
  t.true(lines.includes(`${server.url}: the broker has no stream that takes it`), lines.join("\n"));
});
