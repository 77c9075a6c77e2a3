/** Telemetry: from the log to the clients' sockets, within their budgets. */

import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { Driver } from "../framing/driver.js";
import { equal, holds, sameBytes } from "./expect.js";
import { FakeIo } from "./fake-io.js";
import { join, numberOf, numbers, packet, packets } from "./packets.js";
import { type Cases, Inbox, inEachFraming, Rig } from "./rig.js";

export const telemetryCases: Cases = {
  ...inEachFraming("telemetry of a time without clients arrives later, in order, none twice", (framing) => {
    const rig = new Rig({ framing });
    rig.emit(1, 20);
    const first = rig.connect();
    equal(first.numbers, numbers(1, 20), "the first client's telemetry");
    first.peer.end();
    rig.settle();
    rig.emit(21, 5);
    const second = rig.connect();
    rig.emit(26, 1);
    equal(second.numbers, numbers(21, 6), "the second client's telemetry");
    equal(rig.log.dropped, 0, "packets dropped");
  }),

  ...inEachFraming("every client that is connected gets every packet", (framing) => {
    const rig = new Rig({ framing });
    const clients = [rig.connect(), rig.connect(), rig.connect(), rig.connect()];
    for (let round = 0; round < 30; round++) {
      rig.emit(round * 10, 10);
    }
    for (const client of clients) {
      equal(client.numbers, numbers(0, 300), "telemetry");
    }
    rig.server.stop();
    equal(
      rig.reports.map((report) => report.telemetry),
      [300, 300, 300, 300],
      "telemetry in the reports",
    );
  }),

  ...inEachFraming("a client is gone in the middle of a frame: the next one gets that packet whole", (framing) => {
    const io = new FakeIo();
    const rig = new Rig({ framing, io });
    rig.emit(1, 3);
    const frames = packets(1, 3).map((each) => encodeFrame(framing, each));
    const first = io.connect()[0]!;
    first.writable(frames[0]!.length + 5);
    equal(first.written.length, frames[0]!.length + 5, "bytes of the first frame and of the one begun");
    first.fail();
    equal(rig.reports[0]!.telemetry, 1, "telemetry in the report");
    equal(rig.reports[0]!.bytesSent, frames[0]!.length + 5, "bytes in the report");
    const second = io.connect()[0]!;
    second.writable(1000);
    sameBytes(second.written, join([frames[1]!, frames[2]!]), "what the second client got");
    second.fail();
    equal(rig.reports[1]!.telemetry, 2, "telemetry in the second report");
  }),

  ...inEachFraming("nothing is written before the socket says that it may be", (framing) => {
    const io = new FakeIo();
    const rig = new Rig({ framing, io });
    const connection = io.connect()[0]!;
    rig.emit(1, 3);
    equal(connection.writes.length, 0, "writes");
    connection.writable(0);
    equal(connection.writes.length, 0, "writes with room for nothing");
    connection.writable(8192);
    equal(decodeFrames(framing, connection.written).map(numberOf), [1, 2, 3], "telemetry");
  }),

  ...inEachFraming("every budget is kept to the byte, and frames go on where it ended", (framing) => {
    const io = new FakeIo();
    const rig = new Rig({ framing, io });
    const connection = io.connect()[0]!;
    const sent = packets(1, 12, 61);
    rig.emit(1, 12, 61);
    const stream = join(sent.map((each) => encodeFrame(framing, each)));
    let total = 0;
    for (let budget = 1; connection.written.length < stream.length; budget = (budget * 3 + 1) % 97) {
      const before = connection.written.length;
      connection.writable(budget);
      const written = connection.written.length - before;
      holds(written <= budget, "a write within its budget");
      holds(written > 0 || budget === 0, "any budget to be used");
      total += written;
      holds(total <= stream.length, "no byte too many");
    }
    sameBytes(connection.written, stream, "the stream");
    equal(rig.server.totals.telemetry, 12, "telemetry");
    equal(rig.errors, [], "errors");
    rig.server.stop();
    equal(rig.reports[0]!.writesRefused, 0, "writes refused");
  }),

  "frames that are numbered: the numbers go on, whatever the budgets"() {
    const framing = uslp({ spacecraftId: 1 });
    for (const fits of [1, 2, 3]) {
      const io = new FakeIo();
      const rig = new Rig({ framing, io });
      const connection = io.connect()[0]!;
      rig.emit(1, 12, 50);
      for (let k = 0; k < 20; k++) {
        connection.writable(fits * 62 + 30);
      }
      const decoder = framing.decoder(rig.memory, rig.memory.reserve("decoder", framing.decoderMemory));
      const staging = rig.memory.reserve("staging", connection.written.length + 1);
      rig.memory.bytes.set(connection.written, staging);
      const inbox = new Inbox();
      new Driver(decoder, rig.memory, inbox).give(staging, staging + connection.written.length);
      equal(inbox.numbers, numbers(1, 12), "telemetry");
      equal(decoder.counters.byReason(), {}, `damage that the receiver sees, ${fits} frames at once`);
    }
  },

  ...inEachFraming("budgets of one byte: the frames arrive", (framing) => {
    const io = new FakeIo();
    const rig = new Rig({ framing, io });
    const connection = io.connect()[0]!;
    rig.emit(1, 4);
    const stream = join(packets(1, 4).map((each) => encodeFrame(framing, each)));
    for (let k = 0; k < stream.length; k++) {
      connection.writable(1);
    }
    sameBytes(connection.written, stream, "the stream");
  }),

  ...inEachFraming("packets that fit the budget leave together", (framing) => {
    const io = new FakeIo();
    const rig = new Rig({ framing, io });
    const connection = io.connect()[0]!;
    rig.emit(1, 8);
    connection.writable(8192);
    const length = connection.written.length;
    let ones = 0;
    for (let rest = length; rest > 0; rest >>= 1) {
      ones += rest & 1;
    }
    equal(connection.writes.length, ones, `writes for ${length} bytes`);
  }),

  ...inEachFraming("a socket refuses a write that it had promised: counted, and sent when there is room", (framing) => {
    const io = new FakeIo();
    const rig = new Rig({ framing, io });
    const connection = io.connect()[0]!;
    connection.writeThrows = 1;
    rig.emit(1, 3);
    connection.writable(1000);
    rig.emit(4, 1);
    equal(connection.writes.length, 0, "writes");
    connection.writable(1000);
    equal(decodeFrames(framing, connection.written).map(numberOf), [1, 2, 3, 4], "telemetry");
    connection.fail();
    equal(rig.reports[0]!.writesRefused, 1, "writes refused");
    equal(rig.errors, [], "errors");
  }),

  ...inEachFraming("a write in several pieces is refused in the middle: the stream goes on there", (framing) => {
    const io = new FakeIo();
    const rig = new Rig({ framing, io });
    const connection = io.connect()[0]!;
    const frame = encodeFrame(framing, packet(1, 100));
    rig.emit(1, 1, 100);
    // The socket has less room than it says.
    connection.options!.onWritable.call(connection.owner!, 1000);
    equal(connection.writes.length, 0, "writes into no room");
    connection.budget = 70;
    connection.options!.onWritable.call(connection.owner!, 1000);
    holds(connection.written.length > 0 && connection.written.length <= 70, "the pieces that fit");
    connection.writable(1000);
    sameBytes(connection.written, frame, "the frame");
    rig.server.stop();
    equal(rig.reports[0]!.writesRefused, 2, "writes refused");
    equal(rig.reports[0]!.telemetry, 1, "telemetry");
  }),

  ...inEachFraming("a slow client skips what was overwritten, and the count says how much", (framing) => {
    const rig = new Rig({ framing, network: { peerWindow: 256 }, sendBuffer: 256, log: { length: 1024 } });
    const quick = rig.connect();
    const slow = rig.connect();
    slow.peer.pauseReading();
    const seen: number[] = [];
    for (let number = 0; number < 400; number += 4) {
      rig.emit(number, 4);
      seen.push(...quick.numbers.slice(seen.length));
    }
    equal(seen, numbers(0, 400), "the quick client's telemetry");
    slow.peer.resumeReading();
    const got: number[] = [];
    for (let k = 0; k < 50; k++) {
      rig.settle();
      got.push(...slow.numbers.slice(got.length));
    }
    holds(got.length < 400 && got[got.length - 1] === 399, "a gap, and the newest packet");
    for (let k = 1; k < got.length; k++) {
      holds(got[k]! > got[k - 1]!, "packets in order, none twice");
    }
    rig.server.stop();
    equal(rig.reports[0]!.telemetrySkipped, 0, "skipped by the quick client");
    equal(rig.reports[1]!.telemetrySkipped, 400 - got.length, "skipped by the slow client");
    equal(rig.reports[1]!.telemetry, got.length, "telemetry of the slow client");
    equal(rig.log.dropped, 0, "dropped: the quick client had everything");
    equal(rig.server.totals.telemetrySkipped, 400 - got.length, "skipped in the totals");
  }),

  ...inEachFraming("no client under dropOldest: the newest packets are kept, the lost ones counted", (framing) => {
    const rig = new Rig({ framing, log: { length: 1024 } });
    equal(rig.emit(0, 200), 200, "packets taken");
    const kept = rig.log.count;
    equal(rig.log.dropped, 200 - kept, "packets dropped");
    equal(rig.connect().numbers, numbers(200 - kept, kept), "telemetry");
  }),

  ...inEachFraming("no client under refuseNew: the oldest packets are kept, the new ones refused", (framing) => {
    const rig = new Rig({ framing, log: { length: 1024, policy: "refuseNew" } });
    const taken = rig.emit(0, 200);
    holds(taken < 200, "a full log");
    equal(rig.log.refused, 200 - taken, "packets refused");
    const client = rig.connect();
    equal(client.numbers, numbers(0, taken), "telemetry");
    equal(rig.emit(500, 10), 10, "packets taken once there is room");
    equal(client.numbers, [...numbers(0, taken), ...numbers(500, 10)], "telemetry in the end");
  }),

  ...inEachFraming(
    "under refuseNew a client that does not read holds the log; when it is gone, the log goes on",
    (framing) => {
      const options = { framing, network: { peerWindow: 200 }, sendBuffer: 200 };
      const rig = new Rig({ ...options, log: { length: 1024, policy: "refuseNew" } });
      const reader = rig.connect();
      const sleeper = rig.connect();
      sleeper.peer.pauseReading();
      let taken = 0;
      for (let k = 0; k < 100; k++) {
        taken += rig.emit(taken, 1);
        reader.received();
      }
      holds(taken < 100, "the log to be held up");
      sleeper.peer.reset();
      rig.settle();
      for (let k = 0; k < 100; k++) {
        equal(rig.emit(taken + k, 1), 1, "packets taken when the sleeper is gone");
        reader.received();
      }
      rig.settle();
      equal(reader.numbers, numbers(0, taken + 100), "telemetry");
    },
  ),

  "a packet that the framing cannot send is passed over and counted, and the log does not fill up with it"() {
    const rig = new Rig({ framing: spacePackets(), log: { length: 600, policy: "refuseNew" } });
    const client = rig.connect();
    const noPacket = new Uint8Array(50).fill(0xff);
    for (let k = 0; k < 100; k++) {
      holds(rig.log.append(noPacket, 0, 50), `room for packet ${k}`);
      rig.settle();
    }
    rig.emit(1, 1);
    equal(client.numbers, [1], "telemetry");
    rig.server.stop();
    equal(rig.reports[0]!.packetRejected, 100, "packets passed over");
    equal(rig.reports[0]!.telemetry, 1, "packets sent");
  },

  "cobs with delimiters at both ends: each frame has them"() {
    const rig = new Rig({ framing: cobs({ delimiter: "both" }) });
    const client = rig.connect();
    const telemetry = Uint8Array.of(5, 4, 3, 4, 1);
    rig.log.append(telemetry, 0, 5);
    rig.settle();
    sameBytes(client.received(), Uint8Array.of(0, 6, 5, 4, 3, 4, 1, 0), "the frame");
  },

  "a packet longer than the socket's whole send buffer goes out in pieces"() {
    const rig = new Rig({ sendBuffer: 64, network: { peerWindow: 64 } });
    const client = rig.connect();
    rig.emit(1, 1, 500);
    const got: Uint8Array[] = [];
    for (let k = 0; k < 30; k++) {
      rig.settle();
      got.splice(0, got.length, client.received());
    }
    sameBytes(decodeFrames(cobs(), got[0]!)[0]!, packet(1, 500), "the packet");
  },
};
