/** A station that is served from a broker: what it takes, and what it does not take twice. */
import { join } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import test from "ava";
import { dictionarySubject, STATE_STREAM, STREAM } from "../../../../ground/station/fan-out/subjects.js";
import { boardWith } from "../../dictionary/boards.js";
import { uptimeReport } from "../packets.js";
import { folderOf, TOKEN, until } from "../rig.js";
import { boardOf, broker, client, fed, publishing, streamed, uptimesIn } from "./fan-out-rig.js";
import { withBroker } from "./nats-server.js";

const brokerTest = withBroker(test);

brokerTest(
  "it goes on where its archive stands, and knows boards, dictionaries and links without a file",
  async (t) => {
    const server = await broker(t);
    const board = await boardOf(t);
    const dictionary = boardWith({ name: "own", parameters: { mine: { id: 0x7001, type: "uint8" } } });
    const { fanOut } = await publishing(t, server.url, { boards: [board.entry("b1", dictionary)] });
    await until("a client", () => board.clients === 1);
    board.send(uptimeReport(0));
    await until("there is a stream", () => fanOut.published === 1);
    const file = join(folderOf(t), "a.sqlite");
    for (const [round, count] of [10, 300, 20].entries()) {
      const { rig, end, lines } = await fed(t, server.url, { file });
      t.is(rig.station.boards.length, round === 0 ? 0 : 1);
      const before = 1 + round * 1000;
      for (let k = 0; k < count; k++) {
        board.send(uptimeReport(before + k));
      }
      await until("they are here", () => uptimesIn(rig)["b1"]?.at(-1) === before + count - 1);
      await until("how it is connected", () => rig.station.boards[0]!.link.state === "connected");
      const [{ link, hash }] = (await rig.ask("/api/v1/boards")).json;
      t.regex(link.address, /^127\.0\.0\.1 port \d+, space-packets, through nats:\/\/127\.0\.0\.1:\d+$/);
      t.is((await rig.ask("/api/v1/boards/b1/dictionary")).json.parameters.mine.id, 0x7001);
      t.is(typeof hash, "string");
      const [value] = (await rig.ask("/api/v1/boards/b1/values")).json;
      t.like(value, { name: "uptime", value: before + count - 1 });
      t.deepEqual(lines, []);
      await end();
      // Meanwhile more comes, which the next one has.
      board.send(uptimeReport(before + count));
      await until("it is published", () => fanOut.lag === 0);
    }
    const { rig } = await fed(t, server.url, { file });
    await until("the last", () => uptimesIn(rig)["b1"]!.at(-1) === 2021);
    const uptimes = uptimesIn(rig)["b1"]!;
    t.deepEqual(
      uptimes,
      [...new Set(uptimes)].sort((a, b) => a - b),
    );
    t.is(uptimes.length, 334);
  },
);

brokerTest(
  "what stands twice in the stream is taken once; what no station sent is told, and passed over",
  async (t) => {
    const server = await broker(t);
    const board = await boardOf(t);
    const { rig: first, fanOut } = await publishing(t, server.url, { boards: [board.entry("b1")] });
    await until("a client", () => board.clients === 1);
    board.send(uptimeReport(1));
    await until("it is published", () => first.station.archive.derivedUpTo === 1 && fanOut.lag === 0);
    const connection = await client(t, server.url);
    const stream = jetstream(connection);
    const [message] = await streamed(t, server.url);
    const again = headers();
    for (const [name, value] of Object.entries(message!.headers)) {
      again.set(name, name === "Nats-Msg-Id" ? "another" : value);
    }
    const { duplicate } = await stream.publish(message!.subject, message!.bytes, { headers: again });
    t.false(duplicate);
    await stream.publish("flatlink.b1.tm.1.1", "nonsense");
    board.send(uptimeReport(2));
    await until("it is published", () => first.station.archive.derivedUpTo === 2 && fanOut.lag === 0);
    t.is((await streamed(t, server.url)).length, 4);
    const { rig, lines } = await fed(t, server.url);
    await until("it is here", () => uptimesIn(rig)["b1"]?.at(-1) === 2);
    t.deepEqual(uptimesIn(rig), { b1: [1, 2] });
    t.deepEqual(lines, [`${server.url}: a message on flatlink.b1.tm.1.1 is no station's packet`]);
  },
);

brokerTest("a stream that was made anew is taken from its beginning; what one has forgotten is told", async (t) => {
  const server = await broker(t);
  const board = await boardOf(t);
  const { rig: first, fanOut } = await publishing(t, server.url, { boards: [board.entry("b1")] });
  await until("a client", () => board.clients === 1);
  const published = (count: number) =>
    until("it is published", () => first.station.archive.derivedUpTo === count && fanOut.lag === 0);
  for (let k = 1; k <= 3; k++) {
    board.send(uptimeReport(k));
  }
  await published(3);
  const file = join(folderOf(t), "a.sqlite");
  const run = async (count: number): Promise<readonly string[]> => {
    const { rig, end, lines } = await fed(t, server.url, { file });
    await until("it is here", () => uptimesIn(rig)["b1"]?.length === count);
    await end();
    return lines;
  };
  t.deepEqual(await run(3), []);
  const manager = await jetstreamManager(await client(t, server.url));
  board.send(uptimeReport(4));
  board.send(uptimeReport(5));
  await published(5);
  await manager.streams.purge(STREAM, { seq: 5 });
  t.deepEqual(await run(4), [`${server.url}: the stream forgot 1 messages before this station took them`]);
  await manager.streams.delete(STREAM);
  board.send(uptimeReport(6));
  // Over its connection it finds no stream, and makes one over the next.
  await published(6);
  t.deepEqual(await run(5), []);
});

brokerTest("packets whose dictionary nobody has published are kept, and that is told", async (t) => {
  const server = await broker(t);
  const board = await boardOf(t);
  const { rig: first, fanOut } = await publishing(t, server.url, { boards: [board.entry("b1")] });
  await until("a client", () => board.clients === 1);
  board.send(uptimeReport(1));
  await until("it is published", () => first.station.archive.derivedUpTo === 1 && fanOut.lag === 0);
  const manager = await jetstreamManager(await client(t, server.url));
  await manager.streams.purge(STATE_STREAM, { filter: dictionarySubject("b1", first.station.boards[0]!.hash) });
  const { rig, lines } = await fed(t, server.url);
  await until("it is kept", () => uptimesIn(rig)["b1"]?.length === 1);
  t.is(lines.length, 1, lines.join("\n"));
  t.regex(lines[0]!, /the dictionary [0-9a-f]{8} of b1 is not there: packets that came with it are kept and not read/);
});

brokerTest("a station that says nothing more is taken for dead, until it says something", async (t) => {
  const server = await broker(t);
  const board = await boardOf(t);
  const { rig: first, fanOut } = await publishing(t, server.url, { boards: [board.entry("b1")] });
  await until("it is connected", () => first.station.boards[0]!.link.state === "connected");
  const { rig } = await fed(t, server.url, {}, { silenceMs: 100 });
  const link = () => rig.station.boards[0]?.link;
  await until("it is taken for dead", () => /nothing is heard of the station/.test(link()?.text ?? ""));
  t.is(link()!.state, "lost");
  const news: unknown[] = [];
  rig.station.bus.listen((one) => one.kind === "link" && news.push(one.link.state));
  first.station.bus.tell({ kind: "link", board: "b1", link: first.station.boards[0]!.link });
  await until("it lives", () => news.includes("connected"));
  await fanOut.close();
  await until("that it stopped", () => link()?.text === "the station stopped");
});

brokerTest("whoever listened before the first board was known hears of it", async (t) => {
  const server = await broker(t);
  const { rig } = await fed(t, server.url);
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  const authorization = `Bearer ${TOKEN}`;
  const url = `http://127.0.0.1:${rig.web.port}/api/v1/live`;
  const { body } = await fetch(url, { headers: { authorization }, signal: stop.signal });
  const board = await boardOf(t);
  await publishing(t, server.url, { boards: [board.entry("b1")] });
  await until("a client", () => board.clients === 1);
  board.send(uptimeReport(1));
  let text = "";
  for await (const chunk of body!) {
    text += Buffer.from(chunk).toString();
    if (/event: link\ndata: .*"b1"/.test(text) && /event: values\ndata: .*"b1"/.test(text)) {
      break;
    }
  }
  t.pass();
});
