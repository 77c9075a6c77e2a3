/** Who gets a place, who gives one up, and what becomes of those who get none. */

import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { ConnectionPool } from "../../modules/link/connection/connection-pool.js";
import { equal, holds } from "./expect.js";
import { FakeIo } from "./fake-io.js";
import { numbers, packet } from "./packets.js";
import { type Cases, type Client, Rig, type ServerOverrides } from "./rig.js";

/** Connections that ended, and why. */
function ends(rig: Rig): [number, string][] {
  return rig.reports.map(({ connection, reason }) => [connection, reason]);
}

/** A telecommand, that is answered. */
function ping(rig: Rig, client: Client, number: number): boolean {
  client.send(packet(number, 20, "tc"));
  rig.settle();
  return client.numbers.includes(number);
}

/** A server whose clients are answered. */
function answering(server: ServerOverrides): Rig {
  const rig: Rig = new Rig({ server });
  rig.inbox.onPacket = (bytes) => rig.log.append(bytes, 0, bytes.length);
  return rig;
}

/** Lets time pass, with telemetry every second that all clients read. */
function beacons(rig: Rig, clients: readonly Client[], ms: number): void {
  for (let left = ms; left > 0; left -= 1000) {
    rig.emit(0, 1);
    for (const client of clients) {
      client.received();
    }
    rig.advance(Math.min(left, 1000));
  }
}

export const placesCases: Cases = {
  "reject: clients whose end nobody tells of (nc -z, four times) lock a port for telecommands for a minute at most"() {
    const io = new FakeIo();
    const rig = new Rig({ io, server: { telemetry: undefined } });
    io.connect(4);
    rig.advance(59_000);
    equal([io.connect()[0]!.options === undefined, rig.reports.length], [true, 0], "turned away, and ends");
    rig.advance(1000);
    const [client] = io.connect();
    equal(ends(rig), [[1, "replaced"]], "ends");
    client!.receive(encodeFrame(rig.framing, packet(7, 20, "tc")));
    equal(rig.inbox.numbers, [7], "packets");
    io.connect(3);
    equal(
      ends(rig).map(([connection]) => connection),
      [1, 2, 3, 4],
      "connections that gave up their place",
    );
    equal(rig.server.totals.refusedClients, 1, "refused clients");
  },

  "reject: whoever reads a packet of telemetry now and then is not silent, whoever comes"() {
    const rig = new Rig();
    const observers = [rig.connect(), rig.connect(), rig.connect(), rig.connect()];
    for (let k = 0; k < 20; k++) {
      beacons(rig, observers, 5000);
      rig.connect().peer.end();
      rig.settle();
    }
    equal(rig.reports.length, 0, "connections ended");
    equal(rig.server.totals.refusedClients, 20, "refused clients");
  },

  "reject: nobody comes: the silent keep their places"() {
    const rig = new Rig();
    const clients = [rig.connect(), rig.connect(), rig.connect()];
    rig.advance(120_000);
    rig.connect();
    equal([rig.reports.length, rig.server.totals.clients], [0, 4], "ends and clients");
    holds(ping(rig, clients[0]!, 1) || rig.inbox.packets.length === 1, "the first to be served");
  },

  "reject: of the silent, those that only read go first, then the one that has been silent longest"() {
    const rig = new Rig();
    const commander = rig.connect();
    commander.send(packet(1, 20, "tc"));
    rig.settle();
    rig.advance(1000);
    rig.connect();
    rig.advance(1000);
    rig.connect();
    const late = rig.connect();
    late.send(packet(2, 20, "tc"));
    rig.settle();
    rig.advance(61_000);
    rig.connect();
    equal(ends(rig), [[2, "replaced"]], "the first");
    rig.connect();
    rig.connect();
    equal(
      ends(rig).map(([connection]) => connection),
      [2, 3, 1],
      "all, in order",
    );
  },

  "reject with a yield time of 0: the silent keep their places for ever"() {
    const rig = new Rig({ server: { yieldAfterMs: 0 } });
    for (let k = 0; k < 4; k++) {
      rig.connect();
    }
    rig.advance(300_000);
    rig.connect();
    equal([rig.reports.length, rig.server.totals.refusedClients], [0, 1], "ends and refused clients");
  },

  "a yield time of one's own is kept to the tick"() {
    const rig = new Rig({ server: { yieldAfterMs: 5000, maxClients: 1 } });
    rig.connect();
    rig.advance(4900);
    rig.connect();
    equal(rig.reports.length, 0, "ends before");
    rig.advance(100);
    rig.connect();
    equal(ends(rig), [[1, "replaced"]], "ends after");
  },

  "reserve: four that only read do not lock out one that commands, which is then never ended for another"() {
    const rig = answering({ reserve: 1 });
    const readers = [rig.connect(), rig.connect(), rig.connect(), rig.connect()];
    beacons(rig, readers, 10_000);
    const commander = rig.connect();
    holds(ping(rig, commander, 1), "an answer at once");
    equal(ends(rig), [[4, "reserved"]], "the reader that came last");
    const clients = [...readers.slice(0, 3), commander];
    for (let k = 0; k < 20; k++) {
      beacons(rig, clients, 5000);
      rig.connect().peer.end();
      rig.settle();
    }
    equal(rig.reports.length, 1, "connections ended");
    holds(ping(rig, commander, 2), "an answer minutes later");
  },

  "reserve: the last that only reads has 10 s to send a telecommand; who does keeps the place"() {
    const rig = answering({ reserve: 1 });
    const readers = [rig.connect(), rig.connect(), rig.connect()];
    beacons(rig, readers, 20_000);
    const fourth = rig.connect();
    beacons(rig, [...readers, fourth], 9000);
    const early = rig.connect();
    equal([rig.reports.length, rig.server.totals.refusedClients], [0, 1], "ends, and refused, in time");
    early.peer.end();
    holds(ping(rig, fourth, 1), "an answer");
    beacons(rig, [...readers, fourth], 60_000);
    rig.connect();
    equal([rig.reports.length, rig.server.totals.refusedClients], [0, 2], "ends, and refused, later");
  },

  "reserve: readers that keep coming take turns of 10 s on the last place, and the others stay"() {
    const rig = answering({ reserve: 1 });
    let clients = [rig.connect(), rig.connect(), rig.connect(), rig.connect()];
    for (let k = 0; k < 60; k++) {
      beacons(rig, clients, 1000);
      const next = rig.connect();
      clients = [...clients.slice(0, 3), next];
    }
    const ended = ends(rig);
    holds(ended.length >= 4 && ended.length <= 6, `a turn of some 10 s each, not ${ended.length} in a minute`);
    holds(
      ended.every(([connection, reason]) => connection > 3 && reason === "reserved"),
      "the first three to stay",
    );
  },

  "reserve on a port for telecommands: readers of another port make room; newcomers there get none"() {
    const rig = new Rig();
    rig.server.stop();
    const pool = new ConnectionPool({ memory: rig.memory, maxClients: 4, framings: [cobs()], maxTelemetryLength: 500 });
    const downlink = rig.serve({ pool, port: 1, telecommands: undefined, reserve: 1 });
    const uplink = rig.serve({ pool, port: 2, telemetry: undefined, reserve: 1 });
    downlink.start();
    uplink.start();
    const readers = [rig.connect(downlink), rig.connect(downlink), rig.connect(downlink), rig.connect(downlink)];
    beacons(rig, readers, 30_000);
    rig.connect(downlink);
    equal([rig.reports.length, downlink.totals.refusedClients], [0, 1], "ends, and refused");
    const commander = rig.connect(uplink);
    // A port without telemetry: who is there can do nothing but command, and has all the time that it takes.
    beacons(rig, readers, 30_000);
    rig.connect(uplink);
    commander.send(packet(3, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [3], "packets");
    equal(ends(rig), [[4, "reserved"]], "ends");
    equal(
      [downlink.totals.clients, uplink.totals.clients, uplink.totals.refusedClients],
      [3, 1, 1],
      "clients, refused",
    );
  },

  "reserve: one who commands on another port is not the one whom the place is for"() {
    const rig = new Rig();
    rig.server.stop();
    const pool = new ConnectionPool({ memory: rig.memory, maxClients: 4, framings: [cobs()], maxTelemetryLength: 500 });
    const [one, two] = [rig.serve({ pool, port: 1, reserve: 1 }), rig.serve({ pool, port: 2, reserve: 1 })];
    one.start();
    two.start();
    const clients = [rig.connect(one), rig.connect(one), rig.connect(one), rig.connect(one)];
    clients[3]!.send(packet(1, 20, "tc"));
    beacons(rig, clients, 20_000);
    rig.connect(one);
    equal(rig.reports.length, 0, "ends for one more on the same port");
    const commander = rig.connect(two);
    commander.send(packet(2, 20, "tc"));
    rig.settle();
    equal(rig.inbox.numbers, [1, 2], "packets");
    equal(ends(rig), [[3, "reserved"]], "ends");
  },

  "reserve: with no place for anybody else, the only reader makes room, and not before its time"() {
    const rig = answering({ reserve: 1, maxClients: 1 });
    const reader = rig.connect();
    beacons(rig, [reader], 9000);
    rig.connect();
    equal(rig.reports.length, 0, "ends");
    beacons(rig, [reader], 1000);
    const commander = rig.connect();
    holds(ping(rig, commander, 1), "an answer");
    equal(ends(rig), [[1, "reserved"]], "ends in the end");
  },

  "reject: however many reconnect without pause, each is held for its time, and nobody is closed at once"() {
    for (const count of [1, 2, 3, 5, 12]) {
      const rig = new Rig({ server: { maxClients: 1, rejectHoldMs: 2000 } });
      rig.connect();
      const waiting: Client[] = [];
      for (let k = 0; k < count; k++) {
        waiting.push(rig.connect());
      }
      for (let ms = 0; ms < 20_000; ms += 100) {
        for (let k = 0; k < count; k++) {
          const { peer } = waiting[k]!;
          if (peer.ended || peer.wasReset) {
            peer.end();
            waiting[k] = rig.connect();
          }
        }
        rig.advance(100);
      }
      const attempts = rig.server.totals.refusedClients;
      holds(attempts >= 9 * count, `${count} clients that try again, not ${attempts} times in all`);
      holds(attempts <= 10 * count, `one attempt in two seconds for each of ${count}, not ${attempts} in twenty`);
    }
  },

  "reject: a client held is closed once, when its time is over, and nothing of what it sends is read"() {
    const io = new FakeIo();
    const rig = new Rig({ io, server: { maxClients: 1 } });
    io.connect();
    const [held] = io.connect();
    held!.receive(encodeFrame(rig.framing, packet(1, 20, "tc")));
    held!.fail();
    rig.advance(1900);
    equal(held!.closed, 0, "times closed");
    rig.advance(10_000);
    equal([held!.closed, held!.usedWhenClosed], [1, 0], "times closed in the end, and used");
    equal([rig.inbox.numbers, rig.errors], [[], []], "packets and errors");
  },

  "reject: 32 are held at most, whoever is one too many is closed at once"() {
    const io = new FakeIo();
    const rig = new Rig({ io, server: { maxClients: 1 } });
    io.connect();
    const held = io.connect(32);
    const last = io.connect()[0]!;
    last.closeThrows = 1;
    equal(
      held.map(({ closed }) => closed),
      new Array(32).fill(0),
      "times those held were closed",
    );
    equal([last.closed, rig.server.totals.refusedClients], [1, 33], "times the last was closed, and refused clients");
    rig.advance(2000);
    equal(
      held.map(({ closed }) => closed),
      new Array(32).fill(1),
      "times those held were closed in the end",
    );
    equal(io.connect()[0]!.closed, 0, "there is room again");
  },

  "reject with no time to be held: closed at once"() {
    const io = new FakeIo();
    const rig = new Rig({ io, server: { maxClients: 1, rejectHoldMs: 0 } });
    io.connect();
    equal(io.connect()[0]!.closed, 1, "times closed");
    equal(rig.server.totals.refusedClients, 1, "refused clients");
  },

  "a place that was given up is as good as any other"() {
    const rig = answering({ yieldAfterMs: 1000, maxClients: 1 });
    for (let k = 1; k <= 50; k++) {
      const client = rig.connect();
      holds(ping(rig, client, k), `an answer for client ${k}`);
      rig.advance(1000);
    }
    equal(rig.inbox.numbers, numbers(1, 50), "packets");
    equal(rig.server.totals.connections, 50, "connections");
  },
};
