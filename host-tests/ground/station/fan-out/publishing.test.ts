/** What a station publishes, whatever becomes of the broker and of the station. */
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { forget } from "../../../../ground/station/archive/retention.js";
import { PublishCursor } from "../../../../ground/station/fan-out/cursor.js";
import { Station } from "../../../../ground/station/station.js";
import { FLATSAT } from "../../dictionary/boards.js";
import { start } from "../../commands/run.js";
import { FakeBoard } from "../fake-board.js";
import { uptimeReport, uptimeRow } from "../packets.js";
import { folderOf, until } from "../rig.js";
import { boardOf, broker, client, fed, publishing, streamed, uptimeOf, uptimesIn } from "./fan-out-rig.js";
import { NatsServer, withBroker } from "./nats-server.js";

const brokerTest = withBroker(test);

/** Of each board, what the broker keeps, in its order. */
async function uptimesOf(t: ExecutionContext, url: string): Promise<Record<string, number[]>> {
  const uptimes: Record<string, number[]> = {};
  for (const { subject, bytes } of await streamed(t, url)) {
    (uptimes[subject.split(".")[1]!] ??= []).push(uptimeOf(bytes));
  }
  return uptimes;
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
        (heard[message.subject] ??= []).push(message.json());
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

brokerTest("a broker that is killed while ten boards send: what they sent is there, once, and at each station that is served", async (t) => {
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
  for (const wait of [300, 2500, 5000]) {
    const at = sent;
    await until("the broker has some of it", () => sent > at + wait / 10 && fanOut.lag < 10 * sent);
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
    await until("it is served", () => other.station.boards.reduce((sum, { received }) => sum + received, 0) >= 10 * sent);
    t.deepEqual(sorted(uptimesIn(other)), all);
    t.deepEqual(other.station.boards.map(({ name }) => name).sort(), names);
    t.true(told.length > 0);
  }
  t.true(lines.some((line) => /it works again/.test(line)), lines.join("\n"));
});

function sorted(uptimes: Record<string, number[]>): Record<string, number[]> {
  const sort = (some: number[]): number[] => [...some].sort((a, b) => a - b);
  return Object.fromEntries(
    Object.entries(uptimes)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, some]) => [name, sort(some)]),
  );
}
