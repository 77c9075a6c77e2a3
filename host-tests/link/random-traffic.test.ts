/** Whatever clients, sink and sockets do, in whatever order: nothing is lost, doubled, or out of order. */
import test from "ava";
import fc from "fast-check";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { checkProperty } from "../seeded-properties.js";
import { equal, holds } from "./expect.js";
import { join, numbers, packet } from "./packets.js";
import { type Client, FRAMINGS, Rig } from "./rig.js";

const CLIENTS = 3;

type Step =
  | { do: "connect" | "end" | "reset" | "pause" | "resume" | "read"; client: number }
  | { do: "send"; client: number; count: number; length: number; cut: number }
  | { do: "emit"; count: number; length: number }
  | { do: "refuse"; times: number }
  | { do: "time"; ms: number }
  | { do: "turn" | "retry" };

const client = fc.nat({ max: CLIENTS - 1 });
const length = fc.integer({ min: 7, max: 120 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("connect" as const, "read" as const), client }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("end" as const, "reset" as const, "pause" as const, "resume" as const),
      client,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      client,
      count: fc.integer({ min: 1, max: 6 }),
      length,
      cut: fc.nat({ max: 300 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("emit" as const), count: fc.integer({ min: 1, max: 6 }), length }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("refuse" as const), times: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("time" as const), ms: fc.integer({ min: 1, max: 400 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("turn" as const, "retry" as const) }) },
);

/** One client's life, from connect to its end. */
class Session {
  readonly client: Client;
  readonly connection: number;
  /** Numbers of the telecommands sent, in order. */
  readonly sent: number[] = [];
  /** Of a frame cut in two, the part that is still to be sent. */
  rest = new Uint8Array(0);
  ended = false;
  reset = false;
  paused = false;

  constructor(made: Client, connection: number) {
    this.client = made;
    this.connection = connection;
  }
}

class Traffic {
  readonly rig: Rig;
  readonly sessions: Session[] = [];
  readonly current: (Session | undefined)[] = new Array(CLIENTS).fill(undefined);
  #nextTelecommand = 0;
  #nextTelemetry = 0;
  readonly #policy: "dropOldest" | "refuseNew";

  constructor(framing: (typeof FRAMINGS)[number], policy: "dropOldest" | "refuseNew") {
    this.#policy = policy;
    this.rig = new Rig({
      framing,
      receiveWindow: 150,
      sendBuffer: 150,
      network: { peerWindow: 200 },
      log: { length: 700, maxPacketLength: 130, policy },
      server: { stagingLength: 64, partialFrameTimeoutMs: 600_000 },
    });
  }

  take(step: Step): void {
    const { rig } = this;
    const session = "client" in step ? this.current[step.client] : undefined;
    switch (step.do) {
      case "connect":
        if (session === undefined || session.ended || session.reset) {
          const made = new Session(rig.connect(), rig.server.totals.connections);
          this.current[step.client] = made;
          this.sessions.push(made);
        }
        break;
      case "send":
        if (session !== undefined && !session.ended && !session.reset) {
          const frames: Uint8Array[] = [session.rest];
          for (let k = 0; k < step.count; k++) {
            const number = this.#nextTelecommand++ % 16384;
            session.sent.push(number);
            frames.push(encodeFrame(rig.framing, packet(number, step.length, "tc")));
          }
          const bytes = join(frames);
          const at = Math.max(bytes.length - step.cut, 0);
          session.client.sendBytes(bytes.slice(0, at));
          session.rest = bytes.slice(at);
        }
        break;
      case "emit":
        for (let k = 0; k < step.count; k++) {
          const bytes = packet(this.#nextTelemetry % 16384, step.length);
          if (rig.log.append(bytes, 0, bytes.length)) {
            this.#nextTelemetry++;
          }
        }
        break;
      case "refuse":
        rig.inbox.refuse = step.times;
        break;
      case "time":
        rig.time.advance(step.ms);
        break;
      case "turn":
        rig.network.turn();
        break;
      case "retry":
        rig.server.resume();
        break;
      default:
        this.#act(step.do, session);
    }
    equal(rig.errors, [], "errors");
  }

  #act(action: "end" | "reset" | "pause" | "resume" | "read", session: Session | undefined): void {
    if (session === undefined || session.ended || session.reset) {
      return;
    }
    const { peer } = session.client;
    switch (action) {
      case "end":
        this.#finish(session);
        break;
      case "reset":
        session.reset = true;
        peer.reset();
        break;
      case "pause":
        peer.pauseReading();
        break;
      case "resume":
        peer.resumeReading();
        break;
      default:
        session.client.received();
    }
  }

  #finish(session: Session): void {
    session.client.sendBytes(session.rest);
    session.client.peer.end();
    session.ended = true;
  }

  /** Everybody reads, sends what is left, and goes; then all must add up. */
  settleAccounts(): void {
    const { rig } = this;
    rig.inbox.refuse = 0;
    for (const session of this.sessions) {
      session.client.peer.resumeReading();
      if (!session.ended && !session.reset) {
        this.#finish(session);
      }
    }
    for (let k = 0; k < 200; k++) {
      rig.advance(100);
      for (const session of this.sessions) {
        session.client.received();
      }
    }
    equal(rig.server.totals.clients, 0, "clients");
    equal(rig.reports.length, this.sessions.length, "reports");
    const heard = new Set<number>();
    for (const session of this.sessions) {
      this.#checkTelecommands(session);
      for (const number of this.#checkTelemetry(session)) {
        heard.add(number);
      }
    }
    // What no client was given comes to the next.
    const last = rig.connect();
    for (let k = 0; k < 20; k++) {
      rig.settle();
      last.received();
    }
    for (const number of last.numbers) {
      heard.add(number);
    }
    const lostOnTheWay = this.sessions.some((session) => session.reset);
    if (this.#policy === "refuseNew" && !lostOnTheWay) {
      equal(
        [...heard].sort((a, b) => a - b),
        numbers(0, this.#nextTelemetry),
        "telemetry that somebody heard",
      );
    }
    rig.server.stop();
    this.#checkSums();
  }

  #checkTelecommands(session: Session): void {
    const got = this.rig.inbox.packets
      .filter((each) => each.from === session.connection)
      .map((each) => ((each.bytes[2]! & 0x3f) << 8) | each.bytes[3]!);
    // A reset loses what was under way; what came before it comes in order.
    equal(got, session.reset ? session.sent.slice(0, got.length) : session.sent, "telecommands");
  }

  #checkTelemetry(session: Session): number[] {
    const got = session.client.numbers;
    for (let k = 1; k < got.length; k++) {
      holds(got[k]! > got[k - 1]!, `telemetry in order, none twice: ${got.join()}`);
    }
    const report = this.rig.reports.find((each) => each.connection === session.connection)!;
    holds(report.telemetry >= got.length, "no more telemetry than was sent");
    if (!session.reset) {
      equal(report.telemetry, got.length, "telemetry in the report");
      equal(report.bytesSent, session.client.peer.received, "bytes in the report");
      equal(report.rejections, {}, "rejections");
      equal(report.reason, "peerClosed", "reason");
    }
    return got;
  }

  #checkSums(): void {
    const { reports, server } = this.rig;
    const sum = (read: (report: (typeof reports)[number]) => number): number =>
      reports.reduce((total, report) => total + read(report), 0);
    equal(
      [server.totals.telecommands, server.totals.telemetry, server.totals.telemetrySkipped],
      [sum((each) => each.telecommands), sum((each) => each.telemetry), sum((each) => each.telemetrySkipped)],
      "totals",
    );
    equal(server.totals.telecommands, this.rig.inbox.packets.length, "telecommands taken");
  }
}

for (const framing of FRAMINGS) {
  for (const policy of ["dropOldest", "refuseNew"] as const) {
    test(`${framing.name}, ${policy}: random traffic adds up`, (t) => {
      checkProperty(
        t,
        fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), (steps) => {
          const traffic = new Traffic(framing, policy);
          for (const each of steps) {
            traffic.take(each);
          }
          traffic.settleAccounts();
        }),
        300,
      );
    });
  }
}
