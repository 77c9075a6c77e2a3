/** What holds for any bytes, any chunks and any refusals, of the framings with a delimiter beside COBS. */
import assert from "node:assert/strict";
import test from "ava";
import fc from "fast-check";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { lines } from "../../modules/framing/formats/lines.js";
import { slip } from "../../modules/framing/formats/slip.js";
import { checkProperty } from "../seeded-properties.js";
import { type DelimitedRules, decodeDelimited, lineRules, slipRules } from "./reference-delimited.js";
import { frame, Workbench } from "./workbench.js";

const arrival = fc.record({
  chunks: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
  refusals: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }),
});
type Arrival = typeof arrival extends fc.Arbitrary<infer Value> ? Value : never;

/** Fails unless the decoder gets out of the stream what its definition does, however it arrives. */
function agree(framing: Framing, rules: DelimitedRules, stream: number[], { chunks, refusals }: Arrival): void {
  const bench = new Workbench(framing, 60);
  bench.refusals = (packet) => refusals[packet % refusals.length]!;
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const end = at + chunks[turn % chunks.length]!;
    bench.feed(Uint8Array.from(stream.slice(at, end)));
    at = end;
  }
  const expected = decodeDelimited(stream, rules);
  assert.deepEqual(
    bench.packets.map((packet) => [...packet]),
    expected.packets,
  );
  assert.deepEqual(bench.counts(), expected.counts);
}

function bytesAmong(values: readonly number[]): fc.Arbitrary<number[]> {
  return fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...values)), { maxLength: 400 });
}

test("SLIP: any bytes in any chunks give what the definition of the format gives.", (t) => {
  const kissTypes = fc.constantFrom(undefined, undefined, 0, 0xc0, 0xdb);
  const property = fc.property(
    bytesAmong([0xc0, 0xc0, 0xdb, 0xdc, 0xdd, 0]),
    fc.integer({ min: 1, max: 30 }),
    kissTypes,
    arrival,
    (stream, maxPacketLength, kissType, arrival) => {
      const framing = slip({ maxPacketLength, ...(kissType !== undefined && { kissType }) });
      agree(framing, slipRules(maxPacketLength, kissType), stream, arrival);
    },
  );
  checkProperty(t, property, 500);
});

const terminators = fc.oneof(
  fc.constant([13, 10]),
  fc.array(fc.constantFrom(1, 2), { minLength: 1, maxLength: 8 }),
  fc.array(fc.constantFrom(1, 2, 3, 4), { minLength: 1, maxLength: 4 }),
);

test("Lines: any bytes in any chunks give what the definition gives, whatever the terminator.", (t) => {
  const property = fc.property(
    bytesAmong([1, 1, 1, 2, 2, 2, 3, 4, 13, 10]),
    terminators,
    fc.integer({ min: 9, max: 40 }),
    fc.boolean(),
    fc.constantFrom("idle", "packet"),
    arrival,
    (stream, terminator, maxPacketLength, keepTerminator, emptyLines, arrival) => {
      const rules = { maxPacketLength, terminator, keepTerminator, emptyLines };
      agree(lines(rules), lineRules(rules), stream, arrival);
    },
  );
  checkProperty(t, property, 1000);
});

test("Lines: what the encoder takes arrives as it was sent, and it refuses only what would not.", (t) => {
  const text = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 20 });
  const property = fc.property(fc.array(text, { maxLength: 5 }), terminators, (texts, terminator) => {
    const framing = lines({ terminator, emptyLines: "packet" });
    const rules = lineRules({ terminator, maxPacketLength: 1024, emptyLines: "packet" });
    const sent: number[][] = [];
    const stream: number[] = [];
    for (const each of texts) {
      const naive = decodeDelimited([...each, ...terminator], rules).packets;
      const arrives = naive.length === 1 && String(naive[0]) === String(each);
      let bytes: Uint8Array | undefined;
      try {
        bytes = frame(framing, Uint8Array.from(each));
      } catch {
        bytes = undefined;
      }
      assert.equal(bytes !== undefined, arrives);
      if (bytes !== undefined) {
        sent.push(each);
        stream.push(...bytes);
      }
    }
    assert.deepEqual(decodeDelimited(stream, rules).packets, sent);
  });
  checkProperty(t, property, 500);
});
