/**
 * Space packets against an implementation by others: the npm package `@serialport/parser-spacepacket`.
 *
 * That one delivers old data again when a chunk ends right behind a header, gives data as text, and does not search on
 * after damage. So it is asked only where it is right: packets of ASCII text, as many whole ones in a chunk as may be.
 */
import assert from "node:assert/strict";
import { SpacePacketParser } from "@serialport/parser-spacepacket";
import test from "ava";
import fc from "fast-check";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { checkProperty } from "../seeded-properties.js";
import { frame, Workbench } from "./workbench.js";

interface Parsed {
  readonly header: {
    readonly identification: { apid: number; secondaryHeader: number; type: number };
    readonly sequenceControl: { packetName: number; sequenceFlags: number };
    readonly dataLength: number;
  };
  readonly data: string;
}

const packets = fc.record({
  type: fc.integer({ min: 0, max: 1 }),
  // Of the idle APID, packets with a secondary header are damage.
  secondaryHeader: fc.integer({ min: 0, max: 1 }),
  apid: fc.integer({ min: 0, max: 2046 }),
  sequenceFlags: fc.integer({ min: 0, max: 3 }),
  packetName: fc.integer({ min: 0, max: 16383 }),
  text: fc.string({ minLength: 1, maxLength: 80, unit: "binary-ascii" }),
});
type Parts = typeof packets extends fc.Arbitrary<infer Value> ? Value : never;

function build({ type, secondaryHeader, apid, sequenceFlags, packetName, text }: Parts): Uint8Array {
  const identification = (type << 12) | (secondaryHeader << 11) | apid;
  const control = (sequenceFlags << 14) | packetName;
  const field = text.length - 1;
  const header = [identification, control, field].flatMap((word) => [word >> 8, word & 0xff]);
  return Uint8Array.of(...header, ...Buffer.from(text, "latin1"));
}

function parseTheirs(chunks: readonly Uint8Array[]): Parsed[] {
  const parser = new SpacePacketParser();
  const found: Parsed[] = [];
  for (const chunk of chunks) {
    parser.write(Buffer.from(chunk));
    for (let packet = parser.read() as Parsed | null; packet !== null; packet = parser.read() as Parsed | null) {
      found.push(packet);
    }
  }
  return found;
}

test("npm SpacePacketParser finds the same packets in the same chunks, with the same header and data.", (t) => {
  const property = fc.property(
    fc.array(fc.array(packets, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
    (groups) => {
      const framing = spacePackets();
      const chunks = groups.map((group) =>
        Uint8Array.from(group.flatMap((parts) => [...frame(framing, build(parts))])),
      );
      const bench = new Workbench(framing, 4 * 86);
      for (const chunk of chunks) {
        bench.feed(chunk);
      }
      const theirs = parseTheirs(chunks);
      assert.deepEqual(
        bench.packets,
        theirs.map(({ header: { identification, sequenceControl }, data }) =>
          build({ ...identification, ...sequenceControl, text: data }),
        ),
      );
      assert.deepEqual(
        theirs.map(({ data }) => data),
        groups.flat().map(({ text }) => text),
      );
    },
  );
  checkProperty(t, property, 300);
});
