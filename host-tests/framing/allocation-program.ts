/**
 * Imported inside XS: decoders and encoders at work on damaged streams, for the test that counts what they allocate.
 * `handleCommand` runs the scenario that its first four bytes number, for as many rounds as the next four say. Nothing
 * here may allocate while it runs.
 */
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { forgetful } from "../security/secured-ends.js";
import { SecuredTraffic } from "../security/secured-traffic.js";
import { Traffic } from "./allocation-traffic.js";
import { concat, Random } from "./random.js";

const SPACE_PACKET = concat(Uint8Array.of(0x18, 0x42, 0xc0, 0, 0, 57), new Random(70).bytes(58));

const TEXTS = [
  "slip",
  "lines,terminator=0d0d0a",
  "raw",
  "length-prefixed,sync=eb90,offset=2",
  "length-prefixed,crc=crc16",
  "netstring",
  "netstring,crc=crc32",
  "marker,kinds=fdaa+10+ccdd/fdcc+62+ccdd/fdcc+64+ccdd",
  "marker,kinds=fdaa+64/fdaa+80",
  "marker,kinds=fdaa+66+ccdd,crc=crc16",
  "marker,kinds=aa55+u16le+0d0a,keep=body,max-packet=200",
  "fixed,length=64,pattern=0:1842c0/63:29",
  "fixed,ids=0x1842:64/0x0842:32",
  "sync,length=64",
  "sync,length=68,crc=crc32",
  "uslp,scid=4660",
  "uslp,scid=4660,over=cobs,count=4",
  "uslp,scid=4660,content=frames,crc=crc16",
  "uslp,scid=4660,content=frames,over=cobs",
  "tc-frames,scid=466",
  "tc-frames,scid=466,map=3,over=cobs",
  "tc-frames,scid=466,sdls=tmtc",
  "uslp,scid=4660,over=cobs,sdls=tmtc",
];

/** What the framing takes. */
function packetFor(text: string): Uint8Array {
  if (text.includes("content=frames")) {
    return encodeFrame(parseFraming("framing", "uslp,scid=4660", { maxPacketLength: 128 }), SPACE_PACKET);
  }
  const packet = SPACE_PACKET.slice();
  if (text.includes("pattern")) {
    packet[63] = 0x29;
  }
  return text.includes("keep=body") ? concat(Uint8Array.of(64, 0), packet) : packet;
}

const scenarios = TEXTS.map((text) => {
  const framing = parseFraming("framing", text, { maxPacketLength: 128, security: forgetful() });
  const traffic = new Traffic(framing, packetFor(text));
  return { title: text, run: (rounds: number) => traffic.run(rounds) };
});

for (const format of ["tc-frames", "uslp"] as const) {
  const traffic = new SecuredTraffic(format, SPACE_PACKET);
  scenarios.push({ title: `${format}: sealed, taken, and replayed`, run: (rounds) => traffic.run(rounds) });
}

let last: object | undefined;

/** The control: one object a round. */
scenarios.push({
  title: "one object per round",
  run(rounds) {
    for (let round = 0; round < rounds; round++) {
      last = { last: undefined };
    }
    if (rounds > 0 && last === undefined) {
      throw new Error("no object was made");
    }
  },
});

Object.assign(globalThis, {
  scenarioTitles: () => JSON.stringify(scenarios.map(({ title }) => title)),
  handleCommand(bytes: ArrayBuffer): ArrayBuffer {
    const view = new DataView(bytes);
    (scenarios[view.getUint32(0)] as (typeof scenarios)[number]).run(view.getUint32(4));
    return bytes;
  },
});
