/** A server that nobody listens to, and what it says of itself when it is asked. */
import test from "ava";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { FakeIo } from "./fake-io.js";
import { packet } from "./packets.js";
import { Rig } from "./rig.js";

test("callbacks may be left out: clients come, speak the wrong framing, and go, without an error", (t) => {
  const rig = new Rig({
    framing: spacePackets({ packetIds: [0x1042] }),
    server: { onConnect: undefined, onDisconnect: undefined, onHint: undefined, onError: undefined },
  });
  const client = rig.connect();
  client.sendBytes(encodeFrame(cobs(), packet(1, 20, "tc")));
  rig.advance(3000);
  client.peer.end();
  rig.settle();
  t.like(rig.server.totals, { connections: 1, clients: 0, errors: 0 });
});

test("telemetry that an open connection has missed is in the totals, and stays in them", (t) => {
  const io = new FakeIo();
  const rig = new Rig({ io, log: { length: 200, maxPacketLength: 50 } });
  const [connection] = io.connect();
  connection!.writable(1);
  for (let number = 0; number < 50; number++) {
    rig.emit(number);
  }
  connection!.writable(10_000);
  const { telemetry, telemetrySkipped } = rig.server.totals;
  t.true(telemetrySkipped > 0);
  t.is(telemetry + telemetrySkipped, 50);
  connection!.fail();
  t.deepEqual([rig.server.totals.telemetry, rig.server.totals.telemetrySkipped], [telemetry, telemetrySkipped]);
  t.deepEqual([rig.reports[0]!.telemetrySkipped], [telemetrySkipped]);
});

test("a client without a place is closed once: at once where nobody is held, else after its time", (t) => {
  for (const rejectHoldMs of [0, 500]) {
    const io = new FakeIo();
    const rig = new Rig({ io, server: { maxClients: 1, rejectHoldMs } });
    const [, refused] = io.connect(2);
    t.is(refused!.closed, rejectHoldMs === 0 ? 1 : 0);
    rig.advance(400);
    t.is(refused!.closed, rejectHoldMs === 0 ? 1 : 0);
    rig.advance(200);
    t.is(refused!.closed, 1);
    rig.server.stop();
    t.is(refused!.closed, 1, "stopped");
  }
});

test("a client whose address is not to be had is not told under that of the one before it in its place", (t) => {
  const io = new FakeIo();
  const rig = new Rig({ io, server: { maxClients: 1 } });
  io.connect()[0]!.fail();
  io.addressThrows = true;
  io.connect()[0]!.fail();
  t.deepEqual(
    rig.connected.map(({ remoteAddress, remotePort }) => [remoteAddress, remotePort]),
    [
      ["192.0.2.1", 4000],
      [undefined, undefined],
    ],
  );
});

test("what a late event of an earlier socket says is said of nobody", (t) => {
  const io = new FakeIo();
  const rig = new Rig({ io, server: { maxClients: 1 } });
  const [first] = io.connect();
  first!.end();
  first!.fail("ECONNRESET");
  const [second] = io.connect();
  const before = [rig.server.totals.connections, rig.server.totals.clients];
  first!.fail("ECONNRESET");
  first!.end();
  first!.writable(100);
  t.deepEqual([rig.server.totals.connections, rig.server.totals.clients], before);
  t.deepEqual([second!.closed, rig.server.totals.errors, first!.usedWhenClosed], [0, 0, 0]);
});
