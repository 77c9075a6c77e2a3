/** How a client comes to its connection, and what it tells of it. */
import { equal, holds } from "../link/expect.js";
import { FakeIo } from "../link/fake-io.js";
import type { Cases } from "../link/rig.js";
import { ClientRig, EXACT } from "./client-rig.js";

export const connectionCases: Cases = {
  "connect: told of once, and the state follows"() {
    const { client, ...rig } = new ClientRig();
    equal([client.state, client.connected, client.shouldBeConnected], ["closed", false, false], "before");
    client.connect();
    equal([client.state, client.connected, client.shouldBeConnected], ["connecting", false, false], "under way");
    client.connect();
    rig.rig.settle();
    equal([client.state, client.connected, client.shouldBeConnected], ["connected", true, true], "connected");
    const info = { client: "cobs", connection: 1, host: "127.0.0.1", port: rig.rig.server.port };
    equal(rig.connects, [info], "told");
    rig.rig.advance(10_000);
    equal([rig.connects.length, rig.reports.length, rig.rig.server.totals.clients], [1, 0, 1], "later");
  },

  "connect: nobody listens and no reconnect: told, and closed"() {
    const rig = new ClientRig();
    rig.rig.server.stop();
    rig.connect();
    const [failure] = rig.failures;
    equal(
      [failure?.outcome, failure?.code, failure?.attempt, failure?.retryInMs],
      ["failed", "ECONNREFUSED", 1, undefined],
      "failure",
    );
    equal(
      [rig.client.state, rig.failures.length, rig.reports.length, rig.rig.time.timers],
      ["closed", 1, 0, 0],
      "after",
    );
    rig.rig.server.start();
    rig.advance(60_000);
    equal(rig.client.state, "closed", "an hour later");
    rig.connect();
    equal(rig.client.connected, true, "asked again");
  },

  "connect: no answer ends with the timeout"() {
    const rig = new ClientRig({ client: { connectTimeoutMs: 500 } });
    rig.rig.network.isSilent = true;
    rig.connect();
    rig.advance(400);
    equal([rig.client.state, rig.failures.length], ["connecting", 0], "before");
    rig.advance(100);
    equal([rig.client.state, rig.failures.map((each) => each.outcome)], ["closed", ["timeout"]], "after");
    rig.rig.network.isSilent = false;
    rig.advance(1000);
    equal([rig.connects.length, rig.rig.server.totals.connections], [0, 0], "connections of an attempt given up");
  },

  "connect: the platform refuses: told with the error, and tried again"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { reconnect: EXACT } });
    io.tcpThrows = 1;
    rig.connect();
    const [failure] = rig.failures;
    equal(
      [failure?.outcome, String(failure?.error), failure?.retryInMs],
      ["error", "Error: no socket", 1000],
      "failure",
    );
    rig.advance(1000);
    equal([rig.client.state, io.dialled.length], ["connecting", 1], "tried again");
  },

  "connect: data is the first thing that comes, as on lwIP: connected before it is delivered"() {
    const io = new FakeIo();
    const order: string[] = [];
    const rig = new ClientRig({
      clientIo: io,
      client: {
        onConnect: () => order.push("connected"),
        sink: { accept: () => order.push("packet") > 0 },
      },
    });
    rig.connect();
    io.dialled[0]!.receive(Uint8Array.of(2, 7, 0));
    io.dialled[0]!.writable(1000);
    equal(order, ["connected", "packet"], "order");
  },

  "reconnect: pauses grow to the longest, and begin again after a connection that was used"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } });
    rig.rig.server.stop();
    rig.connect();
    rig.advance(40_000);
    equal(
      rig.failures.slice(0, 6).map((each) => each.retryInMs),
      [1000, 2000, 4000, 8000, 8000, 8000],
      "pauses",
    );
    equal(
      rig.failures.map((each) => each.attempt),
      [1, 2, 3, 4, 5, 6, 7, 8],
      "attempts",
    );
    rig.rig.server.start();
    rig.advance(8000);
    rig.rig.emit(1);
    equal([rig.client.connected, rig.inbox.numbers], [true, [1]], "connected");
    rig.rig.server.stop();
    rig.settle();
    rig.advance(1000);
    equal([rig.reports[0]?.retryInMs, rig.failures.at(-1)?.attempt], [1000, 1], "after it");
  },

  "reconnect: a server that accepts and closes at once does not shorten the pauses"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } });
    rig.rig.server.stop();
    const full = rig.rig.serve({ port: rig.rig.server.port, maxClients: 1, rejectHoldMs: 0 });
    full.start();
    rig.rig.connect(full);
    rig.connect();
    rig.advance(40_000);
    equal(
      rig.reports.slice(0, 5).map((each) => each.retryInMs),
      [1000, 2000, 4000, 8000, 8000],
      "pauses",
    );
    equal(rig.connects.length, rig.reports.length, "connects and disconnects");
  },

  "reconnect: chance shortens each pause, by as much as it may"() {
    const chances = [0, 0.5, 0.999];
    const rig = new ClientRig({
      client: { reconnect: { ...EXACT, factor: 1, jitter: 0.4 }, random: () => chances.shift() ?? 0 },
    });
    rig.rig.server.stop();
    rig.connect();
    rig.advance(3000);
    equal(
      rig.failures.slice(0, 3).map((each) => each.retryInMs),
      [1000, 800, 600],
      "pauses",
    );
  },

  "reconnect: one connection after the other, each told of once"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } }).connect();
    for (let k = 0; k < 5; k++) {
      rig.rig.emit(k);
      rig.restart();
      rig.settle();
      equal([rig.client.connected, rig.client.shouldBeConnected], [false, true], "lost");
      rig.advance(1000);
      equal(rig.client.connected, true, "back");
    }
    equal(
      rig.connects.map((each) => each.connection),
      [1, 2, 3, 4, 5, 6],
      "connects",
    );
    equal(
      rig.reports.map((each) => each.connection),
      [1, 2, 3, 4, 5],
      "disconnects",
    );
    equal(
      rig.reports.every((each) => each.reason === "peerClosed"),
      true,
      "reasons",
    );
    equal(
      rig.inbox.packets.map((each) => each.from),
      [1, 2, 3, 4, 5],
      "connection of each packet",
    );
    equal(rig.errors, [], "errors");
  },

  "a reset: connectionLost, with what the platform says"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io }).connect();
    io.dialled[0]!.writable(100);
    io.dialled[0]!.fail("ECONNRESET");
    equal(
      rig.reports.map((each) => [each.reason, each.code]),
      [["connectionLost", "ECONNRESET"]],
      "report",
    );
    equal([rig.client.state, rig.client.shouldBeConnected], ["closed", true], "lost, and not closed");
    equal(io.dialled[0]!.closed, 1, "socket closed");
  },

  "close: idempotent, told of once, and nothing connects again"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } }).connect();
    rig.client.close();
    rig.client.close();
    equal(
      rig.reports.map((each) => [each.reason, each.retryInMs]),
      [["closed", undefined]],
      "report",
    );
    equal([rig.client.state, rig.client.shouldBeConnected, rig.rig.time.timers], ["closed", false, 1], "closed");
    rig.advance(60_000);
    equal([rig.connects.length, rig.rig.server.totals.clients, rig.rig.reports.length], [1, 0, 1], "later");
    rig.client.close();
    equal(rig.reports.length, 1, "reports");
  },

  "close: before it was ever connected, while connecting, while waiting: nothing is told"() {
    for (const phase of ["closed", "connecting", "waiting"]) {
      const rig = new ClientRig({ client: { reconnect: EXACT } });
      if (phase === "waiting") {
        rig.rig.server.stop();
        rig.connect();
      } else if (phase === "connecting") {
        rig.client.connect();
      }
      equal(rig.client.state, phase, "state");
      rig.client.close();
      rig.rig.server.start();
      rig.advance(20_000);
      equal([rig.connects.length, rig.reports.length, rig.rig.server.totals.clients], [0, 0, 0], phase);
    }
  },

  "close: what the socket took still goes out"() {
    const rig = new ClientRig().connect();
    rig.queue(1, 3);
    rig.client.close();
    rig.settle();
    equal([rig.served, rig.reports[0]?.packetsSent], [[1, 2, 3], 3], "packets");
  },

  "close from inside every callback"() {
    for (const where of ["onConnect", "onDisconnect", "onAttemptFailed", "sink"] as const) {
      const rig: ClientRig = new ClientRig({
        client: {
          reconnect: EXACT,
          ...(where === "sink"
            ? {}
            : {
                [where]: () => {
                  rig.client.close();
                },
              }),
        },
      });
      rig.inbox.onPacket = () => rig.client.close();
      if (where === "onAttemptFailed") {
        rig.rig.server.stop();
      }
      rig.connect();
      if (where === "sink") {
        rig.rig.emit(1, 3);
        equal([rig.inbox.numbers, rig.reports.length], [[1], 1], "the packet being handled is the last");
      } else if (where === "onDisconnect") {
        rig.restart();
      }
      rig.settle();
      equal([rig.client.state, rig.client.shouldBeConnected, rig.errors], ["closed", false, []], where);
      rig.rig.server.start();
      rig.advance(20_000);
      equal([rig.client.state, rig.rig.server.totals.clients], ["closed", 0], `${where}, later`);
    }
  },

  "close and connect from inside the sink: a new connection when the packet is done with"() {
    for (const reconnect of [EXACT, undefined]) {
      const rig: ClientRig = new ClientRig({ client: { reconnect } }).connect();
      rig.inbox.onPacket = () => {
        rig.client.close();
        rig.client.connect();
      };
      rig.rig.emit(1);
      rig.inbox.onPacket = undefined;
      equal([rig.reports.map((each) => each.reason), rig.client.state], [["closed"], "waiting"], "old connection");
      rig.advance(100);
      equal([rig.client.connected, rig.connects.length, rig.client.shouldBeConnected], [true, 2, true], "new one");
      rig.rig.emit(2);
      equal(rig.inbox.numbers, [1, 2], "packets");
    }
  },

  "connect from inside onDisconnect: again, at once"() {
    const rig: ClientRig = new ClientRig({ client: { onDisconnect: () => rig.client.connect() } }).connect();
    rig.rig.server.disconnectAll();
    rig.settle();
    equal([rig.client.connected, rig.connects.length], [true, 2], "connected");
  },

  "callbacks that throw are caught and counted, and the client goes on"() {
    const thrower = () => {
      throw new Error("by the application");
    };
    const rig = new ClientRig({
      client: { reconnect: EXACT, onConnect: thrower, onDisconnect: thrower, onAttemptFailed: thrower },
    });
    rig.connect();
    rig.rig.server.stop();
    rig.settle();
    rig.advance(1000);
    rig.rig.server.start();
    rig.advance(4000);
    equal([rig.client.connected, rig.client.totals.errors], [true, 4], "errors");
    equal(rig.errors[0], "Error: by the application", "error");
    rig.inbox.onPacket = thrower;
    rig.rig.emit(1);
    equal([rig.client.connected, rig.client.totals.errors], [false, 6], "the sink's error ends the connection");
    rig.inbox.onPacket = undefined;
    rig.advance(8000);
    rig.rig.emit(2);
    equal(rig.inbox.numbers, [2], "later packets");
  },

  "the one who hears of errors fails too: counted"() {
    const thrower = () => {
      throw new Error("by the application");
    };
    const rig = new ClientRig({ client: { onConnect: thrower, onError: thrower } }).connect();
    equal([rig.client.connected, rig.client.totals.errors], [true, 1], "errors");
  },

  "late events of an earlier socket are nobody's"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { reconnect: EXACT } }).connect();
    const first = io.dialled[0]!;
    first.writable(100);
    first.fail();
    rig.advance(1000);
    const second = io.dialled[1]!;
    second.writable(100);
    first.fail("ECONNRESET");
    first.writable(50);
    first.receive(Uint8Array.of(2, 7, 0));
    equal([rig.client.connected, rig.inbox.packets.length, rig.reports.length], [true, 0, 1], "untouched");
  },

  "totals: attempts, connections and packets, those of the open connection included"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } }).connect();
    rig.send(1, 4);
    rig.rig.emit(1, 2);
    rig.restart();
    rig.advance(1000);
    rig.send(5, 1);
    rig.rig.emit(3, 1);
    const { attempts, connections, packetsReceived, packetsSent } = rig.client.totals;
    equal([attempts, connections, packetsReceived, packetsSent], [2, 2, 3, 5], "totals");
    holds(rig.client.sent === 5, "five packets taken");
  },
};
