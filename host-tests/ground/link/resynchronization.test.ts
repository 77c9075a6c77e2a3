/** A wrong length on a live connection: found by the CRC, on the same socket, without a time-out. */
import { once } from "node:events";
import { connect } from "node:net";
import test from "ava";
import { CdsShort } from "../../../modules/ccsds/cds-short.js";
import { decodeFrames } from "../../../modules/framing/encode-decode.js";
import { spacePackets } from "../../../modules/framing/formats/space-packets.js";
import { buildTelecommand, parseTelemetry } from "../../../modules/pus/build-parse.js";
import { until } from "../../host/node-rig.js";
import { xs } from "../../host/xs-support.js";
import { simulator } from "./board.js";

const PINGS = 20;

function ping(packetSequenceCount: number): Uint8Array {
  return buildTelecommand({ apid: 2, packetSequenceCount, serviceType: 17, messageSubtype: 1 });
}

for (const engine of ["node", "xs"]) {
  (engine === "node" || xs.available ? test.serial : test.serial.skip)(
    `${engine}: where bad frames are searched, the packets behind a plausible wrong length are carried out, on the same socket, at once`,
    async (t) => {
      const { program, ports } = await simulator(
        engine,
        ["space-packets:0,crc=check16,packet-ids=0x1802,bad-frames=search"],
        ...["--beacon-interval-ms", "0", "--partial-frame-timeout-ms", "60000"],
      );
      t.teardown(() => program.stop());
      const socket = connect({ port: ports[0] as number, host: "127.0.0.1", noDelay: true });
      await once(socket, "connect");
      let received = Buffer.alloc(0);
      socket.on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
      });
      // Each length swallows pings, and each is filled up by the pings behind it.
      for (const length of [20, 30, 200]) {
        const wrong = ping(0x3fff);
        wrong[5] = length - 7;
        socket.write(wrong);
        for (let count = 0; count < PINGS; count++) {
          socket.write(ping(count));
        }
      }
      const completions = () =>
        decodeFrames(spacePackets(), received)
          .map((packet) => parseTelemetry(packet, new CdsShort()))
          .filter(({ serviceType, messageSubtype }) => serviceType === 1 && messageSubtype === 7)
          .map(
            ({ bytes, sourceDataStart }) => ((bytes[sourceDataStart + 2]! << 8) | bytes[sourceDataStart + 3]!) & 0x3fff,
          );
      await until("every ping is answered", () => completions().length === 3 * PINGS);
      const counts = Array.from({ length: PINGS }, (_, count) => count);
      t.deepEqual(completions(), [...counts, ...counts, ...counts]);
      socket.end();
      await program.prints(/disconnected .* 60 TC received, .* 3 rejected: invalidPacket, 39 bytes dropped/);
    },
  );
}
