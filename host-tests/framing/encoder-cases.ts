/** Conformance: encoders. Knows no platform: also runs inside XS. */
import { DOES_NOT_FIT, NOT_A_PACKET } from "../../modules/framing/contract/framing.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { hex, Random } from "./random.js";
import { rooms, step } from "./steps.js";
import { type Cases, longestPacket, type Subject } from "./subject.js";
import { checkCanaries, equal, placeCanaries } from "./workbench.js";

const CANARIES = 8;
const LENGTHS = [0, 1, 2, 7, 11, 12, 40, 253, 254, 255, 256, 300, 508, 509, 600];

interface Encoded {
  /** What `encode` returned, counted from where the frame begins. */
  readonly result: number;
  readonly frame: Uint8Array;
}

/**
 * Encodes into a room of `room` bytes full of `dirt`, with canaries behind it, and with the packet in front of it or behind.
 */
function encode(subject: Subject, packet: Uint8Array, room: number, dirt: number, packetBehind = false): Encoded {
  const memory = new FixedMemory(2 * packet.length + room + 3 * CANARIES);
  const { bytes, capacity } = memory;
  placeCanaries(bytes, 0, capacity);
  const at = packet.length + CANARIES;
  const limit = at + room;
  const start = packetBehind ? limit + CANARIES : 0;
  bytes.set(packet, start);
  bytes.fill(dirt, at, limit);
  const result = subject
    .framing(1024)
    .encoder(memory)
    .encode(start, start + packet.length, at, limit);
  equal(hex(bytes.slice(start, start + packet.length)), hex(packet), "the packet, which stays as it is");
  checkCanaries(bytes, at - CANARIES, at, "in front of the frame");
  checkCanaries(bytes, limit, limit + CANARIES, "behind the room for the frame");
  return result < 0 ? { result, frame: new Uint8Array(0) } : { result: result - at, frame: bytes.slice(at, result) };
}

function maxFrameLength(subject: Subject, packetLength: number): number {
  return subject.framing(1024).encoder(new FixedMemory(1)).maxFrameLength(packetLength);
}

/** The shortest room that the frame of a packet is written into. */
function leastRoom({ leastRoom = 0 }: Subject, packet: Uint8Array, frameLength: number): number {
  return Math.max(frameLength, packet.length + leastRoom);
}

function changed(packet: Uint8Array, first: number, second: number): Uint8Array {
  const bytes = packet.slice();
  bytes[0] = first;
  bytes[1] = second;
  return bytes;
}

function forEachPacket(subject: Subject, run: (packet: Uint8Array, what: string) => void): void {
  // Packets of a fixed length have none of those.
  for (const length of [...LENGTHS, subject.shortestPacket]) {
    if (length >= subject.shortestPacket && length <= longestPacket(subject)) {
      for (const least of [0, 1]) {
        run(subject.packet(length, new Random(18 + length), least), `${length} bytes, none below ${least}`);
      }
    }
  }
}

export const encoderCases: Cases = {
  "What stood in the room for a frame before does not matter.": (subject) => {
    forEachPacket(subject, (packet, what) => {
      const room = maxFrameLength(subject, packet.length);
      const clean = encode(subject, packet, room, 0);
      for (const dirt of [1, 0xff, 0x5a]) {
        equal(hex(encode(subject, packet, room, dirt).frame), hex(clean.frame), what);
      }
      equal(hex(encode(subject, packet, room, 7, true).frame), hex(clean.frame), `${what}, the packet behind`);
    });
  },

  "A frame fits a room of exactly its length; one byte less is refused, and nothing is written behind the limit.": (
    subject,
  ) => {
    forEachPacket(subject, (packet, what) => {
      const length = encode(subject, packet, maxFrameLength(subject, packet.length) + 3, 0xff).result;
      const least = leastRoom(subject, packet, length);
      const exact = encode(subject, packet, least, 0xff);
      equal([exact.result, exact.frame.length], [length, length], `the length of the exact fit, ${what}`);
      for (let room = least - 1; room >= Math.max(0, least - 8); room -= step(subject, 1, 3)) {
        equal(encode(subject, packet, room, 0xff).result, DOES_NOT_FIT, `a room of ${room} for ${length}, ${what}`);
      }
      equal(encode(subject, packet, 0, 0xff).result, DOES_NOT_FIT, `no room, ${what}`);
    });
  },

  "The packet may stand at the very end of the room: the frame is the same, and so is the shortest room.": (
    subject,
  ) => {
    forEachPacket(subject, (packet, what) => {
      const promised = maxFrameLength(subject, packet.length);
      const apart = encode(subject, packet, promised, 0xff);
      const least = leastRoom(subject, packet, apart.result);
      for (const room of rooms(subject, packet.length, least, promised + 1)) {
        const memory = new FixedMemory(2 * CANARIES + room);
        const { bytes, capacity } = memory;
        placeCanaries(bytes, 0, capacity);
        const limit = CANARIES + room;
        bytes.set(packet, limit - packet.length);
        const end = subject
          .framing(1024)
          .encoder(memory)
          .encode(limit - packet.length, limit, CANARIES, limit);
        if (room < least) {
          equal(end, DOES_NOT_FIT, `a room of ${room}, ${what}`);
        } else {
          equal(hex(bytes.slice(CANARIES, end)), hex(apart.frame), `the frame in a room of ${room}, ${what}`);
        }
        checkCanaries(bytes, 0, CANARIES, "in front of the room");
        checkCanaries(bytes, limit, capacity, "behind the room");
      }
    });
  },

  "No frame is longer than promised, and there is a packet whose frame is just as long.": (subject) => {
    forEachPacket(subject, (packet, what) => {
      const length = encode(subject, packet, 2000, 0).result;
      const promised = maxFrameLength(subject, packet.length);
      if (length > promised) {
        throw new Error(`${what}: a frame of ${length} bytes, though ${promised} were promised`);
      }
    });
    // The last full block needs no byte of its own: only a block behind it shows that there is room for one.
    const packet = subject.longestFrame ? subject.longestFrame(255) : subject.packet(255, new Random(19), 1);
    if (packet !== undefined) {
      const { result } = encode(subject, packet, 2000, 0);
      equal(leastRoom(subject, packet, result), maxFrameLength(subject, packet.length), "the length of 255 bytes");
    }
  },
};

/** For bare space packets, which cannot carry any bytes. */
export const refusingEncoderCases: Cases = {
  "Bytes that are no packet of the framing are refused rather than sent.": (subject) => {
    const packet = subject.packet(20, new Random(20));
    const wrong: Record<string, Uint8Array> = {
      "one byte short": packet.slice(0, -1),
      "one byte too many": new Uint8Array([...packet, 1]),
      "only a header": packet.slice(0, 6),
      nothing: new Uint8Array(0),
      "another version": changed(packet, 0x20 | packet[0]!, packet[1]!),
      "idle, with a secondary header": changed(packet, 0x0f, 0xff),
    };
    for (const [what, bytes] of Object.entries(wrong)) {
      equal(encode(subject, bytes, 100, 0).result, NOT_A_PACKET, what);
    }
  },
};
