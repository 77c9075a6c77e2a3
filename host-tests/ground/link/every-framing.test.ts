/** Each framing over real sockets: the client for people against servers of ours, on Node and on XS. */
import avaTest, { type ExecutionContext } from "ava";
import { Client, OneClientServer } from "../../../ground/index.js";
import { CdsShort } from "../../../modules/ccsds/cds-short.js";
import { FRAMINGS, parseFraming } from "../../../modules/framing/registry.js";
import { buildTelecommand, parseTelemetry } from "../../../modules/pus/build-parse.js";
import { hex } from "../../framing/random.js";
import { xs } from "../../host/xs-support.js";
import { simulator } from "./board.js";
import { MAX_PACKET_LENGTH } from "./echo-application.js";
import { EchoBoard } from "./echo-board.js";
import { exchange } from "./echo-exchange.js";
import { EXAMPLES, examplePackets } from "./framing-examples.js";

const seed = Number(process.env["FLATLINK_SEED"] ?? Date.now() & 0x7fffffff);
const LIMIT = { timeoutMs: 20_000 };
const COMMON = { maxPacketLength: MAX_PACKET_LENGTH };

async function connected(t: ExecutionContext, framing: string, port: number): Promise<Client> {
  const client = new Client({ host: "127.0.0.1", port, framing: parseFraming("framing", framing, COMMON) });
  t.teardown(() => client.close());
  await client.connect(LIMIT);
  return client;
}

avaTest("There is an example of every framing in the registry, and all names are found there.", (t) => {
  const names = new Set(EXAMPLES.map(({ framing }) => framing.split(",")[0] as string));
  t.deepEqual([...names].sort(), FRAMINGS.map(({ name }) => name).sort());
});

for (const engine of ["node", "xs"] as const) {
  const test = engine === "node" || xs.available ? avaTest.serial : avaTest.serial.skip;

  test(`${engine}: what a client sends in each framing comes back, whole and in order`, async (t) => {
    t.log(`FLATLINK_SEED=${seed}`);
    const board = await EchoBoard.start(engine, EXAMPLES);
    t.teardown(() => board.stop());
    for (const [place, example] of EXAMPLES.entries()) {
      const { framing } = example;
      const packets = examplePackets(example, seed + place);
      const client = await connected(t, framing, board.ports[place] as number);
      t.is(await exchange(client, example, packets, LIMIT.timeoutMs), undefined, framing);
      await client.close();
      const [report] = await board.reports(place);
      t.like(report, { telecommands: packets.length, telemetry: packets.length, packetRejected: 0 }, framing);
      t.deepEqual(report?.rejections, {}, framing);
    }
    t.deepEqual(board.failures, []);
  });

  // No transfer frames of one fixed length: reports are of several lengths.
  const PUS_PORTS = [
    "cobs",
    "cobs,delimiter=both,crc=crc32",
    "space-packets,crc=check16,packet-ids=0x1802",
    "slip",
    "slip,kiss-type=0,crc=check16",
    "lines,terminator=0d0a2d2d2d2d0d0a",
    "raw",
    "length-prefixed,size=4,endian=little",
    "netstring",
    "marker,kinds=aa55+u16+0d0a",
    "fixed,id-offset=7,ids=0x1101:13/0x0101:26/0x0103:26/0x1102:22/0x0107:26",
    "uslp,scid=0x1234",
    "uslp,scid=0x1234,over=cobs",
    "tc-frames,scid=0x2ab",
    "tc-frames,scid=0x2ab,map=3,over=cobs",
  ];

  test(`${engine}: the board answers pings in each framing that carries packets of several lengths`, async (t) => {
    const { program, ports } = await simulator(
      engine,
      PUS_PORTS.map((text) => text.replace(/^[^,]+/, "$&:0")),
      ...["--beacon-interval-ms", "0", "--memory", "200000"],
    );
    t.teardown(() => program.stop());
    for (const [place, framing] of PUS_PORTS.entries()) {
      // What telemetry comes is in the port's packet IDs, not in the board's.
      const client = await connected(t, framing.replace(/,packet-ids=\w+/, ""), ports[place] as number);
      const ping = buildTelecommand({ apid: 2, packetSequenceCount: place, serviceType: 17, messageSubtype: 1 });
      await client.send(ping, LIMIT);
      const types: string[] = [];
      while (!types.includes("1,7")) {
        // `raw` keeps no boundaries: the reports come in one burst.
        let rest = await client.receive(LIMIT);
        while (rest.length > 0) {
          const length = 7 + ((rest[4] as number) << 8) + (rest[5] as number);
          const view = parseTelemetry(rest.slice(0, length), new CdsShort());
          if (view.serviceType !== 5) {
            types.push(`${view.serviceType},${view.messageSubtype}`);
          }
          rest = rest.slice(length);
        }
      }
      t.deepEqual(types, ["1,1", "1,3", "17,2", "1,7"], framing);
      await client.close();
    }
  });
}

avaTest.serial("Client and OneClientServer send to each other at once, in each framing.", async (t) => {
  t.log(`FLATLINK_SEED=${seed}`);
  for (const [place, example] of EXAMPLES.entries()) {
    const { framing, oneByOne } = example;
    if (oneByOne === true) {
      continue;
    }
    const server = new OneClientServer({ framing: parseFraming("framing", framing, COMMON) });
    t.teardown(() => server.close());
    const client = await connected(t, framing, await server.listen());
    await server.connected;
    const up = examplePackets(example, seed + place);
    const down = examplePackets(example, seed - place - 1);
    const all = await Promise.all([
      Promise.all(up.map(() => server.receive(LIMIT))),
      Promise.all(down.map(() => client.receive(LIMIT))),
      Promise.all(up.map((packet) => client.send(packet, LIMIT))),
      Promise.all(down.map((packet) => server.send(packet, LIMIT))),
    ]);
    t.deepEqual(all[0].map(hex), up.map(hex), framing);
    t.deepEqual(all[1].map(hex), down.map(hex), framing);
    await client.close();
    await server.close();
  }
});
