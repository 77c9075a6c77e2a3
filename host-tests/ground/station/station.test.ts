/** A station, whatever its boards, its operators and its disk do. */
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { dictionary } from "../../../examples/flatsat/dictionary.js";
import type { Command, News } from "../../../ground/station/contracts.js";
import { Station } from "../../../ground/station/station.js";
import { buildTelemetry } from "../../../modules/pus/build-parse.js";
import { boardWith, FLATSAT } from "../dictionary/boards.js";
import { FakeBoard } from "./fake-board.js";
import { uptimeReport } from "./packets.js";
import { type Answer, folderOf, type Rig, running, simulated, until } from "./rig.js";

const COMMANDS = "/api/v1/boards/flatsat/commands";

async function fakeBoard(t: ExecutionContext): Promise<FakeBoard> {
  const board = await FakeBoard.make();
  t.teardown(() => board.vanish());
  return board;
}

/** The uptimes that the archive has, in the order of their packets. */
function uptimesIn({ archive }: Station): number[] {
  return archive
    .packetsBehind(0, Number.MAX_SAFE_INTEGER)
    .map(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 6));
}

function countOf({ archive }: Station, table: string): number {
  return (archive.database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
}

const linkOf = async (rig: Rig): Promise<Answer["json"]> => (await rig.ask("/api/v1/boards")).json[0].link;

test.serial("a board that is absent: what is dialled, since when, and why not; then it is there", async (t) => {
  const board = await fakeBoard(t);
  const before = Date.now();
  const rig = await running(t, { boards: [board.entry("b1")] });
  await until("why", async () => /cannot connect/.test((await linkOf(rig)).text ?? ""));
  // By now it is told that it takes long, too.
  await new Promise((resolve) => setTimeout(resolve, 1200));
  const link = await linkOf(rig);
  t.is(link.state, "dialling");
  t.is(link.address, `127.0.0.1 port ${board.port}, space-packets`);
  t.regex(link.text, /cannot connect to 127\.0\.0\.1 port \d+: nothing listens there/);
  t.true(link.since >= before && link.since <= Date.now());
  t.is((await rig.send("/api/v1/boards/b1/commands", { name: "areYouAlive" })).status, 202);
  const commands = async (): Promise<Command[]> => (await rig.ask("/api/v1/boards/b1/history/commands")).json;
  await until("it is not sent", async () => (await commands())[0]?.state === "failed");
  t.regex((await commands())[0]!.stages[0]!.failure!, /not connected|no connection/);
  await board.listen();
  await until("connected", async () => (await linkOf(rig)).state === "connected");
  t.is((await linkOf(rig)).text, undefined);
  t.is(board.received.length, 0, "it does not go out later");
  board.send(uptimeReport(1));
  await until("a packet", () => rig.station.boards[0]!.received === 1);
});

test.serial("a board that vanishes and comes again: a session for each connection, and nothing is lost", async (t) => {
  const board = await fakeBoard(t);
  await board.listen();
  const rig = await running(t, { boards: [board.entry("b1")] });
  const sent: number[] = [];
  for (let round = 0; round < 3; round++) {
    await until("a client", () => board.clients === 1);
    for (let k = 0; k < 5; k++) {
      sent.push(sent.length);
      board.send(uptimeReport(sent.at(-1)!));
    }
    await until("the packets", () => uptimesIn(rig.station).length === sent.length);
    await board.vanish();
    await until("that it is gone", async () => (await linkOf(rig)).state !== "connected");
    await board.listen();
  }
  t.deepEqual(uptimesIn(rig.station), sent);
  const sessions = rig.station.archive.statement("SELECT * FROM session ORDER BY id").all() as Answer["json"][];
  t.true(sessions.slice(0, 3).every(({ ended, reason }) => ended !== null && reason !== null));
  const { n } = rig.station.archive.statement("SELECT count(DISTINCT session) AS n FROM packet").get() as { n: number };
  t.is(n, 3);
});

test.serial("garbage is survived, and what is sound behind it arrives", async (t) => {
  const board = await fakeBoard(t);
  await board.listen();
  const rig = await running(t, { boards: [board.entry("b1")] });
  await until("a client", () => board.clients === 1);
  const junk = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 400 }), { numRuns: 50, seed: 7 });
  const isThere = (uptime: number) =>
    rig.station.boards[0]!.values.some(({ name, raw }) => name === "uptime" && raw === uptime);
  for (const [k, octets] of junk.entries()) {
    board.send(octets);
    // What looked like a long packet's beginning waits for its rest, for half a second.
    await until("the packet behind", () => {
      board.send(uptimeReport(1000 + k));
      return isThere(1000 + k);
    });
  }
  t.pass();
});

test.serial("packets that are sound and mean nothing are kept, told with the reason, and harm nobody", async (t) => {
  const board = await fakeBoard(t);
  await board.listen();
  const rig = await running(t, { boards: [board.entry("b1")] });
  await until("a client", () => board.clients === 1);
  const news: News[] = [];
  rig.station.bus.listen((one) => news.push(one));
  const odd = fc.sample(
    fc.record({
      serviceType: fc.integer({ min: 0, max: 255 }),
      messageSubtype: fc.integer({ min: 0, max: 255 }),
      timeReferenceStatus: fc.integer({ min: 0, max: 15 }),
      timeStamp: fc.uint8Array({ minLength: 7, maxLength: 7 }),
      sourceData: fc.uint8Array({ maxLength: 60 }),
    }),
    { numRuns: 500, seed: 11 },
  );
  // Some of the services that the board has, so that decoding goes further.
  odd.forEach((fields, k) => {
    const [serviceType, messageSubtype] = (
      [
        [3, 25],
        [20, 2],
        [5, 1],
        [1, 2],
        [12, 9],
      ] as const
    )[k % 6] ?? [fields.serviceType, fields.messageSubtype];
    board.send(buildTelemetry({ apid: FLATSAT.conventions.apid, ...fields, serviceType, messageSubtype }));
  });
  await until("all", () => rig.station.boards[0]!.received === odd.length);
  await until("all are stored", () => countOf(rig.station, "packet") === odd.length);
  const packets = news.filter((one) => one.kind === "packet");
  t.is(packets.length, odd.length);
  t.true(packets.every(({ decoded, error }) => (decoded === undefined) !== (error === undefined)));
  t.is(packets.filter(({ error }) => error?.startsWith("it cannot be read")).length, 0);
  t.is(rig.station.archive.derivedUpTo, odd.length);
  t.deepEqual(rig.reports, []);
  board.send(uptimeReport(5));
  await until("a value", () => rig.station.boards[0]!.values.some(({ name }) => name === "uptime"));
});

test.serial("another dictionary's board is told as such", async (t) => {
  const { link } = await simulated(t);
  const others = boardWith({ ...dictionary, events: {} });
  const rig = await running(t, { boards: [{ name: "b1", link, dictionary: others }] });
  await until("it is wrong", async () => (await linkOf(rig)).dictionary === "wrong");
  t.is((await linkOf(rig)).state, "connected");
  await until("packets", () => countOf(rig.station, "packet") > 3);
  t.is((await rig.send("/api/v1/boards/b1/commands", { name: "restart", confirm: true })).status, 202);
  await until("it restarts", () => countOf(rig.station, "session") === 2);
  await until("it is back", async () => (await linkOf(rig)).state === "connected");
  t.is((await linkOf(rig)).dictionary, "wrong", "it stays so");
});

test.serial("operators who send at once never have the same count, and each has the reports on its own", async (t) => {
  const rig = await running(t, { boards: [await simulated(t)] });
  await until("connected", async () => (await linkOf(rig)).state === "connected");
  const operators = ["areYouAlive", "reportParameters"] as const;
  const sent = await Promise.all(
    operators.flatMap((name) =>
      Array.from({ length: 40 }, () =>
        rig.send(COMMANDS, { name, arguments: name === "areYouAlive" ? {} : { parameterId: "uptime" } }),
      ),
    ),
  );
  t.true(sent.every(({ status }) => status === 202));
  await until("all are over", async () =>
    (await rig.ask("/api/v1/boards/flatsat/history/commands?limit=80")).json.every(({ state }: Command) =>
      ["completed", "failed"].includes(state),
    ),
  );
  const commands: Command[] = (await rig.ask("/api/v1/boards/flatsat/history/commands?limit=80")).json;
  t.is(commands.length, 80);
  t.is(new Set(commands.map(({ hex }) => hex.slice(4, 8))).size, 80, "counts");
  t.true(
    commands.every(({ state, stages }) => state === "completed" && stages.length === 4),
    JSON.stringify(commands[0]),
  );
});

test.serial(
  "a disk that is full is told; packets are shown, commands work; then all is kept and read again",
  async (t) => {
    const file = join(folderOf(t), "a.sqlite");
    const rig = await running(t, { file, boards: [await simulated(t)] });
    const { archive, bus } = rig.station;
    await until("packets", () => countOf(rig.station, "sample") > 50);
    const news: News[] = [];
    bus.listen((one) => news.push(one));
    const { page_count: pages } = archive.database.prepare("PRAGMA page_count").get() as { page_count: number };
    archive.database.exec(`PRAGMA max_page_count = ${pages}`);
    await until("it is told", async () => (await rig.ask("/api/v1/boards")).json[0].archiveFailure !== undefined);
    t.regex((await rig.ask("/api/v1/boards")).json[0].archiveFailure, /full/);
    t.is((await rig.ask("/healthz")).status, 503);
    await until("it is shown and not kept", () => news.some((one) => one.kind === "packet" && one.packet.id < 0));
    t.is((await rig.send(COMMANDS, { name: "areYouAlive" })).status, 202);
    await until("the command is over", () =>
      news.some((one) => one.kind === "command" && one.command.state === "completed"),
    );
    const uptime = () => rig.station.boards[0]!.values.find(({ name }) => name === "uptime")!.raw as number;
    const then = uptime();
    await until("values go on", () => uptime() > then);
    archive.database.exec("PRAGMA max_page_count = 1000000");
    await until("it is over", async () => (await rig.ask("/healthz")).status === 200);
    t.is((await rig.ask("/api/v1/boards")).json[0].archiveFailure, undefined);
    await until("all is read", () => {
      const { id } = archive.statement("SELECT max(id) AS id FROM packet").get() as { id: number };
      return archive.derivedUpTo === id;
    });
    const [verdict] = Object.values(archive.database.prepare("PRAGMA integrity_check").get() as object);
    t.is(verdict, "ok");
    const told = rig.reports.filter((line) => /the archive takes/.test(line));
    t.regex(told[0]!, /the archive takes nothing: .*full/);
    t.is(told.at(-1), "the archive takes packets again");
  },
);

test.serial("the next station knows the latest values, goes on counting, and waits for no old reports", async (t) => {
  const file = join(folderOf(t), "a.sqlite");
  const board = await fakeBoard(t);
  await board.listen();
  const options = { file, boards: [board.entry("flatsat")], report: (line: string) => t.fail(line) };
  const first = new Station(options);
  first.start();
  await until("connected", () => first.boards[0]!.link.state === "connected");
  board.send(uptimeReport(4711));
  const origin = { user: "u", origin: "o" };
  const sent = first.boards[0]!.queue.send("areYouAlive", {}, origin);
  await until("it is there", () => board.received.length > 0 && countOf(first, "sample") === 1);
  await first.close();
  const rig = await running(t, options);
  const [command] = (await rig.ask("/api/v1/boards/flatsat/history/commands")).json as [Command];
  t.is(command.state, "unanswered");
  t.is(command.hex, sent.hex);
  const [uptime] = rig.station.boards[0]!.values;
  t.is(uptime!.raw, 4711);
  const next = rig.station.boards[0]!.queue.preview("areYouAlive", {});
  t.is(Buffer.from(next).readUInt16BE(2) & 0x3fff, (Buffer.from(sent.hex, "hex").readUInt16BE(2) & 0x3fff) + 1);
});
