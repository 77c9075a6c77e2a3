/** What becomes of the packets in the queue: sent, unsent, uncertain. */
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { NOT_QUEUED, UNSENDABLE } from "../../modules/link/client/tmtc-client.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { equal, holds, sameBytes } from "../link/expect.js";
import { FakeIo } from "../link/fake-io.js";
import { join, numbers, packet, packets } from "../link/packets.js";
import { type Cases, inEachFraming } from "../link/rig.js";
import { ClientRig, EXACT } from "./client-rig.js";

export const sendingCases: Cases = {
  ...inEachFraming("packets go out at once, numbered from 0, and arrive in order", (framing) => {
    const rig = new ClientRig({ framing }).connect();
    equal(rig.send(10, 3), [0, 1, 2], "numbers");
    equal([rig.served, rig.client.sent], [[10, 11, 12], 3], "served");
    rig.client.close();
    const { packetsSent, unsent, dropped } = rig.reports[0]!;
    equal([packetsSent, unsent, dropped], [3, 0, 0], "report");
  }),

  ...inEachFraming("telemetry reaches the sink, with the number of the connection", (framing) => {
    const rig = new ClientRig({ framing }).connect();
    rig.rig.emit(1, 30);
    equal(rig.inbox.numbers, numbers(1, 30), "packets");
    rig.client.close();
    equal([rig.reports[0]!.packetsReceived, rig.inbox.froms[0]], [30, 1], "report");
  }),

  "keep: what is queued before there is a connection waits for it"() {
    const rig = new ClientRig();
    equal(rig.queue(1, 3), [0, 1, 2], "queued");
    rig.connect();
    equal(rig.served, [1, 2, 3], "served");
  },

  "keep: what the socket did not take goes out on the next connection, in order, once"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { reconnect: EXACT } }).connect();
    const frame = encodeFrame(rig.rig.framing, packet(1, 20, "tc")).length;
    const first = io.dialled[0]!;
    // Two frames, and a part of the third.
    first.writable(2 * frame + 5);
    rig.queue(1, 5);
    equal(rig.client.sent, 2, "taken whole");
    first.writable(5);
    first.fail();
    const { packetsSent, unsent, uncertain, firstUncertain } = rig.reports[0]!;
    equal([packetsSent, unsent, uncertain, firstUncertain], [2, 3, 2, 0], "report");
    rig.advance(1000);
    io.dialled[1]!.writable(1000);
    const expected = join([3, 4, 5].map((number) => encodeFrame(rig.rig.framing, packet(number, 20, "tc"))));
    sameBytes(io.dialled[1]!.written, expected, "the rest");
  },

  "a write that fails in the middle of a frame: none is sent twice, none is lost"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { reconnect: EXACT } });
    rig.queue(1, 6);
    rig.connect();
    const first = io.dialled[0]!;
    // A frame of 22 bytes is three writes, of 16, 4 and 2 bytes: in the second one the second fails.
    first.writesUntilThrow = 4;
    first.writable(10_000);
    first.fail();
    const taken = rig.client.sent;
    rig.advance(1000);
    io.dialled[1]!.writable(10_000);
    const frames = packets(1, 6, 20, "tc").map((each) => encodeFrame(rig.rig.framing, each));
    sameBytes(io.dialled[1]!.written, join(frames.slice(taken)), "the rest");
    holds(first.written.length >= join(frames.slice(0, taken)).length, "what counts as taken was written");
    holds(first.written.length < join(frames.slice(0, taken + 1)).length, "what does not was not");
    equal(taken, 1, "taken");
  },

  "drop: nothing is taken without a connection, and what is unsent when it ends is thrown away"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { reconnect: EXACT, unsent: "drop" } });
    equal(rig.queue(1, 2), [-1, -1], "before");
    rig.connect();
    equal(rig.queue(1), [-1], "while connecting");
    const first = io.dialled[0]!;
    const frame = encodeFrame(rig.rig.framing, packet(1, 20, "tc")).length;
    first.writable(frame);
    equal(rig.queue(1, 3), [0, 1, 2], "connected");
    first.fail();
    const { dropped, firstDropped, unsent, uncertain } = rig.reports[0]!;
    equal([dropped, firstDropped, unsent, uncertain], [2, 1, 0, 1], "report");
    equal(rig.queue(4), [-1], "afterwards");
    rig.client.queue.append(packet(5), 0, 20);
    rig.advance(1000);
    io.dialled[1]!.writable(1000);
    equal(io.dialled[1]!.written.length, 0, "bytes of what was written past the client");
    rig.queue(6);
    sameBytes(io.dialled[1]!.written, encodeFrame(rig.rig.framing, packet(6, 20, "tc")), "what is new");
    equal(rig.client.totals.dropped, 3, "dropped");
  },

  "drop: the log's own socket-takings are not mixed up with what was dropped"() {
    const rig = new ClientRig({ client: { unsent: "drop", reconnect: EXACT } }).connect();
    rig.send(1, 3);
    rig.restart();
    rig.advance(1000);
    rig.send(4, 2);
    equal([rig.served, rig.client.sent], [[1, 2, 3, 4, 5], 5], "served");
  },

  "send: what is no packet is told from what has no room"() {
    const rig = new ClientRig({ client: { maxPacketLength: 40, queueLength: 100 } });
    const bytes = packet(1, 41, "tc");
    const nonsense: [start: number, end: number][] = [
      [0, 0],
      [5, 4],
      [0, 42],
      [-1, 4],
      [Number.NaN, 4],
      [0, 41],
    ];
    for (const [start, end] of nonsense) {
      equal(rig.client.send(bytes, start, end), UNSENDABLE, `${start} to ${end}`);
    }
    equal(rig.queue(1, 6, 20), [0, 1, 2, 3, NOT_QUEUED, NOT_QUEUED], "a full queue");
  },

  "acknowledge: only what was sent"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } }).connect();
    rig.send(1, 2);
    for (const number of [2, 99, -1, 0.5, Number.NaN]) {
      equal(rig.client.acknowledge(number), false, `${number}`);
    }
    rig.restart();
    equal(rig.reports[0]!.uncertain, 2, "uncertain");
    equal(rig.client.acknowledge(1), true, "one that was sent");
  },

  "acknowledge: what was answered is certain, what was not is reported as uncertain"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } }).connect();
    rig.send(1, 5);
    rig.client.acknowledge(2);
    rig.client.acknowledge(1);
    equal(rig.client.acknowledged, 3, "acknowledged");
    rig.restart();
    rig.advance(1000);
    rig.send(6, 2);
    rig.client.acknowledge(6);
    rig.client.close();
    equal(
      rig.reports.map((each) => [each.packetsSent, each.firstUncertain, each.uncertain]),
      [
        [5, 3, 2],
        [2, 7, 0],
      ],
      "reports",
    );
  },

  "acknowledge: of packets that an earlier connection took, nothing is uncertain twice"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } }).connect();
    rig.send(1, 3);
    rig.restart();
    rig.advance(1000);
    rig.client.close();
    equal(
      rig.reports.map((each) => [each.firstUncertain, each.uncertain]),
      [
        [0, 3],
        [3, 0],
      ],
      "reports",
    );
  },

  "the queue is full, or the packet too long: not queued, and nothing else happens"() {
    const rig = new ClientRig({ client: { queueLength: 100, maxPacketLength: 50 } });
    equal(rig.queue(1, 6), [0, 1, 2, 3, -1, -1], "full");
    equal(rig.queue(9, 1, 51), [-2], "too long");
    rig.connect();
    equal([rig.served, rig.send(5, 1)], [[1, 2, 3, 4], [4]], "served");
  },

  "a slow server: packets wait in the queue, and then all go out"() {
    const rig = new ClientRig({ receiveWindow: 100, sendBuffer: 100, client: { queueLength: 8192 } });
    rig.connect();
    rig.rig.inbox.refuse = 3;
    rig.send(1, 100);
    holds(rig.client.sent < 30, "the socket to have had enough");
    rig.advance(10_000);
    equal(rig.served, numbers(1, 100), "served");
  },

  "the server has shut down its side: nothing more is sent into it"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { reconnect: EXACT } }).connect();
    const first = io.dialled[0]!;
    first.writable(10);
    rig.queue(1, 3);
    const before = first.written.length;
    first.budget = 1000;
    first.end();
    equal([first.written.length, rig.reports.map((each) => each.reason)], [before, ["peerClosed"]], "at once");
    rig.advance(1000);
    io.dialled[1]!.writable(1000);
    sameBytes(
      io.dialled[1]!.written,
      join(packets(1, 3, 20, "tc").map((each) => encodeFrame(rig.rig.framing, each))),
      "on the next connection",
    );
  },

  "what is no packet of the framing is passed over, and counted"() {
    const rig = new ClientRig({ framing: spacePackets() }).connect();
    rig.client.send(Uint8Array.of(1, 2, 3), 0, 3);
    rig.send(7);
    rig.client.close();
    equal([rig.served, rig.reports[0]!.packetsRejected, rig.reports[0]!.packetsSent], [[7], 1, 1], "packets");
  },

  "a board that connects out: its telemetry log is the queue, and servers read it too"() {
    const memory = new FixedMemory(65536);
    const log = new PacketLog({ memory, length: 2000, maxPacketLength: 100 });
    const rig = new ClientRig({ client: { memory, queue: log } }).connect();
    for (const bytes of packets(1, 5)) {
      log.append(bytes, 0, bytes.length);
    }
    rig.settle();
    equal(rig.served, [1, 2, 3, 4, 5], "served");
  },

  "a board that connects out: its log is told the time, so that a telecommand waits a second at most for room"() {
    const memory = new FixedMemory(65536);
    const log = new PacketLog({ memory, length: 400, maxPacketLength: 100 });
    const clientIo = new FakeIo();
    const rig = new ClientRig({ clientIo, client: { memory, queue: log } }).connect();
    // A server that takes nothing.
    clientIo.dialled[0]!.writable(0);
    for (const bytes of packets(1, 20)) {
      log.append(bytes, 0, bytes.length);
    }
    rig.advance(100);
    for (let k = 0; k < 10; k++) {
      equal(log.admits(100, 1), false, `tick ${k}`);
      rig.advance(100);
    }
    equal(log.admits(100, 1), true, "after a second");
  },

  ...inEachFraming("the sink refuses: nothing is read meanwhile, and nothing is lost", (framing) => {
    const rig = new ClientRig({ framing, receiveWindow: 200, sendBuffer: 200, log: { length: 8192 } }).connect();
    rig.inbox.refuse = 1000;
    rig.rig.emit(1, 100);
    equal(rig.inbox.numbers, [], "refused");
    rig.inbox.refuse = 0;
    rig.client.resume();
    rig.settle();
    equal(rig.inbox.numbers, numbers(1, 100), "resumed");
    rig.inbox.refuse = 1;
    rig.rig.emit(101, 1);
    equal(rig.inbox.numbers.length, 100, "refused again");
    rig.advance(100);
    equal(rig.inbox.numbers.slice(-1), [101], "at the next tick");
  }),

  "the sink refuses and the server goes: what came is taken first, then the end is told"() {
    const rig = new ClientRig({ client: { reconnect: EXACT } }).connect();
    rig.inbox.refuse = 3;
    rig.rig.emit(1, 3);
    rig.rig.server.stop();
    rig.rig.network.settle();
    rig.rig.server.start();
    rig.advance(100);
    rig.advance(100);
    equal([rig.inbox.numbers, rig.reports.length], [[1, 2, 3], 1], "taken, then told");
    equal(rig.reports[0]!.packetsReceived, 3, "report");
    rig.advance(1000);
    equal(rig.client.connected, true, "back");
  },

  "the connection is lost while the sink refuses: not connected, told when what came was taken"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { reconnect: EXACT } }).connect();
    const first = io.dialled[0]!;
    first.writable(100);
    rig.inbox.refuse = 1;
    first.receive(encodeFrame(rig.rig.framing, packet(1)));
    first.fail("ECONNRESET");
    equal([rig.client.connected, rig.client.state, rig.reports.length], [false, "waiting", 0], "lost");
    rig.advance(100);
    equal([rig.inbox.numbers, rig.reports.length], [[1], 1], "taken");
    rig.advance(1000);
    equal(io.dialled.length, 2, "tried again");
  },

  "the server has shut down its side while the sink refuses: not connected, and what is sent waits"() {
    const io = new FakeIo();
    const rig = new ClientRig({ clientIo: io, client: { reconnect: EXACT } }).connect();
    const first = io.dialled[0]!;
    first.writable(100);
    rig.inbox.refuse = 2;
    first.receive(encodeFrame(rig.rig.framing, packet(1)));
    first.end();
    equal([rig.client.connected, rig.client.state, rig.reports.length], [false, "waiting", 0], "over");
    equal([rig.queue(5), first.written.length], [[0], 0], "queued, and not written");
    rig.advance(100);
    equal([rig.inbox.numbers, rig.reports[0]?.reason, rig.reports[0]?.unsent], [[1], "peerClosed", 1], "taken");
    rig.advance(1000);
    io.dialled[1]!.writable(100);
    sameBytes(io.dialled[1]!.written, encodeFrame(rig.rig.framing, packet(5, 20, "tc")), "sent again");
  },
};
