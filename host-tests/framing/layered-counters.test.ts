/** The account of a decoder that is made of others. */
import test from "ava";
import { FramingCounters } from "../../modules/framing/contract/counters.js";
import { LayeredCounters } from "../../modules/framing/engines/layered-counters.js";

function account(): { stream: FramingCounters; packets: FramingCounters; all: LayeredCounters } {
  const stream = new FramingCounters(["torn", "foreign"]);
  const packets = new FramingCounters(["foreign", "truncated", "torn"]);
  const all = new LayeredCounters(
    ["foreign", "lost"],
    [
      [stream, {}],
      [packets, { truncated: "", torn: "tornPacket" }],
    ],
  );
  return { stream, packets, all };
}

test("Causes of the same name are counted together, those of other names apart, and those without one not at all.", (t) => {
  const { stream, packets, all } = account();
  t.deepEqual(all.reasons, ["foreign", "lost", "torn", "tornPacket"]);
  stream.rejected.splice(0, 2, 1, 20);
  packets.rejected.splice(0, 3, 300, 4000, 50_000);
  all.own.splice(0, 2, 600_000, 7_000_000);
  for (let k = 0; k < 2; k++) {
    all.update();
    t.deepEqual(all.byReason(), { foreign: 600_320, lost: 7_000_000, torn: 1, tornPacket: 50_000 });
    t.deepEqual(Object.keys(all.rejected), ["0", "1", "2", "3"]);
  }
});

test("Stream bytes are the first part's, packets the last one's; the bytes of fill are idle, from the first frame on.", (t) => {
  const { stream, packets, all } = account();
  const told = () => {
    all.update();
    return [all.frames, all.frameBytes, all.droppedBytes, all.idleBytes];
  };
  all.begin(true);
  t.deepEqual(told(), [0, 0, 0, 0]);
  all.begin(true);
  stream.frameBytes = 10;
  stream.droppedBytes = 3;
  stream.idleBytes = 2;
  t.deepEqual(told(), [0, 0, 3, 12]);
  // One that is none, and fill of a single byte behind it.
  all.begin(false);
  stream.frameBytes = 30;
  packets.frames = 4;
  all.begin(true);
  stream.frameBytes = 31;
  all.begin(false);
  stream.frameBytes = 36;
  t.deepEqual(told(), [4, 25, 3, 13]);
});

test("Cleared, it is as new, with its parts, also in the middle of fill.", (t) => {
  const { stream, packets, all } = account();
  all.begin(true);
  stream.frameBytes = 10;
  stream.reject(0);
  packets.reject(0);
  packets.frames = 2;
  all.own[1] = 1;
  all.update();
  all.begin(true);
  all.clear();
  t.deepEqual([stream, packets], [account().stream, account().packets]);
  t.deepEqual([all.frames, all.frameBytes, all.idleBytes, all.byReason()], [0, 0, 0, {}]);
  stream.frameBytes = 7;
  all.update();
  t.deepEqual([all.frames, all.frameBytes, all.idleBytes, all.byReason()], [0, 7, 0, {}]);
});
