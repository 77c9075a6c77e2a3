import test from "ava";
import { Pinger } from "../../../ground/ping/pinger.js";
import { timeCode } from "../../../modules/flatsat/application-process.js";
import { answer } from "../link/board.js";
import { ManualClock } from "../link/manual-clock.js";

function setUp() {
  const clock = new ManualClock();
  const sent: Uint8Array[] = [];
  const pinger = new Pinger({
    apid: 2,
    timeCode: timeCode("cds"),
    timeoutMs: 1000,
    packetSequenceCount: 0x3fff,
    send: (packet) => sent.push(packet),
    clock,
  });
  return { clock, sent, pinger };
}

test("a ping that is answered: each report with its time since the ping was sent", async (t) => {
  const { clock, sent, pinger } = setUp();
  clock.advance(5000);
  const pinged = pinger.ping();
  for (const report of answer(sent[0] as Uint8Array)) {
    clock.advance(7);
    pinger.receive(report);
  }
  const ping = await pinged;
  t.deepEqual(
    ping.reports.map(({ type, afterMs }) => [type, afterMs]),
    [
      ["1,1", 7],
      ["1,3", 14],
      ["17,2", 21],
      ["1,7", 28],
    ],
  );
  t.like(ping, { number: 1, packetSequenceCount: 0x3fff, missing: [], roundTripMs: 28 });
  t.is(clock.timers, 0);
});

test("a ping that is answered in part is given up at the time-out, not before, and its late report is no other's", async (t) => {
  const { clock, sent, pinger } = setUp();
  const first = pinger.ping();
  const [acceptance, , alive] = answer(sent[0] as Uint8Array) as [Uint8Array, Uint8Array, Uint8Array];
  pinger.receive(acceptance);
  clock.advance(999);
  t.is(clock.timers, 1);
  clock.advance(1);
  t.like(await first, { missing: ["1,3", "17,2", "1,7"], roundTripMs: undefined });
  const second = pinger.ping();
  pinger.receive(alive);
  t.is(pinger.otherTelemetry, 1);
  pinger.end();
  t.like(await second, { number: 2, packetSequenceCount: 0, reports: [] });
});
