/** Clients without the key: their connections end, and they get no place for a while; nobody else notices. */
import { IV_LENGTH, SPI_LENGTH, writeSpi } from "../../modules/ccsds/sdls.js";
import {
  BAD_MAC,
  type FrameSecurity,
  MAX_FORGERIES,
  NOT_KEPT,
  OPENED,
  REPLAYED,
} from "../../modules/framing/contract/frame-security.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { ConnectionPool } from "../../modules/link/connection/connection-pool.js";
import {
  FIRST_HOLD_MS,
  FORGET_MS,
  HELD_ADDRESSES,
  HeldAddresses,
  LONGEST_HOLD_MS,
} from "../../modules/link/connection/held-addresses.js";
import { equal, holds } from "./expect.js";
import { FakeIo } from "./fake-io.js";
import { join, packet } from "./packets.js";
import { type Cases, Rig, type ServerOverrides } from "./rig.js";

/** What stands for the MAC: the last octet of the IV says what becomes of the frame. */
const AUTHENTIC = 1;
const FORGED = 2;
const REPEATED = 3;
const UNKEPT = 4;
const LAST_OF_IV = SPI_LENGTH + IV_LENGTH - 1;

function framingOf(kind: number, end: FrameSecurity["end"], sdls: "tc" | "tmtc" = "tc") {
  return tcFrames({
    over: cobs(),
    spacecraftId: 0xab,
    sdls,
    security: {
      end,
      opener: {
        open(bytes, _frame, at) {
          const found = bytes[at + LAST_OF_IV];
          return found === AUTHENTIC || found === UNKEPT ? OPENED : found === FORGED ? BAD_MAC : REPLAYED;
        },
        commit: (bytes, at) => (bytes[at + LAST_OF_IV] === UNKEPT ? NOT_KEPT : OPENED),
      },
      sealer: {
        seal(bytes, _frame, at) {
          writeSpi(bytes, at, 1);
          bytes.fill(0, at + SPI_LENGTH, at + LAST_OF_IV);
          bytes[at + LAST_OF_IV] = kind;
          return true;
        },
        taken() {},
      },
    },
  });
}

const BOARD = framingOf(AUTHENTIC, "board");

function frames(kind: number, count: number, first = 1): Uint8Array {
  const ground = framingOf(kind, "ground");
  return join(Array.from({ length: count }, (_, i) => encodeFrame(ground, packet(first + i, 20, "tc"))));
}

const HONEST = "192.0.2.7";
const ATTACKER = "198.51.100.1";

class ForgeryRig extends Rig {
  readonly sockets: FakeIo;

  constructor(server: ServerOverrides = {}) {
    const sockets = new FakeIo();
    super({ framing: BOARD, io: sockets, server });
    this.sockets = sockets;
  }

  from(address: string, listener?: FakeIo["listeners"][number]) {
    this.sockets.address = address;
    return this.sockets.connect(1, listener)[0]!;
  }

  /** Somebody at this address forges as many frames as are borne. */
  forge(address = ATTACKER): void {
    this.from(address).receive(frames(FORGED, MAX_FORGERIES));
  }

  /** Whether a client from there gets a place now. It leaves at once. */
  admits(address: string, listener?: FakeIo["listeners"][number]): boolean {
    const client = this.from(address, listener);
    const isAdmitted = client.closed === 0;
    client.fail();
    return isAdmitted;
  }

  get reasons(): string[] {
    return this.reports.map(({ reason }) => reason);
  }
}

export const forgeryCases: Cases = {
  "forged frames: the tenth on a connection ends it, in that very event"() {
    const rig = new ForgeryRig();
    const client = rig.from(ATTACKER);
    client.receive(frames(FORGED, MAX_FORGERIES - 1));
    equal([client.closed, rig.reports.length], [0, 0], "after nine: times closed, and ends");
    client.receive(frames(FORGED, 1));
    equal([client.closed, rig.reasons], [1, ["forged"]], "after ten: times closed, and why");
    equal(rig.reports[0]!.rejections, { badMac: 10 }, "rejections");
    equal([rig.inbox.numbers, client.writes.length], [[], 0], "packets, and answers");
  },

  "places: whoever has no key keeps the last place for a second; one whose frames are authentic keeps it"() {
    const rig = new ForgeryRig({ maxClients: 2, reserve: 1 });
    rig.from(ATTACKER).receive(frames(REPEATED, 3));
    rig.from(ATTACKER).receive(frames(REPEATED, 3));
    rig.advance(900);
    rig.from(HONEST);
    equal([rig.reasons.length, rig.server.totals.refusedClients], [0, 1], "ends, and refused, in time");
    rig.advance(100);
    const commander = rig.from(HONEST);
    commander.receive(frames(AUTHENTIC, 1));
    equal([rig.inbox.numbers, rig.reasons], [[1], ["reserved"]], "packets, and ends");
    rig.advance(5000);
    rig.from(ATTACKER);
    equal([rig.reasons, rig.server.totals.refusedClients], [["reserved"], 2], "ends, and refused, later");
  },

  "places: on a port for telecommands alone, only who has a key counts as commanding"() {
    const rig = new ForgeryRig({ maxClients: 2, reserve: 1, telemetry: undefined });
    const commander = rig.from(HONEST);
    commander.receive(frames(AUTHENTIC, 1));
    rig.from(ATTACKER).receive(frames(REPEATED, 3));
    rig.advance(1000);
    rig.from(HONEST);
    equal(rig.reasons, [], "ends: the commander is there, so no place is kept for one");
    commander.fail();
    rig.from(ATTACKER);
    rig.advance(1000);
    rig.from(HONEST).receive(frames(AUTHENTIC, 1, 2));
    equal(
      [rig.reasons, rig.inbox.numbers],
      [
        ["connectionLost", "reserved"],
        [1, 2],
      ],
      "ends, and packets",
    );
  },

  "forged frames: what was authentic before is taken, what comes behind them is not, and its owner's place is free"() {
    const rig = new ForgeryRig({ maxClients: 1 });
    rig.from(ATTACKER).receive(join([frames(AUTHENTIC, 3), frames(FORGED, 12), frames(AUTHENTIC, 1, 9)]));
    equal(rig.inbox.numbers, [1, 2, 3], "packets");
    equal(rig.reports[0]!.rejections, { badMac: 10, afterForgeries: 3 }, "rejections");
    rig.from(HONEST).receive(frames(AUTHENTIC, 1, 4));
    equal(rig.inbox.numbers, [1, 2, 3, 4], "packets of the next");
  },

  "a frame that cannot be kept ends its connection: what is behind it is not taken before it, and no address is held"() {
    const rig = new ForgeryRig();
    rig.from(HONEST).receive(join([frames(AUTHENTIC, 1), frames(UNKEPT, 1, 2), frames(AUTHENTIC, 1, 3)]));
    equal(rig.reasons, ["error"], "ends");
    equal(rig.reports[0]!.rejections, { counterNotKept: 2 }, "rejections");
    holds(rig.admits(HONEST), "a place");
  },

  "forged frames, and the socket is lost at once: it ends for their sake"() {
    const rig = new ForgeryRig();
    rig.inbox.refuse = 1;
    const client = rig.from(ATTACKER);
    client.receive(join([frames(AUTHENTIC, 1), frames(FORGED, 10)]));
    client.fail();
    equal(rig.reasons, [], "ends while the packet before them is held");
    rig.advance(200);
    equal([rig.inbox.numbers, rig.reasons], [[1], ["forged"]], "packets, and ends");
    holds(!rig.admits(ATTACKER), "the address to be held");
  },

  "replays end no connection, and hold no address"() {
    const rig = new ForgeryRig();
    const client = rig.from(ATTACKER);
    client.receive(frames(REPEATED, 100));
    equal([client.closed, rig.reports.length], [0, 0], "times closed, and ends");
    client.fail();
    holds(rig.admits(ATTACKER), "a place");
  },

  "an address is held 1 s, then 2, 4 and so on up to 60 s; whoever comes meanwhile is closed at once"() {
    const rig = new ForgeryRig();
    const held: number[] = [];
    for (let k = 0; k < 9; k++) {
      rig.forge();
      const begun = rig.time.now;
      const waiting = rig.from(ATTACKER);
      equal([waiting.closed, waiting.usedWhenClosed], [1, 0], "times closed");
      while (!rig.admits(ATTACKER)) {
        rig.advance(500);
      }
      held.push(rig.time.now - begun);
    }
    equal(held, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000], "milliseconds");
    equal(rig.server.totals.refusedClients, 0, "clients refused for want of a place");
    equal(rig.errors, [], "errors");
  },

  "a client that comes from a held address is counted, and nobody is told"() {
    const rig = new ForgeryRig();
    rig.forge();
    const [ends, connects] = [rig.reports.length, rig.connected.length];
    for (let k = 0; k < 50; k++) {
      rig.from(ATTACKER);
    }
    equal([rig.reports.length, rig.connected.length], [ends, connects], "ends, and connections");
    const { heldClients, refusedClients, connections } = rig.server.totals;
    equal([heldClients, refusedClients, connections], [50, 0, 1], "held, refused, and connections");
    equal(rig.server.totals.snapshot().heldClients, 50, "in the snapshot");
  },

  "while an address is held, others get their places, are served, and keep them, from the same address, too"() {
    const rig = new ForgeryRig({ maxClients: 4, reserve: 1, yieldAfterMs: 0 });
    const [other, same] = [rig.from(HONEST), rig.from(ATTACKER)];
    for (let k = 0; k < 3; k++) {
      rig.forge();
      rig.from(ATTACKER);
      rig.advance(10_000);
    }
    rig.forge();
    const late = rig.from("192.0.2.8");
    for (let k = 0; k < 20; k++) {
      rig.from(ATTACKER);
    }
    for (const [k, client] of [other, same, late].entries()) {
      client.receive(frames(AUTHENTIC, 1, k + 1));
    }
    equal(rig.inbox.numbers, [1, 2, 3], "packets");
    equal([other.closed, same.closed, late.closed], [0, 0, 0], "times closed");
    equal(rig.reasons, ["forged", "forged", "forged", "forged"], "ends");
    equal(rig.server.totals.heldClients, 23, "clients held");
  },

  "a client from a held address makes nobody's place free"() {
    const rig = new ForgeryRig({ maxClients: 1, yieldAfterMs: 500, excessClients: "replace" });
    rig.forge();
    const silent = rig.from(HONEST);
    rig.advance(900);
    rig.from(ATTACKER);
    equal(silent.closed, 0, "times the silent was closed");
    rig.from("192.0.2.8");
    equal(silent.closed, 1, "times it was closed for another");
  },

  "a held address is held on every port of the board, and counted where it came"() {
    const rig = new ForgeryRig();
    rig.server.stop();
    const { memory, framing } = rig;
    const pool = new ConnectionPool({ memory, maxClients: 2, framings: [cobs(), framing], maxTelemetryLength: 500 });
    const secured = rig.serve({ pool, port: 1 });
    const open = rig.serve({ pool, port: 2, framing: cobs() });
    secured.start();
    open.start();
    const [, one, two] = rig.sockets.listeners;
    rig.from(ATTACKER, one).receive(frames(FORGED, 10));
    holds(!rig.admits(ATTACKER, one), "no place there");
    holds(!rig.admits(ATTACKER, two), "no place on the other port");
    holds(rig.admits(HONEST, two), "a place for another");
    equal([secured.totals.heldClients, open.totals.heldClients], [1, 1], "clients held");
  },

  "forged frames count over connections: who leaves before the tenth is held all the same"() {
    const rig = new ForgeryRig();
    for (let k = 0; k < 9; k++) {
      const client = rig.from(ATTACKER);
      equal(client.closed, 0, `times the connection was closed that follows ${k} forged frames`);
      client.receive(frames(FORGED, 1));
      client.fail();
    }
    holds(rig.admits(ATTACKER), "a place after nine");
    const last = rig.from(ATTACKER);
    last.receive(frames(FORGED, 1));
    last.fail();
    holds(!rig.admits(ATTACKER), "none after ten");
  },

  "a framing without keys holds nobody, and asks nobody for his address again"() {
    const io = new FakeIo();
    const rig = new Rig({ io, framing: cobs() });
    const pool = new ConnectionPool({ memory: rig.memory, maxClients: 1, framings: [cobs()] });
    equal(pool.heldAddresses, undefined, "table");
    io.connect()[0]!.receive(new Uint8Array(500).fill(0));
    equal(rig.reports.length, 0, "ends");
  },

  "a client that is gone before it can be asked for its address gets a place, and gives it back"() {
    const rig = new ForgeryRig();
    rig.forge();
    rig.sockets.addressThrows = true;
    const gone = rig.from(ATTACKER);
    equal(gone.closed, 0, "times closed");
    gone.fail();
    equal([rig.reasons, rig.errors], [["forged", "connectionLost"], []], "ends and errors");
  },

  "a client that cannot be taken over while an address is held is closed, and counted as an error"() {
    const rig = new ForgeryRig();
    rig.forge();
    rig.sockets.tcpThrows = 1;
    const gone = rig.from(HONEST);
    equal([gone.closed, rig.errors.length], [1, 1], "times closed, and errors");
    holds(rig.admits(HONEST), "a place for the next");
  },

  "the table: forgotten after ten minutes without a forged frame, and not before"() {
    const table = new HeldAddresses();
    table.forged("a", 10, 0);
    table.forged("a", 10, 5000);
    holds(table.holds("a", 6999) && !table.holds("a", 7000), "held 2 s the second time");
    table.forged("a", 9, 5000 + FORGET_MS - 1);
    table.forged("a", 1, 5000 + FORGET_MS);
    const later = 5000 + FORGET_MS;
    holds(table.holds("a", later + 3999) && !table.holds("a", later + 4000), "held 4 s the third time");
    const muchLater = later + FORGET_MS;
    table.forged("a", 10, muchLater);
    holds(table.holds("a", muchLater + 999) && !table.holds("a", muchLater + FIRST_HOLD_MS), "1 s anew");
  },

  "the table: of eight, whoever forged longest ago makes room, those that are held last"() {
    const table = new HeldAddresses();
    for (let k = 0; k < HELD_ADDRESSES; k++) {
      // The first two are held, for the second time.
      table.forged(`${k}`, k < 2 ? 10 : 9, k);
      table.forged(`${k}`, k < 2 ? 10 : 0, k);
    }
    table.forged("new", 10, 100);
    equal([table.holds("0", 100), table.holds("1", 100), table.holds("new", 100)], [true, true, true], "held");
    table.forged("2", 1, 100);
    holds(!table.holds("2", 100), "the third to be forgotten");
    table.forged("4", 1, 100);
    holds(table.holds("4", 100), "the fifth to be remembered");
    const all = new HeldAddresses();
    for (let k = 0; k <= HELD_ADDRESSES; k++) {
      all.forged(`${k}`, 10, k);
    }
    equal([all.holds("0", 9), all.holds("1", 9), all.holds("8", 9)], [false, true, true], "held, when all are");
  },

  "the table: nobody is held for a client without an address, and holding ends with the last of them"() {
    const table = new HeldAddresses();
    table.forged(undefined, 100, 0);
    equal([table.isHolding(0), table.holds(undefined, 0)], [false, false], "held");
    table.forged("a", 10, 0);
    table.forged("a", 10, 0);
    table.forged("b", 10, 500);
    equal([table.isHolding(1999), table.isHolding(2000)], [true, false], "anybody held");
    holds(LONGEST_HOLD_MS < FORGET_MS, "whoever is held to be known");
  },
};
