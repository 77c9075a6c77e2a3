/** Heartbeats and idle connections. */
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { equal, holds, sameBytes } from "../link/expect.js";
import { FakeIo } from "../link/fake-io.js";
import { numberOf, packet } from "../link/packets.js";
import { type Cases, inEachFraming } from "../link/rig.js";
import { ClientRig, EXACT } from "./client-rig.js";

const HEARTBEAT = packet(9999, 12, "tc");

export const watchCases: Cases = {
  ...inEachFraming("heartbeat: sent when nothing was sent for so long, again and again", (framing) => {
    const rig = new ClientRig({ framing, client: { heartbeat: HEARTBEAT, heartbeatMs: 500 } }).connect();
    rig.advance(400);
    equal(rig.served, [], "before");
    rig.advance(100);
    equal(rig.served, [9999], "the first");
    rig.advance(2000);
    equal(rig.served.length, 5, "one every 500 ms");
    rig.client.close();
    const { heartbeats, packetsSent, uncertain, unsent } = rig.reports[0]!;
    equal([heartbeats, packetsSent, uncertain, unsent], [5, 0, 0, 0], "report: no packet of the queue");
    equal([rig.client.totals.heartbeats, rig.client.sent], [5, 0], "totals");
  }),

  "heartbeat: in frames that are numbered, it has a number as any packet"() {
    const framing = uslp({ spacecraftId: 1 });
    const clientIo = new FakeIo();
    const rig = new ClientRig({ framing, clientIo, client: { heartbeat: HEARTBEAT, heartbeatMs: 500 } });
    rig.connect();
    const connection = clientIo.dialled[0]!;
    connection.writable(1000);
    rig.queue(1, 2);
    rig.advance(1100);
    rig.queue(3, 1);
    const sent = connection.written;
    const counts: number[] = [];
    // The frame length, less one, stands in the octets 4 and 5, the count in the octets 7 and 8.
    for (let at = 0; at < sent.length; at += sent[at + 5]! + 1) {
      counts.push(sent[at + 7]! * 256 + sent[at + 8]!);
    }
    equal(decodeFrames(framing, sent).map(numberOf), [1, 2, 9999, 9999, 3], "packets");
    equal(counts, [0, 1, 2, 3, 4], "frame counts");
  },

  "heartbeat: not while there is traffic"() {
    const rig = new ClientRig({ client: { heartbeat: HEARTBEAT, heartbeatMs: 500 } }).connect();
    for (let k = 0; k < 10; k++) {
      rig.advance(400);
      rig.send(k);
    }
    equal(rig.served, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "served");
  },

  "heartbeat: telemetry that comes does not count, since the server hears nothing"() {
    const rig = new ClientRig({ client: { heartbeat: HEARTBEAT, heartbeatMs: 500 } }).connect();
    for (let k = 0; k < 10; k++) {
      rig.advance(100);
      rig.rig.emit(k);
    }
    equal(rig.served, [9999, 9999], "heartbeats");
  },

  "heartbeat: none waits for a connection, and each connection begins anew"() {
    const rig = new ClientRig({ client: { heartbeat: HEARTBEAT, heartbeatMs: 500, reconnect: EXACT } }).connect();
    rig.advance(500);
    rig.restart();
    rig.advance(1000);
    equal([rig.client.connected, rig.served.length], [true, 1], "back");
    rig.advance(500);
    equal([rig.served.length, rig.reports[0]!.heartbeats], [2, 1], "heartbeats");
  },

  "heartbeat: a socket without room gets one, not one after the other"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { heartbeat: HEARTBEAT, heartbeatMs: 500 } }).connect();
    const socket = io.dialled[0]!;
    socket.writable(5);
    rig.advance(5000);
    rig.queue(1);
    socket.writable(1000);
    const frame = encodeFrame(rig.rig.framing, HEARTBEAT);
    sameBytes(socket.written.slice(0, frame.length), frame, "the heartbeat that was begun");
    const rest = socket.written.slice(frame.length);
    sameBytes(rest, encodeFrame(rig.rig.framing, packet(1, 20, "tc")), "the packet behind it");
  },

  "idle: a connection that was long in coming about is not idle at once"() {
    const clientIo = new FakeIo();
    const rig = new ClientRig({ clientIo, client: { idleTimeoutMs: 3000, connectTimeoutMs: 20_000 } });
    rig.connect();
    rig.advance(5000);
    clientIo.dialled[0]!.writable(1000);
    rig.advance(2900);
    equal([rig.client.connected, rig.reports.length], [true, 0], "before the timeout");
    rig.advance(200);
    equal(rig.reports[0]?.reason, "idle", "after it");
  },

  "idle: nothing came for so long: ended, and connected again"() {
    const rig = new ClientRig({ client: { idleTimeoutMs: 2000, reconnect: EXACT } }).connect();
    rig.advance(1500);
    rig.rig.emit(1);
    rig.advance(1900);
    equal(rig.client.connected, true, "before");
    rig.advance(200);
    equal([rig.client.connected, rig.reports.map((each) => each.reason)], [false, ["idle"]], "idle");
    rig.advance(1000);
    equal([rig.client.connected, rig.connects.length], [true, 2], "back");
  },

  "idle: sending does not help, for a server that vanished takes it all"() {
    const rig = new ClientRig({ client: { idleTimeoutMs: 2000 } }).connect();
    for (let k = 0; k < 20; k++) {
      rig.send(k);
      rig.advance(100);
    }
    equal(
      rig.reports.map((each) => each.reason),
      ["idle"],
      "reports",
    );
  },

  "idle: not while the sink refuses, nor at once when it takes packets again"() {
    const rig = new ClientRig({ client: { idleTimeoutMs: 1000 } }).connect();
    rig.inbox.refuse = 50;
    rig.rig.emit(1, 3);
    rig.advance(3000);
    holds(rig.client.connected, "connected while the sink refuses");
    rig.advance(2000);
    equal(
      rig.inbox.packets.map((each) => numberOf(each.bytes)),
      [1, 2, 3],
      "packets",
    );
    holds(rig.client.connected, "connected just afterwards");
    rig.advance(1100);
    equal(rig.client.connected, false, "idle in the end");
  },

  "search: a partial frame is given up after its time, and what comes later is delivered"() {
    const io = new FakeIo();
    const client = { partialFrameTimeoutMs: 300, badFrames: "search" } as const;
    const rig = new ClientRig({ framing: spacePackets(), clientIo: io, client });
    rig.connect();
    io.dialled[0]!.writable(100);
    io.dialled[0]!.receive(packet(1, 50).slice(0, 20));
    rig.advance(400);
    io.dialled[0]!.receive(packet(2));
    equal(rig.inbox.numbers, [2], "packets");
    rig.client.close();
    equal(rig.reports[0]!.rejections, { timedOut: 1 }, "rejections");
  },
};
