import test from "ava";
import { decodeFrames, encodeFrame } from "../../modules/framing/convenience.js";
import { concat, Random } from "./random.js";
import { subjects } from "./subjects.js";

for (const subject of subjects.filter(({ only }) => only !== "bursts")) {
  test(`${subject.name}: plain arrays are framed and taken apart again, without damage or what is not complete.`, (t) => {
    const random = new Random(21);
    const framing = subject.framing(100);
    const packets = [subject.packet(20, random), subject.packet(100, random, 1), subject.packet(30, random)];
    const [first, second, third] = packets.map((packet) => encodeFrame(framing, packet)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    t.deepEqual(decodeFrames(framing, concat(first, second, third)), packets);
    t.deepEqual(
      decodeFrames(framing, concat(first, subject.garbage(9, random), second, third.slice(0, 12))),
      packets.slice(0, 2),
    );
    t.deepEqual(decodeFrames(framing, new Uint8Array(0)), []);
  });
}

test("Bytes that are no packet of the framing are not framed.", (t) => {
  const framing = subjects[2]!.framing(100);
  t.throws(() => encodeFrame(framing, Uint8Array.of(1, 2, 3)), {
    instanceOf: RangeError,
    message: /3 bytes.*space-packets/,
  });
});
