/** Random packets between a board in one framing and tools in others: each arrives as it was sent, but for its counts. */
import test from "ava";
import { linkChoice } from "../../../ground/link/link-options.js";
import { writeCrc16 } from "../../../modules/ccsds/crc16.js";
import { setPacketSequenceCount } from "../../../modules/ccsds/primary-header.js";
import { encodeFrame } from "../../../modules/framing/encode-decode.js";
import { Random } from "../../framing/random.js";
import { FLATSAT } from "../dictionary/boards.js";
import { simulator } from "../link/board.js";
import { framingOf, relayed, Tool, telecommand } from "./relay-tool.js";
import { running, until } from "./rig.js";
import { OTHER_SERVICE, ScriptedBoard } from "./scripted-board.js";

const FRAMINGS = [
  "cobs",
  "cobs,delimiter=both,crc=crc32",
  "slip",
  "space-packets",
  "raw",
  "length-prefixed,size=4,endian=little",
  "length-prefixed,offset=4,sync=1acffc1d,crc=crc16",
  "netstring",
  "uslp,scid=5,crc=crc16",
];
const PACKETS = 60;

test("any telemetry arrives in any framing, and any telecommand leaves it", async (t) => {
  const seed = Number(process.env["FLATLINK_SEED"] ?? Date.now() & 0x7fffffff);
  t.log(`FLATLINK_SEED=${seed}`);
  const random = new Random(seed);
  const board = await ScriptedBoard.start();
  t.teardown(() => board.fake.vanish());
  const { station } = await running(t, { boards: [relayed(board.entry(), ...FRAMINGS.map((text) => `0,${text}`))] });
  await until("the station", () => board.fake.clients === 1 && station.boards[0]!.link.state === "connected");
  const tools = await Promise.all(FRAMINGS.map((_, k) => Tool.connect(station, k)));
  await until("the tools", () => station.relays.ports.every(({ clients }) => clients.length === 1));
  const sent = Array.from({ length: PACKETS }, () =>
    board.next(OTHER_SERVICE, random.below(256), random.bytes(random.below(900))),
  );
  for (const packet of sent) {
    board.send(packet);
  }
  await until("all packets", () => tools.every(({ packets }) => packets.length === PACKETS));
  for (const [k, { packets }] of tools.entries()) {
    t.deepEqual(packets, sent, FRAMINGS[k]);
  }
  let count = 0;
  for (const tool of tools) {
    for (let k = 0; k < PACKETS / 10; k++) {
      const packet = telecommand({
        packetSequenceCount: random.below(0x4000),
        serviceType: random.below(256),
        messageSubtype: random.below(256),
        acknowledgementFlags: random.below(16),
        sourceId: random.below(0x10000),
        applicationData: random.bytes(random.below(900)),
      });
      tool.send(packet);
      await until("it came", () => board.telecommands.length === count + 1);
      setPacketSequenceCount(packet, 0, count);
      writeCrc16(packet, 0, packet.length);
      t.deepEqual(board.telecommands[count], packet);
      count++;
    }
  }
});

test("boards in several framings: a tool in another one sends a ping, and has its reports", async (t) => {
  const listen = ["cobs:0", "slip:0,delimiter=both", "length-prefixed:0,size=4,endian=little,crc=crc32"];
  const { program, ports } = await simulator("node", listen, "--memory", "40000");
  t.teardown(() => program.stop());
  const tools = ["slip", "space-packets", "cobs"];
  const boards = listen.map((text, k) => {
    const [name, ...keys] = text.replace(":0", "").split(",");
    const link = linkChoice({ host: "127.0.0.1", port: ports[k], framing: [name, ...keys].join(",") });
    return relayed({ name: `b${k}`, link, dictionary: FLATSAT }, `0,${tools[k]}`);
  });
  const { station } = await running(t, { boards });
  await until("the boards", () => station.boards.every(({ link }) => link.state === "connected"));
  for (const [k, text] of tools.entries()) {
    const tool = await Tool.connect(station, k);
    tool.socket.write(encodeFrame(framingOf(text), telecommand({ packetSequenceCount: 11 })));
    await until(`the reports in ${text}`, () => tool.verification.length === 3);
    t.deepEqual(tool.verification, ["1,1 11", "1,3 11", "1,7 11"]);
    t.true(tool.areSound);
  }
});
