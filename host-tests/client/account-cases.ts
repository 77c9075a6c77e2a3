/** What a client says of itself: totals over its connections, attempts in a row, packets that were acknowledged. */
import { equal } from "../link/expect.js";
import { FakeIo } from "../link/fake-io.js";
import { packet } from "../link/packets.js";
import type { Cases } from "../link/rig.js";
import { ClientRig, EXACT } from "./client-rig.js";

const HEARTBEAT = packet(9999, 12, "tc");

export const accountCases: Cases = {
  "totals: what is open is counted once, what is over is kept, and a snapshot stays as it is"() {
    const rig = new ClientRig({ client: { heartbeat: HEARTBEAT, heartbeatMs: 500, reconnect: EXACT } }).connect();
    rig.advance(1000);
    rig.send(1, 3);
    rig.rig.emit(1, 2);
    const { totals } = rig.client;
    const sums = () => [totals.heartbeats, totals.packetsSent, totals.packetsReceived];
    equal(sums(), [2, 3, 2], "while the first connection is open");
    const snapshot = totals.snapshot();
    rig.rig.server.stop();
    rig.settle();
    equal(sums(), [2, 3, 2], "when it is over");
    rig.rig.server.start();
    rig.advance(1000);
    equal([rig.client.connected, sums()], [true, [2, 3, 2]], "while the second one begins");
    rig.advance(500);
    rig.send(4, 1);
    rig.rig.emit(3, 1);
    equal(sums(), [3, 4, 3], "while the second one is open");
    rig.client.close();
    rig.settle();
    equal(sums(), [3, 4, 3], "closed");
    equal(
      rig.reports.map(({ heartbeats, packetsSent, packetsReceived }) => [heartbeats, packetsSent, packetsReceived]),
      [
        [2, 3, 2],
        [1, 1, 1],
      ],
      "each for itself",
    );
    equal(
      snapshot,
      { attempts: 1, connections: 1, packetsReceived: 2, packetsSent: 3, heartbeats: 2, dropped: 0, errors: 0 },
      "the snapshot",
    );
  },

  "attempts in a row: a connection ends the row, and so does a client that is closed and asked to connect again"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } });
    rig.rig.server.stop();
    rig.connect();
    rig.advance(3500);
    rig.client.close();
    rig.connect();
    rig.advance(1000);
    equal(
      rig.failures.map(({ attempt, retryInMs }) => [attempt, retryInMs]),
      [
        [1, 1000],
        [2, 2000],
        [3, 4000],
        [1, 1000],
        [2, 2000],
      ],
      "attempts and pauses",
    );
  },

  "an attempt that fails is not told as one that took too long, because the one before it did"() {
    const rig = new ClientRig({ client: { connectTimeoutMs: 500, reconnect: EXACT } });
    rig.rig.network.isSilent = true;
    rig.connect();
    rig.advance(500);
    rig.rig.network.isSilent = false;
    rig.rig.server.stop();
    rig.advance(1100);
    equal(
      rig.failures.map(({ outcome }) => outcome),
      ["timeout", "failed"],
      "outcomes",
    );
  },

  "a connection that lasted as long as the longest pause was worth the pauses, though no packet came"() {
    for (const [ms, pause] of [
      [7900, 2000],
      [8000, 1000],
    ] as const) {
      const rig = new ClientRig({ client: { reconnect: EXACT } }).connect();
      rig.restart();
      rig.advance(1000);
      equal(rig.client.connected, true, "connected");
      rig.advance(ms);
      rig.restart();
      rig.settle();
      equal(
        rig.reports.map(({ retryInMs }) => retryInMs),
        [1000, pause],
        `after ${ms} ms`,
      );
    }
  },

  "acknowledged: from the first packet on, up to what was sent, never back"() {
    const rig = new ClientRig().connect();
    equal(rig.client.acknowledge(0), false, "nothing was sent");
    rig.send(1, 3);
    const said = [0, 2, 2, 1, 3, -1, 0.5].map((number) => [rig.client.acknowledge(number), rig.client.acknowledged]);
    equal(
      said,
      [
        [true, 1],
        [true, 3],
        [true, 3],
        [true, 3],
        [false, 3],
        [false, 3],
        [false, 3],
      ],
      "answers",
    );
  },

  "send: as long as the queue takes, and not a byte more"() {
    const rig = new ClientRig({ client: { maxPacketLength: 20, queueLength: 100 } }).connect();
    equal([rig.send(1, 1, 20), rig.send(2, 1, 21)], [[0], [-2]], "numbers");
    equal(rig.served, [1], "served");
  },

  "connect, asked in the middle of the end: the next attempt comes at once, and the report says so"() {
    const io = new FakeIo();
    const rig = new ClientRig({
      clientIo: io,
      client: {
        sink: {
          accept: () => {
            rig.client.close();
            rig.client.connect();
            return true;
          },
        },
      },
    });
    rig.connect();
    io.dialled[0]!.writable(100);
    io.dialled[0]!.receive(Uint8Array.of(2, 7, 0));
    equal(
      rig.reports.map(({ reason, retryInMs }) => [reason, retryInMs]),
      [["closed", 0]],
      "report",
    );
    rig.advance(100);
    equal([io.dialled.length, rig.client.state], [2, "connecting"], "the next attempt");
    rig.client.close();
    equal(rig.reports.length, 1, "reports");
  },

  "connect, asked twice: one connection, and the pauses go on"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } });
    rig.rig.server.stop();
    rig.connect();
    rig.advance(1100);
    rig.connect();
    rig.advance(2000);
    equal(
      rig.failures.map(({ attempt }) => attempt),
      [1, 2, 3],
      "attempts",
    );
    equal(rig.client.totals.attempts, 3, "all of them");
  },

  "an attempt that fails without a word is not told with the code of the one before it"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { reconnect: EXACT } });
    rig.connect();
    io.dialled[0]!.fail("ECONNREFUSED");
    rig.advance(1000);
    io.dialled[1]!.fail();
    rig.advance(2000);
    io.dialled[2]!.fail("EHOSTUNREACH");
    equal(
      rig.failures.map(({ code }) => code ?? "none"),
      ["ECONNREFUSED", "none", "EHOSTUNREACH"],
      "codes",
    );
  },

  "a server that closes while the client still dials: the attempt has failed, and the next one comes"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { reconnect: EXACT } });
    rig.connect();
    io.dialled[0]!.end();
    equal(
      [rig.failures.map(({ outcome }) => outcome), rig.reports.length, io.dialled[0]!.closed],
      [["failed"], 0, 1],
      "the attempt",
    );
    rig.advance(1000);
    equal([io.dialled.length, rig.client.state], [2, "connecting"], "the next one");
  },
};
