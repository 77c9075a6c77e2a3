/** Clients that flood a board with telecommands, and one that asks now and then: it has its answer within a second. */

import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { ConnectionPool } from "../../modules/link/connection/connection-pool.js";
import { NEW, TurnOrder, type Waiting } from "../../modules/link/connection/turn-order.js";
import type { TmtcServer } from "../../modules/link/server/tmtc-server.js";
import { addCase, mergeCases } from "../merge-cases.js";
import { equal, holds } from "./expect.js";
import { FakeIo } from "./fake-io.js";
import { join, numberOf, packet } from "./packets.js";
import { type Cases, type Client, Rig } from "./rig.js";

/** Reports that each telecommand is answered by, and bytes of each. */
const REPORTS = 4;
const REPORT_LENGTH = 30;
/** Numbers of the good client's telecommands: from here on. */
const GOOD = 8000;
/** A telecommand waits a second for room, which is looked at ten times a second. */
const ANSWERED_MS = 1200;
const STEP_MS = 10;

/** What a client that floods does with what it is sent: how many bytes it reads at `ms`. */
type Reading = (ms: number) => number;

export const READINGS: Readonly<Record<string, Reading>> = {
  "reads all": () => Number.POSITIVE_INFINITY,
  "reads slowly": () => 80,
  "reads nothing": () => 0,
  "reads by fits": (ms) => (ms % 1000 < 500 ? Number.POSITIVE_INFINITY : 0),
  "reads by long fits": (ms) => (ms % 3000 < 500 ? Number.POSITIVE_INFINITY : 0),
};

/** Two ports over one pool and one log, with a sink that asks for the room of its reports, as PUS does. */
class Board extends Rig {
  readonly ports: TmtcServer[] = [];
  served = 0;

  constructor(policy: "dropOldest" | "refuseNew" = "dropOldest") {
    super({ log: { length: 4096, maxPacketLength: 500, policy }, network: { ...WIRE } });
    this.server.stop();
    const pool = new ConnectionPool({
      memory: this.memory,
      maxClients: 4,
      framings: [cobs()],
      maxTelemetryLength: 500,
    });
    for (let port = 1; port <= 2; port++) {
      const server = this.serve({ pool, port, telecommands: { accept: (bytes, start) => this.#answer(bytes, start) } });
      server.start();
      this.ports.push(server);
    }
  }

  #answer(bytes: Uint8Array, start: number): boolean {
    // The length says how many reports are asked for.
    const reports = bytes[start + 5]! > 20 ? 10 * REPORTS : REPORTS;
    if (!this.log.admits(reports * REPORT_LENGTH, reports)) {
      return false;
    }
    const number = ((bytes[start + 2]! & 0x3f) << 8) | bytes[start + 3]!;
    for (let k = 0; k < reports; k++) {
      const report = packet(number, REPORT_LENGTH);
      this.log.append(report, 0, report.length);
    }
    this.served++;
    return true;
  }
}

const WIRE = { towardsServer: 600, peerWindow: 400, sendBuffer: 4096 } as const;

/** Reads what came, and tells which packets are in it. */
class Reader {
  readonly client: Client;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(client: Client) {
    this.client = client;
  }

  read(): number[] {
    const bytes = new Uint8Array(this.client.peer.available);
    this.client.peer.read(bytes);
    const all = join([this.#rest, bytes]);
    const end = all.lastIndexOf(0) + 1;
    this.#rest = all.slice(end);
    return decodeFrames(cobs(), all.slice(0, end)).map(numberOf);
  }
}

interface Flood {
  readonly floods: readonly Reading[];
  readonly policy?: "dropOldest" | "refuseNew";
  /** The good client asks for ten times as many reports. */
  readonly asksForMuch?: boolean;
  readonly seconds: number;
}

/** @returns the longest time that an answer of the good client took, in milliseconds, and how many there were */
export function worstWait({ floods, policy, asksForMuch, seconds }: Flood): {
  worst: number;
  answers: number;
  served: number;
} {
  const board = new Board(policy);
  const flooders = floods.map((_, k) => board.connect(board.ports[k % 2]!));
  const good = new Reader(board.connect(board.ports[1]!));
  const flood = encodeFrame(cobs(), packet(1, 20, "tc"));
  let worst = 0;
  let answers = 0;
  let asked = 0;
  let waits = false;
  let number = GOOD;
  for (let ms = 0; ms < seconds * 1000; ms += STEP_MS) {
    flooders.forEach(({ peer }, k) => {
      while (peer.send(flood)) {}
      const count = Math.min(floods[k]!(ms), peer.available);
      peer.read(new Uint8Array(count));
    });
    if (!waits && ms % 250 === 0) {
      good.client.send(packet(++number, asksForMuch === true ? 40 : 20, "tc"));
      asked = ms;
      waits = true;
    }
    board.network.turn();
    board.time.advance(STEP_MS);
    if (good.read().includes(number) && waits) {
      waits = false;
      answers++;
      worst = Math.max(worst, ms - asked);
    }
  }
  if (waits) {
    worst = Math.max(worst, seconds * 1000 - asked);
  }
  equal(board.errors, [], "errors");
  return { worst, answers, served: board.served };
}

const cases: Cases = {};
for (const [name, reading] of Object.entries(READINGS)) {
  for (const asksForMuch of [false, true]) {
    const title = `three clients flood, and each ${name}: another, that asks for ${asksForMuch ? "much" : "little"}, is answered within a second`;
    addCase(cases, title, () => {
      const { worst, answers, served } = worstWait({ floods: [reading, reading, reading], asksForMuch, seconds: 4 });
      holds(worst <= ANSWERED_MS, `an answer within ${ANSWERED_MS} ms, not ${worst}`);
      holds(answers >= 3, `several answers, not ${answers}`);
      holds(served > 2 * answers, `that the flood is served, too: ${served} in all`);
    });
  }
}

/** Connections in the order in which they are told to go on, each as the test wants it. */
function inTurn(
  order: TurnOrder,
  names: string[],
): Record<string, Waiting & { is: "refused" | "taken" | "refused again" }> {
  const told: string[] = [];
  const made: Record<string, Waiting & { is: "refused" | "taken" | "refused again"; told: string[] }> = {};
  for (const name of names) {
    made[name] = {
      is: "refused",
      told,
      resume() {
        told.push(name);
        if (this.is === "taken") {
          order.leave(this);
        } else if (this.is === "refused again") {
          order.join(this, true);
        }
      },
    };
    order.join(made[name]!, false);
  }
  return made;
}

function toldOf(connections: Record<string, Waiting>): string {
  const { told } = Object.values(connections)[0] as unknown as { told: string[] };
  return told.splice(0).join("");
}

const others: Cases = {
  "clients that flood in different ways: another is answered within a second"() {
    const readings = Object.values(READINGS);
    for (let k = 0; k < readings.length; k++) {
      const floods = [readings[k]!, readings[(k + 1) % readings.length]!, readings[(k + 3) % readings.length]!];
      const { worst } = worstWait({ floods, seconds: 3 });
      holds(worst <= ANSWERED_MS, `${k}: an answer within ${ANSWERED_MS} ms, not ${worst}`);
    }
  },

  "refuseNew: clients that flood and read: another is answered within a second, also one that asks for much"() {
    for (const reading of [READINGS["reads all"]!, READINGS["reads slowly"]!]) {
      for (const asksForMuch of [false, true]) {
        const floods = [reading, reading, reading];
        const { worst, answers } = worstWait({ floods, policy: "refuseNew", asksForMuch, seconds: 3 });
        holds(worst <= ANSWERED_MS, `an answer within ${ANSWERED_MS} ms, not ${worst}`);
        holds(answers >= 2, `several answers, not ${answers}`);
      }
    }
  },

  "turns: the first is offered first; one that is refused again keeps its place, and stops the others"() {
    const order = new TurnOrder(4);
    const all = inTurn(order, ["a", "b", "c"]);
    order.offer();
    equal(toldOf(all), "a", "told");
    order.offerAll();
    equal(toldOf(all), "abc", "told, where all are");
    all["a"]!.is = "taken";
    order.offer();
    equal(toldOf(all), "ab", "told when the first is taken");
    order.offer();
    equal(toldOf(all), "b", "told next");
  },

  "turns: one whose packet is taken, and the next one refused, stands at the end"() {
    const order = new TurnOrder(4);
    const all = inTurn(order, ["a", "b", "c"]);
    all["a"]!.is = "refused again";
    order.offer();
    equal(toldOf(all), "ab", "told");
    all["b"]!.is = "refused again";
    all["c"]!.is = "refused again";
    order.offer();
    equal(toldOf(all), "bca", "each once");
    order.offerAll();
    equal(toldOf(all), "bca", "each once, where all are");
    all["c"]!.is = "taken";
    order.offerAll();
    order.offerAll();
    equal(toldOf(all), "bcaba", "told when one has left");
  },

  "turns: whoever is told while others are does not tell them again"() {
    const order = new TurnOrder(2);
    const told: string[] = [];
    const first = {
      resume() {
        told.push("a");
        order.offerAll();
      },
    };
    order.join(first, false);
    order.join({ resume: () => void told.push("b") }, false);
    order.offerAll();
    equal(told, ["a", "b"], "told");
  },

  "turns: the log is told since when the packet at hand has waited, and whether it has"() {
    const order = new TurnOrder(2);
    const since: number[] = [];
    const log = {
      waitingSince: NEW,
      offer(ms: number) {
        since.push(ms);
        this.waitingSince = ms;
      },
    };
    order.follow(log);
    const [first, second] = [{ resume() {} }, { resume() {} }];
    const refuse = (connection: Waiting, isAnother: boolean, ms: number) => {
      log.waitingSince = ms;
      order.join(connection, isAnother);
    };
    order.begin(first);
    refuse(first, false, 100);
    order.begin(first);
    refuse(first, false, 200);
    order.begin(first);
    order.begin(second);
    refuse(first, true, 300);
    order.begin(first);
    order.leave(first);
    order.begin(first);
    // Nobody waited at first, nor in the end: that is told once. And who waits anew does not begin where he left off.
    equal(since, [100, 100, NEW, NEW, 300, NEW], "told");
  },

  "a client that ends while it waits keeps nobody back, and the next in its place has not waited"() {
    const io = new FakeIo();
    const rig: Rig = new Rig({ io });
    const [first, second, third] = io.connect(3);
    for (const connection of [first!, second!, third!]) {
      connection.writable(1000);
    }
    rig.inbox.refuse = 1_000_000;
    first!.receive(encodeFrame(rig.framing, packet(1, 20, "tc")));
    second!.receive(encodeFrame(rig.framing, packet(2, 20, "tc")));
    rig.server.idleTimeoutMs = 1000;
    rig.time.now += 1000;
    second!.writable(1000);
    third!.writable(1000);
    rig.time.advance(100);
    equal(
      rig.reports.map(({ connection, reason }) => [connection, reason]),
      [[1, "idle"]],
      "reports",
    );
    rig.inbox.offers.length = 0;
    third!.writable(1000);
    equal(rig.inbox.offers, [2], "offers");
    const next = io.connect()[0]!;
    next.receive(encodeFrame(rig.framing, packet(4, 20, "tc")));
    equal(rig.inbox.offers, [2, 2, 4], "offers with the next in its place");
  },

  "a client that floods does not get more turns by sending more, nor by reading more often"() {
    const io = new FakeIo();
    const rig: Rig = new Rig({ io });
    const [first, second] = io.connect(2);
    first!.writable(1000);
    second!.writable(1000);
    rig.inbox.refuse = 1_000_000;
    first!.receive(encodeFrame(rig.framing, packet(1, 20, "tc")));
    second!.receive(encodeFrame(rig.framing, packet(2, 20, "tc")));
    // What the second has sent is offered all the same: a sink may refuse one client's packets only.
    equal(rig.inbox.offers.splice(0), [1, 1, 2], "offers");
    second!.receive(encodeFrame(rig.framing, packet(3, 20, "tc")));
    equal(rig.inbox.offers.splice(0), [1], "offers when the second sends more");
    second!.writable(1000);
    equal(rig.inbox.offers.splice(0), [1], "offers when the second has read");
    rig.advance(100);
    equal(rig.inbox.offers.splice(0), [1, 2], "offers at a tick");
    rig.inbox.refuse = 1;
    rig.server.resume();
    equal(rig.inbox.offers.splice(0), [1, 2, 3], "offers when the sink takes packets again");
    rig.inbox.refuse = 0;
    second!.writable(1000);
    equal([rig.inbox.offers, rig.inbox.numbers], [[1], [2, 3, 1]], "offers, and packets, in the end");
  },
};

export const fairnessCases: Cases = mergeCases(cases, others);
