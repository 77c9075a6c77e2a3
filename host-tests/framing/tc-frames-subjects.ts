/** TC transfer frames with a space packet each, for the conformance suite. Knows no platform. */
import { cobs } from "../../modules/framing/formats/cobs.js";
import { type TcFramesOptions, tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { forgetful } from "../security/secured-ends.js";
import { Random } from "./random.js";
import type { Subject } from "./subject.js";
import { BARE_FRAMES, COBS_FRAMES, spacePacket, TRANSFER_FRAMES } from "./transfer-frame-support.js";

/** Of a frame with error control and no segment header. */
const OVERHEAD = 7;
/** SPI, IV and MAC. */
const SECURITY = 30;
/** Room for what is authenticated of the headers, beside the frame: five octets, and the security header; a segment header is one more. */
const SCRATCH = 19;
const SPACECRAFT_ID = 0x2a5;
const MAX_PACKET_LENGTH = 1024 - OVERHEAD;

function frames(maxPacketLength: number, overhead = OVERHEAD): TcFramesOptions {
  const most = Math.min(maxPacketLength, 1024 - overhead);
  return { spacecraftId: SPACECRAFT_ID, maxPacketLength: most, maxFrameLength: most + overhead };
}

function packet(length: number, random: Random, least = 0, most = MAX_PACKET_LENGTH): Uint8Array {
  return spacePacket(length, random, least, most);
}

const COMMON = { ...TRANSFER_FRAMES, longestPacket: MAX_PACKET_LENGTH, packet } as const;
const BARE = { ...COMMON, ...BARE_FRAMES, headerLength: 5 } as const;

const OVER_COBS: Subject = {
  ...COMMON,
  ...COBS_FRAMES,
  name: "tc-frames over cobs",
  framing(maxPacketLength) {
    const options = frames(maxPacketLength);
    return tcFrames({ ...options, over: cobs({ maxPacketLength: options.maxFrameLength! }) });
  },
  // One zero in the header, and then none: no packet of 255 bytes has none in its frame.
  longestFrame: () => packet(600, new Random(41), 1),
  overhead: OVERHEAD + 2,
};

function secured(maxPacketLength: number, more = 0): TcFramesOptions {
  return { ...frames(maxPacketLength, OVERHEAD + SECURITY + more), sdls: "tmtc", security: forgetful() };
}

const SECURED = {
  longestPacket: MAX_PACKET_LENGTH - SECURITY - 1,
  packet: (length: number, random: Random, least?: number) =>
    packet(length, random, least, MAX_PACKET_LENGTH - SECURITY - 1),
  leastRoom: OVERHEAD + SECURITY + SCRATCH,
} as const;

export const tcFramesSubjects: readonly Subject[] = [
  {
    ...BARE,
    name: "tc-frames",
    framing: (maxPacketLength) => tcFrames(frames(maxPacketLength)),
    overhead: OVERHEAD,
  },
  {
    ...BARE,
    name: "tc-frames with a segment header",
    framing: (maxPacketLength) => tcFrames({ ...frames(maxPacketLength, OVERHEAD + 1), mapId: 9 }),
    longestPacket: MAX_PACKET_LENGTH - 1,
    packet: (length, random, least) => packet(length, random, least, MAX_PACKET_LENGTH - 1),
    overhead: OVERHEAD + 1,
  },
  {
    ...BARE,
    ...SECURED,
    name: "tc-frames with sdls",
    framing: (maxPacketLength) => tcFrames(secured(maxPacketLength)),
    overhead: OVERHEAD + SECURITY,
  },
  {
    ...BARE,
    ...SECURED,
    name: "tc-frames with sdls and a segment header",
    framing: (maxPacketLength) => tcFrames({ ...secured(maxPacketLength, 1), mapId: 9 }),
    overhead: OVERHEAD + SECURITY + 1,
    leastRoom: OVERHEAD + SECURITY + 1 + SCRATCH + 1,
  },
  OVER_COBS,
  {
    ...OVER_COBS,
    ...SECURED,
    name: "tc-frames with sdls over cobs",
    framing(maxPacketLength) {
      const options = secured(maxPacketLength);
      return tcFrames({ ...options, over: cobs({ maxPacketLength: options.maxFrameLength! }) });
    },
    overhead: OVERHEAD + SECURITY + 2,
  },
];
