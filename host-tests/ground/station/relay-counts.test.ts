/** Counts on their way through relay ports: of telecommands to the board, and of telemetry to each tool. */
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { Archive } from "../../../ground/station/archive/archive.js";
import { packetSequenceCount } from "../../../modules/ccsds/primary-header.js";
import { messageTypeCounter } from "../../../modules/pus/telemetry.js";
import { Random } from "../../framing/random.js";
import { relayed, Tool, telecommand, verificationIn } from "./relay-tool.js";
import { folderOf, type Rig, running, until } from "./rig.js";
import { ScriptedBoard, toldIn } from "./scripted-board.js";

interface Setting {
  readonly board: ScriptedBoard;
  readonly rig: Rig;
  readonly tools: readonly Tool[];
}

/** A board that does as the test says, and a tool on each of its relay ports. */
async function setting(t: ExecutionContext, ports: readonly string[], file = ":memory:"): Promise<Setting> {
  const board = await ScriptedBoard.start();
  t.teardown(() => board.fake.vanish());
  const rig = await running(t, { file, boards: [relayed(board.entry(), ...ports)] });
  await until("the station", () => board.fake.clients === 1 && rig.station.boards[0]!.link.state === "connected");
  const tools = await Promise.all(ports.map((_, k) => Tool.connect(rig.station, k)));
  await until("the tools", () => rig.station.relays.ports.every(({ clients }) => clients.length === 1));
  return { board, rig, tools };
}

const lastTold = ({ packets }: Tool): number | undefined => toldIn(packets.at(-1) ?? new Uint8Array(9));

test.serial(
  "the counts that a tool sees have no gap where nothing was lost, and one of the same length where something was",
  async (t) => {
    const seed = Number(process.env["FLATLINK_SEED"] ?? Date.now() & 0x7fffffff);
    t.log(`FLATLINK_SEED=${seed}`);
    const random = new Random(seed);
    const { board, tools } = await setting(t, ["0,cobs", "0,length-prefixed", "0,slip"]);
    let sent = 0;
    let lost = 0;
    // What is lost before the first packet that a tool sees is no gap.
    board.tell(1000);
    await until("the first packet", () => tools.every((tool) => lastTold(tool) === 1000));
    for (let round = 0; round < 40; round++) {
      const tool = tools[random.below(tools.length)]!;
      tool.send(telecommand({ packetSequenceCount: random.below(0x4000) }));
      sent++;
      await until("the telecommand", () => board.telecommands.length === sent);
      board.complete(board.telecommands.at(-1)!);
      if (random.below(4) === 0) {
        // On the way from the board.
        const packets = 1 + random.below(5);
        lost += packets;
        for (let k = 0; k < packets; k++) {
          board.next(201, 2, new Uint8Array(3));
        }
      }
      board.tell(round);
      await until("all have it", () => tools.every((each) => lastTold(each) === round));
    }
    for (const tool of tools) {
      t.true(tool.areSound);
      const counts = tool.packets.map((packet) => packetSequenceCount(packet, 0));
      const steps = counts.slice(1).map((count, k) => (count - counts[k]! + 0x4000) & 0x3fff);
      t.is(
        steps.reduce((sum, step) => sum + step - 1, 0),
        lost,
      );
      for (const subtype of [1, 3, 7]) {
        const counters = tool.packets
          .filter((packet) => packet[7] === 1 && packet[8] === subtype)
          .map((packet) => messageTypeCounter(packet, 0));
        t.deepEqual(
          counters,
          counters.map((_, k) => k),
          "reports on others are not counted either",
        );
      }
    }
    t.is(tools.flatMap(({ verification }) => verification).length, 3 * sent);
  },
);

test.serial(
  "the queue's count comes round while many telecommands are open: each report finds its sender",
  async (t) => {
    const file = join(folderOf(t), "a.sqlite");
    const before = new Archive(file);
    before
      .statement(
        "INSERT INTO command (board, time, user, origin, name, arguments, count, state) VALUES (?, 0, '', '', '', '{}', ?, 'completed')",
      )
      .run(before.board("b1"), 0x3fff - 40);
    before.close();
    const { board, rig, tools } = await setting(t, ["0,cobs", "0,space-packets"], file);
    const each = 50;
    for (let k = 0; k < each; k++) {
      for (const [n, tool] of tools.entries()) {
        tool.send(telecommand({ packetSequenceCount: (0x3fff - 20 + k * (n + 1)) & 0x3fff }));
      }
    }
    await until("all came", () => board.telecommands.length === 2 * each);
    const counts = board.telecommands.map((packet) => packetSequenceCount(packet, 0));
    t.deepEqual(
      counts,
      counts.map((_, k) => (0x3fff - 39 + k) & 0x3fff),
    );
    // The last ones first.
    for (const packet of [...board.telecommands].reverse()) {
      board.complete(packet);
    }
    await until("all is told", () => tools.every(({ verification }) => verification.length === 3 * each));
    for (const [n, { verification, areSound, gaps }] of tools.entries()) {
      t.true(areSound);
      t.deepEqual(gaps, []);
      const own = Array.from({ length: each }, (_, k) => (0x3fff - 20 + (each - 1 - k) * (n + 1)) & 0x3fff);
      t.deepEqual(
        verification,
        own.flatMap((count) => [`1,1 ${count}`, `1,3 ${count}`, `1,7 ${count}`]),
      );
    }
    const { json } = await rig.ask("/api/v1/boards/b1/history/commands?limit=200");
    t.is(
      json.filter(({ state, user }: { state: string; user: string }) => state === "completed" && user !== "").length,
      2 * each,
    );
  },
);

test.serial("the same count again and again, as tools that do not count send it: each is told by itself", async (t) => {
  const { board, tools } = await setting(t, ["0,cobs"]);
  const [tool] = tools as readonly [Tool];
  for (let k = 0; k < 5; k++) {
    tool.send(telecommand());
  }
  await until("all came", () => board.telecommands.length === 5);
  t.is(new Set(board.telecommands.map((packet) => packetSequenceCount(packet, 0))).size, 5);
  board.reportOn(1, board.telecommands[3]!);
  board.reportOn(1, board.telecommands[1]!);
  await until("both reports", () => tool.verification.length === 2);
  t.deepEqual(tool.verification, ["1,1 0", "1,1 0"]);
});

test.serial("reports on telecommands that the station has not sent go to nobody", async (t) => {
  const { board, tools } = await setting(t, ["0,cobs", "0,slip"]);
  tools[0]!.send(telecommand({ packetSequenceCount: 5 }));
  await until("it came", () => board.telecommands.length === 1);
  // Somebody who is connected to the board itself, with the tool's own count; and an application process that is none of the board's.
  board.reportOn(1, 0x1802c005);
  board.reportOn(1, 0x1803c000);
  board.complete(board.telecommands[0]!);
  board.tell(1);
  await until("all is told", () => tools.every((tool) => lastTold(tool) === 1));
  t.deepEqual(tools[0]!.verification, ["1,1 5", "1,3 5", "1,7 5"]);
  t.deepEqual(tools[1]!.verification, []);
  t.deepEqual(
    tools[1]!.packets.map((packet) => packetSequenceCount(packet, 0)),
    [0],
    "five were left out before it",
  );
});

test.serial(
  "the board restarts in between: tools stay, what fails is told in the history, and it goes on",
  async (t) => {
    const { board, rig, tools } = await setting(t, ["0,cobs", "0,slip"]);
    for (let round = 0; round < 3; round++) {
      const open = board.telecommands.length;
      for (const [n, tool] of tools.entries()) {
        tool.send(telecommand({ packetSequenceCount: 10 * round + n }));
      }
      await until("they came", () => board.telecommands.length === open + 2);
      for (const packet of board.telecommands.slice(open)) {
        board.complete(packet);
      }
      await until("they are told", () => tools.every(({ verification }) => verification.length === 3 * (round + 1)));
      await board.fake.vanish();
      await until("it is gone", () => rig.station.boards[0]!.link.state !== "connected");
      tools[0]!.send(telecommand({ packetSequenceCount: 99 }));
      const failed = async (): Promise<number> =>
        (await rig.ask("/api/v1/boards/b1/history/commands")).json.filter(
          ({ state }: { state: string }) => state === "failed",
        ).length;
      await until("that is told", async () => (await failed()) === round + 1);
      await board.restart();
      await until("it is back", () => rig.station.boards[0]!.link.state === "connected");
    }
    t.true(tools.every(({ isClosed }) => !isClosed));
    for (const [n, { verification }] of tools.entries()) {
      t.deepEqual(
        verification.filter((report) => report.startsWith("1,7")),
        [0, 1, 2].map((round) => `1,7 ${10 * round + n}`),
      );
    }
    t.is(board.telecommands.length, 6, "what failed was never sent");
    t.is(verificationIn(telecommand()), undefined);
  },
);
