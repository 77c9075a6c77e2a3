/** How connections end, what is still done for them then, and what the reports say. */
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { equal, holds, sameBytes } from "./expect.js";
import { FakeIo } from "./fake-io.js";
import { join, numbers, packet, packets } from "./packets.js";
import { type Cases, inEachFraming, Rig } from "./rig.js";

export const endingCases: Cases = {
  ...inEachFraming("a client sends, shuts down its write side, and reads the answers: it gets them all", (framing) => {
    const rig = new Rig({ framing });
    rig.inbox.onPacket = (bytes) => rig.log.append(bytes, 0, bytes.length);
    rig.emit(100, 2);
    const client = rig.connect();
    client.send(...packets(1, 5, 20, "tc"));
    client.peer.end();
    rig.settle();
    equal(client.numbers, [100, 101, 1, 2, 3, 4, 5], "telemetry");
    holds(client.peer.ended, "the server to have closed");
    const { reason, telecommands, telemetry } = rig.reports[0]!;
    equal([reason, telecommands, telemetry], ["peerClosed", 5, 7], "report");
  }),

  ...inEachFraming(
    "half-close before the socket has room: the telemetry waits for it, then the end comes",
    (framing) => {
      const io = new FakeIo();
      const rig = new Rig({ framing, io });
      rig.emit(1, 2);
      const connection = io.connect()[0]!;
      connection.end();
      equal(connection.closed, 0, "closed before the telemetry");
      connection.writable(10);
      equal(connection.closed, 0, "closed in the middle of it");
      connection.writable(1000);
      sameBytes(connection.written, join(packets(1, 2).map((each) => encodeFrame(framing, each))), "the telemetry");
      equal(connection.closed, 1, "closed after it");
      equal(rig.reports[0]!.reason, "peerClosed", "reason");
    },
  ),

  ...inEachFraming(
    "half-close while the sink refuses: its packets are taken and answered before the end",
    (framing) => {
      const rig = new Rig({ framing });
      rig.inbox.onPacket = (bytes) => rig.log.append(bytes, 0, bytes.length);
      const client = rig.connect();
      rig.inbox.refuse = 5;
      client.send(...packets(1, 3, 20, "tc"));
      client.peer.end();
      rig.settle();
      rig.advance(300);
      holds(!client.peer.ended, "the connection to stay");
      equal(rig.inbox.numbers, [], "packets");
      rig.advance(200);
      equal(rig.inbox.numbers, [1, 2, 3], "packets when the sink takes them");
      equal(client.numbers, [1, 2, 3], "answers");
      holds(client.peer.ended, "the server to have closed");
      equal(rig.reports[0]!.telecommands, 3, "telecommands in the report");
    },
  ),

  ...inEachFraming("half-close with more to read than one staging area: all of it is delivered first", (framing) => {
    const rig = new Rig({ framing, server: { stagingLength: 64 }, receiveWindow: 200 });
    const client = rig.connect();
    client.send(...packets(1, 40, 50, "tc"));
    client.peer.end();
    rig.settle();
    equal(rig.inbox.numbers, numbers(1, 40), "packets");
    equal(rig.reports[0]!.reason, "peerClosed", "reason");
  }),

  ...inEachFraming(
    "the connection is lost while the sink refuses: the packets stay until they are taken",
    (framing) => {
      const rig = new Rig({ framing });
      const client = rig.connect();
      rig.inbox.refuse = 3;
      client.send(...packets(1, 3, 20, "tc"));
      rig.settle();
      client.peer.reset();
      rig.settle();
      equal(rig.reports.length, 0, "reports while the packets wait");
      rig.advance(300);
      equal(rig.inbox.numbers, [1, 2, 3], "packets");
      equal(rig.inbox.froms, [1, 1, 1], "connections");
      const { reason, telecommands, rejections } = rig.reports[0]!;
      equal([reason, telecommands, rejections], ["connectionLost", 3, {}], "report");
      equal(rig.server.totals.clients, 0, "clients");
    },
  ),

  ...inEachFraming("half-close, then reset, while the sink refuses: ends once, with the packets taken", (framing) => {
    const io = new FakeIo();
    const rig = new Rig({ framing, io });
    const connection = io.connect()[0]!;
    rig.inbox.refuse = 2;
    connection.receive(encodeFrame(framing, packet(1, 20, "tc")));
    connection.end();
    connection.fail();
    rig.advance(100);
    equal(rig.inbox.numbers, [1], "packets");
    equal(
      rig.reports.map((report) => report.reason),
      ["connectionLost"],
      "reports",
    );
    equal(connection.closed, 1, "times closed");
  }),

  ...inEachFraming("a lost client whose packets wait does not hold up the log for the others", (framing) => {
    const rig = new Rig({
      framing,
      log: { length: 600, policy: "refuseNew" },
      network: { peerWindow: 100 },
      sendBuffer: 100,
    });
    // An echo: it refuses as long as the log has no room.
    const sink = {
      accept: (bytes: Uint8Array, start: number, end: number, from: number) =>
        rig.log.append(bytes, start, end) && rig.inbox.accept(bytes, start, end, from),
    };
    const server = rig.serve({ telecommands: sink, port: 5 });
    server.start();
    const lost = rig.connect(server);
    lost.peer.pauseReading();
    lost.send(...packets(1, 18, 50, "tc"));
    rig.settle();
    lost.peer.reset();
    rig.settle();
    const taken = rig.inbox.packets.length;
    holds(taken < 18, "packets that wait");
    const client = rig.connect(server);
    for (let k = 0; k < 100 && server.totals.clients > 1; k++) {
      rig.advance(100);
      client.received();
    }
    holds(rig.inbox.packets.length > taken, "the packets that waited to be taken");
    equal(server.totals.clients, 1, "clients");
    client.send(packet(77, 50, "tc"));
    rig.advance(100);
    client.received();
    rig.advance(100);
    holds(rig.inbox.numbers.includes(77), "the next client's packet");
  }),

  ...inEachFraming("lost clients whose packets nobody takes do not lock out the living", (framing) => {
    const rig = new Rig({ framing, server: { maxClients: 2 } });
    rig.inbox.refuse = 1_000_000;
    for (let number = 0; number < 2; number++) {
      const client = rig.connect();
      client.send(packet(number, 20, "tc"));
      rig.settle();
      client.peer.reset();
      rig.settle();
    }
    const client = rig.connect();
    rig.emit(5, 1);
    equal(client.numbers, [5], "telemetry");
    equal(
      rig.reports.map((report) => [report.connection, report.reason]),
      [[1, "connectionLost"]],
      "reports",
    );
    equal(rig.reports[0]!.rejections, { undelivered: 1 }, "rejections");
    rig.inbox.refuse = 0;
    rig.advance(100);
    equal(rig.inbox.numbers, [1], "the other's packet");
  }),

  ...inEachFraming("a reset in the middle of a frame: counted as truncated, the next client is served", (framing) => {
    const rig = new Rig({ framing });
    const client = rig.connect();
    client.sendBytes(encodeFrame(framing, packet(1, 50, "tc")).slice(0, 30));
    rig.settle();
    client.peer.reset();
    rig.settle();
    equal(rig.reports[0]!.rejections, { truncated: 1 }, "rejections");
    equal(rig.reports[0]!.bytesDropped, 30, "bytes dropped");
    equal(rig.reports[0]!.bytesReceived, 30, "bytes received");
    const next = rig.connect();
    next.send(packet(2, 50, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [2], "packets");
    rig.server.stop();
    equal(rig.reports[1]!.rejections, {}, "rejections of the next");
  }),

  ...inEachFraming("a report has everything that happened", (framing) => {
    const rig = new Rig({ framing, server: { name: "uplink" } });
    const client = rig.connect();
    equal(rig.connected[0], { server: "uplink", connection: 1, remoteAddress: "loopback", remotePort: 49152 }, "info");
    client.send(...packets(1, 3, 20, "tc"));
    rig.settle();
    rig.emit(1, 2);
    rig.time.advance(1234);
    const sent = client.received().length;
    const bytesReceived = packets(1, 3, 20).reduce((sum, each) => sum + encodeFrame(framing, each).length, 0);
    client.peer.end();
    rig.settle();
    equal(
      rig.reports[0],
      {
        server: "uplink",
        connection: 1,
        remoteAddress: "loopback",
        remotePort: 49152,
        reason: "peerClosed",
        durationMs: 1234,
        telecommands: 3,
        telemetry: 2,
        bytesReceived,
        bytesSent: sent,
        rejections: {},
        bytesDropped: 0,
        telemetrySkipped: 0,
        packetRejected: 0,
        writesRefused: 0,
      },
      "report",
    );
  }),

  "totals hold what open connections did, and go on when they end"() {
    const rig = new Rig();
    const client = rig.connect();
    client.send(...packets(1, 3, 20, "tc"));
    rig.emit(1, 2);
    client.sendBytes(Uint8Array.of(9, 9, 0));
    rig.settle();
    const pick = () => {
      const { connections, clients, telecommands, telemetry, rejections } = rig.server.totals;
      return [connections, clients, telecommands, telemetry, rejections["blockOverrun"]];
    };
    equal(pick(), [1, 1, 3, 2, 1], "totals of an open connection");
    client.peer.end();
    rig.settle();
    equal(pick(), [1, 0, 3, 2, 1], "totals when it has ended");
    rig.connect().send(packet(1, 20, "tc"));
    rig.settle();
    equal(pick(), [2, 1, 4, 2, 1], "totals with the next");
    const before = rig.server.totals.snapshot();
    rig.emit(3, 1);
    rig.server.stop();
    equal(pick().slice(1), [0, 4, 3, 1], "totals when the server was stopped");
    equal(before.telemetry, 2, "a snapshot stays as it was");
  },
};
