import test from "ava";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { ConnectionPool } from "../../modules/link/connection/connection-pool.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { FakeIo } from "./fake-io.js";
import { Rig, type ServerOverrides } from "./rig.js";

function serve(options: ServerOverrides): void {
  new Rig({ io: new FakeIo() }).serve(options);
}

const source = { next: () => 0 };

/** Options that are wrong, and the whole error: the option, what it may be, and the value. */
const BAD: [string, ServerOverrides, string][] = [
  ["port", { port: -1 }, "RangeError: port must be from 0 to 65535, not -1"],
  ["port", { port: 65536 }, "RangeError: port must be from 0 to 65535, not 65536"],
  ["port", { port: 1.5 }, "TypeError: port must be a whole number from 0 to 65535, not 1.5"],
  ["port", { port: "7301" as never }, 'TypeError: port must be a whole number from 0 to 65535, not "7301"'],
  ["maxClients", { maxClients: 0 }, "RangeError: maxClients must be from 1 to 32, not 0"],
  ["maxClients", { maxClients: 33 }, "RangeError: maxClients must be from 1 to 32, not 33"],
  ["maxClients", { maxClients: Number.NaN }, "TypeError: maxClients must be a whole number from 1 to 32, not NaN"],
  [
    "excessClients",
    { excessClients: "queue" as never },
    'TypeError: excessClients must be reject or replace, not "queue"',
  ],
  ["badFrames", { badFrames: "skip" as never }, 'TypeError: badFrames must be search or passOver, not "skip"'],
  ["rejectHoldMs", { rejectHoldMs: 60_001 }, "RangeError: rejectHoldMs must be from 0 to 60000, not 60001"],
  ["rejectHoldMs", { rejectHoldMs: -1 }, "RangeError: rejectHoldMs must be from 0 to 60000, not -1"],
  ["yieldAfterMs", { yieldAfterMs: -1 }, "RangeError: yieldAfterMs must be from 0 to 86400000, not -1"],
  ["reserve", { reserve: 5 }, "RangeError: reserve must be from 0 to 4, not 5"],
  ["reserve", { reserve: 2, maxClients: 1 }, "RangeError: reserve must be from 0 to 1, not 2"],
  ["reserve", { reserve: 0.5 }, "TypeError: reserve must be a whole number from 0 to 4, not 0.5"],
  ["idleTimeoutMs", { idleTimeoutMs: -1 }, "RangeError: idleTimeoutMs must be from 0 to 86400000, not -1"],
  [
    "partialFrameTimeoutMs",
    { partialFrameTimeoutMs: 0 },
    "RangeError: partialFrameTimeoutMs must be from 1 to 600000, not 0",
  ],
  ["pollIntervalMs", { pollIntervalMs: 9 }, "RangeError: pollIntervalMs must be from 10 to 600000, not 9"],
];

for (const [option, options, message] of BAD) {
  test(`${option}=${String(Object.values(options)[0])} is refused`, (t) => {
    t.is(String(t.throws(() => serve(options))), message);
  });
}

test("a staging length that is no power of two is refused", (t) => {
  t.throws(() => serve({ stagingLength: 1000 }), { instanceOf: RangeError, message: /power of two.*1000/ });
});

test("a source's packets that its log cannot hold are refused", (t) => {
  t.throws(() => serve({ telemetry: source, sourceLogLength: 1001 }), { message: /at least 1002, not 1001/ });
  t.throws(() => serve({ telemetry: source, maxTelemetryLength: 0 }), { message: /1 to 65535, not 0/ });
});

test("memory that cannot hold the clients is refused, saying what there is", (t) => {
  t.throws(() => serve({ maxClients: 32 }), {
    instanceOf: RangeError,
    message: /needs \d+ bytes, but only \d+ of 65536/,
  });
});

test("a pool that was made for less is refused", (t) => {
  const rig = new Rig({ io: new FakeIo() });
  const pool = (options: { telemetry?: number; framing?: ReturnType<typeof cobs> }) =>
    new ConnectionPool({
      memory: rig.memory,
      maxClients: 1,
      framings: [options.framing ?? cobs()],
      maxTelemetryLength: options.telemetry ?? 500,
    });
  t.throws(() => rig.serve({ pool: pool({ telemetry: 499 }) }), {
    message: "the client pool is made for telemetry packets up to 499 bytes, the log for 500",
  });
  t.throws(() => rig.serve({ pool: pool({ framing: spacePackets({ maxPacketLength: 100 }) }) }), {
    message: "the client pool is made for framings that gather 100 bytes, cobs needs 1029",
  });
  t.throws(() => rig.serve({ pool: pool({}), maxClients: 2 }), { message: "maxClients must be from 1 to 1, not 2" });
});

test("a pool or a log in another memory is refused", (t) => {
  const rig = new Rig({ io: new FakeIo() });
  const memory = new FixedMemory(16384);
  const pool = new ConnectionPool({ memory, framings: [cobs()], maxClients: 1 });
  t.throws(() => rig.serve({ pool }), { instanceOf: TypeError, message: /same FixedMemory/ });
  t.throws(() => rig.serve({ telemetry: new PacketLog({ memory }) }), { message: /same FixedMemory/ });
});

test("the defaults: four clients, the framing's name, and its port", (t) => {
  const rig = new Rig({ io: new FakeIo() });
  const server = rig.serve({ port: 7302 });
  t.is(server.maxClients, 4);
  t.is(server.name, "cobs");
  t.is(server.port, 7302);
  t.false(server.isListening);
});

test("the address is handed to the platform; without one, none is", (t) => {
  const io = new FakeIo();
  const rig = new Rig({ io });
  t.false("address" in io.listeners[0]!.options);
  rig.serve({ address: "127.0.0.1" }).start();
  t.is(io.listeners[1]!.options.address, "127.0.0.1");
});
