/** Relay ports with a simulated board: tools that know nothing of each other. */
import test from "ava";
import { relayed, Tool, telecommand } from "./relay-tool.js";
import type { Answer } from "./rig.js";
import { running, simulated, until } from "./rig.js";

const PINGS = 50;
const COMMANDS = "/api/v1/boards/flatsat/commands";
const HISTORY = "/api/v1/boards/flatsat/history/commands?limit=1000";

/** The stages of telecommands with these counts, as their sender has to see them. */
function stagesOf(counts: readonly number[]): string[] {
  return counts.flatMap((count) => [`1,1 ${count}`, `1,3 ${count}`, `1,7 ${count}`]).sort();
}

test.serial(
  "two tools that count from 0, and the page beside them: each sees its own verification, with its own counts",
  async (t) => {
    const entry = relayed(await simulated(t), "0,cobs", "0,space-packets,crc=check16");
    const rig = await running(t, { boards: [entry] });
    const { station } = rig;
    await until("the board", () => station.boards[0]!.link.state === "connected");
    const tools = [await Tool.connect(station, 0), await Tool.connect(station, 1)] as const;
    const counts = Array.from({ length: PINGS }, (_, k) => k);
    for (const k of counts) {
      for (const tool of tools) {
        tool.send(telecommand({ packetSequenceCount: k }));
      }
      if (k % 10 === 0) {
        t.is((await rig.send(COMMANDS, { name: "areYouAlive" })).status, 202);
      }
    }
    await until("all reports", () => tools.every(({ verification }) => verification.length >= 3 * PINGS));
    const history = async (): Promise<Answer["json"][]> => (await rig.ask(HISTORY)).json;
    await until("all is over", async () => (await history()).every(({ state }) => state === "completed"));
    // Whatever is still on its way would be here by the next housekeeping.
    const before = tools.map(({ packets }) => packets.length);
    await until("housekeeping", () => tools.every(({ packets }, k) => packets.length > before[k]!));
    for (const tool of tools) {
      t.deepEqual([...tool.verification].sort(), stagesOf(counts));
      t.true(tool.areSound);
      t.deepEqual(tool.gaps, []);
    }
    const commands = await history();
    t.is(commands.length, 2 * PINGS + PINGS / 10);
    for (const [k, tool] of tools.entries()) {
      const { port } = station.relays.ports[k]!;
      const own = commands.filter(({ user }) => user === `relay ${port}`);
      t.is(own.length, PINGS);
      const { localPort } = tool.socket;
      for (const { name, origin, stages } of own) {
        t.is(name, "areYouAlive");
        t.is(origin, `127.0.0.1:${localPort}`);
        const found = stages.map(({ stage }: Answer["json"]) => stage);
        t.deepEqual(found.sort(), ["accepted", "completed", "sent", "started"]);
      }
    }
    const sent = new Set(commands.map(({ hex }) => hex.slice(4, 8)));
    t.is(sent.size, commands.length, "no count twice");
    const operator = { headers: { authorization: "Bearer a-token-of-tests" } };
    const { json: audit } = await rig.ask("/api/v1/audit?limit=1000", operator);
    t.is(audit.filter(({ user }: Answer["json"]) => /^relay \d+$/.test(user)).length, 2 * PINGS);
    t.true(audit.some(({ action }: Answer["json"]) => action === "flatsat areYouAlive"));
    t.deepEqual(rig.reports, []);
  },
);

test.serial("boards and metrics name relay ports and their clients", async (t) => {
  const rig = await running(t, { boards: [relayed(await simulated(t), "0,slip,delimiter=both", "0,role=tm")] });
  const { station } = rig;
  await until("the board", () => station.boards[0]!.link.state === "connected");
  const tool = await Tool.connect(station);
  tool.send(telecommand());
  tool.send(telecommand({ apid: 77 }));
  await until("reports", () => tool.verification.length === 3);
  const [board] = (await rig.ask("/api/v1/boards")).json;
  const [first, second] = board.relays;
  t.like(first, { host: "127.0.0.1", framing: "slip,delimiter=both", role: "tmtc" });
  t.like(second, { framing: "cobs", role: "tm", clients: [] });
  t.is(board.link.tools, 1);
  t.like(first.clients[0], { address: `127.0.0.1:${tool.socket.localPort}`, telecommands: 1, refused: 1 });
  const { text } = await rig.ask("/metrics");
  const labels = `{board="flatsat",port="${first.port}"}`;
  for (const line of [`flatlink_relay_clients${labels} 1`, `flatlink_relay_telecommands_total${labels} 1`]) {
    t.true(text.includes(`${line}\n`), line);
  }
  tool.socket.destroy();
  await until("it is gone", async () => (await rig.ask("/api/v1/boards")).json[0].relays[0].clients.length === 0);
  t.is((await rig.ask("/api/v1/boards")).json[0].link.tools, undefined);
  t.true((await rig.ask("/metrics")).text.includes(`flatlink_relay_refused_total${labels} 1\n`));
});

test.serial("the history has a tool's telecommand by its name, with its arguments in words", async (t) => {
  const rig = await running(t, { boards: [relayed(await simulated(t), "0")] });
  const { station } = rig;
  await until("the board", () => station.boards[0]!.link.state === "connected");
  const tool = await Tool.connect(station);
  const { queue } = station.boards[0]!;
  tool.send(queue.preview("setHeater", { control: "on" }));
  tool.send(telecommand({ serviceType: 200, messageSubtype: 1 }));
  await until("both are over", () => tool.verification.length === 4);
  const [unknown, heater] = (await rig.ask(HISTORY)).json;
  t.like(heater, { name: "setHeater", arguments: { control: "on" }, state: "completed" });
  t.like(unknown, { name: "TC[200,1]", arguments: {}, state: "failed" });
  t.regex(unknown.stages.at(-1).failure, /unknownServiceType/);
});

test.serial("as nc does it: who shuts down its side gets what becomes of what it sent, and then the end", async (t) => {
  const rig = await running(t, { boards: [relayed(await simulated(t), "0,space-packets")] });
  const { station } = rig;
  await until("the board", () => station.boards[0]!.link.state === "connected");
  const tool = await Tool.connect(station);
  tool.socket.end(telecommand({ packetSequenceCount: 9 }));
  await until("the end", () => tool.isClosed);
  t.deepEqual(tool.verification, ["1,1 9", "1,3 9", "1,7 9"]);
  t.true(tool.packets.some((packet) => packet[7] === 17 && packet[8] === 2));
});
