/** A port passes over bad frames whole: what stands inside one is never taken for a telecommand that was sent. */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { netstring } from "../../modules/framing/formats/netstring.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { equal } from "./expect.js";
import { join, packet } from "./packets.js";
import { type Cases, type Client, Rig } from "./rig.js";

const TC_ID = 0x1042;

/** The port that boards have by default. */
const STRICT = withCrc(spacePackets({ packetIds: [TC_ID] }), "check16");
/** A maximum that a longer telecommand can exceed. */
const NARROW = withCrc(spacePackets({ maxPacketLength: 100, packetIds: [TC_ID] }), "check16");

/** Behind the header, so many bytes of the outer packet's own stand in front of the one inside. */
const LEAD = 20;

function sealed(bytes: Uint8Array): Uint8Array {
  writeCrc16(bytes, 0, bytes.length);
  return bytes;
}

/** Telecommand `number`, which carries `inner` in its data, with its CRC-16 in the last two octets. */
function carrier(number: number, inner: Uint8Array): Uint8Array {
  const outer = packet(number, LEAD + inner.length + 10, "tc");
  outer.set(inner, LEAD);
  return sealed(outer);
}

const INNER = sealed(packet(9, 20, "tc"));
const OUTER = carrier(1, INNER);

function rigOf(framing: Framing): { rig: Rig; client: Client } {
  const rig = new Rig({ framing, server: { partialFrameTimeoutMs: 1000 } });
  return { rig, client: rig.connect() };
}

/** Sends each part, with a pause behind it. */
function trickle(rig: Rig, client: Client, parts: readonly Uint8Array[], pauseMs: number): void {
  for (const part of parts) {
    client.sendBytes(part);
    rig.settle();
    rig.advance(pauseMs);
  }
}

export const badFrameCases: Cases = {
  "a telecommand stalls with another one inside it: wherever it stalls and however long, the inner one is not carried out alone"() {
    for (const pauseMs of [900, 1300, 2500, 6000]) {
      for (let cut = 1; cut < OUTER.length; cut++) {
        const { rig, client } = rigOf(STRICT);
        trickle(rig, client, [OUTER.subarray(0, cut), OUTER.subarray(cut)], pauseMs);
        // Its checksum proves that it came whole after all.
        equal(rig.inbox.numbers, [1], `packets, cut at ${cut}, ${pauseMs} ms`);
        client.send(sealed(packet(2, 20, "tc")));
        rig.settle();
        equal(rig.inbox.numbers, [1, 2], `packets in the end, cut at ${cut}, ${pauseMs} ms`);
      }
    }
  },

  "without a checksum, a telecommand that stalls is passed over up to its announced length"() {
    const framing = spacePackets({ packetIds: [TC_ID] });
    for (let cut = 6; cut < OUTER.length; cut++) {
      const { rig, client } = rigOf(framing);
      trickle(rig, client, [OUTER.subarray(0, cut), OUTER.subarray(cut)], 1300);
      equal(rig.inbox.numbers, [], `packets, cut at ${cut}`);
      client.send(packet(2, 20, "tc"));
      rig.settle();
      equal(rig.inbox.numbers, [2], `packets in the end, cut at ${cut}`);
      rig.server.stop();
      equal(rig.reports[0]!.rejections, { timedOut: 1 }, "rejections");
      equal(rig.reports[0]!.bytesDropped, OUTER.length, "bytes dropped");
    }
  },

  "a telecommand is cut off by the end of the stream: the one inside it is not carried out"() {
    for (let cut = 1; cut < OUTER.length; cut++) {
      const { rig, client } = rigOf(STRICT);
      client.sendBytes(OUTER.subarray(0, cut));
      client.peer.end();
      rig.settle();
      equal(rig.inbox.numbers, [], `packets, cut at ${cut}`);
      equal(rig.reports[0]!.rejections, { truncated: 1 }, "rejections");
      equal(rig.reports[0]!.bytesDropped, cut, "bytes dropped");
    }
  },

  "telecommands fail their checksum, one behind the other: none inside them is carried out, and the next good one is"() {
    const damaged = OUTER.slice();
    damaged[LEAD - 1]! ^= 1;
    const { rig, client } = rigOf(STRICT);
    client.sendBytes(join([damaged, damaged, OUTER, damaged, sealed(packet(2, 20, "tc"))]));
    rig.settle();
    equal(rig.inbox.numbers, [1, 2], "packets");
    rig.server.stop();
    equal(rig.reports[0]!.rejections, { invalidPacket: 3 }, "rejections");
    equal(rig.reports[0]!.bytesDropped, 3 * OUTER.length, "bytes dropped");
  },

  "a telecommand is longer than the port takes, whatever is inside and wherever it is cut: passed over up to its end"() {
    const long = carrier(1, join([INNER, sealed(packet(8, 200, "tc")), INNER]));
    for (let cut = 1; cut < long.length; cut++) {
      const { rig, client } = rigOf(NARROW);
      trickle(rig, client, [long.subarray(0, cut), join([long.subarray(cut), sealed(packet(2, 20, "tc"))])], 1300);
      equal(rig.inbox.numbers, [2], `packets, cut at ${cut}`);
      rig.server.stop();
      equal(rig.reports[0]!.rejections, { packetTooLong: 1 }, "rejections");
      equal(rig.reports[0]!.bytesDropped, long.length, "bytes dropped");
    }
  },

  "the rest of a frame never comes: what is sent behind a pause, and followed by one, was sent by itself"() {
    const long = packet(1, 2000, "tc");
    for (const framing of [STRICT, NARROW]) {
      for (const begun of [packet(1, 90, "tc").subarray(0, 40), long.subarray(0, 40)]) {
        const { rig, client } = rigOf(framing);
        trickle(rig, client, [begun], 3000);
        client.send(sealed(packet(2, 20, "tc")), sealed(packet(3, 20, "tc")));
        rig.settle();
        rig.advance(900);
        equal(rig.inbox.numbers, [], "packets: it may be the rest");
        rig.advance(200);
        equal(rig.inbox.numbers, [2, 3], "packets a time-out later");
        client.send(sealed(packet(4, 20, "tc")));
        rig.settle();
        equal(rig.inbox.numbers, [2, 3, 4], "packets from then on");
      }
    }
  },

  "packets behind a pause are refused: they are offered again, in order"() {
    const { rig, client } = rigOf(STRICT);
    trickle(rig, client, [packet(1, 90, "tc").subarray(0, 20)], 1500);
    client.send(sealed(packet(2, 20, "tc")), sealed(packet(3, 20, "tc")));
    rig.settle();
    rig.inbox.refuse = 2;
    rig.advance(1100);
    client.send(sealed(packet(4, 20, "tc")));
    rig.settle();
    rig.advance(300);
    equal(rig.inbox.numbers, [2, 3, 4], "packets");
    equal(new Set(rig.inbox.offers).size, 3, "packets offered");
  },

  "a packet is split by a pause with nothing but half a packet behind it: it goes on being its rest"() {
    const { rig, client } = rigOf(STRICT);
    trickle(rig, client, [OUTER.subarray(0, 15), OUTER.subarray(15, 30), OUTER.subarray(30, 45)], 1500);
    client.sendBytes(OUTER.subarray(45));
    rig.settle();
    equal(rig.inbox.numbers, [1], "packets");
  },

  "bytes that begin no frame are searched: the first good packet behind them is taken"() {
    const { rig, client } = rigOf(STRICT);
    client.sendBytes(join([Uint8Array.of(0x47, 0x45, 0x54, 0x20), OUTER]));
    rig.settle();
    equal(rig.inbox.numbers, [1], "packets");
  },

  "search: a telecommand that stalls is searched, for whoever reads packets"() {
    const rig = new Rig({ framing: STRICT, server: { partialFrameTimeoutMs: 1000, badFrames: "search" } });
    const client = rig.connect();
    trickle(rig, client, [OUTER.subarray(0, OUTER.length - 6)], 1300);
    equal(rig.inbox.numbers, [9], "packets");
  },

  "other framings: a bad frame is passed over with what is inside"() {
    const inside = packet(9, 20, "tc");
    const around = packet(1, 80, "tc");
    for (const framing of [
      withCrc(lengthPrefixed(), "crc16"),
      netstring(),
      uslp({ spacecraftId: 7 }),
      tcFrames({ spacecraftId: 7 }),
      withCrc(lengthPrefixed({ lengthOffset: 2, syncPattern: [0xaa, 0x55] }), "crc32"),
    ]) {
      const rig = new Rig({ framing, server: { partialFrameTimeoutMs: 1000 } });
      const whole = frameOf(framing, around);
      const inner = frameOf(framing, inside);
      const outer = whole.slice();
      outer.set(inner, whole.length - inner.length - 12);
      const client = rig.connect();
      trickle(rig, client, [outer.subarray(0, outer.length - 6), outer.subarray(outer.length - 6)], 1300);
      // No checksum over it is right any more.
      equal(rig.inbox.numbers, [], `packets of ${framing.name}`);
      client.send(packet(2, 20, "tc"));
      rig.settle();
      equal(rig.inbox.numbers, [2], `packets of ${framing.name} in the end`);
    }
  },

  "frames that are complete and too short are passed over whole, and counted: what follows is taken"() {
    for (const endianness of ["little", "big"] as const) {
      const framing = lengthPrefixed({ lengthSize: 2, endianness, maxPacketLength: 4096 });
      const { rig, client } = rigOf(framing);
      client.sendBytes(Uint8Array.of(0, 0));
      rig.settle();
      for (let number = 1; number <= 5; number++) {
        client.send(packet(number, 13, "tc"));
        rig.settle();
        rig.advance(300);
        equal(rig.inbox.numbers.length, number, `packets after ${number}, ${endianness}`);
      }
      rig.server.stop();
      equal(rig.reports[0]!.rejections, { packetTooShort: 1 }, "rejections");
      equal(rig.reports[0]!.bytesDropped, 2, "bytes dropped");
    }
  },
};

function frameOf(framing: Framing, bytes: Uint8Array): Uint8Array {
  const rig = new Rig({ framing });
  const client = rig.connect();
  rig.log.append(bytes, 0, bytes.length);
  rig.settle();
  return client.received();
}
