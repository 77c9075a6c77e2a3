/** What the subjects of framings with transfer frames have in common, and streams of such frames. Knows no platform. */
import { NO_FIRST_HEADER } from "../../modules/ccsds/uslp.js";
import { concat, type Random } from "./random.js";
import type { Subject } from "./subject.js";

/** A space packet of as many octets, 7 at least. */
export function spacePacket(length: number, random: Random, least = 0, most = Number.POSITIVE_INFINITY): Uint8Array {
  const bytes = random.bytes(Math.min(Math.max(length, 7), most), least);
  bytes.set([0x18, 0x42, 0xc0 | random.below(0x40), random.below(0x100)]);
  new DataView(bytes.buffer).setUint16(4, bytes.length - 7);
  return bytes;
}

/** Of every framing whose frames carry a packet each. */
export const TRANSFER_FRAMES = {
  shortestPacket: 7,
  spacePackets: true,
  tooLongReason: "frameTooLong",
  validated: false,
} as const;

/** Of frames that stand bare on the stream. */
export const BARE_FRAMES = {
  garbage: (length: number, random: Random) => random.bytes(length, 0xd0),
  spoil(frame: Uint8Array) {
    frame[frame.length - 1] = (frame[frame.length - 1] as number) ^ 1;
  },
  spoiltReason: "invalidPacket",
  delimited: false,
} as const;

/** A block of 255 bytes in a frame of fewer: whatever follows in it, the frame is damaged. */
export function cobsGarbage(length: number, random: Random): Uint8Array {
  const bytes = random.bytes(length, 1);
  bytes[0] = 0xff;
  bytes[length - 1] = 0;
  return bytes;
}

/** Of frames that COBS carries. */
export const COBS_FRAMES = {
  garbage: cobsGarbage,
  spoil(frame) {
    frame[0] = 0xff;
  },
  spoiltReason: "blockOverrun",
  delimited: true,
} as const satisfies Partial<Subject>;

/**
 * Frames with data zones of a fixed length, through which the packets run on (rule 000).
 * @param make the frame: of its data zone, its first header pointer, and the number of frames before it
 */
export function spanningFrames(
  packets: readonly Uint8Array[],
  zoneLength: number,
  make: (zone: Uint8Array, pointer: number, count: number) => Uint8Array,
): Uint8Array[] {
  const data = concat(...packets);
  const starts: number[] = [];
  let start = 0;
  for (const each of packets) {
    starts.push(start);
    start += each.length;
  }
  const frames: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += zoneLength) {
    const first = starts.find((each) => each >= at && each < at + zoneLength);
    const pointer = first === undefined ? NO_FIRST_HEADER : first - at;
    frames.push(make(data.slice(at, at + zoneLength), pointer, frames.length));
  }
  return frames;
}
