/**
 * Hints over whole streams, port by port: what the client of every other framing is told of, and that a client of the port's own
 * framing never is, wherever its stream ends.
 */
import test from "ava";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { PacketFramer } from "../../modules/framing/encode-decode.js";
import { framingTitle, GUESS_LENGTH, guessableName } from "../../modules/framing/guess/guess.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { StreamHint } from "../../modules/link/connection/stream-hint.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { Driver } from "../framing/driver.js";
import { concat, Random } from "../framing/random.js";

const COMMON = { maxPacketLength: 1024 };
const SINK = { accept: () => true };

/** As a connection does: bytes in pieces, time that passes, the end. @returns what is said while it is open, and in the report */
function hear(port: Framing, pieces: readonly Uint8Array[], pauseMs: number): [string | undefined, string | undefined] {
  const longest = Math.max(1, ...pieces.map(({ length }) => length));
  const memory = new FixedMemory(GUESS_LENGTH + port.decoderMemory + longest + 1);
  const hint = new StreamHint(memory.bytes, memory.reserve("first bytes", GUESS_LENGTH), port);
  const decoder = port.decoder(memory, memory.reserve("area", port.decoderMemory));
  const driver = new Driver(decoder, memory, SINK);
  const at = memory.reserve("staging", longest + 1);
  let now = 0;
  let said: string | undefined;
  for (const piece of pieces) {
    memory.bytes.set(piece, at);
    hint.keep(at, at + piece.length, now);
    driver.give(at, at + piece.length);
    said ??= hint.lookAt(decoder, now);
    now += pauseMs;
    said ??= hint.lookAt(decoder, now);
  }
  hint.lookLast(decoder);
  driver.late(true);
  hint.lookLast(decoder);
  return [said, hint.text];
}

function framesOf(framing: Framing, packets: readonly Uint8Array[]): Uint8Array[] {
  const framer = new PacketFramer(framing);
  return packets.flatMap((packet) => framer.frame(packet) ?? []);
}

/** TC[17,1] of an APID. */
function ping(count: number, apid = 2): Uint8Array {
  const packet = Uint8Array.of(0x18, apid, 0xc0, count, 0, 6, 0x2f, 0x11, 0x01, 0, 0, 0, 0);
  writeCrc16(packet, 0, packet.length);
  return packet;
}

const PINGS = [0, 1, 2, 3, 4, 5, 6, 7].map((count) => ping(count));

const CLIENTS = [
  "cobs",
  "slip",
  "slip,delimiter=both",
  "lines",
  "space-packets",
  "length-prefixed",
  "length-prefixed,size=4,endian=little",
  "netstring",
  "uslp,scid=0x1234",
  "uslp,scid=0x1234,over=cobs",
  "tc-frames,scid=0x2ab",
  "tc-frames,scid=0x2ab,over=cobs",
  "sync,length=13",
];
const PORTS = [...CLIENTS, "space-packets,crc=check16", "slip,crc=crc16", "cobs,crc=crc16"];

const IN_FRAMES = [
  "uslp,scid=0x1234",
  "uslp,scid=0x1234,over=cobs",
  "tc-frames,scid=0x2ab",
  "tc-frames,scid=0x2ab,over=cobs",
];

/**
 * Clients of whom nothing can be said on a port: it takes packets from them, found in theirs, which by chance or by their checksum
 * are sound.
 */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  cobs: ["uslp,scid=0x1234,over=cobs", "tc-frames,scid=0x2ab,over=cobs"],
  slip: IN_FRAMES,
  "slip,delimiter=both": IN_FRAMES,
  "length-prefixed": ["length-prefixed,size=4,endian=little", "uslp,scid=0x1234", "tc-frames,scid=0x2ab"],
  "length-prefixed,size=4,endian=little": ["length-prefixed"],
  // The last two bytes of a telecommand are the checksum of those in front.
  "slip,crc=crc16": ["slip", "slip,delimiter=both"],
  "cobs,crc=crc16": ["cobs", "uslp,scid=0x1234,over=cobs", "tc-frames,scid=0x2ab,over=cobs"],
  "space-packets,crc=check16": ["lines", "space-packets", "length-prefixed", "netstring", "sync,length=13"],
};

for (const port of PORTS) {
  test(`${port}: of a client of another framing is told, after four pings and after eight`, (t) => {
    const framing = parseFraming("framing", port, COMMON);
    const own = guessableName(framing);
    const untold = new Set<string>();
    for (const client of CLIENTS) {
      const other = parseFraming("framing", client, COMMON);
      const name = guessableName(other);
      if (name === own && framing.crc === undefined) {
        continue;
      }
      const layer = framing.crc === undefined ? "" : ` with ${framing.crc}`;
      const right = `looks like ${framingTitle(name)}; this port is ${framingTitle(own)}${layer}`;
      for (const count of [4, 8]) {
        const frames = framesOf(other, PINGS.slice(0, count));
        for (const pauseMs of [20, 300, 1000]) {
          const [said, told] = hear(framing, frames, pauseMs);
          t.true(told === undefined || told === right, `${client}: ${told}`);
          t.true(said === told || (count === 4 && pauseMs < 1000), `${client}: said only in the report`);
          if (told === undefined) {
            untold.add(client);
          }
        }
      }
    }
    t.deepEqual(
      [...untold].sort(),
      [...(TAKEN[port] ?? [])]
        .filter((each) => guessableName(parseFraming("f", each, COMMON)) !== own || framing.crc !== undefined)
        .sort(),
    );
  });
}

/** What the clients of a port of their own framing send. */
const CONTENTS: Readonly<Record<string, (random: Random, count: number) => Uint8Array>> = {
  telecommands: (random, count) => {
    const packet = random.bytes(13 + random.below(60));
    packet.set([0x18, random.below(4), 0xc0, count, 0, packet.length - 7]);
    writeCrc16(packet, 0, packet.length);
    return packet;
  },
  "space packets without a checksum": (random, count) => {
    const packet = random.bytes(7 + random.below(60));
    packet.set([0x10 | random.below(16), random.below(256), 0xc0, count, 0, packet.length - 7]);
    return packet;
  },
  "random bytes": (random) => random.bytes(1 + random.below(60)),
  zeros: (random) => Uint8Array.from(random.bytes(1 + random.below(40)), (byte) => (byte < 60 ? byte : 0)),
  text: (random) => Uint8Array.from(random.bytes(1 + random.below(40)), (byte) => 0x20 + (byte % 95)),
};
const OWN = [
  ...PORTS,
  "marker,kinds=aa55+u16le+0d0a",
  "fixed,length=20",
  "raw",
  "lines,crc=crc16",
  "uslp,scid=1,crc=crc16",
];

for (const port of OWN) {
  test(`${port}: of a client of its own framing nothing is said, wherever its stream ends or pauses`, (t) => {
    const framing = parseFraming("framing", port, COMMON);
    const random = new Random(11);
    for (const [title, content] of Object.entries(CONTENTS)) {
      if (framing.crc?.startsWith("check") && title !== "telecommands") {
        continue;
      }
      const wrong: Record<string, number> = {};
      let streams = 0;
      for (let i = 0; i < 1500; i++) {
        const packets = Array.from({ length: 1 + random.below(5) }, (_, count) => content(random, count));
        const stream = concat(...framesOf(framing, packets));
        if (stream.length === 0) {
          continue;
        }
        streams++;
        const end = 1 + random.below(stream.length);
        const middle = random.below(end);
        const [, told] = hear(framing, [stream.slice(0, middle), stream.slice(middle, end)], random.below(2) * 1000);
        if (told !== undefined) {
          wrong[told] = (wrong[told] ?? 0) + 1;
        }
      }
      const sum = Object.values(wrong).reduce((all, each) => all + each, 0);
      t.log(title, streams, wrong);
      // Cut between a packet and its end of line, what came is a space packet and nothing else.
      t.true(
        sum <= streams / (framing.name === "lines" ? 40 : 500),
        `${title}, ${streams} streams: ${JSON.stringify(wrong)}`,
      );
    }
  });
}
