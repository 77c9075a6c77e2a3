import test from "ava";
import {
  NO_SEQUENCE_COUNTER,
  PacketAssembler,
  PacketExtractor,
  PacketReceiver,
  PacketSwitch,
} from "../../modules/ccsds/packet-functions.js";
import type { PacketTransfer } from "../../modules/ccsds/packet-services.js";
import * as header from "../../modules/ccsds/primary-header.js";
import { NO_COUNTER, SequenceCounters } from "../../modules/ccsds/sequence-counters.js";

function packet(apid: number, count = 0): Uint8Array {
  const bytes = new Uint8Array(8);
  header.writePrimaryHeader(bytes, 0, header.TELEMETRY, false, apid, header.UNSEGMENTED, count, 2);
  return bytes;
}

test("sequence counts are kept per APID, modulo 16,384, for as many APIDs as there is room for", (t) => {
  const counters = new SequenceCounters(2);
  t.is(counters.next(5), 0);
  t.is(counters.next(5), 1);
  t.is(counters.next(9), 0);
  t.is(counters.peek(5), 2);
  t.true(counters.has(9));
  t.false(counters.has(1));
  t.is(counters.used, 2);
  t.is(counters.next(1), NO_COUNTER);
  t.is(counters.peek(1), NO_COUNTER);
  t.false(counters.set(1, 3));
  t.true(counters.set(5, 16383));
  t.is(counters.next(5), 16383);
  t.is(counters.next(5), 0);
  t.true(counters.set(5, -2));
  t.is(counters.next(5), 16382, "one before the other round");
  counters.reset();
  t.is(counters.peek(1), 0);
  t.is(counters.used, 0, "looking takes no place");
  for (const capacity of [0, 2049, 1.5]) {
    t.throws(() => new SequenceCounters(capacity), { instanceOf: RangeError, message: /1 to 2048/ });
  }
});

test("assembly puts a header before the octet string and counts", (t) => {
  const assembler = new PacketAssembler(new SequenceCounters(1));
  const bytes = new Uint8Array(10).fill(0xee);
  t.is(assembler.assemble(bytes, 1, 10, header.TELECOMMAND, true, 3, header.UNSEGMENTED), 0);
  t.is(Buffer.from(bytes).toString("hex"), "ee1803c0000002eeeeee");
  t.not(assembler.assemble(bytes, 1, 7, header.TELECOMMAND, true, 3, header.UNSEGMENTED), 0, "no octet string");
  t.is(assembler.assemble(bytes, 1, 10, header.TELECOMMAND, true, 3, header.UNSEGMENTED), 0);
  t.is(header.packetSequenceCount(bytes, 1), 1, "a refusal uses up no count");
  t.is(assembler.assemble(bytes, 1, 10, header.TELEMETRY, true, 4, header.UNSEGMENTED), NO_SEQUENCE_COUNTER);
});

test("transfer goes where the APID says", (t) => {
  const sent: string[] = [];
  const to = (name: string): PacketTransfer => ({
    transfer: (bytes, start) => {
      sent.push(`${name} ${header.apid(bytes, start)}`);
      return name !== "full";
    },
  });
  const destinations = [
    { apid: 1, to: to("one") },
    { apid: 2, to: to("full") },
  ];
  const strict = new PacketSwitch(destinations);
  t.true(strict.transfer(packet(1), 0, 8));
  t.false(strict.transfer(packet(2), 0, 8));
  t.false(strict.transfer(packet(3), 0, 8));
  t.is(strict.unroutable, 1);
  const open = new PacketSwitch(destinations, to("other"));
  t.true(open.transfer(packet(3), 0, 8));
  t.is(open.unroutable, 0);
  t.deepEqual(sent, ["one 1", "full 2", "other 3"]);
});

test("extraction says how many packets are missing, per APID", (t) => {
  const extractor = new PacketExtractor([1, 2]);
  t.is(extractor.extract(packet(1, 100), 0), 0, "nobody knows what was before the first");
  t.is(extractor.extract(packet(1, 101), 0), 0);
  t.is(extractor.extract(packet(2, 16383), 0), 0);
  t.is(extractor.extract(packet(2, 0), 0), 0, "round the modulus");
  t.is(extractor.extract(packet(1, 105), 0), 3);
  t.is(extractor.extract(packet(1, 105), 0), 16383, "a repeat looks like a whole round");
  t.is(extractor.extract(packet(3, 7), 0), 0);
  t.is(extractor.extract(packet(3, 9), 0), 0, "a third APID is not watched");
  t.is(extractor.missing, 3 + 16383);
  for (const apid of [-1, 1.5, header.IDLE_APID]) {
    t.throws(() => new PacketExtractor([2, apid]), {
      instanceOf: RangeError,
      message: `an APID to watch must be 0 to 2046, not ${apid}`,
    });
  }
});

test("packets of other APIDs, however many, take nothing away from those that are watched", (t) => {
  const extractor = new PacketExtractor([2]);
  for (let apid = 3; apid < header.IDLE_APID; apid++) {
    t.is(extractor.extract(packet(apid, 7), 0), 0);
  }
  t.is(extractor.extract(packet(2, 10), 0), 0);
  t.is(extractor.extract(packet(2, 15), 0), 4);
  t.is(extractor.missing, 4);
});

test("reception drops what is invalid or idle, hands on the rest, and passes refusal back", (t) => {
  let willing = true;
  const taken: number[] = [];
  const extraction = new PacketExtractor([1]);
  const user = {
    accept(bytes: Uint8Array, start: number, _end: number, from: number) {
      if (willing) {
        taken.push(header.apid(bytes, start), from);
      }
      return willing;
    },
  };
  const receiver = new PacketReceiver(user, extraction);
  t.true(receiver.accept(packet(1), 0, 7, 5), "damaged: consumed");
  t.true(receiver.accept(packet(header.IDLE_APID), 0, 8, 5));
  t.true(receiver.accept(packet(1, 4), 0, 8, 5));
  willing = false;
  t.false(receiver.accept(packet(1, 6), 0, 8, 5));
  t.false(receiver.accept(packet(1, 6), 0, 8, 5));
  willing = true;
  t.true(receiver.accept(packet(1, 6), 0, 8, 5));
  t.deepEqual(taken, [1, 5, 1, 5]);
  t.deepEqual([receiver.received, receiver.idle, receiver.invalid], [2, 1, 1]);
  t.is(extraction.missing, 1, "the packet offered again is not a loss");
});
