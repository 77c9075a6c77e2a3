/** Bare space packets, octet by octet: why each kind of bytes is rejected. */
import test from "ava";
import {
  ACCEPT_PACKET,
  type PacketValidator,
  REJECT_PACKET,
  SKIP_PACKET,
} from "../../modules/framing/contract/packet-check.js";
import { type SpacePacketsOptions, spacePackets } from "../../modules/framing/formats/space-packets.js";
import { concat } from "./random.js";
import { Workbench } from "./workbench.js";

/** A ping as sat-rs sends it, PUS 17,1 of APID 2: octet by octet. */
const PING = Uint8Array.of(
  0x18, // version 0, telecommand, secondary header, APID high
  0x02, // APID low
  0xc0, // unsegmented, sequence count high
  0x00, // sequence count low
  0x00, // packet data length field high
  0x06, // packet data length field low: 7 octets
  0x2f, // PUS version 2, all acknowledgements
  0x11, // service 17
  0x01, // subtype 1
  0x00, // source ID high
  0x00, // source ID low
  0xab, // CRC high
  0x62, // CRC low
);
const PING_ID = 0x1802;

function ping(changes: Record<number, number>): Uint8Array {
  const bytes = PING.slice();
  for (const [at, value] of Object.entries(changes)) {
    bytes[Number(at)] = value;
  }
  return bytes;
}

interface Outcome {
  packets: Uint8Array[];
  reasons: Record<string, number>;
  pending: number;
}

function decode(options: SpacePacketsOptions, ...parts: Uint8Array[]): Outcome {
  const bytes = concat(...parts);
  const bench = new Workbench(spacePackets(options), bytes.length);
  bench.feed(bytes);
  return {
    packets: bench.packets,
    reasons: bench.decoder.counters.byReason(),
    pending: bench.decoder.pendingBytes,
  };
}

test("A packet is delivered by its length field alone when no packet IDs are given.", (t) => {
  t.deepEqual(decode({}, PING, PING), { packets: [PING, PING], reasons: {}, pending: 0 });
});

test("The shortest packet, 7 octets, is delivered.", (t) => {
  const shortest = Uint8Array.of(0x18, 0x02, 0xc0, 0, 0, 0, 0x77);
  t.deepEqual(decode({ maxPacketLength: 7 }, shortest), { packets: [shortest], reasons: {}, pending: 0 });
});

test("An octet with another version than 0 begins no packet.", (t) => {
  for (let version = 1; version < 8; version++) {
    const { packets, reasons } = decode({ packetIds: [PING_ID] }, ping({ 0: 0x18 | (version << 5) }), PING);
    t.deepEqual([packets, reasons], [[PING], { unsupportedVersion: 1 }], `version ${version}`);
  }
});

test("A packet ID that is not expected begins no packet.", (t) => {
  const changes: Record<number, number>[] = [{ 0: 0x08 }, { 0: 0x10 }, { 0: 0x19 }, { 1: 0x03 }];
  for (const change of changes) {
    const { packets, reasons } = decode({ packetIds: [PING_ID] }, ping(change), PING);
    t.deepEqual([packets, reasons], [[PING], { unknownPacketId: 1 }]);
  }
});

test("A length over the maximum is damage, and nothing waits for it.", (t) => {
  const { packets, reasons } = decode({ packetIds: [PING_ID], maxPacketLength: 100 }, ping({ 4: 0xff }), PING);
  t.deepEqual([packets, reasons], [[PING], { packetTooLong: 1 }]);
});

test("A plausible but wrong length swallows what follows until the time-out.", (t) => {
  const stream = concat(ping({ 5: 0x50 }), PING);
  const bench = new Workbench(spacePackets({ packetIds: [PING_ID] }), stream.length);
  bench.feed(stream);
  t.deepEqual([bench.packets.length, bench.decoder.pendingBytes], [0, stream.length]);
  bench.expire();
  t.deepEqual([bench.packets, bench.decoder.counters.byReason()], [[PING], { timedOut: 1 }]);
});

test("An idle packet is delivered, and one with a secondary header is damage.", (t) => {
  const idle = Uint8Array.of(0x07, 0xff, 0xc0, 0, 0, 0, 0x55);
  t.deepEqual(decode({}, idle).packets, [idle]);
  const { packets, reasons } = decode({}, Uint8Array.of(0x0f, 0xff, 0xc0, 0x80, 0xc0, 0x80, 0xc0), PING);
  t.deepEqual([packets, reasons], [[PING], { idleWithSecondaryHeader: 1 }]);
});

test("A validator decides on each complete packet: accept, pass over whole, or search on inside.", (t) => {
  const inner = ping({ 12: 0x01 });
  const outer = concat(Uint8Array.of(0x18, 0x02, 0xc0, 0, 0, inner.length - 1), inner);
  const judge = (verdict: 0 | 1 | 2) => (_bytes: Uint8Array, start: number, end: number) =>
    end - start === outer.length ? verdict : ACCEPT_PACKET;
  t.deepEqual(decode({ validator: judge(ACCEPT_PACKET) }, outer, PING), {
    packets: [outer, PING],
    reasons: {},
    pending: 0,
  });
  t.deepEqual(decode({ validator: judge(SKIP_PACKET) }, outer, PING), {
    packets: [PING],
    reasons: { skipped: 1 },
    pending: 0,
  });
  t.deepEqual(decode({ validator: judge(REJECT_PACKET), packetIds: [PING_ID] }, outer, PING), {
    packets: [inner, PING],
    reasons: { invalidPacket: 1 },
    pending: 0,
  });
});

test("A packet passed over by the validator ends a loss: the next damage counts again.", (t) => {
  const validator: PacketValidator = (bytes, start) => (bytes[start + 6] === 0x2f ? ACCEPT_PACKET : SKIP_PACKET);
  const garbage = Uint8Array.of(0xff, 0xfe);
  const { reasons } = decode({ validator, packetIds: [PING_ID] }, garbage, ping({ 6: 0x77 }), garbage, PING);
  t.deepEqual(reasons, { unsupportedVersion: 2, skipped: 1 });
});

test("A validator sees each packet in the memory, and nothing of what surrounds it.", (t) => {
  const seen: Uint8Array[] = [];
  const validator: PacketValidator = (bytes, start, end) => {
    seen.push(bytes.slice(start, end));
    return ACCEPT_PACKET;
  };
  const bench = new Workbench(spacePackets({ validator }), 100);
  bench.feed(PING.slice(0, 5));
  bench.feed(concat(PING.slice(5), PING));
  t.deepEqual(seen, [PING, PING]);
});

test("Space packet options out of range are refused by name, with the range.", (t) => {
  t.throws(() => spacePackets({ maxPacketLength: 6 }), { instanceOf: RangeError, message: /7 to 65542, not 6/ });
  t.throws(() => spacePackets({ maxPacketLength: 65_543 }), { instanceOf: RangeError });
  t.throws(() => spacePackets({ maxPacketLength: Number.NaN }), { instanceOf: TypeError });
  t.throws(() => spacePackets({ packetIds: [1, 0x2000] }), { instanceOf: RangeError, message: /packet ID.*8192/ });
  t.throws(() => spacePackets({ packetIds: [-1] }), { instanceOf: RangeError });
});

test("Space packets need as much decoder memory as the longest packet, and the frame is the packet.", (t) => {
  const framing = spacePackets({ maxPacketLength: 300 });
  t.is(framing.decoderMemory, 300);
  t.is(framing.maxPacketLength, 300);
  t.is(spacePackets().maxPacketLength, 1024);
});
