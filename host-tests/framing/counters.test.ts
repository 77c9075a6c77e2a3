/** What a decoder counts, and what layers ask of its packets. */
import test from "ava";
import { FramingCounters } from "../../modules/framing/contract/counters.js";
import {
  ACCEPT_PACKET,
  joinChecks,
  type PacketCheck,
  REJECT_PACKET,
  SKIP_PACKET,
  stackChecks,
} from "../../modules/framing/contract/packet-check.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { concat, Random } from "./random.js";
import { subjects } from "./subjects.js";
import { Workbench } from "./workbench.js";

test("cleared counters are those of a decoder that has seen nothing", (t) => {
  const counters = new FramingCounters(["torn", "tooLong"]);
  counters.frames = 3;
  counters.frameBytes = 40;
  counters.droppedBytes = 5;
  counters.idleBytes = 6;
  counters.reject(1);
  counters.reject(1);
  t.deepEqual([counters.rejections, counters.byReason()], [2, { tooLong: 2 }]);
  counters.clear();
  t.deepEqual(counters, new FramingCounters(["torn", "tooLong"]));
  t.deepEqual([counters.rejections, counters.byReason()], [0, {}]);
});

const accepts: PacketCheck = { judge: () => ACCEPT_PACKET, trailerLength: 2 };
const proves: PacketCheck = { judge: () => ACCEPT_PACKET, trailerLength: 4, isProof: true };

test("two layers prove that a packet came whole if either does, and a validator only where it says so", (t) => {
  for (const [lower, upper, isProof] of [
    [accepts, accepts, false],
    [accepts, proves, true],
    [proves, accepts, true],
    [proves, proves, true],
  ] as const) {
    t.is(stackChecks(lower, upper)?.isProof, isProof);
  }
  t.is(joinChecks(() => ACCEPT_PACKET, undefined)?.isProof, false);
  t.is(joinChecks(() => ACCEPT_PACKET, undefined, true)?.isProof, true);
  t.is(joinChecks(() => ACCEPT_PACKET, accepts)?.isProof, false);
  t.is(joinChecks(undefined, proves), proves);
  t.is(joinChecks(undefined, undefined), undefined);
});

test("the upper layer sees what the lower one leaves, and only of packets that the lower one accepts", (t) => {
  const seen: number[][] = [];
  const upper: PacketCheck = {
    judge(_bytes, start, end) {
      seen.push([start, end]);
      return SKIP_PACKET;
    },
    trailerLength: 3,
  };
  const both = stackChecks(accepts, upper);
  t.is(both?.trailerLength, 5);
  t.is(both?.judge(new Uint8Array(20), 4, 16), SKIP_PACKET);
  t.deepEqual(seen, [[4, 14]]);
  t.is(
    stackChecks({ judge: () => REJECT_PACKET, trailerLength: 2 }, upper)?.judge(new Uint8Array(20), 4, 16),
    REJECT_PACKET,
  );
  t.is(seen.length, 1);
});

const ofOneKind = subjects.filter(
  ({ name, kinds, only }) => name !== "fixed (identifiers)" && kinds === undefined && only === undefined,
);
for (const subject of ofOneKind) {
  test(`${subject.name}: packets of a framing that has one kind of frame are of kind 0`, (t) => {
    const framing = subject.framing(400);
    const length = Math.max(subject.shortestPacket, 20);
    const packets = [1, 2].map((seed) => subject.packet(length, new Random(seed)));
    const stream = concat(...packets.map((packet) => encodeFrame(framing, packet)));
    const bench = new Workbench(framing, stream.length);
    bench.feed(stream);
    t.deepEqual(bench.packets, packets);
    t.deepEqual(bench.kinds, [0, 0]);
  });
}
