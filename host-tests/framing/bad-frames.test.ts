/**
 * `passOver`: whatever becomes of telecommands that carry other ones, and however the stream is cut and pauses, none that
 * stands inside another is ever delivered, and every good one is.
 */
import test from "ava";
import fc from "fast-check";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { checkProperty } from "../seeded-properties.js";
import { concat, hex, Random } from "./random.js";
import { Workbench } from "./workbench.js";

/** Longest packet that the decoders take. */
const MAX = 200;
/** Numbers of packets that stand inside others. */
const INSIDE = 1000;

type Fate = "good" | "spoilt" | "long";
/** Behind a chunk: the next one; a look while the stream goes on; silence for the time-out, once or more. */
type Behind = "more" | "late" | "pause" | "pauses";

interface Port {
  readonly text: string;
  /** Frames behind a bad one are known by their headers: any number of them may be bad. */
  readonly isTelling: boolean;
}

const PORTS: readonly Port[] = [
  { text: "space-packets,crc=check16,packet-ids=0x1800,id-mask=0x1800", isTelling: true },
  { text: "length-prefixed,offset=2,sync=aa55,crc=crc16", isTelling: true },
  { text: "uslp,scid=7,content=frames", isTelling: true },
  { text: "tc-frames,scid=7", isTelling: true },
  { text: "space-packets,crc=check16", isTelling: false },
  { text: "length-prefixed,crc=crc32", isTelling: false },
  { text: "netstring,crc=crc16", isTelling: false },
  { text: "marker,kinds=fdaa+u16+ccdd,crc=crc16", isTelling: false },
];

function framingOf(text: string, maxPacketLength: number): Framing {
  return parseFraming("framing", text, { maxPacketLength });
}

/** A telecommand of these many bytes of data, with its own CRC at the end, and its number as the sequence count. */
function telecommand(number: number, data: Uint8Array): Uint8Array {
  const length = data.length + 2 - 1;
  const bytes = concat(
    Uint8Array.of(0x18, 0x02, 0xc0 | (number >> 8), number & 0xff, length >> 8, length & 0xff),
    data,
    new Uint8Array(2),
  );
  writeCrc16(bytes, 0, bytes.length);
  return bytes;
}

/** A transfer frame of USLP, or the packet itself: what the framing takes. */
function packetFor(port: Port, packet: Uint8Array): Uint8Array {
  return port.text.includes("content=frames") ? encodeFrame(framingOf("uslp,scid=7", 1024), packet) : packet;
}

function framed(port: Port, packet: Uint8Array): Uint8Array {
  return encodeFrame(framingOf(`${port.text},${limit(port, 2000)}`, 2000), packetFor(port, packet));
}

function limit(port: Port, length: number): string {
  if (port.text.startsWith("tc-frames")) {
    return `max-frame=${Math.min(length, 1024)}`;
  }
  return port.text.startsWith("uslp") ? `max-frame=${length}` : `max-packet=${length}`;
}

/** Data with whole frames of telecommands in it, one in the other, and random bytes between them. */
function dataWith(port: Port, random: Random, length: number, depth: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let room = length;
  while (room > 0) {
    const part = random.bytes(Math.min(room, random.below(12)));
    parts.push(part);
    room -= part.length;
    if (depth > 0) {
      const number = INSIDE + random.below(1000);
      const frame = framed(port, telecommand(number, dataWith(port, random, 1 + random.below(length >> 1), depth - 1)));
      if (frame.length <= room) {
        parts.push(frame);
        room -= frame.length;
      }
    }
  }
  return concat(...parts);
}

interface Sent {
  readonly fate: Fate;
  readonly packet: Uint8Array;
  readonly frame: Uint8Array;
}

function outer(port: Port, number: number, fate: Fate, random: Random): Sent {
  const length = fate === "long" ? MAX + 1 + random.below(200) : 30 + random.below(100);
  const packet = telecommand(number, dataWith(port, random, length, 2));
  const frame = framed(port, packet);
  if (fate === "spoilt") {
    // A byte of its data: header and markers stay as they are.
    frame[frame.length - 9]! ^= 1 << random.below(8);
  }
  return { fate, packet: packetFor(port, packet), frame };
}

function passing(framing: Framing): Framing {
  return { ...framing, decoder: (memory, area, check) => framing.decoder(memory, area, check, "passOver") };
}

/** The run of bytes between two pauses is nothing but frames from inside another one: nobody can tell them from others. */
function standsAlone(port: Port, run: Uint8Array): boolean {
  const bench = new Workbench(framingOf(`${port.text},${limit(port, MAX)}`, MAX), run.length);
  bench.mayPause = 1000;
  bench.feed(run);
  return run.length > 0 && bench.decoder.counters.frameBytes === run.length;
}

for (const port of PORTS) {
  test(`${port.text}: no telecommand inside another one is delivered alone, and every good one is.`, (t) => {
    const fates = fc.array(fc.constantFrom<Fate>("good", "good", "spoilt", "long"), { minLength: 1, maxLength: 5 });
    const cuts = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 80 }), fc.constantFrom<Behind>("more", "more", "late", "pause", "pauses")),
      { minLength: 1, maxLength: 40 },
    );
    const property = fc.property(fc.nat(), fates, cuts, fc.nat({ max: 40 }), (seed, wanted, chunks, cutOff) => {
      const random = new Random(seed);
      const sent: Sent[] = [];
      for (const [number, fate] of wanted.entries()) {
        const isBehindBad = !port.isTelling && number > 0 && sent[number - 1]!.fate !== "good";
        sent.push(outer(port, number, isBehindBad ? "good" : fate, random));
      }
      const whole = concat(...sent.map(({ frame }) => frame));
      const stream = whole.subarray(0, whole.length - Math.min(cutOff, sent.at(-1)!.frame.length));
      const good = sent.filter(({ fate }, i) => fate === "good" && (cutOff === 0 || i < sent.length - 1));

      const bench = new Workbench(passing(framingOf(`${port.text},${limit(port, MAX)}`, MAX)), 80);
      bench.mayPause = 1000;
      let pausedAt = 0;
      for (let at = 0, k = 0; at < stream.length; k++) {
        const [length, behind] = chunks[k % chunks.length]!;
        const chunk = stream.slice(at, at + length);
        bench.feed(chunk);
        at += chunk.length;
        if (behind === "late") {
          for (let taken = bench.late(false, chunk.length); !taken; taken = bench.resume()) {}
        } else if (behind !== "more") {
          fc.pre(!standsAlone(port, stream.slice(pausedAt, at)) || isBoundary(sent, pausedAt));
          pausedAt = at;
          for (let count = behind === "pause" ? 1 : 3; count > 0; count--) {
            bench.expire();
          }
        }
      }
      for (let taken = bench.late(true); !taken; taken = bench.resume()) {}
      bench.reset();
      t.deepEqual(
        bench.packets.map(hex),
        good.map(({ packet }) => hex(packet)),
      );
    });
    checkProperty(t, property, 150);
  });
}

function isBoundary(sent: readonly Sent[], at: number): boolean {
  let start = 0;
  return sent.some(({ frame }) => {
    start += frame.length;
    return start - frame.length === at;
  });
}

test("A good packet behind a bad one that says its length wrong is found by its header.", (t) => {
  const framing = withCrc(framingOf("space-packets,packet-ids=0x1800,id-mask=0x1800", MAX), "check16");
  const bench = new Workbench(passing(framing), 400);
  const [first, second] = [telecommand(1, new Uint8Array(40)), telecommand(2, new Uint8Array(40))];
  first[5]! -= 10;
  bench.feed(concat(first, second));
  t.deepEqual(bench.packets.map(hex), [hex(second)]);
  t.deepEqual(bench.counts()["droppedBytes"], first.length);
});

for (const port of PORTS) {
  test(`${port.text}: behind a bad frame the next bad one is passed over where headers tell, and searched where they do not.`, (t) => {
    const random = new Random(12);
    const inside = telecommand(INSIDE, random.bytes(10));
    const frameWithOneInside = (number: number) => {
      const data = concat(random.bytes(20), framed(port, inside), random.bytes(9));
      const frame = framed(port, telecommand(number, data));
      frame[frame.length - 9]! ^= 1;
      return frame;
    };
    const good = telecommand(3, random.bytes(20));
    const stream = concat(frameWithOneInside(1), frameWithOneInside(2), framed(port, good));
    const bench = new Workbench(passing(framingOf(`${port.text},${limit(port, MAX)}`, MAX)), stream.length);
    bench.feed(stream);
    const found = bench.packets.map(hex);
    if (port.isTelling) {
      t.deepEqual(found, [hex(packetFor(port, good))]);
    } else {
      t.is(found[0], hex(packetFor(port, inside)));
    }
  });

  test(`${port.text}: a frame that is too long is passed over to its end.`, (t) => {
    const random = new Random(13);
    const inside = framed(port, telecommand(INSIDE, random.bytes(10)));
    const long = framed(port, telecommand(1, concat(random.bytes(150), inside, random.bytes(100))));
    const good = telecommand(2, random.bytes(20));
    for (const cut of [20, 100, long.length - 1]) {
      const stream = concat(long, framed(port, good));
      const bench = new Workbench(passing(framingOf(`${port.text},${limit(port, MAX)}`, MAX)), stream.length);
      bench.feed(stream.slice(0, cut));
      bench.feed(stream.slice(cut));
      t.deepEqual(bench.packets.map(hex), [hex(packetFor(port, good))]);
      t.is(bench.decoder.counters.droppedBytes, long.length);
    }
  });
}
