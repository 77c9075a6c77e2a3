/** Clients that take nothing, or little: who is given up, when, and who is not. */
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { equal, holds } from "./expect.js";
import { FakeIo } from "./fake-io.js";
import { packet, packets } from "./packets.js";
import { type Cases, inEachFraming, Rig, type RigOptions } from "./rig.js";

/** Sockets of a few bytes, over a log that keeps everything. */
const NARROW: RigOptions = {
  network: { peerWindow: 100 },
  sendBuffer: 100,
  log: { length: 1024, policy: "refuseNew" },
};

/** Lets time pass in seconds, with a packet of telemetry in each; `each` is called in between. */
function pass(rig: Rig, seconds: number, each: (second: number) => void): void {
  for (let second = 0; second < seconds && rig.reports.length === 0; second++) {
    each(second);
    rig.emit(second, 1, 60);
    rig.advance(1000);
  }
}

export const livenessCases: Cases = {
  ...inEachFraming(
    "refuseNew: a client that never reads is ended, also when it goes on sending, and the others are served",
    (framing) => {
      const rig: Rig = new Rig({
        ...NARROW,
        framing,
        server: {
          telecommands: {
            accept: (bytes, start, end, from) =>
              rig.log.admits(100, 1) && rig.inbox.accept(bytes, start, end, from) && rig.log.append(bytes, start, end),
          },
        },
      });
      const good = rig.connect();
      const bad = rig.connect();
      bad.peer.pauseReading();
      const frame = encodeFrame(framing, packet(1, 400, "tc"));
      pass(rig, 60, (second) => {
        // The beginning of a frame, byte by byte: it is alive.
        bad.sendBytes(frame.subarray(second, second + 1));
        rig.settle();
        good.received();
      });
      equal(
        rig.reports.map(({ connection, reason }) => [connection, reason]),
        [[2, "idle"]],
        "reports",
      );
      good.send(packet(77, 20, "tc"));
      for (let k = 0; k < 20; k++) {
        rig.advance(100);
        good.received();
      }
      equal(rig.inbox.numbers, [77], "packets");
    },
  ),

  ...inEachFraming("refuseNew: a client that reads slowly, but reads, is never ended", (framing) => {
    const rig = new Rig({ ...NARROW, framing });
    const quick = rig.connect();
    const slow = rig.connect();
    slow.peer.pauseReading();
    for (let second = 0; second < 40; second++) {
      rig.emit(second, 30, 60);
      quick.received();
      rig.advance(400);
      // There is more for it than it takes, and nobody gets anything before it does.
      rig.emit(second, 30, 60);
      rig.advance(500);
      slow.peer.resumeReading();
      slow.peer.read(new Uint8Array(Math.min(40, slow.peer.available)));
      rig.settle();
      slow.peer.pauseReading();
      rig.advance(100);
      equal(rig.reports.length, 0, `connections ended after ${second} s`);
    }
    rig.emit(1, 30, 60);
    for (let k = 0; k < 60; k++) {
      rig.emit(k, 30, 60);
      rig.advance(100);
    }
    equal(
      rig.reports.map(({ connection, reason }) => [connection, reason]),
      [[2, "idle"]],
      "reports when it takes nothing any more",
    );
  }),

  "refuseNew: the next client in the place of one that took nothing has its 5 s"() {
    const io = new FakeIo();
    const rig = new Rig({ io, log: { length: 1024, policy: "refuseNew" } });
    const [quick, slow] = io.connect(2);
    quick!.writable(100_000);
    const fill = () => {
      for (let k = 0; k < 40; k++) {
        rig.emit(k, 1, 60);
      }
    };
    fill();
    rig.advance(4500);
    slow!.fail();
    io.connect();
    for (let k = 0; k < 45; k++) {
      fill();
      quick!.writable(100_000);
      rig.advance(100);
    }
    equal(rig.reports.length, 1, "connections ended");
    for (let k = 0; k < 10; k++) {
      fill();
      rig.advance(100);
    }
    equal(
      rig.reports.map(({ connection }) => connection),
      [2, 3],
      "connections ended in the end",
    );
  },

  "dropOldest: while a client takes a packet bit by bit, what is behind it is not overwritten for a telecommand"() {
    const io = new FakeIo();
    const rig = new Rig({ io, log: { length: 1024 } });
    const [quick, slow] = io.connect(2);
    quick!.writable(100_000);
    rig.emit(1, 2, 400);
    for (let k = 0; k < 20; k++) {
      slow!.writable(10);
      rig.advance(300);
      rig.log.offer(-1);
      equal(rig.log.admits(200, 1), false, `room after ${300 * k} ms`);
    }
    rig.advance(1000);
    rig.log.offer(-1);
    equal(rig.log.admits(200, 1), true, "room when it takes nothing any more");
  },

  "a client that takes less than a packet at a time is never idle, nor does it hold up the log"() {
    const io = new FakeIo();
    const rig = new Rig({ io, log: { length: 1024, policy: "refuseNew" }, server: { idleTimeoutMs: 3000 } });
    const connection = io.connect()[0]!;
    for (let k = 0; k < 40; k++) {
      rig.emit(k, 30, 400);
      rig.advance(1000);
      connection.writable(1);
    }
    equal(rig.reports.length, 0, "connections ended");
    equal(connection.written.length, 40, "bytes taken");
  },

  "a client that nothing waits for is not stalled, however long its packets are refused"() {
    const rig = new Rig();
    const client = rig.connect();
    rig.inbox.refuse = 1_000_000;
    client.send(packet(1, 20, "tc"));
    rig.settle();
    rig.advance(60_000);
    equal(rig.reports.length, 0, "connections ended");
    rig.inbox.refuse = 0;
    rig.advance(100);
    equal(rig.inbox.numbers, [1], "packets");
  },

  "dropOldest: one that has not read for minutes sends a packet that is refused: it has its 5 s, and then is ended"() {
    const rig = new Rig({ network: { peerWindow: 100 }, sendBuffer: 100, log: { length: 1024 } });
    const client = rig.connect();
    client.peer.pauseReading();
    rig.emit(1, 30, 60);
    rig.advance(200_000);
    rig.inbox.refuse = 1_000_000;
    client.send(packet(1, 20, "tc"));
    rig.settle();
    rig.advance(4900);
    equal(rig.reports.length, 0, "connections ended");
    // What it sends meanwhile is not read, and is no progress.
    client.send(packet(2, 20, "tc"));
    rig.settle();
    rig.advance(200);
    equal(rig.reports[0]?.reason, "idle", "reason");
  },

  ...inEachFraming(
    "a write that returns nothing: the connection is over, and the next client gets it all",
    (framing) => {
      const io = new FakeIo();
      const rig = new Rig({ framing, io, server: { maxClients: 1 } });
      const connection = io.connect()[0]!;
      connection.isDead = true;
      rig.emit(1, 2);
      connection.writable(1000);
      equal(
        rig.reports.map(({ reason, telemetry, bytesSent }) => [reason, telemetry, bytesSent]),
        [["connectionLost", 0, 0]],
        "reports",
      );
      equal([connection.closed, rig.errors.length], [1, 0], "times closed, and errors");
      const next = io.connect()[0]!;
      next.writable(1000);
      equal(next.written.length, 2 * encodeFrame(framing, packet(1)).length, "bytes that the next got");
    },
  ),

  ...inEachFraming(
    "a write returns nothing while a packet is handled: the packet counts, then it is over",
    (framing) => {
      const io = new FakeIo();
      const rig = new Rig({ framing, io });
      rig.inbox.onPacket = (bytes) => rig.log.append(bytes, 0, bytes.length);
      const connection = io.connect()[0]!;
      connection.writable(1000);
      connection.isDead = true;
      connection.receive(encodeFrame(framing, packet(1, 20, "tc")));
      equal(
        rig.reports.map(({ reason, telecommands }) => [reason, telecommands]),
        [["connectionLost", 1]],
        "reports",
      );
      equal(
        [rig.inbox.numbers, connection.closed, rig.log.waiting],
        [[1], 1, 1],
        "packets, times closed, answers left",
      );
    },
  ),

  "a write returns nothing while packets are refused: they are kept until they are taken"() {
    const io = new FakeIo();
    const rig = new Rig({ io });
    const connection = io.connect()[0]!;
    rig.inbox.refuse = 1;
    connection.receive(encodeFrame(rig.framing, packet(1, 20, "tc")));
    connection.isDead = true;
    rig.emit(5, 1);
    // The room that it announces is the last thing that is heard of it.
    connection.writable(1000);
    equal([rig.inbox.numbers, rig.reports.length], [[1], 1], "packets and reports");
  },

  "clients of a port without telemetry are never stalled"() {
    const rig = new Rig({ server: { telemetry: undefined } });
    const client = rig.connect();
    rig.inbox.refuse = 1_000_000;
    client.send(...packets(1, 3, 20, "tc"));
    rig.settle();
    rig.advance(30_000);
    equal(rig.reports.length, 0, "connections ended");
    holds(!client.peer.ended, "the client to be there");
  },
};
