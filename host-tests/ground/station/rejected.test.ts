/** What a board sends that is no packet: kept, told and listed in its place among the packets, and never without bound. */
import { join } from "node:path";
import test from "ava";
import { linkChoice } from "../../../ground/link/link-options.js";
import { Archive } from "../../../ground/station/archive/archive.js";
import { openDatabase } from "../../../ground/station/archive/database.js";
import { keepRejected, latestRejected, MAX_REJECTED } from "../../../ground/station/archive/rejected.js";
import type { News } from "../../../ground/station/contracts.js";
import { arrivals } from "../../../ground/station/page/packet-list.js";
import type { PacketEntry, RejectedEntry } from "../../../ground/station/page/wire.js";
import { encodeFrame } from "../../../modules/framing/encode-decode.js";
import { FakeBoard } from "./fake-board.js";
import { uptimeReport } from "./packets.js";
import { type Answer, folderOf, running, until } from "./rig.js";

const BASE = "/api/v1/boards/b1";
const ALL = { before: Number.MAX_SAFE_INTEGER, limit: 10_000 };

for (const [framing, last] of [
  // In none of these octets can a space packet begin: it would be awaited.
  ["space-packets,crc=check16", 0xff],
  ["cobs", 0],
] as const) {
  const junk = Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xee, last]);
  test.serial(`${framing}: octets between packets are in their place, with reason and offset`, async (t) => {
    const board = await FakeBoard.make();
    t.teardown(() => board.vanish());
    await board.listen();
    const link = linkChoice({ host: "127.0.0.1", port: board.port, framing });
    const rig = await running(t, { boards: [{ ...board.entry("b1"), link }] });
    const news: News[] = [];
    rig.station.bus.listen((one) => news.push(one));
    await until("a client", () => board.clients === 1);
    const frame = (uptime: number): Uint8Array => encodeFrame(link.framing, uptimeReport(uptime, uptime));
    const length = frame(1).length;
    // In one piece: what comes together has one time.
    board.send(Buffer.concat([frame(1), junk, frame(2), frame(3), junk, frame(4)]));
    const rejected = async (): Promise<RejectedEntry[]> => (await rig.ask(`${BASE}/rejected`)).json;
    await until("all", async () => rig.station.boards[0]!.received === 4 && (await rejected()).length === 2);
    const all = await rejected();
    t.deepEqual(
      all.map(({ offset, length: octets, hex, packet }) => [offset, octets, hex, packet]),
      [
        [3 * length + junk.length, junk.length, Buffer.from(junk).toString("hex"), 3],
        [length, junk.length, Buffer.from(junk).toString("hex"), 1],
      ],
    );
    t.true(
      all.every(({ reason }) => /^[a-zA-Z]+( \(\d+\))?$/.test(reason)),
      JSON.stringify(all),
    );
    const { json: packets } = await rig.ask(`${BASE}/packets`);
    t.deepEqual(
      arrivals(packets, all).map((one) => (one.kind === "packet" ? one.packet.id : "rejected")),
      [4, "rejected", 3, 2, "rejected", 1],
    );
    t.deepEqual(
      news.flatMap((one) => (one.kind === "rejected" ? [one.rejected] : [])),
      [...all].reverse(),
      "told as they are kept",
    );
    t.deepEqual((await rig.ask(`${BASE}/rejected?before=${all[0]!.id}&limit=1`)).json, [all[1]]);
    t.regex((await rig.ask("/metrics")).text, /^flatlink_rejected_octets_total\{board="b1"\} 16$/m);
  });
}

test.serial("a board that sends nothing but garbage for long fills no more than its share", async (t) => {
  const archive = new Archive(join(folderOf(t), "a.sqlite"));
  t.teardown(() => archive.close());
  const [loud, quiet] = [archive.board("loud"), archive.board("quiet")];
  const piece = { received: 1, packet: 0, offset: 0, length: 8, reason: "invalidPacket", hex: "ff".repeat(256) };
  keepRejected(archive, quiet, [piece]);
  for (let k = 0; k < 30; k++) {
    const pieces = Array.from({ length: 100 }, (_, n) => ({ ...piece, offset: 100 * k + n }));
    t.is(keepRejected(archive, loud, pieces).length, 100);
  }
  const kept = latestRejected(archive, { board: loud, ...ALL });
  t.is(kept.length, MAX_REJECTED);
  t.deepEqual([kept[0]!.offset, kept.at(-1)!.offset], [2999, 2999 - MAX_REJECTED + 1], "the latest");
  t.is(latestRejected(archive, { board: quiet, ...ALL }).length, 1);
});

test.serial("garbage that comes piece by piece is one entry, however much; the first octets are kept", async (t) => {
  const board = await FakeBoard.make();
  t.teardown(() => board.vanish());
  await board.listen();
  const link = linkChoice({ host: "127.0.0.1", port: board.port, framing: "cobs,max-packet=100" });
  const rig = await running(t, { boards: [{ ...board.entry("b1"), link }] });
  await until("a client", () => board.clients === 1);
  board.send(new Uint8Array(200_000).fill(0x55));
  board.send(Uint8Array.of(0));
  board.send(encodeFrame(link.framing, uptimeReport(1)));
  await until("the packet", () => rig.station.boards[0]!.received === 1);
  await until("all of it", () => rig.station.boards[0]!.rejectedOctets === 200_001);
  const { json: all }: Answer = await rig.ask(`${BASE}/rejected?limit=1000`);
  t.is(
    all.reduce((sum: number, { length }: RejectedEntry) => sum + length, 0),
    200_001,
  );
  t.true(
    all.every(({ reason }: RejectedEntry) => /^frameTooLong/.test(reason)),
    JSON.stringify(all.slice(0, 3)),
  );
  t.true(all.every(({ hex, length }: RejectedEntry) => hex.length / 2 === Math.min(length, 256)));
});

test.serial("a disk that is full: what is rejected is told all the same", async (t) => {
  const file = join(folderOf(t), "a.sqlite");
  const board = await FakeBoard.make();
  t.teardown(() => board.vanish());
  await board.listen();
  const rig = await running(t, { file, boards: [board.entry("b1")] });
  await until("a client", () => board.clients === 1);
  const { archive, bus } = rig.station;
  const { page_count: pages } = archive.database.prepare("PRAGMA page_count").get() as { page_count: number };
  archive.database.exec(`PRAGMA max_page_count = ${pages}`);
  const ids: number[] = [];
  bus.listen((one) => {
    if (one.kind === "rejected") {
      ids.push(one.rejected.id);
    }
  });
  await until("one that is not kept", () => {
    board.send(Buffer.concat([new Uint8Array(300).fill(0xff), uptimeReport(1)]));
    return ids.some((id) => id < 0);
  });
  t.regex((await rig.ask("/api/v1/boards")).json[0].archiveFailure, /full/);
  archive.database.exec("PRAGMA max_page_count = 1000000");
  const known = ids.length;
  await until("one that is kept", () => {
    board.send(Buffer.concat([new Uint8Array(300).fill(0xff), uptimeReport(1)]));
    return ids.slice(known).some((id) => id > 0);
  });
});

test.serial("an archive of an earlier flatlink takes it, too", (t) => {
  const file = join(folderOf(t), "a.sqlite");
  new Archive(file).close();
  const earlier = openDatabase(file);
  earlier.exec("DROP TABLE rejected");
  earlier.close();
  const archive = new Archive(file);
  t.teardown(() => archive.close());
  t.deepEqual(latestRejected(archive, { board: 1, ...ALL }), []);
});

test("what could not be stored has its place by its time", (t) => {
  const packet = (id: number, received: number): PacketEntry => ({ id, received, hex: "" });
  const rejected = (id: number, of: number, received: number): RejectedEntry => ({
    ...{ id, packet: of, received },
    ...{ offset: 0, length: 1, reason: "truncated", hex: "00" },
  });
  const order = arrivals(
    [packet(-2, 50), packet(-1, 30), packet(7, 20), packet(5, 10)],
    [rejected(-1, -1, 40), rejected(9, 5, 12), rejected(8, 0, 5)],
  );
  t.deepEqual(
    order.map((one) => (one.kind === "packet" ? one.packet.id : `rejected ${one.rejected.id}`)),
    [-2, "rejected -1", -1, 7, "rejected 9", 5, "rejected 8"],
  );
});
