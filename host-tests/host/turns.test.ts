/** One client's search does not keep the others waiting: it has its turns, by the engine's own clock. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import test from "ava";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { decodeFrames } from "../../modules/framing/encode-decode.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { simulator } from "../ground/link/board.js";
import { until } from "./node-rig.js";
import { xs } from "./xs-support.js";

const TELEMETRY = parseFraming("telemetry", "space-packets,crc=check16", { maxPacketLength: 1000 });

function ping(packetSequenceCount: number): Uint8Array {
  return buildTelecommand({ apid: 2, packetSequenceCount, serviceType: 17, messageSubtype: 1 });
}

/** Sequence counts of the pings whose completion was reported, in order. */
function completed(received: Uint8Array): number[] {
  return decodeFrames(TELEMETRY, received)
    .map((packet) => parseTelemetry(packet, new CdsShort()))
    .filter(({ serviceType, messageSubtype }) => serviceType === 1 && messageSubtype === 7)
    .map(({ bytes, sourceDataStart }) => ((bytes[sourceDataStart + 2]! << 8) | bytes[sourceDataStart + 3]!) & 0x3fff);
}

async function client(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

for (const engine of ["node", "xs"]) {
  (engine === "node" || xs.available ? test.serial : test.serial.skip)(
    `${engine}: a ping is answered in the middle of another client's burst of bytes that only a checksum rules out`,
    async (t) => {
      const { program, ports } = await simulator(
        engine,
        ["space-packets:0,crc=check16,bad-frames=search"],
        ...["--beacon-interval-ms", "0"],
      );
      t.teardown(() => program.stop());
      const [port] = ports as [number];
      const [flooder, other] = [await client(port), await client(port)];
      let received = Buffer.alloc(0);
      other.on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
      });
      flooder.resume();
      // Each byte begins a packet of 778 bytes; behind them stands a ping.
      flooder.write(Buffer.concat([Buffer.alloc(6000, 3), ping(1)]));
      other.write(ping(2));
      await until("both pings are answered", () => completed(received).length === 2);
      t.deepEqual(completed(received), [2, 1]);
      flooder.destroy();
      other.destroy();
    },
  );
}
