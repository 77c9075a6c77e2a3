/** How many clients there may be, what becomes of one too many, and of those that fall silent. */
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { ConnectionPool } from "../../modules/link/connection/connection-pool.js";
import { equal, holds } from "./expect.js";
import { FakeIo } from "./fake-io.js";
import { numbers, packet } from "./packets.js";
import { type Cases, Rig } from "./rig.js";

export const clientCases: Cases = {
  "reject: one client too many is held, then closed, and the others are not disturbed"() {
    const rig = new Rig({ server: { maxClients: 2, rejectHoldMs: 1000 } });
    const clients = [rig.connect(), rig.connect()];
    const late = rig.connect();
    late.send(packet(1, 20, "tc"));
    rig.settle();
    rig.advance(900);
    holds(!late.peer.ended && !late.peer.wasReset, "the late client to be held");
    rig.advance(200);
    holds(late.peer.ended || late.peer.wasReset, "the late client to be closed");
    equal(rig.inbox.numbers, [], "packets");
    rig.emit(5, 1);
    equal(
      [...clients, late].map((client) => client.numbers),
      [[5], [5], []],
      "telemetry",
    );
    equal(rig.server.totals.refusedClients, 1, "refused clients");
    equal(rig.server.totals.connections, 2, "connections");
    equal([rig.connected.length, rig.reports.length], [2, 0], "connections told of");
  },

  "reject: a place that becomes free is taken by the next client"() {
    const rig = new Rig({ server: { maxClients: 1 } });
    const first = rig.connect();
    rig.connect();
    first.peer.end();
    rig.settle();
    const third = rig.connect();
    third.send(packet(3, 20, "tc"));
    rig.settle();
    equal(rig.inbox.froms, [2], "connection");
    equal(rig.server.totals.clients, 1, "clients");
  },

  "replace: one client too many takes the place of the one that has been silent longest"() {
    const rig = new Rig({ server: { maxClients: 3, excessClients: "replace" } });
    const clients = [rig.connect(), rig.connect(), rig.connect()];
    rig.advance(1000);
    clients[0]!.send(packet(1, 20, "tc"));
    rig.settle();
    rig.advance(1000);
    clients[2]!.send(packet(2, 20, "tc"));
    rig.settle();
    const late = rig.connect();
    holds(clients[1]!.peer.ended, "the silent client to be closed");
    equal(
      rig.reports.map((report) => [report.connection, report.reason]),
      [[2, "replaced"]],
      "reports",
    );
    late.send(packet(3, 20, "tc"));
    rig.settle();
    equal(rig.inbox.froms, [1, 3, 4], "connections");
    rig.emit(9, 1);
    equal(late.numbers, [9], "telemetry");
    equal(rig.server.totals.refusedClients, 0, "refused clients");
  },

  "replace: a client that takes telemetry is not silent"() {
    const rig = new Rig({ server: { maxClients: 2, excessClients: "replace" }, network: { peerWindow: 100 } });
    const reader = rig.connect();
    const sleeper = rig.connect();
    sleeper.peer.pauseReading();
    for (let k = 0; k < 5; k++) {
      rig.advance(1000);
      rig.emit(k, 1);
      reader.received();
    }
    rig.connect();
    equal(
      rig.reports.map((report) => report.connection),
      [2],
      "the connection replaced",
    );
    equal(reader.numbers, numbers(0, 5), "telemetry");
  },

  "a client that is silent for the idle timeout is disconnected; one that takes telemetry is not"() {
    const rig = new Rig({ server: { idleTimeoutMs: 3000 } });
    const busy = rig.connect();
    const silent = rig.connect();
    silent.peer.pauseReading();
    for (let k = 0; k < 28; k++) {
      rig.advance(100);
      rig.emit(k, 1);
    }
    equal(rig.reports.length, 0, "connections ended");
    rig.advance(300);
    equal(
      rig.reports.map((report) => [report.connection, report.reason]),
      [[2, "idle"]],
      "reports",
    );
    holds(!busy.peer.ended, "the busy one to stay");
    silent.peer.resumeReading();
    rig.settle();
    holds(silent.peer.ended, "the silent one to be closed");
  },

  "no idle timeout is set: a silent client stays"() {
    const rig = new Rig();
    const client = rig.connect();
    rig.advance(100_000);
    client.send(packet(1, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [1], "packets");
  },

  "two servers over one pool: so many clients at once as the pool has, on whichever port"() {
    const framings = [spacePackets(), cobs()];
    const rig = new Rig({ memory: 65536 });
    rig.server.stop();
    const pool = new ConnectionPool({ memory: rig.memory, maxClients: 3, framings, maxTelemetryLength: 500 });
    const used = rig.memory.used;
    const bare = rig.serve({ pool, framing: framings[0]!, port: 1 });
    const stuffed = rig.serve({ pool, framing: framings[1]!, port: 2 });
    equal(rig.memory.used, used, "memory that the servers take");
    bare.start();
    stuffed.start();
    const clients = [rig.connect(bare, framings[0]!), rig.connect(stuffed), rig.connect(stuffed)];
    rig.connect(bare, framings[0]!);
    rig.connect(stuffed);
    equal([bare.totals.clients, stuffed.totals.clients], [1, 2], "clients");
    equal([bare.totals.refusedClients, stuffed.totals.refusedClients], [1, 1], "refused clients");
    clients.forEach((client, k) => {
      client.send(packet(k, 100, "tc"));
    });
    rig.settle();
    equal(rig.inbox.numbers, [0, 1, 2], "packets");
    rig.emit(7, 3);
    equal(
      clients.map((client) => client.numbers),
      [
        [7, 8, 9],
        [7, 8, 9],
        [7, 8, 9],
      ],
      "telemetry",
    );
    clients[1]!.peer.reset();
    rig.settle();
    const next = rig.connect(bare, framings[0]!);
    next.send(packet(4, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [0, 1, 2, 4], "packets of the one that took its place");
  },

  "replace on one port of a shared pool: clients of another port do not lock it"() {
    const framings = [spacePackets(), cobs()];
    const rig = new Rig();
    rig.server.stop();
    const pool = new ConnectionPool({ memory: rig.memory, maxClients: 2, framings, maxTelemetryLength: 500 });
    const bare = rig.serve({ pool, framing: framings[0]!, port: 1, excessClients: "replace" });
    const stuffed = rig.serve({ pool, framing: framings[1]!, port: 2, excessClients: "replace" });
    bare.start();
    stuffed.start();
    const crashed = [rig.connect(stuffed), rig.connect(stuffed)];
    rig.advance(1000);
    crashed[0]!.send(packet(0, 20, "tc"));
    rig.settle();
    const client = rig.connect(bare, framings[0]!);
    client.send(packet(1, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [0, 1], "packets");
    equal(
      rig.reports.map((each) => [each.connection, each.reason]),
      [[2, "replaced"]],
      "reports",
    );
    equal([bare.totals.clients, stuffed.totals.clients], [1, 1], "clients");
  },

  "replace on a port that has its own limit: clients of another port are left alone"() {
    const rig = new Rig();
    rig.server.stop();
    const pool = new ConnectionPool({ memory: rig.memory, maxClients: 4, framings: [cobs()], maxTelemetryLength: 500 });
    const limited = rig.serve({ pool, maxClients: 1, excessClients: "replace", port: 1 });
    const other = rig.serve({ pool, port: 2 });
    limited.start();
    other.start();
    rig.connect(other);
    rig.advance(1000);
    rig.connect(limited);
    rig.connect(limited);
    equal([limited.totals.clients, other.totals.clients], [1, 1], "clients");
    equal(limited.totals.connections, 2, "connections");
  },

  "a server's own limit is below the pool's: it keeps to it"() {
    const framings = [cobs()];
    const rig = new Rig();
    rig.server.stop();
    const pool = new ConnectionPool({ memory: rig.memory, maxClients: 4, framings, maxTelemetryLength: 500 });
    const server = rig.serve({ pool, maxClients: 1, excessClients: "replace", port: 1 });
    server.start();
    rig.connect(server);
    rig.connect(server);
    equal([server.maxClients, server.totals.clients, server.totals.connections], [1, 1, 2], "limit and clients");
    equal(
      rig.reports.map((each) => each.connection),
      [1],
      "the connection replaced",
    );
  },

  "several clients come in one turn: each is told of, and each is served"() {
    const io = new FakeIo();
    const rig = new Rig({ io });
    const connections = io.connect(4);
    equal(
      rig.connected.map((info) => info.connection),
      [1, 2, 3, 4],
      "connections",
    );
    connections.forEach((connection) => {
      connection.writable(1000);
    });
    rig.emit(1, 1);
    holds(
      connections.every((connection) => connection.written.length > 0),
      "telemetry for each",
    );
  },

  "a thousand clients come and go: each is counted, and places do not run out"() {
    const rig = new Rig();
    for (let k = 0; k < 1000; k++) {
      const client = rig.connect();
      client.send(packet(k, 20, "tc"));
      rig.settle();
      if (k % 2 === 0) {
        client.peer.end();
      } else {
        client.peer.reset();
      }
      rig.settle();
    }
    equal(rig.inbox.numbers, numbers(0, 1000), "packets");
    equal(rig.inbox.froms, numbers(1, 1000), "connections");
    const { connections, clients, refusedClients, errors } = rig.server.totals;
    equal([connections, clients, refusedClients, errors], [1000, 0, 0, 0], "totals");
    equal(rig.reports.filter((report) => report.reason === "peerClosed").length, 500, "ended in order");
    equal(rig.reports.filter((report) => report.reason === "connectionLost").length, 500, "lost");
  },
};
