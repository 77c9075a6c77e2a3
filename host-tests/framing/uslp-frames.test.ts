import { readFileSync } from "node:fs";
import test from "ava";
import {
  CONTINUING_SEGMENT,
  LAST_SEGMENT,
  NO_FIRST_HEADER,
  NO_SEGMENTATION,
  OCTET_STREAM,
  STARTING_SEGMENT,
} from "../../modules/ccsds/uslp.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { concat } from "./random.js";
import { type FrameParts, frame, packet, receive, SCID, spanning, uncounted } from "./uslp-support.js";
import { Workbench } from "./workbench.js";

const file = new URL("../../../host-tests/ccsds/uslp-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  spacepackets: string;
  frames: {
    spacecraftId: number;
    virtualChannelId: number;
    mapId: number;
    insertZoneLength: number;
    frameErrorControl: boolean;
    zone: string;
    bytes: string;
  }[];
};

test(`Space packets come out of the transfer frames that spacepackets ${vectors.spacepackets} makes.`, (t) => {
  t.is(vectors.frames.length, 16);
  for (const { zone, bytes, ...header } of vectors.frames) {
    const { spacecraftId, virtualChannelId, mapId, insertZoneLength, frameErrorControl } = header;
    const options = { spacecraftId, virtualChannelId, mapId, insertZoneLength, frameErrorControl };
    const stream = Buffer.from(bytes, "hex");
    const ping = Buffer.from(zone, "hex").subarray(0, 13);
    for (const size of [1, 7, stream.length]) {
      const { packets, reasons } = receive(options, Uint8Array.from(stream), size);
      t.deepEqual([packets.map((each) => Buffer.from(each)), reasons], [[Buffer.from(ping)], {}], bytes);
    }
  }
});

test("Frames are carried bare or inside COBS, with an insert zone or without, with a checksum over the packets or without.", (t) => {
  const packets = [packet(7), packet(40), packet(300)];
  for (const over of ["", ",over=cobs"]) {
    for (const more of ["", ",insert=3,count=0", ",fecf=off,count=6", ",crc=crc16"]) {
      const framing = parseFraming("framing", `uslp,scid=4660${over}${more}`, { maxPacketLength: 400 });
      const stream = concat(...packets.map((each) => encodeFrame(framing, each)));
      t.deepEqual(decodeFrames(framing, stream), packets, over + more);
      if (over !== "") {
        t.is(stream.filter((byte) => byte === 0).length, packets.length, "one zero behind each frame");
      }
    }
  }
});

test("Packets that span frames are put together, whatever the data zone's length, the chunks and the refusals.", (t) => {
  const packets = [packet(20), packet(7), packet(90), packet(33), packet(8), packet(61)];
  for (const zoneLength of [1, 2, 6, 7, 19, 20, 27, 50, 300]) {
    const stream = concat(...spanning(packets, zoneLength));
    for (const size of [1, 13, stream.length]) {
      for (const times of [0, 2]) {
        const found = receive({}, stream, size, times);
        t.deepEqual(
          found,
          { packets, reasons: {} },
          `zones of ${zoneLength}, chunks of ${size}, refused ${times} times`,
        );
      }
    }
  }
});

test("Any frame lost costs the packets that have octets in it, and no other one; the VC frame count tells.", (t) => {
  const packets = Array.from({ length: 12 }, (_, i) => packet(15 + 4 * i, i + 1));
  const zoneLength = 25;
  const frames = spanning(packets, zoneLength);
  let at = 0;
  const ends = packets.map((each) => {
    at += each.length;
    return at;
  });
  for (let lost = 1; lost < frames.length - 1; lost++) {
    const from = lost * zoneLength;
    const expected = packets.filter((each, i) => ends[i]! <= from || ends[i]! - each.length >= from + zoneLength);
    const stream = concat(...frames.filter((_, i) => i !== lost));
    const { packets: found, reasons } = receive({}, stream);
    t.deepEqual(found, expected, `frame ${lost} lost`);
    t.is(reasons["framesLost"], 1);
    // The same frame, damaged: its error control field tells.
    const spoilt = frames.map((each, i) => (i === lost ? each.with(12, each[12]! ^ 1) : each));
    const damaged = receive({}, concat(...spoilt));
    t.deepEqual(damaged.packets, expected, `frame ${lost} damaged`);
    t.is(damaged.reasons["invalidPacket"], 1);
  }
});

test("Without a VC frame count, a packet that lost its middle is cut off by the next first header pointer.", (t) => {
  const packets = [packet(60), packet(20), packet(30)];
  const bare = spanning(packets, 25).map(uncounted);
  const { packets: found, reasons } = receive({}, concat(...bare.filter((_, i) => i !== 1)));
  t.deepEqual([found, reasons], [packets.slice(1), { packetCutOff: 1 }]);
});

test("A stream that is joined in mid-packet begins with the first packet that begins in a frame.", (t) => {
  const packets = [packet(120), packet(20), packet(30)];
  const frames = spanning(packets, 25);
  for (let from = 1; from <= 4; from++) {
    const { packets: found, reasons } = receive({}, concat(...frames.slice(from)));
    t.deepEqual([found, reasons], [packets.slice(1), {}], `from frame ${from}`);
  }
});

test("Packets in segments are put together, and a missing segment costs its packet only.", (t) => {
  const [one, two] = [packet(50, 1), packet(60, 2)];
  const segments = [
    frame({ zone: one.slice(0, 20), rule: STARTING_SEGMENT, count: 0 }),
    frame({ zone: one.slice(20, 40), rule: CONTINUING_SEGMENT, count: 1 }),
    frame({ zone: one.slice(40), rule: LAST_SEGMENT, count: 2 }),
    frame({ zone: two.slice(0, 30), rule: STARTING_SEGMENT, count: 3 }),
    frame({ zone: two.slice(30), rule: LAST_SEGMENT, count: 4 }),
  ];
  t.deepEqual(receive({}, concat(...segments)), { packets: [one, two], reasons: {} });
  for (const lost of [0, 1, 2]) {
    const { packets } = receive({}, concat(...segments.filter((_, i) => i !== lost)));
    t.deepEqual(packets, [two], `segment ${lost} lost`);
  }
});

test("Several whole packets may share a frame, with an operational control field and an insert zone beside them.", (t) => {
  const zone = concat(packet(20), packet(7), packet(9));
  const stream = frame({ zone, rule: NO_SEGMENTATION, ocf: true, insert: 2 });
  t.deepEqual(receive({ insertZoneLength: 2 }, stream).packets, [packet(20), packet(7), packet(9)]);
});

test("Frames of other channels, and data fields that hold no packets, are counted and leave the packets alone.", (t) => {
  const [front, back] = [packet(40).slice(0, 15), packet(40).slice(15)];
  const between: [Partial<FrameParts>, string][] = [
    [{ vcid: 1, count: 77 }, "otherChannel"],
    [{ map: 1, count: 1 }, "otherChannel"],
    [{ command: true, count: 1 }, "unsupportedContent"],
    [{ identifier: 4, rule: OCTET_STREAM, count: 1 }, "unsupportedContent"],
    [{ rule: OCTET_STREAM, count: 1 }, "unsupportedContent"],
    [{ pointer: 10, count: 1 }, "badDataField"],
  ];
  for (const [parts, reason] of between) {
    const next = parts.vcid === 1 ? 1 : 2;
    const stream = concat(
      frame({ zone: front, count: 0 }),
      frame({ zone: new Uint8Array(9), ...parts }),
      frame({ zone: back, pointer: NO_FIRST_HEADER, count: next }),
      frame({ zone: packet(11), count: next + 1 }),
    );
    const { packets, reasons } = receive({}, stream);
    t.is(reasons[reason], 1, reason);
    t.deepEqual(packets, reason === "badDataField" ? [packet(11)] : [packet(40), packet(11)], reason);
  }
});

test("Frames that bypass the sequence control have a count of their own.", (t) => {
  const stream = concat(
    frame({ zone: packet(20), count: 4 }),
    frame({ zone: packet(30), count: 200, bypass: true }),
    frame({ zone: packet(40), count: 5 }),
    frame({ zone: packet(50), count: 201, bypass: true }),
  );
  t.deepEqual(receive({}, stream), { packets: [20, 30, 40, 50].map((each) => packet(each)), reasons: {} });
});

test("Bytes that begin no frame of ours are damage by their own cause, and the next frame is delivered.", (t) => {
  const good = frame({ zone: packet(20) });
  const wrong: [Uint8Array, string][] = [
    [good.with(0, good[0]! ^ 0x40), "unsupportedFrameVersion"],
    [good.with(3, good[3]! | 1), "truncatedHeader"],
    [good.with(1, good[1]! ^ 1), "otherSpacecraft"],
    [good.with(5, 7), "frameTooShort"],
    [good.with(4, 0xff), "frameTooLong"],
    [good.with(20, good[20]! ^ 1), "invalidPacket"],
  ];
  for (const [bytes, reason] of wrong) {
    const { packets, reasons } = receive({}, concat(bytes, good));
    t.deepEqual([packets, reasons[reason]], [[packet(20)], 1], reason);
  }
});

test("Inside COBS, a frame that is damaged, cut, or none at all is rejected, and the next one is delivered.", (t) => {
  const good = frame({ zone: packet(20), count: 9 });
  const wrong = [
    good.with(0, 0x20),
    good.with(20, good[20]! ^ 1),
    good.slice(0, 20),
    concat(good, Uint8Array.of(1)),
    new Uint8Array(0),
    new Uint8Array(3),
  ];
  const over = cobs();
  for (const bytes of wrong) {
    const stream = concat(encodeFrame(over, bytes), encodeFrame(over, good));
    t.deepEqual(receive({ over }, stream), { packets: [packet(20)], reasons: { invalidPacket: 1 } }, `${bytes.length}`);
  }
});

test("Whole transfer frames go in and out where that is chosen, of any channel, bare and inside COBS.", (t) => {
  const frames = [
    frame({ zone: packet(20), vcid: 7 }),
    frame({ zone: new Uint8Array(9), rule: OCTET_STREAM, identifier: 4 }),
  ];
  for (const text of ["uslp,scid=4660,content=frames", "uslp,scid=4660,content=frames,over=cobs"]) {
    const framing = parseFraming("framing", text, { maxPacketLength: 100 });
    t.deepEqual(decodeFrames(framing, concat(...frames.map((each) => encodeFrame(framing, each)))), frames);
    t.throws(() => encodeFrame(framing, frames[0]!.with(20, 0x99)), { message: /no packet/ });
    t.throws(() => encodeFrame(framing, packet(20)), { message: /no packet/ });
  }
});

test("A stream that ends in mid-packet leaves nothing behind for the next one.", (t) => {
  const packets = [packet(60), packet(20)];
  const frames = spanning(packets, 25);
  const bench = new Workbench(uslp({ spacecraftId: SCID }), 200);
  bench.feed(concat(...frames.slice(0, 2)));
  bench.reset();
  t.deepEqual(bench.decoder.counters.byReason(), { packetCutOff: 1 });
  bench.decoder.counters.clear();
  t.deepEqual(bench.decoder.counters.byReason(), {});
  bench.fed = 0;
  bench.feed(concat(...frames));
  t.deepEqual([bench.packets, bench.decoder.counters.byReason()], [packets, {}]);
});
