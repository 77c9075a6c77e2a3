/** Real TCP on loopback against a board on either engine. */
import type { ExecutionContext } from "ava";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import type { NodePeer } from "../host/node-rig.js";
import { addCase } from "../merge-cases.js";
import { join, numberOf, numbers, packet, packets } from "./packets.js";
import type { TcpSettings } from "./tcp-application.js";
import type { Board } from "./tcp-board.js";

export interface Scenario {
  readonly settings: TcpSettings;
  run(t: ExecutionContext, board: Board): Promise<void>;
}

// sat-rs: satrs/tests/tcp_servers.rs.
const SIMPLE_PACKET = Uint8Array.of(1, 2, 3, 4, 5);
const INVERTED_PACKET = [5, 4, 3, 4, 1];
/** PUS-C telecommand 17,1: APID 2, count 0, 7 bytes of data; version 2, all acks; service, subtype; source 0; CRC. */
const PING = Uint8Array.of(0x18, 0x02, 0xc0, 0x00, 0x00, 0x06, 0x2f, 17, 1, 0x00, 0x00, 0xa7, 0xd2);
/** As sat-rs: a telecommand 1,1 stands for telemetry. */
const VERIFICATION = [0x18, 0x02, 0xc0, 0x00, 0x00, 0x06, 0x2f, 1, 1, 0x00, 0x00, 0xbc, 0x75];

const FRAMINGS = { cobs: cobs(), "space-packets": spacePackets() } as const;
type Name = keyof typeof FRAMINGS;

function frames(name: Name, ...sent: Uint8Array[]): Uint8Array {
  return join(sent.map((each) => encodeFrame(FRAMINGS[name], each)));
}

function received(name: Name, peer: NodePeer): number[] {
  return decodeFrames(FRAMINGS[name], peer.received()).map(numberOf);
}

function inFraming(framing: Name): Record<string, Scenario> {
  return {
    "eight clients at once: all telecommands arrive, each client gets all telemetry": {
      settings: { framing, maxClients: 8 },
      async run(t, board) {
        const clients = await Promise.all(numbers(0, 8).map(() => board.connect()));
        await board.until("eight connections", () => board.of("connected").length === 8);
        for (const [k, client] of clients.entries()) {
          client.send(frames(framing, ...packets(100 * k, 50, 30, "tc")));
        }
        await board.until("all telecommands", () => board.telecommands.length === 400);
        const got = board.telecommands.map(numberOf);
        for (const k of numbers(0, 8)) {
          t.deepEqual(
            got.filter((number) => Math.floor(number / 100) === k),
            numbers(100 * k, 50),
          );
        }
        for (const round of numbers(0, 10)) {
          await board.emit(10 * round, 10, 100);
        }
        await board.until("all telemetry", () => clients.every((each) => received(framing, each).length === 100));
        for (const client of clients) {
          t.deepEqual(received(framing, client), numbers(0, 100));
          client.end();
        }
        await board.until("all reports", () => board.reports.length === 8);
        t.deepEqual(
          board.reports.map(({ telecommands, telemetry, reason }) => [telecommands, telemetry, reason]),
          numbers(0, 8).map(() => [50, 100, "peerClosed"]),
        );
      },
    },

    "a reset in the middle of a frame: reported, and the next client is served": {
      settings: { framing },
      async run(t, board) {
        const first = await board.connect();
        first.send(join([frames(framing, packet(1, 50, "tc")), frames(framing, packet(2, 50, "tc")).slice(0, 30)]));
        await board.until("the first packet", () => board.telecommands.length === 1);
        first.reset();
        await board.until("the report", () => board.reports.length === 1);
        t.is(board.reports[0]?.reason, "connectionLost");
        t.deepEqual(board.reports[0]?.rejections, { truncated: 1 });
        t.is(board.reports[0]?.bytesDropped, 30);
        const next = await board.connect();
        next.send(frames(framing, packet(3, 50, "tc")));
        await board.emit(9, 1);
        await board.until("telemetry", () => received(framing, next).length === 1);
        await board.until("the next client's packet", () => board.telecommands.length === 2);
        t.deepEqual(board.telecommands.map(numberOf), [1, 3]);
      },
    },

    "a client that never reads: another is served, and the first one's stream has no fault when it reads at last": {
      settings: { framing },
      async run(t, board) {
        const sleeper = await board.connect();
        sleeper.pauseReading();
        const reader = await board.connect();
        await board.until("both connections", () => board.of("connected").length === 2);
        for (const round of numbers(0, 100)) {
          await board.emit(14 * round, 14, 500);
          const last = 14 * round + 13;
          await board.until("the reader's telemetry", () => received(framing, reader).at(-1) === last);
        }
        t.deepEqual(received(framing, reader), numbers(0, 1400));
        sleeper.resumeReading();
        await board.until("the newest packet", () => received(framing, sleeper).at(-1) === 1399);
        const got = received(framing, sleeper);
        t.true(got.every((number, k) => k === 0 || number > (got[k - 1] as number)));
        const { telemetrySkipped } = await board.totals();
        t.is(telemetrySkipped, 1400 - got.length);
      },
    },

    "reject: a client too many is held, closed without service, and the others go on": {
      settings: { framing, maxClients: 2, rejectHoldMs: 200 },
      async run(t, board) {
        const clients = [await board.connect(), await board.connect()];
        await board.until("two connections", () => board.of("connected").length === 2);
        const late = await board.connect();
        await board.emit(1, 1);
        await board.until("its end", () => late.ended || late.wasReset);
        t.is(late.received().length, 0);
        await board.until("telemetry", () => clients.every((each) => received(framing, each).length === 1));
        t.is((await board.totals()).refusedClients, 1);
        t.is(board.of("connected").length, 2);
        clients[0]?.end();
        await board.until("a place", () => board.reports.length === 1);
        const next = await board.connect();
        next.send(frames(framing, packet(5, 20, "tc")));
        await board.until("service", () => board.telecommands.length === 1);
      },
    },

    "replace: a client too many takes the place of the one silent longest": {
      settings: { framing, maxClients: 2, excessClients: "replace" },
      async run(t, board) {
        const silent = await board.connect();
        await board.until("one connection", () => board.of("connected").length === 1);
        const busy = await board.connect();
        busy.send(frames(framing, packet(1, 20, "tc")));
        await board.until("a telecommand", () => board.telecommands.length === 1);
        const late = await board.connect();
        late.send(frames(framing, packet(2, 20, "tc")));
        await board.until("service", () => board.telecommands.length === 2);
        await board.until("the silent one's end", () => silent.ended);
        t.deepEqual(
          board.reports.map(({ connection, reason }) => [connection, reason]),
          [[1, "replaced"]],
        );
        await board.emit(3, 1);
        await board.until("telemetry", () => [busy, late].every((each) => received(framing, each).length === 1));
        t.is(silent.received().length, 0);
      },
    },

    "the sink refuses 100 times while much is sent: all of it arrives, in order, once": {
      settings: { framing, refuse: 100 },
      async run(t, board) {
        const client = await board.connect();
        client.send(frames(framing, ...packets(0, 1000, 200, "tc")));
        client.end();
        await board.until("the report", () => board.reports.length === 1);
        t.deepEqual(board.telecommands.map(numberOf), numbers(0, 1000));
        t.is(board.reports[0]?.telecommands, 1000);
        t.is(board.reports[0]?.reason, "peerClosed");
      },
    },

    "stop during traffic: every client is closed and reported, and no callback fails": {
      settings: { framing, echo: true },
      async run(t, board) {
        const clients = [await board.connect(), await board.connect(), await board.connect()];
        for (const client of clients) {
          client.send(frames(framing, ...packets(0, 1000, 100, "tc")));
        }
        await board.until("traffic", () => board.telecommands.length > 100);
        await board.stopServer();
        await board.until("every client's end", () =>
          clients.every((each) => each.ended || each.wasReset || each.socket.destroyed),
        );
        t.deepEqual(
          board.reports.map((report) => report.reason),
          ["stopped", "stopped", "stopped"],
        );
        const before = board.telecommands.length;
        t.is((await board.totals()).telecommands, before);
        await t.throwsAsync(board.connect(), { message: /ECONNREFUSED/ });
        await board.stop();
        t.is(board.telecommands.length, before);
      },
    },

    "the engine is stopped during traffic: every client is closed and reported": {
      settings: { framing, echo: true },
      async run(t, board) {
        const clients = [await board.connect(), await board.connect()];
        for (const client of clients) {
          client.send(frames(framing, ...packets(0, 1000, 100, "tc")));
        }
        await board.until("traffic", () => board.telecommands.length > 100);
        await board.stop();
        t.deepEqual(
          board.reports.map((report) => report.reason),
          ["stopped", "stopped"],
        );
        const told = board.telecommands.length;
        const counted = board.reports.reduce((sum, report) => sum + report.telecommands, 0);
        t.is(counted, told);
      },
    },

    "telemetry of a time without clients arrives later, in order, none twice": {
      settings: { framing },
      async run(t, board) {
        await board.emit(0, 20);
        const first = await board.connect();
        await board.until("the telemetry that waited", () => received(framing, first).length === 20);
        first.end();
        await board.until("the first one's report", () => board.reports.length === 1);
        await board.emit(20, 30);
        const second = await board.connect();
        await board.emit(50, 1);
        await board.until("the newest packet", () => received(framing, second).at(-1) === 50);
        t.deepEqual(received(framing, first), numbers(0, 20));
        t.deepEqual(received(framing, second), numbers(20, 31));
        t.true(first.ended);
      },
    },
  };
}

export const scenarios: Record<string, Scenario> = {
  "sat-rs's scenario, COBS: one TC, the write side shut down, one TM with a delimiter at both ends": {
    settings: { framing: "cobs", delimiter: "both", telemetry: [INVERTED_PACKET], source: true },
    async run(t, board) {
      const client = await board.connect();
      client.send(encodeFrame(cobs({ delimiter: "both" }), SIMPLE_PACKET));
      client.end();
      await board.until("the server's end", () => client.ended);
      t.deepEqual([...client.received()], [0, 6, ...INVERTED_PACKET, 0]);
      await board.until("the report", () => board.reports.length === 1);
      t.deepEqual(board.telecommands, [SIMPLE_PACKET]);
      t.is(board.reports[0]?.telecommands, 1);
      t.is(board.reports[0]?.telemetry, 1);
      t.is(board.reports[0]?.reason, "peerClosed");
      t.is((await board.totals()).connections, 1);
    },
  },

  "sat-rs's scenario, space packets: one ping, the write side shut down, one TM": {
    settings: { framing: "space-packets", packetIds: [0x1802], telemetry: [VERIFICATION], source: true },
    async run(t, board) {
      const client = await board.connect();
      client.send(PING);
      client.end();
      await board.until("the server's end", () => client.ended);
      t.deepEqual([...client.received()], VERIFICATION);
      await board.until("the report", () => board.reports.length === 1);
      t.deepEqual(board.telecommands, [PING]);
      t.is(board.reports[0]?.telecommands, 1);
      t.is(board.reports[0]?.telemetry, 1);
      t.is((await board.totals()).connections, 1);
    },
  },

  "where bad frames are searched, a wrong length stalls the stream no longer than the timeout": {
    settings: { framing: "space-packets", partialFrameTimeoutMs: 100, badFrames: "search" },
    async run(t, board) {
      const client = await board.connect();
      const damaged = packet(1, 20, "tc");
      damaged[5] = 250;
      client.send(join([damaged, packet(2, 20, "tc"), packet(3, 20, "tc")]));
      await board.until("what stood behind it", () => board.telecommands.length === 2);
      t.deepEqual(board.telecommands.map(numberOf), [2, 3]);
    },
  },
};

for (const name of Object.keys(FRAMINGS) as Name[]) {
  for (const [title, scenario] of Object.entries(inFraming(name))) {
    addCase(scenarios, `${name}: ${title}`, scenario);
  }
}
