/** Telecommands: from the socket to the sink, and what happens when the sink does not want them. */

import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { marker } from "../../modules/framing/formats/marker.js";
import { netstring } from "../../modules/framing/formats/netstring.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { equal, holds, sameBytes } from "./expect.js";
import { FakeIo } from "./fake-io.js";
import { join, numberOf, numbers, packet, packets } from "./packets.js";
import { type Cases, inEachFraming, Rig } from "./rig.js";

/** Packet ID of the telecommands of `packet`. */
const TC_ID = 0x1042;

/** The packet with its CRC-16 in the last two octets. */
function sealed(bytes: Uint8Array): Uint8Array {
  writeCrc16(bytes, 0, bytes.length);
  return bytes;
}

/** For whoever reads packets: behind a wrong length they are searched for. */
const SEARCH = Object.freeze({ badFrames: "search" } as const);

export const telecommandCases: Cases = {
  ...inEachFraming(
    "telecommands from two clients arrive whole, in order, with their connection's number",
    (framing) => {
      const rig = new Rig({ framing });
      const first = rig.connect();
      const second = rig.connect();
      first.send(...packets(1, 3, 20, "tc"));
      rig.settle();
      second.send(packet(9, 300, "tc"));
      rig.settle();
      equal(rig.inbox.numbers, [1, 2, 3, 9], "packets");
      equal(rig.inbox.froms, [1, 1, 1, 2], "connections");
      sameBytes(rig.inbox.packets[3]!.bytes, packet(9, 300, "tc"), "the last packet");
      equal(rig.server.totals.telecommands, 4, "telecommands in the totals");
    },
  ),

  ...inEachFraming("telecommands that come byte by byte arrive once each", (framing) => {
    const rig = new Rig({ framing });
    const client = rig.connect();
    const stream = join(packets(1, 5, 30, "tc").map((each) => encodeFrame(framing, each)));
    for (const byte of stream) {
      client.sendBytes(Uint8Array.of(byte));
      rig.settle();
    }
    equal(rig.inbox.numbers, numbers(1, 5), "packets");
  }),

  ...inEachFraming("a reply goes out before the callback that brought its telecommand returns", (framing) => {
    const io = new FakeIo();
    const rig = new Rig({ framing, io });
    rig.inbox.onPacket = (bytes) => rig.log.append(bytes, 0, bytes.length);
    const connection = io.connect()[0]!;
    connection.writable(4096);
    const frames = join(packets(1, 3).map((each) => encodeFrame(framing, each)));
    connection.receive(frames);
    sameBytes(connection.written, frames, "replies");
  }),

  ...inEachFraming(
    "a sink refuses a packet 100 times: it is offered again, taken once, and nothing is lost",
    (framing) => {
      const rig = new Rig({ framing, receiveWindow: 256 });
      const client = rig.connect();
      rig.inbox.refuse = 100;
      client.send(...packets(1, 100, 50, "tc"));
      rig.settle();
      holds(client.peer.unsent > 4000, "the client to be held up by the closed window");
      for (let attempt = 0; rig.inbox.refuse > 0 && attempt < 100; attempt++) {
        equal(rig.inbox.packets.length, 0, "packets before the hundredth refusal");
        rig.server.resume();
        rig.settle();
      }
      rig.server.resume();
      rig.settle();
      equal(rig.inbox.offers.slice(0, 102), [...new Array(101).fill(1), 2], "offers");
      equal(rig.inbox.numbers, numbers(1, 100), "packets");
      equal(client.peer.unsent, 0, "bytes that wait");
    },
  ),

  ...inEachFraming("a sink refuses every other offer: the packets arrive in order, once each", (framing) => {
    const rig = new Rig({ framing, receiveWindow: 300 });
    const client = rig.connect();
    rig.inbox.refuse = 1;
    rig.inbox.onPacket = () => {
      rig.inbox.refuse = 1;
    };
    client.send(...packets(1, 60, 33, "tc"));
    for (let k = 0; k < 70; k++) {
      rig.settle();
      rig.server.resume();
    }
    equal(rig.inbox.numbers, numbers(1, 60), "packets");
  }),

  ...inEachFraming("nobody resumes: the packet refused is offered at every tick", (framing) => {
    const rig = new Rig({ framing });
    const client = rig.connect();
    rig.inbox.refuse = 3;
    client.send(...packets(1, 2, 20, "tc"));
    rig.settle();
    equal(rig.inbox.offers, [1], "offers");
    rig.advance(200);
    equal(rig.inbox.offers, [1, 1, 1], "offers after two ticks");
    rig.advance(100);
    equal(rig.inbox.numbers, [1, 2], "packets");
    rig.advance(500);
    equal(rig.inbox.offers.length, 5, "offers in all");
  }),

  ...inEachFraming("while the sink refuses, nothing is read: what comes stays in the socket", (framing) => {
    const io = new FakeIo();
    const rig = new Rig({ framing, io });
    const connection = io.connect()[0]!;
    rig.inbox.refuse = 1000;
    connection.receive(encodeFrame(framing, packet(1, 40, "tc")));
    equal(connection.unread.length, 0, "bytes unread of the first");
    const frame = encodeFrame(framing, packet(2, 40, "tc"));
    connection.receive(frame);
    equal(connection.unread.length, frame.length, "bytes unread of the second");
    rig.inbox.refuse = 0;
    rig.server.resume();
    equal(connection.unread.length, 0, "bytes unread in the end");
    equal(rig.inbox.numbers, [1, 2], "packets");
  }),

  ...inEachFraming("one client's packet is refused: the other clients' are taken", (framing) => {
    let isOpen = false;
    const rig: Rig = new Rig({
      framing,
      server: {
        telecommands: {
          accept: (bytes, start, end, from) => (isOpen || from > 1) && rig.inbox.accept(bytes, start, end, from),
        },
      },
    });
    const stuck = rig.connect();
    const other = rig.connect();
    stuck.send(packet(1, 20, "tc"));
    rig.settle();
    other.send(packet(2, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [2], "packets");
    isOpen = true;
    rig.advance(100);
    equal(rig.inbox.numbers, [2, 1], "packets after a tick");
  }),

  ...inEachFraming("the sink resumes the server while it takes a packet: nothing is offered twice", (framing) => {
    const rig = new Rig({ framing });
    rig.inbox.onPacket = () => rig.server.resume();
    const client = rig.connect();
    client.send(...packets(1, 10, 20, "tc"));
    rig.settle();
    equal(rig.inbox.offers, numbers(1, 10), "offers");
  }),

  ...inEachFraming("telemetry flows while the sink refuses telecommands", (framing) => {
    const rig = new Rig({ framing });
    const client = rig.connect();
    rig.inbox.refuse = 1000;
    client.send(packet(1, 20, "tc"));
    rig.settle();
    rig.emit(5, 3);
    equal(client.numbers, [5, 6, 7], "telemetry");
  }),

  "search: the rest of a packet does not come in time: given up, and what stands behind it is delivered"() {
    const rig = new Rig({ framing: spacePackets(), server: SEARCH });
    const client = rig.connect();
    const wrongLength = packet(1, 20, "tc");
    wrongLength[5] = 200;
    client.sendBytes(join([wrongLength, packet(2, 20, "tc"), packet(3, 20, "tc")]));
    rig.settle();
    equal(rig.inbox.numbers, [], "packets at first");
    rig.advance(900);
    equal(rig.inbox.numbers, [], "packets before the timeout");
    rig.advance(200);
    equal(rig.inbox.numbers, [2, 3], "packets after it");
    client.send(packet(4, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [2, 3, 4], "packets on the same connection");
    rig.server.stop();
    equal(rig.reports[0]!.rejections, { timedOut: 1 }, "rejections");
  },

  "space-packets: a packet trickles in, each byte within the timeout: it is delivered"() {
    const rig = new Rig({ framing: spacePackets(), server: { partialFrameTimeoutMs: 300 } });
    const client = rig.connect();
    for (const byte of packet(1, 20, "tc")) {
      client.sendBytes(Uint8Array.of(byte));
      rig.settle();
      rig.advance(200);
    }
    equal(rig.inbox.numbers, [1], "packets");
  },

  "search: good packets keep coming behind a wrong length: from the timeout on they are delivered"() {
    const framing = spacePackets({ packetIds: [TC_ID] });
    const rig = new Rig({ framing, server: { ...SEARCH, partialFrameTimeoutMs: 1000 } });
    const client = rig.connect();
    const wrongLength = packet(1, 20, "tc");
    wrongLength.set([3, 0xe8], 4);
    client.sendBytes(wrongLength);
    for (let number = 2; number <= 40; number++) {
      client.send(packet(number, 20, "tc"));
      rig.settle();
      rig.advance(100);
      if (number === 10) {
        equal(rig.inbox.numbers, [], "packets before the timeout");
      }
      if (number === 13) {
        equal(rig.inbox.numbers, numbers(2, 12), "packets after the timeout");
      }
    }
    equal(rig.inbox.numbers, numbers(2, 39), "packets");
    rig.server.stop();
    equal(rig.reports[0]!.rejections, { timedOut: 1 }, "rejections");
  },

  "without a checksum or a pattern, an intact packet that takes longer than the timeout to come is delivered whole"() {
    for (const framing of [
      spacePackets(),
      lengthPrefixed(),
      netstring(),
      marker({ kinds: [{ header: [0xfd, 0xaa], lengthField: { size: 2 } }] }),
    ]) {
      for (let seed = 0; seed < 10; seed++) {
        const rig = new Rig({ framing });
        const client = rig.connect();
        const whole = packet(1, 1000, "tc");
        for (let i = 6, value = seed; i < whole.length; i++) {
          value = (value * 75 + 74) % 65537;
          // Many of them pass for a length.
          whole[i] = value % 5 === 0 ? value : 0;
        }
        const stream = encodeFrame(framing, whole);
        for (let at = 0; at < stream.length; at += 77) {
          client.sendBytes(stream.subarray(at, at + 77));
          rig.settle();
          rig.advance(100);
        }
        equal(rig.inbox.packets.length, 1, `packets of ${framing.name}`);
        sameBytes(rig.inbox.packets[0]!.bytes, whole, `the packet of ${framing.name}`);
      }
    }
  },

  "search, check16: the frame behind a wrong length and a good packet has its whole time, whatever is in it"() {
    const framing = withCrc(spacePackets({ packetIds: [TC_ID] }), "check16");
    for (let pauseMs = 0; pauseMs <= 900; pauseMs += 100) {
      const rig = new Rig({ framing, server: SEARCH });
      const client = rig.connect();
      const [wrongLength, good, inner] = [sealed(packet(1)), sealed(packet(2, 20, "tc")), sealed(packet(3, 20, "tc"))];
      wrongLength[0] = 0x10;
      wrongLength.set([3, 0xe8], 4);
      const outer = packet(4, 60, "tc");
      outer.set(inner, 20);
      const carrier = sealed(outer);
      client.sendBytes(wrongLength);
      rig.settle();
      rig.advance(100 + pauseMs);
      client.sendBytes(good);
      client.sendBytes(carrier.subarray(0, 45));
      rig.settle();
      rig.advance(900);
      client.sendBytes(carrier.subarray(45));
      rig.settle();
      rig.advance(1500);
      equal(rig.inbox.numbers, [2, 4], `packets after ${pauseMs} ms`);
    }
  },

  "search: bytes of good packets trickle in behind a wrong length: none of them is lost"() {
    const framing = spacePackets({ packetIds: [TC_ID] });
    const rig = new Rig({ framing, server: { ...SEARCH, partialFrameTimeoutMs: 300 } });
    const client = rig.connect();
    const wrongLength = packet(1, 20, "tc");
    wrongLength.set([3, 0xe8], 4);
    for (const byte of join([wrongLength, ...packets(2, 8, 20, "tc")])) {
      client.sendBytes(Uint8Array.of(byte));
      rig.settle();
      rig.advance(20);
    }
    equal(rig.inbox.numbers, numbers(2, 8), "packets");
  },

  "search: packets found behind one given up are refused: they are offered again"() {
    const rig = new Rig({ framing: spacePackets(), server: SEARCH });
    const client = rig.connect();
    const wrongLength = packet(1, 20, "tc");
    wrongLength[5] = 200;
    client.sendBytes(join([wrongLength, packet(2, 20, "tc"), packet(3, 20, "tc")]));
    rig.settle();
    rig.inbox.refuse = 2;
    rig.advance(1000);
    equal(rig.inbox.offers, [2], "offers");
    client.send(packet(4, 20, "tc"));
    rig.settle();
    equal(rig.inbox.offers, [2, 2], "offers when more came");
    rig.advance(100);
    equal(rig.inbox.numbers, [2, 3, 4], "packets");
  },

  "space-packets: the sink refuses for longer than the partial-frame timeout: the packet under way is not given up"() {
    const rig = new Rig({ framing: spacePackets(), receiveWindow: 70 });
    const client = rig.connect();
    rig.inbox.refuse = 1000;
    client.send(...packets(1, 6, 40, "tc"));
    rig.settle();
    rig.advance(5000);
    rig.inbox.refuse = 0;
    rig.server.resume();
    // A tick before the network has moved: half a packet is here, its rest has room to come only now.
    rig.time.advance(100);
    rig.settle();
    rig.advance(200);
    equal(rig.inbox.numbers, numbers(1, 6), "packets");
  },

  "a frame that is damaged is counted by cause, and the next one is delivered"() {
    const rig = new Rig();
    const client = rig.connect();
    client.sendBytes(Uint8Array.of(9, 1, 0));
    client.send(packet(2, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [2], "packets");
    equal(rig.server.totals.rejections, { blockOverrun: 1 }, "rejections in the totals");
    rig.server.stop();
    equal(rig.reports[0]!.rejections, { blockOverrun: 1 }, "rejections in the report");
    equal(rig.reports[0]!.bytesDropped, 3, "bytes dropped");
  },

  "a port for telemetry only: what clients send is read and thrown away"() {
    const rig = new Rig();
    const server = rig.serve({ telecommands: undefined });
    server.start();
    const client = rig.connect(server);
    for (let round = 0; round < 50; round++) {
      client.send(...packets(1, 20, 40, "tc"));
      rig.settle();
    }
    equal(client.peer.unsent, 0, "bytes that wait");
    equal(rig.inbox.packets.length, 0, "packets");
    equal(server.totals.telecommands, 0, "telecommands");
    rig.emit(7);
    equal(client.numbers, [7], "telemetry");
  },

  "a port for telecommands only: no telemetry comes, and the client's end is seen"() {
    const rig = new Rig();
    const server = rig.serve({ telemetry: undefined });
    server.start();
    const client = rig.connect(server);
    client.send(packet(1, 20, "tc"));
    rig.settle();
    rig.emit(7);
    equal(rig.inbox.numbers, [1], "packets");
    equal(client.received().length, 0, "bytes received");
    client.peer.end();
    rig.settle();
    holds(client.peer.ended, "the server to have closed");
    equal(rig.reports[0]!.reason, "peerClosed", "reason");
    equal(rig.reports[0]!.telemetry, 0, "telemetry");
    equal(numberOf(rig.inbox.packets[0]!.bytes), 1, "packet");
  },
};
