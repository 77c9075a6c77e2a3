/** What the way through a broker does to a station: dictionaries that come late or are none, messages that a stream repeats. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import test from "ava";
import { forget } from "../../../../ground/station/archive/retention.js";
import { BrokerLink } from "../../../../ground/station/fan-out/broker-link.js";
import { loadNats } from "../../../../ground/station/fan-out/load-nats.js";
import { natsAddress } from "../../../../ground/station/fan-out/nats-address.js";
import { publishedDictionary } from "../../../../ground/station/fan-out/published-dictionary.js";
import { dictionarySubject, plainHash, STATE_STREAM, STREAM } from "../../../../ground/station/fan-out/subjects.js";
import { wholeHash } from "../../../../modules/dictionary/dictionary-hash.js";
import { FLATSAT } from "../../dictionary/boards.js";
import { uptimeReport } from "../packets.js";
import { type Answer, type Rig, simulated, until } from "../rig.js";
import { boardOf, broker, client, fed, publishing, uptimesIn } from "./fan-out-rig.js";
import { withBroker } from "./nats-server.js";

const brokerTest = withBroker(test);

const count = ({ station }: Rig, table: string): number =>
  (station.archive.statement(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;

brokerTest("what a stream repeats on a board's subject for commands is no command, and nothing is sent", async (t) => {
  const server = await broker(t);
  const { rig, fanOut } = await publishing(t, server.url, { boards: [await simulated(t)] }, true);
  await until("packets", () => fanOut.published > 0);
  const connection = await client(t, server.url);
  // As an event would be that has the name of a command.
  await jetstream(connection).publish("flatlink.flatsat.event", JSON.stringify({ name: "areYouAlive" }));
  const manager = await jetstreamManager(connection);
  await manager.consumers.add(STREAM, {
    durable_name: "repeats",
    deliver_subject: "flatlink.flatsat.tc",
    deliver_group: "flatlink",
    filter_subject: "flatlink.flatsat.event",
  });
  const refused = () =>
    (rig.station.archive.statement("SELECT outcome, action FROM audit").all() as Answer["json"][]).some(
      ({ outcome, action }) => /a stream repeats/.test(outcome) && /areYouAlive/.test(action),
    );
  await until("it is refused", refused);
  const { data } = await connection.request(
    "flatlink.flatsat.tc",
    JSON.stringify({ board: "flatsat", name: "areYouAlive", severity: "info" }),
  );
  t.regex(new TextDecoder().decode(data), /a command has no .*board.*: only name, arguments, confirm, user/);
  t.is(count(rig, "command"), 0);
});

brokerTest("a dictionary that comes late: its board is there then, and what was stored is read", async (t) => {
  const server = await broker(t);
  const board = await boardOf(t);
  const { rig: first, fanOut } = await publishing(t, server.url, { boards: [board.entry("b1")] });
  await until("a client", () => board.clients === 1);
  board.send(uptimeReport(1));
  await until("it is published", () => first.station.archive.derivedUpTo === 1 && fanOut.lag === 0);
  const connection = await client(t, server.url);
  const [{ hash, dictionary }] = first.station.boards as [(typeof first.station.boards)[0]];
  const subject = dictionarySubject("b1", hash);
  await (await jetstreamManager(connection)).streams.purge(STATE_STREAM, { filter: subject });
  const { rig, lines } = await fed(t, server.url);
  await until("it is kept", () => uptimesIn(rig)["b1"]?.length === 1);
  t.is(count(rig, "sample"), 0);
  t.is(count(rig, "unread"), 1);
  await jetstream(connection).publish(subject, JSON.stringify(dictionary));
  const link = { state: "connected", since: 1, address: "x", hash: plainHash(hash) };
  await until("the board is there", async () => {
    await connection.publish("flatlink.b1.link", JSON.stringify(link));
    await connection.flush();
    return rig.station.boards.length === 1;
  });
  await until("it is read", () => count(rig, "unread") === 0);
  t.is(count(rig, "sample"), count(first, "sample"));
  t.deepEqual(
    rig.station.archive.packetsBehind(0, 9).map(({ service, subtype }) => [service, subtype]),
    first.station.archive.packetsBehind(0, 9).map(({ service, subtype }) => [service, subtype]),
  );
  t.like(
    rig.station.boards[0]!.values.find(({ name }) => name === "uptime"),
    { value: 1 },
  );
  t.is(lines.length, 1, lines.join("\n"));
});

brokerTest("what is no dictionary takes no other board along, and is told once", async (t) => {
  const server = await broker(t);
  const board = await boardOf(t);
  const { fanOut } = await publishing(t, server.url, { boards: [board.entry("b1")] });
  await until("a client", () => board.clients === 1);
  board.send(uptimeReport(1));
  await until("there is a stream", () => fanOut.published === 1);
  const connection = await client(t, server.url);
  const none = { conventions: {} };
  const hash = wholeHash(none as never);
  await jetstream(connection).publish(dictionarySubject("a0", hash), JSON.stringify(none));
  const link = JSON.stringify({ state: "connected", since: 1, address: "x", hash: plainHash(hash) });
  await jetstream(connection).publish("flatlink.a0.link", link);
  const { rig, lines } = await fed(t, server.url);
  await until("the other", () => rig.station.boards[0]?.link.state === "connected");
  await jetstream(connection).publish("flatlink.a0.link", link);
  board.send(uptimeReport(2));
  await until("packets", () => uptimesIn(rig)["b1"]?.length === 2);
  t.deepEqual(
    rig.station.boards.map(({ name }) => name),
    ["b1"],
  );
  t.is(lines.length, 1, lines.join("\n"));
  t.regex(lines[0]!, /the dictionary [0-9a-f]{8} of a0 is none that this flatlink reads/);
});

brokerTest(
  "values that the archive does not take are told all the same; with packets, their origin goes",
  async (t) => {
    const server = await broker(t);
    const board = await boardOf(t);
    const { fanOut } = await publishing(t, server.url, { boards: [board.entry("b1")] });
    await until("a client", () => board.clients === 1);
    board.send(uptimeReport(1));
    await until("there is a stream", () => fanOut.published === 1);
    const { rig } = await fed(t, server.url);
    await until("the first", () => uptimesIn(rig)["b1"]?.length === 1);
    const { database } = rig.station.archive;
    database.exec("CREATE TRIGGER full BEFORE INSERT ON sample BEGIN SELECT RAISE(ABORT, 'full'); END");
    board.send(uptimeReport(2));
    const uptime = () => rig.station.boards[0]?.values.find(({ name }) => name === "uptime")?.value;
    await until("it is told", () => uptime() === 2);
    t.deepEqual(uptimesIn(rig)["b1"], [1, 2]);
    database.exec("DROP TRIGGER full");
    board.send(uptimeReport(3));
    await until("all are read", () => rig.station.archive.derivedUpTo === 3);
    t.is(count(rig, "origin"), 3);
    while (forget(rig.station.archive, { maxAgeMs: 1 }, Date.now() + 1e6) > 0);
    t.is(count(rig, "packet"), 1);
    t.is(count(rig, "origin"), 1);
  },
);

test("a published dictionary is one, as a whole", (t) => {
  const read = (given: object) => {
    const text = JSON.stringify(given);
    return publishedDictionary(text, wholeHash(JSON.parse(text)));
  };
  t.deepEqual(read(FLATSAT), JSON.parse(JSON.stringify(FLATSAT)));
  t.is(publishedDictionary(JSON.stringify(FLATSAT), 1), "is another than it says");
  t.is(publishedDictionary("{", 1), "is another than it says");
  const { conventions } = FLATSAT;
  for (const changed of [
    { parameters: { uptime: { id: 1, type: "uint9" } } },
    { events: 3 },
    { conventions: { ...conventions, ports: 1 } },
    { conventions: { ...conventions, timeCode: "sundial" } },
    { conventions: { ...conventions, widths: {} } },
    { conventions: { ...conventions, apid: "1" } },
  ]) {
    t.is(read({ ...FLATSAT, ...changed }) as string, "is none that this flatlink reads", JSON.stringify(changed));
  }
});

brokerTest("what is forbidden is told once, whatever the subjects are, and what works does not clear it", async (t) => {
  const server = await broker(
    t,
    'authorization { users: [{ user: "u", password: "p", permissions: { publish: ["$JS.API.>", "_INBOX.>"] } }] }',
  );
  const lines: string[] = [];
  let isDone = false;
  const link = new BrokerLink({
    nats: await loadNats(),
    address: natsAddress("--nats", server.url.replace("//", "//u:p@"), {}),
    name: "test",
    report: (line) => void lines.push(line),
    serve: async ({ connection, works }) => {
      for (let k = 0; k < 5; k++) {
        connection.publish(`x.${k}`);
        await connection.flush();
        works();
      }
      isDone = true;
      await connection.closed();
    },
  });
  link.start();
  t.teardown(() => link.close());
  await until("all are refused", () => isDone && lines.length > 0);
  t.deepEqual(lines, ["the broker does not let this user publish on x.0"]);
});

test("a station ends while it dials a broker that says nothing", async (t) => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket.on("error", () => {})));
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  t.teardown(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  let why = "";
  const link = new BrokerLink({
    nats: await loadNats(),
    address: natsAddress("--nats", `nats://127.0.0.1:${port}`, {}),
    name: "test",
    report: () => {},
    lost: (line) => {
      why = line;
    },
    serve: () => Promise.resolve(),
  });
  const called = once(silent, "connection");
  link.start();
  await called;
  await link.close();
  // The attempt has not ended by itself.
  t.is(why, "");
  t.is(link.state, "closed");
});
