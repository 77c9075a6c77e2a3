/**
 * A client's memory is used again for the next one, which must not notice: what happens to it is what happens to the first
 * client of a server, whatever the one before it did, and however it ended.
 */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { crcValidator } from "../../modules/framing/layers/crc-validator.js";
import { addCase, mergeCases } from "../merge-cases.js";
import { equal } from "./expect.js";
import { type FakeConnection, FakeIo } from "./fake-io.js";
import { packet } from "./packets.js";
import { type Cases, FRAMINGS, Rig } from "./rig.js";

/** Bytes that the server checks in a millisecond. */
const BYTES_PER_MS = 320;
/** Bytes that may all begin a packet of 778 bytes. */
const FLOOD = new Uint8Array(1023).fill(0x03);
const SEEDS = 12;

function random(seed: number): (below: number) => number {
  let state = seed * 7919 + 1;
  return (below) => {
    state = (state * 75 + 74) % 65537;
    return state % below;
  };
}

function sealed(bytes: Uint8Array): Uint8Array {
  writeCrc16(bytes, 0, bytes.length);
  return bytes;
}

/** One place, on a machine that takes its time for checks. */
class OnePlace {
  readonly io = new FakeIo();
  readonly rig: Rig;
  readonly #framing: Framing;
  readonly #work = { bytes: 0, now: 0 };

  constructor(framing: Framing) {
    const work = this.#work;
    this.#framing =
      framing.name === "space-packets" && framing.crc === undefined
        ? spacePackets({
            validator: (bytes, start, end) => {
              work.bytes += end - start;
              return crcValidator(bytes, start, end);
            },
          })
        : framing;
    this.rig = new Rig({
      io: this.io,
      framing: this.#framing,
      server: { maxClients: 1, clock: () => work.now + work.bytes / BYTES_PER_MS },
    });
    this.advance(0);
  }

  advance(ms: number): void {
    for (let passed = 0; passed <= ms; passed += 100) {
      this.#work.now = this.rig.time.now;
      if (passed < ms) {
        this.rig.time.advance(100);
      }
    }
  }

  /** The next client's time begins at a whole second, whatever was done until then. */
  settle(at: number): void {
    this.#work.bytes = 0;
    this.advance(at - this.rig.time.now);
    this.rig.inbox.packets.length = 0;
    this.rig.inbox.offers.length = 0;
    this.rig.inbox.refuse = 0;
    this.rig.reports.length = 0;
  }

  frame(number: number): Uint8Array {
    return encodeFrame(this.#framing, sealed(packet(number, 30, "tc")));
  }

  /** Some of what clients do. */
  act(connection: FakeConnection, next: (below: number) => number): void {
    const frame = this.frame(1 + next(50));
    switch (next(9)) {
      case 0:
        connection.receive(frame);
        break;
      case 1:
        connection.receive(frame.subarray(0, 1 + next(frame.length - 1)));
        break;
      case 2:
        connection.receive(FLOOD);
        break;
      case 3:
        connection.receive(frame.map((byte, i) => (i % 7 === 3 ? byte ^ 0x55 : byte)));
        break;
      case 4:
        this.rig.inbox.refuse = 1 + next(20);
        connection.receive(frame);
        break;
      case 5:
        this.rig.emit(1 + next(50), 1 + next(3));
        break;
      case 6:
        connection.writable(next(120));
        break;
      case 7:
        connection.receive(Uint8Array.of(9, 1, 0));
        break;
      default:
        this.advance(100 * (1 + next(12)));
    }
  }

  /** Everything that the server did with one client. */
  life(seed: number): unknown {
    const next = random(seed);
    const start = this.rig.time.now;
    const connection = this.io.connect()[0]!;
    const seen: unknown[] = [];
    for (let k = 0; k < 25; k++) {
      this.act(connection, next);
      const { inbox, reports } = this.rig;
      const report = reports[0] && { ...reports[0], connection: 0 };
      seen.push([this.rig.time.now - start, inbox.numbers, inbox.offers.length, connection.written.length, report]);
    }
    this.rig.inbox.refuse = 0;
    connection.fail();
    this.advance(3000);
    const { inbox, reports } = this.rig;
    return [seen, inbox.numbers, reports.map((report) => ({ ...report, connection: 0 }))];
  }
}

function end(place: OnePlace, connection: FakeConnection, how: number): void {
  if (how === 0) {
    connection.fail();
  } else if (how === 1) {
    connection.end();
  }
  // What is still refused, or searched, goes with it.
  place.rig.server.disconnectAll();
}

const inEach: Cases = {};

for (const framing of [...FRAMINGS, withCrc(spacePackets({ packetIds: [0x1042] }), "check16")]) {
  const name = framing.crc === undefined ? framing.name : `${framing.name} with ${framing.crc}`;
  addCase(inEach, `${name}: a client in a place that was used before is served as the first one is`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const used = new OnePlace(framing);
      const next = random(seed + 100);
      const before = used.io.connect()[0]!;
      for (let k = 0; k < 3 + next(12); k++) {
        used.act(before, next);
      }
      end(used, before, next(3));
      // The log is another matter: what nobody was given is for the next client. Let somebody have it.
      const at = used.rig.time.now + 100;
      const between = used.io.connect()[0]!;
      between.writable(100_000);
      used.rig.server.disconnectAll();
      used.settle(at);
      const fresh = new OnePlace(framing);
      fresh.settle(at);
      equal(used.life(seed), fresh.life(seed), `seed ${seed}`);
    }
  });
}

/** A client does something and is ended by the server; the next one comes within the same tick. */
function next(place: OnePlace, before: (connection: FakeConnection) => void): FakeConnection {
  before(place.io.connect()[0]!);
  place.rig.server.disconnectAll();
  place.rig.inbox.refuse = 0;
  return place.io.connect()[0]!;
}

const others: Cases = {
  "the client before it had used up its turn: the next is served before a tick"() {
    const place = new OnePlace(spacePackets());
    const connection = next(place, (before) => {
      for (let k = 0; k < 4; k++) {
        before.receive(FLOOD);
      }
    });
    connection.receive(place.frame(7));
    equal(place.rig.inbox.numbers, [7], "packets");
  },

  "the client before it had begun a frame: the next has the whole time for its own"() {
    const place = new OnePlace(spacePackets());
    const connection = next(place, (before) => {
      before.receive(place.frame(1).subarray(0, 9));
      place.advance(900);
    });
    const frame = place.frame(7);
    connection.receive(frame.subarray(0, 9));
    place.advance(900);
    connection.receive(frame.subarray(9));
    equal(place.rig.inbox.numbers, [7], "packets");
  },

  "the client before it had shut down its side: the rest of a frame of the next is waited for"() {
    const place = new OnePlace(spacePackets());
    const connection = next(place, (before) => {
      place.rig.inbox.refuse = 1000;
      before.receive(place.frame(1));
      before.end();
    });
    const frame = place.frame(7);
    connection.receive(frame.subarray(0, 9));
    connection.receive(frame.subarray(9));
    equal(place.rig.inbox.numbers, [7], "packets");
    place.rig.emit(1, 1);
    connection.writable(1000);
    equal(place.rig.reports.length, 1, "connections ended");
  },

  "the client before it was refused: nothing of it is offered for the next, nor has that waited before"() {
    const place = new OnePlace(FRAMINGS[1]!);
    const connection = next(place, (before) => {
      place.rig.inbox.refuse = 1000;
      before.receive(place.frame(1));
      place.advance(4000);
    });
    place.advance(1000);
    connection.receive(place.frame(7));
    equal(place.rig.inbox.numbers, [7], "packets");
    place.rig.emit(1, 1);
    place.rig.inbox.refuse = 1000;
    connection.receive(place.frame(8));
    place.advance(4500);
    equal(place.rig.reports.length, 1, "connections ended");
  },

  "the client before it was silent and took nothing: the next has its whole time for both"() {
    const place = new OnePlace(FRAMINGS[1]!);
    place.rig.server.idleTimeoutMs = 5000;
    const connection = next(place, () => {
      place.rig.emit(1, 1);
      place.advance(4900);
    });
    place.rig.inbox.refuse = 1000;
    connection.receive(place.frame(7));
    place.advance(4900);
    equal(place.rig.reports.length, 1, "connections ended");
    place.advance(200);
    equal(place.rig.reports.at(-1)?.reason, "idle", "reason");
  },
};

export const reuseCases: Cases = mergeCases(inEach, others);
