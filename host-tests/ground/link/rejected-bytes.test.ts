/** What a framing rejects, by each framing: the octets told are those of the stream, and add up to what the decoder has counted. */
import test from "ava";
import fc from "fast-check";
import { ByteIntake } from "../../../ground/link/byte-intake.js";
import { MAX_KEPT, type RejectedBytes, watchRejected } from "../../../ground/link/rejected-bytes.js";
import { PacketFramer } from "../../../modules/framing/encode-decode.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { FRAMINGS, parseFraming } from "../../../modules/framing/registry.js";
import type { PacketSink } from "../../../modules/tmtc/contracts.js";
import { checkProperty } from "../../seeded-properties.js";
import { EXAMPLES, examplePackets } from "./framing-examples.js";

function sinkInto(packets: Uint8Array[]): PacketSink {
  return {
    accept(bytes, start, end) {
      packets.push(bytes.slice(start, end));
      return true;
    },
  };
}

/** Frames, and other octets between some of them, in pieces of any length. */
interface Plan {
  readonly seed: number;
  readonly garbage: readonly Uint8Array[];
  readonly cuts: readonly number[];
}

const PLANS = fc.record({
  seed: fc.integer({ min: 0, max: 0xffff }),
  garbage: fc.array(fc.uint8Array({ maxLength: 600 }), { minLength: 1, maxLength: 12 }),
  cuts: fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 8 }),
});

function pieces(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const made: Uint8Array[] = [];
  for (let at = 0, k = 0; at < stream.length; k++) {
    const end = at + cuts[k % cuts.length]!;
    made.push(stream.slice(at, end));
    at = end;
  }
  return made;
}

for (const example of EXAMPLES) {
  test(`${example.framing}: what is rejected is told, octet by octet`, (t) => {
    const framing = parseFraming("framing", example.framing, { maxPacketLength: 1024, framings: FRAMINGS });
    const check = ({ seed, garbage, cuts }: Plan): void => {
      const framer = new PacketFramer(framing);
      const frames = examplePackets(example, seed)
        .slice(0, garbage.length)
        .map((packet) => framer.frame(packet)!);
      const stream = Buffer.concat(garbage.flatMap((octets, k) => [frames[k]!, octets]));
      const rejected: RejectedBytes[] = [];
      const watched: Uint8Array[] = [];
      const plain: Uint8Array[] = [];
      const watching = new ByteIntake(
        watchRejected(framing, (one) => rejected.push(one)),
        0,
        sinkInto(watched),
      );
      const other = new ByteIntake(framing, 0, sinkInto(plain));
      for (const piece of pieces(stream, cuts)) {
        watching.take(piece);
        other.take(piece);
      }
      watching.end();
      other.end();
      const { counters } = watching.decoder;
      let end = 0;
      let length = 0;
      let packets = 0;
      for (const one of rejected) {
        if (one.offset < end || one.packets < packets || one.bytes.length !== Math.min(one.length, MAX_KEPT)) {
          throw new Error(`out of order, or of another length: ${JSON.stringify(one)}`);
        }
        if (Buffer.compare(one.bytes, stream.subarray(one.offset, one.offset + one.bytes.length)) !== 0) {
          throw new Error(`at ${one.offset} stands something else`);
        }
        end = one.offset + one.length;
        length += one.length;
        ({ packets } = one);
      }
      const causes = rejected.flatMap(({ reasons }) => Object.values(reasons)).reduce((a, b) => a + b, 0);
      const told = {
        causes,
        least: length >= counters.droppedBytes,
        most: length <= counters.droppedBytes + counters.idleBytes,
      };
      const wanted = { causes: counters.rejections, least: true, most: true };
      if (JSON.stringify(told) !== JSON.stringify(wanted) || end > stream.length || packets > watched.length) {
        throw new Error(`${JSON.stringify(told)}, not ${JSON.stringify(wanted)}`);
      }
      if (Buffer.compare(Buffer.concat(watched), Buffer.concat(plain)) !== 0) {
        throw new Error("the packets are others");
      }
    };
    checkProperty(t, fc.property(PLANS, check), 25);
  });
}

test("each stream has offsets of its own, and what its end cuts off is told", (t) => {
  const rejected: RejectedBytes[] = [];
  const framing = watchRejected(cobs(), (one) => rejected.push(one));
  for (let stream = 0; stream < 2; stream++) {
    const packets: Uint8Array[] = [];
    const intake = new ByteIntake(framing, 0, sinkInto(packets));
    intake.take(Uint8Array.from([2, 7, 0, 9, 9, 0, 0, 2, 8, 0, 5]));
    intake.end();
    t.deepEqual(packets, [Uint8Array.of(7), Uint8Array.of(8)]);
  }
  const each = [
    // The empty frame behind it counts as fill, and cannot be told from it.
    { offset: 3, length: 4, bytes: Uint8Array.of(9, 9, 0, 0), packets: 1 },
    { offset: 10, length: 1, bytes: Uint8Array.of(5), packets: 2 },
  ];
  t.deepEqual(
    rejected.map(({ reasons: _, ...rest }) => rest),
    [...each, ...each],
  );
  t.deepEqual(
    rejected.slice(0, 2).map(({ reasons }) => Object.keys(reasons)),
    [["blockOverrun"], ["truncated"]],
  );
});
