/** Starting, stopping, and starting again. */
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { equal, holds } from "./expect.js";
import { FakeIo } from "./fake-io.js";
import { join, numbers, packet, packets } from "./packets.js";
import { type Cases, inEachFraming, Rig } from "./rig.js";

export const stopCases: Cases = {
  "port 0: the platform's pick is told while listening"() {
    const rig = new Rig();
    holds(rig.server.port >= 49152, "a port");
    equal(rig.server.isListening, true, "listening");
    rig.server.stop();
    equal([rig.server.port, rig.server.isListening], [0, false], "port and listening when stopped");
  },

  "a port that is taken: start throws what the platform says, and nothing is left behind"() {
    const rig = new Rig();
    const timers = rig.time.timers;
    const second = rig.serve({ port: rig.server.port });
    let message = "";
    try {
      second.start();
    } catch (error) {
      message = String(error);
    }
    holds(message.includes("in use"), `the platform's message, not "${message}"`);
    equal([second.isListening, rig.time.timers], [false, timers], "listening and timers");
  },

  "start twice, stop twice: once each"() {
    const rig = new Rig();
    rig.server.start();
    equal(rig.time.timers, 1, "timers");
    rig.server.stop();
    rig.server.stop();
    equal(rig.time.timers, 0, "timers when stopped");
  },

  ...inEachFraming("stop in the middle of traffic: every client is closed and reported", (framing) => {
    const rig = new Rig({ framing, receiveWindow: 64 });
    const clients = [rig.connect(), rig.connect()];
    for (const client of clients) {
      client.send(...packets(1, 20, 40, "tc"));
    }
    rig.network.turn();
    rig.server.stop();
    rig.settle();
    holds(
      clients.every(({ peer }) => peer.ended || peer.wasReset),
      "the clients to be closed",
    );
    equal(
      rig.reports.map((report) => report.reason),
      ["stopped", "stopped"],
      "reasons",
    );
    const before = rig.inbox.packets.length;
    rig.advance(500);
    equal(rig.inbox.packets.length, before, "packets after the stop");
    equal(rig.server.totals.clients, 0, "clients");
  }),

  ...inEachFraming("stop while a sink refuses, and while a client is held: nothing stays", (framing) => {
    const rig = new Rig({ framing, server: { maxClients: 1 } });
    const client = rig.connect();
    const held = rig.connect();
    rig.inbox.refuse = 1000;
    client.send(packet(1, 20, "tc"));
    rig.settle();
    rig.server.stop();
    rig.settle();
    holds(held.peer.ended || held.peer.wasReset, "the client held to be closed");
    equal(rig.reports[0]!.rejections, { undelivered: 1 }, "rejections");
    rig.inbox.refuse = 0;
    rig.server.resume();
    rig.advance(500);
    equal(rig.inbox.numbers, [], "packets");
  }),

  ...inEachFraming("the sink stops the server: the packet in hand counts, no other comes", (framing) => {
    const rig = new Rig({ framing });
    const client = rig.connect();
    rig.inbox.onPacket = () => {
      if (rig.inbox.packets.length === 1) {
        rig.server.stop();
      }
    };
    client.send(...packets(1, 5, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [1, 2], "packets");
    const { reason, telecommands } = rig.reports[0]!;
    equal([rig.reports.length, reason, telecommands], [1, "stopped", 2], "report");
    equal(rig.server.totals.telecommands, 2, "telecommands in the totals");
    equal(rig.server.totals.clients, 0, "clients");
    equal(rig.errors, [], "errors");
  }),

  ...inEachFraming("the sink stops and starts the server: the next client is served as ever", (framing) => {
    const rig = new Rig({ framing, server: { maxClients: 1 } });
    const client = rig.connect();
    rig.inbox.onPacket = () => {
      rig.inbox.onPacket = undefined;
      rig.server.stop();
      rig.server.start();
    };
    client.send(...packets(1, 5, 20, "tc"));
    rig.settle();
    const next = rig.connect();
    next.send(...packets(11, 2, 20, "tc"));
    rig.settle();
    rig.emit(50, 1);
    equal(rig.inbox.numbers, [1, 11, 12], "packets");
    equal(next.numbers, [50], "telemetry");
    equal(rig.errors, [], "errors");
  }),

  ...inEachFraming("stop and start again: telemetry of the time between arrives, in order, none twice", (framing) => {
    const rig = new Rig({ framing });
    const client = rig.connect();
    rig.emit(1, 3);
    rig.server.stop();
    rig.emit(4, 3);
    rig.server.start();
    const next = rig.connect();
    rig.emit(7, 1);
    equal(client.numbers, [1, 2, 3], "telemetry before");
    equal(next.numbers, numbers(4, 4), "telemetry after");
    equal(rig.server.totals.connections, 2, "connections");
  }),

  "onConnect stops the server: the clients that wait are left, and no error is counted"() {
    const io = new FakeIo();
    const rig = new Rig({ io, server: { onConnect: () => rig.server.stop() } });
    const connections = io.connect(3);
    equal(connections[0]!.closed, 1, "times the first was closed");
    equal([rig.reports.length, rig.server.totals.clients], [1, 0], "reports and clients");
    equal(rig.errors, [], "errors");
  },

  "onDisconnect of a client replaced stops the server: the newcomer is not served"() {
    const io = new FakeIo();
    const rig = new Rig({
      io,
      server: { maxClients: 1, excessClients: "replace", onDisconnect: () => rig.server.stop() },
    });
    const connections = io.connect(2);
    equal(
      connections.map((connection) => connection.closed),
      [1, 1],
      "times each was closed",
    );
    equal([rig.server.totals.clients, rig.time.timers], [0, 0], "clients and timers");
    equal(rig.errors, [], "errors");
  },

  "onConnect of the first of three stops the server, and starts it: the others are left to the closed listener"() {
    const io = new FakeIo();
    const rig: Rig = new Rig({
      io,
      server: {
        onConnect() {
          rig.server.stop();
          rig.server.start();
        },
      },
    });
    io.connect(3);
    const [first, second] = io.listeners;
    equal([first!.closed, first!.announced, second!.closed], [true, 2, false], "the listeners");
    equal([rig.errors.length, rig.server.totals.connections], [0, 1], "errors and connections");
  },

  "the listener calls back after stop: ignored"() {
    const io = new FakeIo();
    const rig = new Rig({ io });
    rig.server.stop();
    io.acceptable();
    equal([rig.errors.length, rig.server.totals.errors], [0, 0], "errors");
  },

  "disconnectAll ends every connection and goes on listening"() {
    const rig = new Rig();
    const clients = [rig.connect(), rig.connect()];
    rig.server.disconnectAll();
    rig.settle();
    holds(
      clients.every(({ peer }) => peer.ended),
      "the clients to be closed",
    );
    equal(rig.reports.length, 2, "reports");
    rig.connect().send(packet(1, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [1], "packets");
  },

  "callbacks that a closed socket still makes are ignored, also when its place is taken"() {
    const io = new FakeIo();
    const rig = new Rig({ io, server: { maxClients: 1 } });
    const old = io.connect()[0]!;
    old.fail();
    const late = () => {
      old.receive(encodeFrame(rig.framing, packet(1, 20, "tc")));
      old.writable(1000);
      old.end();
      old.fail();
    };
    late();
    const next = io.connect()[0]!;
    rig.emit(1, 1);
    late();
    equal([rig.inbox.numbers, old.written.length, rig.reports.length], [[], 0, 1], "packets, bytes and reports");
    next.writable(1000);
    next.receive(join([encodeFrame(rig.framing, packet(2, 20, "tc"))]));
    equal([rig.inbox.numbers, next.written.length > 0], [[2], true], "the next one's packets and telemetry");
    equal(rig.errors, [], "errors");
  },
};
