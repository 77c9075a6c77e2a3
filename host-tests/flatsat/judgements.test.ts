/** A telecommand's header, APID, idleness and CRC are looked at once each between socket and service. */
import test from "ava";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { callCounts } from "../call-counts.js";
import { APID, Desk } from "./desk.js";

const COUNT = 20;
const HEADER = "ccsds/primary-header.js";

interface Expected {
  /** Calls of `checkSpacePacket` for each telecommand: none where the framing has looked at the header already. */
  headers: number;
  /** Checksums over each telecommand that are the same as its packet error control. */
  crcs: number;
}

const PORTS: Readonly<Record<string, Expected>> = {
  "space-packets": { headers: 0, crcs: 1 },
  "space-packets,crc=check16": { headers: 0, crcs: 1 },
  "space-packets,crc=check16,packet-ids=0x1800,id-mask=0x1800": { headers: 0, crcs: 1 },
  "space-packets,crc=crc32": { headers: 0, crcs: 1 },
  cobs: { headers: 1, crcs: 1 },
  "cobs,crc=check16": { headers: 1, crcs: 1 },
  "slip,crc=crc32": { headers: 1, crcs: 1 },
  "length-prefixed,crc=check16": { headers: 1, crcs: 1 },
  "uslp,scid=1,fecf=off": { headers: 0, crcs: 1 },
  "uslp,scid=1,fecf=off,crc=check16": { headers: 0, crcs: 1 },
  "uslp,scid=1,fecf=off,over=cobs": { headers: 0, crcs: 1 },
  "tc-frames,scid=1,fecf=off": { headers: 1, crcs: 1 },
  "tc-frames,scid=1,fecf=off,crc=check16": { headers: 1, crcs: 1 },
  "tc-frames,scid=1,fecf=off,over=cobs": { headers: 1, crcs: 1 },
};

for (const [text, expected] of Object.entries(PORTS)) {
  test.serial(`each telecommand is judged once on its way: ${text}`, async (t) => {
    const [name, ...options] = text.split(",");
    // Telecommands only: what is sent on a port is looked at by its encoder.
    const desk = new Desk({
      listen: [`${name}:1`, "role=tc", ...options].join(","),
      beacon_interval_ms: "0",
      memory: "65536",
    });
    desk.flatsat.start();
    const client = desk.connect();
    const framing = parseFraming("framing", text, { maxPacketLength: 1024 });
    const frames = Array.from({ length: COUNT }, (_, packetSequenceCount) =>
      encodeFrame(framing, buildTelecommand({ apid: APID, serviceType: 17, messageSubtype: 1, packetSequenceCount })),
    );
    const calls = await callCounts(() => {
      for (const frame of frames) {
        client.sendBytes(frame);
        desk.network.settle();
      }
    });
    const { dispatcher } = desk.flatsat.process;
    t.is(dispatcher.accepted, COUNT);
    t.is(calls(HEADER, "checkSpacePacket"), expected.headers * COUNT, "headers");
    t.is(calls("ccsds/crc16.js", "hasValidCrc16"), expected.crcs * COUNT, "packet error controls");
    // Part of the look at the header, as an idle packet must have no secondary header; or, over USLP, in its place.
    const idle = calls(HEADER, "isIdle");
    t.true(idle <= COUNT, `${idle} looks whether it is idle`);
    t.is(calls(HEADER, "apid") - idle, COUNT, "APIDs");
    t.is(calls("pus/packet-status.js", "checkPusPacket"), COUNT, "PUS headers");
  });
}

test.serial("who is told nothing looks at everything", async (t) => {
  const { process } = new Desk({}).flatsat;
  const packet = buildTelecommand({ apid: APID, serviceType: 17, messageSubtype: 1 });
  const calls = await callCounts(() => {
    process.dispatcher.accept(packet, 0, packet.length, 1);
  });
  t.is(process.dispatcher.accepted, 1);
  t.is(calls(HEADER, "checkSpacePacket"), 1);
  t.is(calls("ccsds/crc16.js", "hasValidCrc16"), 1);
  t.is(calls(HEADER, "apid") - calls(HEADER, "isIdle"), 1);
});
