/** A client sends bytes that all may begin a packet, on a machine that takes its time with them. */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { crcValidator } from "../../modules/framing/layers/crc-validator.js";
import { equal, holds } from "./expect.js";
import { numbers, packets } from "./packets.js";
import { type Cases, Rig, type ServerOverrides } from "./rig.js";

/** Bytes that a board checks in a millisecond. */
const BYTES_PER_MS = 320;
/** Three octets of it ask for a packet of 778 bytes, wherever they stand. */
const FLOOD = new Uint8Array(1023).fill(0x03);

/** A server whose clock shows how long its checks take. */
class SlowRig extends Rig {
  #judged: { bytes: number };

  constructor(server: ServerOverrides = {}) {
    const judged = { bytes: 0 };
    super({
      framing: spacePackets({
        validator: (bytes, start, end) => {
          judged.bytes += end - start;
          return crcValidator(bytes, start, end);
        },
      }),
      server: { badFrames: "search", clock: () => this.time.now + judged.bytes / BYTES_PER_MS, ...server },
    });
    this.#judged = judged;
  }

  /** Milliseconds that all checks took. */
  get busyMs(): number {
    return this.#judged.bytes / BYTES_PER_MS;
  }
}

function telecommands(from: number, count: number): Uint8Array[] {
  const made = packets(from, count, 30, "tc");
  for (const each of made) {
    writeCrc16(each, 0, each.length);
  }
  return made;
}

export const floodCases: Cases = {
  "a flood that costs a check at each byte: no turn takes long, others are served, and what comes behind arrives"() {
    const rig = new SlowRig();
    const client = rig.connect();
    const other = rig.connect();
    client.sendBytes(FLOOD);
    client.sendBytes(FLOOD);
    client.send(...telecommands(1, 60));
    rig.settle();
    let longest = rig.busyMs;
    let turns = 0;
    for (; rig.inbox.numbers.filter((number) => number < 100).length < 60 && turns < 500; turns++) {
      other.send(...telecommands(100 + turns, 1));
      const before = rig.busyMs;
      rig.advance(100);
      longest = Math.max(longest, rig.busyMs - before);
      equal(rig.inbox.numbers.filter((number) => number >= 100).length, turns + 1, "packets of the other client");
    }
    equal(
      rig.inbox.numbers.filter((number) => number < 100),
      numbers(1, 60),
      "packets",
    );
    holds(turns > 20, `many turns, not ${turns}`);
    holds(longest < 150, `short turns, not one of ${longest} ms`);
    equal(rig.reports.length, 0, "connections that ended");
  },

  "a machine that is fast gets through a flood in one turn"() {
    const framing = spacePackets({ validator: crcValidator });
    const rig = new Rig({ framing });
    const client = rig.connect();
    client.sendBytes(FLOOD);
    client.sendBytes(FLOOD);
    client.send(...telecommands(1, 60));
    rig.settle();
    equal(rig.inbox.numbers, numbers(1, 60), "packets without a tick");
  },

  "while the decoder takes its time, a client is neither idle nor stalled"() {
    const rig = new SlowRig({ idleTimeoutMs: 3000 });
    const client = rig.connect();
    client.peer.pauseReading();
    // More than the socket takes: it is not the client's silence that nothing goes out.
    rig.emit(1, 30, 400);
    client.sendBytes(FLOOD);
    client.sendBytes(FLOOD);
    client.sendBytes(FLOOD);
    client.send(...telecommands(1, 60));
    rig.settle();
    let waited = 0;
    for (; rig.inbox.numbers.length < 60 && waited < 60_000; waited += 100) {
      rig.advance(100);
      equal(rig.reports.length, 0, `connections that ended after ${waited} ms`);
    }
    equal(rig.inbox.numbers, numbers(1, 60), "packets");
    holds(waited > 5000, `a long time, not ${waited} ms`);
  },

  "while it is the sink that takes its time, a silent client is idle"() {
    const rig = new SlowRig({ idleTimeoutMs: 3000 });
    rig.inbox.refuse = 1_000_000;
    rig.connect().send(...telecommands(1, 1));
    rig.settle();
    rig.advance(2500);
    equal(rig.reports.length, 0, "connections that ended");
    rig.advance(1000);
    equal(rig.reports[0]?.reason, "idle", "reason");
  },

  "a client that ends its side, or is gone, behind a flood: what it sent is served to the end"() {
    for (const end of ["end", "reset"] as const) {
      const rig = new SlowRig();
      const client = rig.connect();
      client.sendBytes(FLOOD);
      client.send(...telecommands(1, 10));
      rig.settle();
      if (end === "reset") {
        // What is still in the socket goes with it: all of it has to be read.
        for (let turns = 0; client.peer.unsent > 0 && turns < 500; turns++) {
          rig.advance(100);
        }
      }
      client.peer[end]();
      rig.settle();
      for (let waited = 0; rig.reports.length === 0 && waited < 60_000; waited += 100) {
        rig.advance(100);
      }
      const { reason, telecommands: count } = rig.reports[0]!;
      if (end === "end") {
        equal([reason, count], ["peerClosed", 10], "report");
        equal(rig.inbox.numbers, numbers(1, 10), "packets");
      } else {
        equal(reason, "connectionLost", "reason");
      }
    }
  },

  "while a search is under way, bytes that come do not buy it more time"() {
    const rig = new SlowRig();
    const client = rig.connect();
    client.sendBytes(FLOOD);
    client.sendBytes(FLOOD);
    rig.settle();
    const before = rig.busyMs;
    for (let tick = 0; tick < 10; tick++) {
      for (let k = 0; k < 10; k++) {
        client.sendBytes(Uint8Array.of(0x03));
        rig.settle();
      }
      rig.advance(100);
    }
    const busy = rig.busyMs - before;
    holds(busy < 10 * 80, `less than 80 ms in each 100, not ${busy} ms in 1000`);
  },

  "a frame that is late is not searched again and again while bytes trickle in, and a packet behind it is found"() {
    const rig = new SlowRig();
    const client = rig.connect();
    // The first packet asks for 1024 bytes; behind its header, some hundred packets of 778 bytes may begin.
    client.sendBytes(Uint8Array.of(0x10, 0x42, 0xc0, 0, 0x03, 0xf9));
    client.sendBytes(FLOOD.subarray(0, 820));
    client.send(...telecommands(1, 1));
    rig.settle();
    let worst = 0;
    let ticks = 0;
    for (; ticks < 150 && rig.inbox.numbers.length === 0; ticks++) {
      client.sendBytes(Uint8Array.of(0));
      const before = rig.busyMs;
      rig.settle();
      rig.advance(100);
      worst = Math.max(worst, rig.busyMs - before);
    }
    equal(rig.inbox.numbers, [1], "packets");
    holds(ticks > 30, `many looks, not ${ticks}`);
    holds(worst < 80, `short looks, not one of ${worst} ms`);
  },
};
