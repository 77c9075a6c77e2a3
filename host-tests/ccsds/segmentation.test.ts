import test from "ava";
import fc from "fast-check";
import { PacketAssembler } from "../../modules/ccsds/packet-functions.js";
import * as header from "../../modules/ccsds/primary-header.js";
import {
  FIRST_SEGMENT_LOST,
  NO_ROOM,
  NOT_ASSEMBLED,
  Reassembler,
  SEGMENT_LOST,
  Segmenter,
  UNIT_COMPLETE,
  UNIT_PENDING,
  UNIT_TOO_LONG,
} from "../../modules/ccsds/segmentation.js";
import { SequenceCounters } from "../../modules/ccsds/sequence-counters.js";
import { checkProperty } from "../seeded-properties.js";

const APID = 12;

function makeSegmenter(maxDataLength: number): Segmenter {
  return new Segmenter(new PacketAssembler(new SequenceCounters(1)), header.TELEMETRY, APID, maxDataLength);
}

function cut(segmenter: Segmenter, unit: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  const area = new Uint8Array(1000);
  segmenter.begin(unit, 0, unit.length);
  for (;;) {
    const length = segmenter.next(area, 3, area.length);
    if (length === 0) {
      return packets;
    }
    packets.push(area.slice(3, 3 + length));
  }
}

function units(length: number, first = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (first + i) & 0xff);
}

test("a unit is cut into first, continuation and last segments", (t) => {
  const hex = cut(makeSegmenter(4), units(10)).map((packet) => Buffer.from(packet).toString("hex"));
  t.deepEqual(hex, ["000c4000000301020304", "000c0001000305060708", "000c80020001090a"]);
});

test("a unit that fits in one packet is unsegmented", (t) => {
  const packets = cut(makeSegmenter(4), units(4));
  t.is(packets.length, 1);
  t.is(header.sequenceFlags(packets[0] as Uint8Array, 0), header.UNSEGMENTED);
  t.is(cut(makeSegmenter(4), units(0)).length, 0, "nothing is nothing");
});

test("a segment is as long as there is room for", (t) => {
  const segmenter = makeSegmenter(100);
  const area = new Uint8Array(10);
  segmenter.begin(units(6), 0, 6);
  t.is(segmenter.next(area, 0, 6), NO_ROOM);
  t.is(segmenter.remaining, 6);
  t.is(segmenter.next(area, 0, 10), 10);
  t.is(segmenter.remaining, 2);
  t.is(header.sequenceFlags(area, 0), header.FIRST);
  t.is(segmenter.next(area, 0, 10), 8);
  t.is(header.sequenceFlags(area, 0), header.LAST);
  t.is(segmenter.next(area, 0, 10), 0);
});

test("a segmenter without a sequence counter says so", (t) => {
  const counters = new SequenceCounters(1);
  counters.next(1);
  const segmenter = new Segmenter(new PacketAssembler(counters), header.TELEMETRY, APID, 10);
  segmenter.begin(units(3), 0, 3);
  t.is(segmenter.next(new Uint8Array(20), 0, 20), NOT_ASSEMBLED);
  for (const length of [0, 65537, 1.5]) {
    t.throws(() => makeSegmenter(length), { instanceOf: RangeError, message: /1 to 65536/ });
  }
});

test("units are put together again, within one memory too", (t) => {
  checkProperty(
    t,
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 70 }),
      (all, maxDataLength) => {
        const memory = new Uint8Array(300);
        const reassembler = new Reassembler(memory, 10, 70);
        const segmenter = makeSegmenter(maxDataLength);
        for (const unit of all) {
          const packets = cut(segmenter, unit);
          for (const [i, packet] of packets.entries()) {
            memory.set(packet, 200);
            t.is(reassembler.take(memory, 200), i === packets.length - 1 ? UNIT_COMPLETE : UNIT_PENDING);
          }
          t.deepEqual(memory.slice(reassembler.start, reassembler.end), unit);
        }
        t.is(reassembler.units, all.length);
        t.is(reassembler.lost, 0);
      },
    ),
    200,
  );
});

test("whatever segments are lost, no unit comes out wrong, and the next whole one comes out", (t) => {
  checkProperty(
    t,
    fc.property(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.boolean(), { minLength: 100, maxLength: 100 }),
      (lengths, dropped) => {
        const segmenter = makeSegmenter(5);
        const reassembler = new Reassembler(new Uint8Array(40), 0, 40);
        let index = 0;
        for (const [n, length] of lengths.entries()) {
          const unit = units(length, n * 31);
          let whole = true;
          let complete = false;
          for (const packet of cut(segmenter, unit)) {
            if (dropped[index++]) {
              whole = false;
              continue;
            }
            complete = reassembler.take(packet, 0) === UNIT_COMPLETE;
          }
          t.is(complete, whole);
          if (complete) {
            t.deepEqual(reassembler.bytes.slice(0, reassembler.end), unit);
          }
        }
      },
    ),
    300,
  );
});

test("each kind of loss has its own answer", (t) => {
  const segmenter = makeSegmenter(2);
  const [first, middle, last] = cut(segmenter, units(6)) as [Uint8Array, Uint8Array, Uint8Array];
  const [next, , nextLast] = cut(segmenter, units(5)) as [Uint8Array, Uint8Array, Uint8Array];
  const reassembler = new Reassembler(new Uint8Array(8), 2, 8);
  t.is(reassembler.take(middle, 0), FIRST_SEGMENT_LOST);
  t.is(reassembler.take(last, 0), FIRST_SEGMENT_LOST);
  t.is(reassembler.take(first, 0), UNIT_PENDING);
  t.is(reassembler.take(last, 0), SEGMENT_LOST);
  t.is(reassembler.lost, 1);
  t.is(reassembler.take(first, 0), UNIT_PENDING);
  t.is(reassembler.take(middle, 0), UNIT_PENDING);
  t.is(reassembler.take(next, 0), UNIT_PENDING, "cut short by the next unit");
  t.is(reassembler.lost, 2);
  t.is(reassembler.take(nextLast, 0), SEGMENT_LOST);
  t.is(reassembler.take(first, 0), UNIT_PENDING);
  reassembler.reset();
  t.is(reassembler.end, reassembler.start);
  t.is(reassembler.take(middle, 0), FIRST_SEGMENT_LOST);

  const small = new Reassembler(new Uint8Array(8), 0, 5);
  t.is(small.take(first, 0), UNIT_PENDING);
  t.is(small.take(middle, 0), UNIT_PENDING);
  t.is(small.take(last, 0), UNIT_TOO_LONG);
  t.is(small.tooLong, 1);
  t.deepEqual(small.bytes.slice(5), new Uint8Array(3), "nothing was written behind the area");
});
