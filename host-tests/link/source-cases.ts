/** Telemetry from a source that has to be asked, as sat-rs's `PacketSource`. */

import { encodeFrame } from "../../modules/framing/encode-decode.js";
import type { PacketSource } from "../../modules/tmtc/contracts.js";
import { equal, holds } from "./expect.js";
import { FakeIo } from "./fake-io.js";
import { numbers, packet, packets } from "./packets.js";
import { type Cases, inEachFraming, Rig } from "./rig.js";

/** A queue that gives its packets one by one. */
class Queue implements PacketSource {
  readonly packets: Uint8Array[] = [];
  asked = 0;

  next(bytes: Uint8Array, start: number, limit: number): number {
    this.asked++;
    const next = this.packets.shift();
    if (next === undefined) {
      return 0;
    }
    holds(next.length <= limit - start, "room for the packet");
    bytes.set(next, start);
    return next.length;
  }
}

export const sourceCases: Cases = {
  ...inEachFraming("a source is pulled in many rounds, more than the log holds: nothing is lost", (framing) => {
    const queue = new Queue();
    const rig = new Rig({ framing, server: { telemetry: queue, sourceLogLength: 400, maxTelemetryLength: 100 } });
    const clients = [rig.connect(), rig.connect()];
    queue.packets.push(...packets(0, 500, 60));
    rig.advance(100);
    equal(
      clients.map((client) => client.numbers),
      [numbers(0, 500), numbers(0, 500)],
      "telemetry",
    );
    queue.packets.push(...packets(500, 3, 60));
    rig.advance(100);
    equal(clients[0]!.numbers, numbers(0, 503), "telemetry of the next round");
  }),

  ...inEachFraming(
    "a source without a client is pulled as far as the log has room; the rest comes later",
    (framing) => {
      const queue = new Queue();
      const rig = new Rig({ framing, server: { telemetry: queue, sourceLogLength: 400, maxTelemetryLength: 100 } });
      queue.packets.push(...packets(0, 100, 60));
      rig.advance(1000);
      holds(queue.packets.length > 90, "the source to keep what the log has no room for");
      const client = rig.connect();
      rig.advance(100);
      equal(client.numbers, numbers(0, 100), "telemetry");
    },
  ),

  ...inEachFraming("what a telecommand puts into the source goes out in the same turn", (framing) => {
    const queue = new Queue();
    const rig = new Rig({ framing, server: { telemetry: queue } });
    rig.inbox.onPacket = (bytes) => queue.packets.push(bytes);
    const client = rig.connect();
    client.send(packet(1, 20, "tc"));
    rig.settle();
    equal(client.numbers, [1], "telemetry");
  }),

  ...inEachFraming("a client shuts down its write side: it gets all that the source has, then the end", (framing) => {
    const queue = new Queue();
    const rig = new Rig({ framing, server: { telemetry: queue, sourceLogLength: 400, maxTelemetryLength: 100 } });
    queue.packets.push(...packets(0, 100, 60));
    const client = rig.connect();
    client.peer.end();
    rig.settle();
    equal(client.numbers, numbers(0, 100), "telemetry");
    holds(client.peer.ended, "the server to have closed");
  }),

  ...inEachFraming(
    "a client shuts down its write side while the source has nothing: the end comes at once",
    (framing) => {
      for (const sent of [0, 3]) {
        const queue = new Queue();
        const rig = new Rig({ framing, server: { telemetry: queue } });
        const client = rig.connect();
        queue.packets.push(...packets(0, sent, 60));
        rig.advance(100);
        client.peer.end();
        rig.settle();
        equal([client.numbers, client.peer.ended], [numbers(0, sent), true], `behind ${sent} packets`);
      }
    },
  ),

  ...inEachFraming("half-close before the socket has room: still all that the source has", (framing) => {
    const queue = new Queue();
    const io = new FakeIo();
    const rig = new Rig({ framing, io, server: { telemetry: queue, sourceLogLength: 400, maxTelemetryLength: 100 } });
    // It had nothing the last time that it was asked.
    rig.advance(100);
    queue.packets.push(...packets(0, 100, 60));
    const connection = io.connect()[0]!;
    connection.end();
    connection.writable(65536);
    equal(rig.reports[0]?.telemetry, 100, "telemetry");
  }),

  "a source is asked when nothing else happens, as often as was set"() {
    const queue = new Queue();
    const rig = new Rig({ server: { telemetry: queue, pollIntervalMs: 1000 } });
    rig.advance(100);
    const before = queue.asked;
    rig.advance(10_000);
    equal(queue.asked - before, 10, "times asked in ten seconds");
  },

  "a source is asked more often than ten times a second when that was set"() {
    const queue = new Queue();
    const rig = new Rig({ server: { telemetry: queue, pollIntervalMs: 20 } });
    rig.advance(100);
    const before = queue.asked;
    rig.advance(1000);
    equal(queue.asked - before, 50, "times asked in a second");
  },

  ...inEachFraming(
    "a client that has shut down its side waits while another one keeps the log full: it gets the end in the turn in which that one reads",
    (framing) => {
      const queue = new Queue();
      const io = new FakeIo();
      const rig = new Rig({ framing, io, server: { telemetry: queue, sourceLogLength: 102, maxTelemetryLength: 100 } });
      const [ending, slow] = io.connect(2);
      queue.packets.push(packet(1, 60));
      rig.advance(100);
      ending!.writable(1000);
      ending!.end();
      const whole = encodeFrame(framing, packet(1, 60)).length;
      equal([ending!.written.length, ending!.closed], [whole, 0], "the source may have more");
      slow!.writable(1000);
      equal([slow!.written.length, ending!.closed, slow!.closed], [whole, 1, 0], "it has not");
    },
  ),
};
