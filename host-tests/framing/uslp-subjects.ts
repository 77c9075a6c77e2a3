/** USLP transfer frames with a space packet each, for the conformance suite. Knows no platform. */
import { cobs } from "../../modules/framing/cobs.js";
import { uslp } from "../../modules/framing/uslp.js";
import { Random } from "./random.js";
import type { Subject } from "./subjects.js";

/** Of a frame without a VC frame count: each is encoded by an encoder of its own. */
const OVERHEAD = 10;
const SPACECRAFT_ID = 0x5aa5;
const MAX_PACKET_LENGTH = 65_536 - OVERHEAD;

function frames(maxPacketLength: number) {
  const most = Math.min(maxPacketLength, MAX_PACKET_LENGTH);
  return {
    spacecraftId: SPACECRAFT_ID,
    vcFrameCountLength: 0,
    maxPacketLength: most,
    maxFrameLength: Math.max(16, most + OVERHEAD),
  };
}

function packet(length: number, random: Random, least = 0): Uint8Array {
  const bytes = random.bytes(Math.min(Math.max(length, 7), MAX_PACKET_LENGTH), least);
  bytes.set([0x18, 0x42, 0xc0 | random.below(0x40), random.below(0x100)]);
  new DataView(bytes.buffer).setUint16(4, bytes.length - 7);
  return bytes;
}

const COMMON = {
  shortestPacket: 7,
  longestPacket: MAX_PACKET_LENGTH,
  packet,
  spacePackets: true,
  tooLongReason: "frameTooLong",
  validated: false,
} as const;

export const uslpSubjects: readonly Subject[] = [
  {
    ...COMMON,
    name: "uslp",
    framing: (maxPacketLength) => uslp(frames(maxPacketLength)),
    garbage: (length, random) => random.bytes(length, 0xd0),
    spoil(frame) {
      frame[frame.length - 1] = (frame[frame.length - 1] as number) ^ 1;
    },
    spoiltReason: "invalidPacket",
    headerLength: 7,
    delimited: false,
    overhead: OVERHEAD,
  },
  {
    ...COMMON,
    name: "uslp over cobs",
    framing(maxPacketLength) {
      const options = frames(maxPacketLength);
      return uslp({ ...options, over: cobs({ maxPacketLength: options.maxFrameLength }) });
    },
    garbage(length, random) {
      const bytes = random.bytes(length, 1);
      bytes[0] = 0xff;
      bytes[length - 1] = 0;
      return bytes;
    },
    spoil(frame) {
      frame[0] = 0xff;
    },
    spoiltReason: "blockOverrun",
    delimited: true,
    // One zero in the header, and then none: no packet of 255 bytes has none in its frame.
    longestFrame: () => packet(600, new Random(41), 1),
    overhead: OVERHEAD + 2,
  },
];
