/** `decodeFrames` and `decodeStream` are two ways to one result, whatever damage the bytes have. */
import test from "ava";
import fc from "fast-check";
import { decodeStream } from "../../../ground/link/streams.js";
import type { Framing } from "../../../modules/framing/contract/framing.js";
import { decodeFrames } from "../../../modules/framing/encode-decode.js";
import { spacePackets } from "../../../modules/framing/formats/space-packets.js";
import { concat, Random } from "../../framing/random.js";
import { MAX_PACKET_LENGTH, randomPart } from "../../framing/random-streams.js";
import { subjects } from "../../framing/subjects.js";
import { checkAsyncProperty } from "../../seeded-properties.js";

function plain(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** @param longestChunk bytes written at once */
async function streamed(framing: Framing, bytes: Uint8Array, longestChunk: number): Promise<string[]> {
  const stream = decodeStream(framing);
  const packets: string[] = [];
  stream.on("data", (packet: Buffer) => packets.push(plain(packet)));
  for (let at = 0; at < bytes.length; at += longestChunk) {
    stream.write(bytes.subarray(at, at + longestChunk));
  }
  stream.end();
  await new Promise((resolve) => stream.once("end", resolve));
  return packets;
}

for (const subject of subjects.filter(({ only }) => only === undefined)) {
  test(`${subject.name}: a damaged stream gives the same packets, taken apart at once and in chunks.`, (t) =>
    checkAsyncProperty(
      t,
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 300 }), async (seed, longestChunk) => {
        const random = new Random(seed);
        const framing = subject.framing(MAX_PACKET_LENGTH);
        const bytes = concat(...Array.from({ length: 8 }, () => randomPart(subject, random)));
        t.deepEqual(decodeFrames(framing, bytes).map(plain), await streamed(framing, bytes, longestChunk));
      }),
      20,
    ));
}

test("Behind a wrong length, the good packets are found at the end of the bytes.", async (t) => {
  const packets = ["0801c0000003deadbe00", "0801c0010303deadbe01", "0801c0020003deadbe02", "0801c0030003deadbe03"];
  const bytes = Buffer.from(packets.join(""), "hex");
  const framing = spacePackets({ packetIds: [0x0801] });
  const expected = [packets[0]!, packets[2]!, packets[3]!];
  t.deepEqual(decodeFrames(framing, bytes).map(plain), expected);
  t.deepEqual(await streamed(framing, bytes, 7), expected);
});
