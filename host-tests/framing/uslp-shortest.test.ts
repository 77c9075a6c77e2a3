/** The shortest transfer frames, with every field that takes room in one, and what is sent of fields that are not used. */
import test from "ava";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { DESTINATION, SOURCE } from "../../modules/ccsds/uslp.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { frame, packet, SCID } from "./uslp-support.js";
import { Workbench } from "./workbench.js";

const NOTHING = new Uint8Array(0);
/** Without segmentation there is no pointer: one octet of header in the data field. */
const RULE = 7;

/** A frame one octet shorter than it says that its fields are, with a frame length that is right. */
function shortened(whole: Uint8Array, fecf: boolean): Uint8Array {
  const bytes = whole.slice(0, -1);
  bytes[4] = (bytes.length - 1) >> 8;
  bytes[5] = bytes.length - 1;
  if (fecf) {
    writeCrc16(bytes, 0, bytes.length);
  }
  return bytes;
}

for (const insert of [0, 1, 3]) {
  for (const ocf of [false, true]) {
    for (const fecf of [false, true]) {
      test(`a frame with ${insert} octets of insert zone${ocf ? ", operational control" : ""}${fecf ? ", error control" : ""} and no data is a frame; one octet less is none`, (t) => {
        const framing = uslp({
          spacecraftId: SCID,
          content: "frames",
          insertZoneLength: insert,
          frameErrorControl: fecf,
        });
        const whole = frame({ zone: NOTHING, rule: RULE, insert, ocf, fecf });
        const short = shortened(whole, fecf);
        t.deepEqual(encodeFrame(framing, whole), whole);
        t.throws(() => encodeFrame(framing, short), { message: /no packet for uslp/ });
        const stream = new Uint8Array([...whole, ...short, ...whole]);
        for (const size of [1, stream.length]) {
          const bench = new Workbench(framing, size);
          for (let at = 0; at < stream.length; at += size) {
            bench.feed(stream.slice(at, at + size));
          }
          bench.expire();
          t.deepEqual(bench.packets, [whole, whole]);
          t.deepEqual(bench.decoder.counters.byReason(), { frameTooShort: 1 });
        }
      });
    }
  }
}

test("bytes shorter than a header are no transfer frame, whatever stands behind them in memory", (t) => {
  const framing = uslp({ spacecraftId: SCID, content: "frames", frameErrorControl: false });
  const whole = frame({ zone: Uint8Array.of(1), rule: RULE, fecf: false });
  const memory = new FixedMemory(100);
  memory.bytes.set(whole);
  const encoder = framing.encoder(memory);
  for (let end = 0; end < whole.length; end++) {
    t.true(encoder.encode(0, end, 50, 100) < 0, `${end} bytes`);
  }
  t.is(encoder.encode(0, whole.length, 50, 100), 50 + whole.length);
});

test("a frame of spacecraft 0 is told from those of others", (t) => {
  const framing = uslp({ spacecraftId: 0, content: "frames" });
  const ours = frame({ zone: packet(10), scid: 0 });
  t.deepEqual(encodeFrame(framing, ours), ours);
  t.throws(() => encodeFrame(framing, frame({ zone: packet(10), scid: 1 })), { message: /no packet for uslp/ });
});

test("the insert zone is sent as zeros, whatever stood there, and the frame says whether it is for its source or its destination", (t) => {
  const ping = packet(13);
  for (const sourceOrDestination of [SOURCE, DESTINATION] as const) {
    const framing = uslp({ spacecraftId: SCID, insertZoneLength: 3, vcFrameCountLength: 1, sourceOrDestination });
    const memory = new FixedMemory(100);
    memory.bytes.fill(0x77);
    memory.bytes.set(ping);
    const end = framing.encoder(memory).encode(0, 13, 40, 100);
    const sent = memory.bytes.slice(40, end);
    t.is(sent.length, framing.encoder(memory).maxFrameLength(13));
    t.deepEqual([...sent.slice(8, 11)], [0, 0, 0]);
    t.is((sent[2]! >> 3) & 1, sourceOrDestination);
    t.is(memory.bytes[39], 0x77);
    const [received] = (() => {
      const bench = new Workbench(framing, sent.length);
      bench.feed(sent);
      return bench.packets;
    })();
    t.deepEqual(received, ping);
  }
});

test("a carrier must take the longest frame: its packet, and all fields around that", (t) => {
  for (const [options, around] of [
    [{}, 7 + 2 + 1 + 2],
    [{ insertZoneLength: 5 }, 7 + 2 + 5 + 1 + 2],
    [{ frameErrorControl: false }, 7 + 2 + 1],
    [{ vcFrameCountLength: 0 }, 7 + 1 + 2],
  ] as const) {
    const longest = 65_535 + 1 - around;
    t.is(uslp({ spacecraftId: SCID, ...options, maxPacketLength: longest }).maxPacketLength, longest);
    t.throws(() => uslp({ spacecraftId: SCID, ...options, maxPacketLength: longest + 1 }), {
      message: new RegExp(`to ${longest}, not`),
    });
  }
});
