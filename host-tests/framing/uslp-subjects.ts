/** USLP transfer frames with a space packet each, and by themselves, for the conformance suite. Knows no platform. */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { OCTET_STREAM, writeDataFieldHeader, writeUslpHeader } from "../../modules/ccsds/uslp.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { type UslpOptions, uslp } from "../../modules/framing/formats/uslp.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { forgetful } from "../security/secured-ends.js";
import { numbered } from "./numbered.js";
import { Random } from "./random.js";
import type { Subject } from "./subject.js";
import { BARE_FRAMES, COBS_FRAMES, spacePacket, TRANSFER_FRAMES } from "./transfer-frame-support.js";

/** Of a frame without a VC frame count. */
const OVERHEAD = 10;
/** SPI, IV and MAC. */
const SECURITY = 30;
/** Room for what is authenticated of the headers, beside the frame: seven octets, and the security header. */
const SCRATCH = 21;
const SPACECRAFT_ID = 0x5aa5;
/** Of a frame with a count of one octet. */
const MAX_PACKET_LENGTH = 65_535 - OVERHEAD;

function frames(maxPacketLength: number, vcFrameCountLength = 0) {
  const most = Math.min(maxPacketLength, MAX_PACKET_LENGTH);
  return {
    spacecraftId: SPACECRAFT_ID,
    vcFrameCountLength,
    maxPacketLength: most,
    maxFrameLength: Math.max(16, most + OVERHEAD + vcFrameCountLength),
  };
}

function packet(length: number, random: Random, least = 0, most = MAX_PACKET_LENGTH): Uint8Array {
  return spacePacket(length, random, least, most);
}

const COMMON = { ...TRANSFER_FRAMES, longestPacket: MAX_PACKET_LENGTH, packet } as const;
const BARE = { ...COMMON, ...BARE_FRAMES, headerLength: 7 } as const;

/** A whole transfer frame that carries no packets. */
function transferFrame(length: number, random: Random, least = 0): Uint8Array {
  const bytes = random.bytes(Math.min(Math.max(length, 16), 65_536), least);
  const vcid = random.below(63);
  const at = writeUslpHeader(bytes, 0, SPACECRAFT_ID, 0, vcid, 0, bytes.length, false, false, false, 0, 0);
  writeDataFieldHeader(bytes, at, OCTET_STREAM, 4, 0);
  writeCrc16(bytes, 0, bytes.length);
  return bytes;
}

const WHOLE = {
  ...BARE,
  shortestPacket: 16,
  longestPacket: 65_536,
  packet: transferFrame,
  overhead: 0,
} as const;

function wholeFrames(maxFrameLength: number) {
  return { spacecraftId: SPACECRAFT_ID, content: "frames", maxFrameLength: Math.min(maxFrameLength, 65_536) } as const;
}

const OVER_COBS: Subject = {
  ...COMMON,
  ...COBS_FRAMES,
  name: "uslp over cobs",
  framing(maxPacketLength) {
    const options = frames(maxPacketLength);
    return uslp({ ...options, over: cobs({ maxPacketLength: options.maxFrameLength }) });
  },
  // One zero in the header, and then none: no packet of 255 bytes has none in its frame.
  longestFrame: () => packet(600, new Random(41), 1),
  overhead: OVERHEAD + 2,
};

/** A receiver that knows of no counter: the cases feed the same frames again and again. */
function secured(maxPacketLength: number): UslpOptions {
  const options = frames(Math.min(maxPacketLength, MAX_PACKET_LENGTH - SECURITY));
  return {
    ...options,
    maxFrameLength: options.maxPacketLength + OVERHEAD + SECURITY,
    sdls: "tmtc",
    security: forgetful(),
  };
}

const SECURED = {
  longestPacket: MAX_PACKET_LENGTH - SECURITY,
  packet: (length: number, random: Random, least?: number) =>
    packet(length, random, least, MAX_PACKET_LENGTH - SECURITY),
  leastRoom: OVERHEAD + SECURITY + SCRATCH,
} as const;

export const uslpSubjects: readonly Subject[] = [
  {
    ...BARE,
    name: "uslp",
    framing: (maxPacketLength) => uslp(frames(maxPacketLength)),
    overhead: OVERHEAD,
  },
  {
    ...BARE,
    name: "uslp with a frame count",
    framing: (maxPacketLength) => numbered(uslp(frames(maxPacketLength, 1)), 256),
    overhead: OVERHEAD + 1,
  },
  {
    ...WHOLE,
    name: "uslp content=frames",
    framing: (maxPacketLength) => uslp(wholeFrames(maxPacketLength)),
  },
  {
    ...WHOLE,
    name: "uslp content=frames, crc16 behind",
    framing: (maxPacketLength) => withCrc(uslp(wholeFrames(maxPacketLength + 2)), "crc16"),
    longestPacket: 65_534,
    packet: (length, random, least) => transferFrame(Math.min(length, 65_534), random, least),
    overhead: 2,
  },
  OVER_COBS,
  {
    ...BARE,
    ...SECURED,
    name: "uslp with sdls",
    framing: (maxPacketLength) => uslp(secured(maxPacketLength)),
    overhead: OVERHEAD + SECURITY,
  },
  {
    ...OVER_COBS,
    ...SECURED,
    name: "uslp with sdls over cobs",
    framing(maxPacketLength) {
      const options = secured(maxPacketLength);
      return uslp({ ...options, over: cobs({ maxPacketLength: options.maxFrameLength! }) });
    },
    overhead: OVERHEAD + SECURITY + 2,
  },
];
