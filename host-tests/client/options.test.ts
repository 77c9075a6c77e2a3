import test from "ava";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { FakeIo } from "../link/fake-io.js";
import { type ClientOverrides, ClientRig } from "./client-rig.js";

function make(client: ClientOverrides, framing = cobs()): () => ClientRig {
  return () => new ClientRig({ io: new FakeIo(), framing, client });
}

const foreignQueue = new PacketLog({ memory: new FixedMemory(100), length: 100, maxPacketLength: 50 });

/** Options that are wrong, and the whole error: the option, what it may be, and the value. */
const BAD: [string, ClientOverrides, string][] = [
  ["address", { address: undefined }, "one of the options address and host must be given, and not both"],
  ["address and host", { host: "board.lab" }, "one of the options address and host must be given, and not both"],
  ["port", { port: 0 }, "port must be from 1 to 65535, not 0"],
  ["port", { port: 65536 }, "port must be from 1 to 65535, not 65536"],
  ["unsent", { unsent: "lose" as never }, 'unsent must be keep or drop, not "lose"'],
  ["connectTimeoutMs", { connectTimeoutMs: 99 }, "connectTimeoutMs must be from 100 to 600000, not 99"],
  ["idleTimeoutMs", { idleTimeoutMs: -1 }, "idleTimeoutMs must be from 0 to 86400000, not -1"],
  ["partialFrameTimeoutMs", { partialFrameTimeoutMs: 0 }, "partialFrameTimeoutMs must be from 1 to 600000, not 0"],
  ["tickMs", { tickMs: 5 }, "tickMs must be from 10 to 1000, not 5"],
  ["heartbeatMs", { heartbeatMs: 50 }, "heartbeatMs must be from 100 to 86400000, not 50"],
  ["heartbeat", { heartbeat: new Uint8Array(0) }, "heartbeat: these 0 bytes are no packet of the framing"],
  ["firstMs", { reconnect: { firstMs: 9 } }, "reconnect.firstMs must be from 10 to 600000, not 9"],
  ["maxMs", { reconnect: { firstMs: 500, maxMs: 400 } }, "reconnect.maxMs must be from 500 to 3600000, not 400"],
  ["factor", { reconnect: { factor: 0.5 } }, "reconnect.factor must be from 1 to 10, not 0.5"],
  ["jitter", { reconnect: { jitter: 1.1 } }, "reconnect.jitter must be from 0 to 1, not 1.1"],
  ["jitter", { reconnect: { jitter: Number.NaN } }, "reconnect.jitter must be from 0 to 1, not NaN"],
  ["queue", { queue: foreignQueue }, "memory and queue must be of the same FixedMemory"],
  ["maxPacketLength", { maxPacketLength: 0 }, "queue: maxPacketLength (bytes) must be from 1 to 65535, not 0"],
];

for (const [name, options, message] of BAD) {
  test(`${name}: ${message}`, (t) => {
    t.throws(make(options), { message });
  });
}

test("a heartbeat that is no packet of the framing", (t) => {
  t.throws(make({ heartbeat: Uint8Array.of(1, 2, 3) }, spacePackets()), {
    instanceOf: RangeError,
    message: "heartbeat: these 3 bytes are no packet of the framing",
  });
});

test("too little memory: the error names what it is for", (t) => {
  t.throws(make({ memory: new FixedMemory(4096) }), { instanceOf: RangeError, message: /client 1 staging/ });
});

test("an edge of each range is taken", (t) => {
  t.notThrows(
    make({
      port: 65535,
      connectTimeoutMs: 100,
      idleTimeoutMs: 86_400_000,
      partialFrameTimeoutMs: 1,
      tickMs: 10,
      heartbeatMs: 100,
      heartbeat: new Uint8Array(1),
      reconnect: { firstMs: 600_000, factor: 1, jitter: 1 },
      maxPacketLength: 1,
      queueLength: 3,
    }),
  );
});
