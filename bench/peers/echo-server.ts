/** A server in a process of its own, which sends each telecommand back as telemetry: `cobs` or `space-packets`. Prints its port. */
import { createNodeIo, nodeClock, nodeTicker } from "../../host/node-io.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { TmtcServer } from "../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";

const ADDRESS = "127.0.0.1";

const io = await createNodeIo({ listen: [{ port: 0, address: ADDRESS }] });
const memory = new FixedMemory(64 * 1024);
const log = new PacketLog({ memory, policy: "refuseNew" });
const server = new TmtcServer({
  io,
  ticker: nodeTicker,
  clock: nodeClock,
  memory,
  // Both delimiters and the kind of packet, as sat-rs has them.
  framing:
    process.argv[2] === "cobs"
      ? cobs({ delimiter: "both" })
      : spacePackets({ packetIds: [0x1800], packetIdMask: 0x1800 }),
  address: ADDRESS,
  port: 0,
  telecommands: { accept: (bytes, start, end) => log.append(bytes, start, end) },
  telemetry: log,
});
server.start();
process.stdout.write(`${server.port}\n`);
