/** How much memory an end of a link takes on Node. */
import { checkRange } from "../../modules/checks/options.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { ENTRY_HEADER_LENGTH } from "../../modules/tmtc/packet-log.js";

/** A ground computer has more memory than a board; as much as Linux gives a socket to begin with. */
export const SOCKET_BUFFER = 65_536;
/** Bytes decoded at once. */
export const STAGING_LENGTH = 16_384;
/** The longest packet that the link's log can hold. */
const MAX_PACKET_LENGTH = 65_535;
/** For what else the link reserves, beside a heartbeat; here nobody counts bytes. */
const SPARE = 4096;

export interface LinkSizes {
  readonly memory: FixedMemory;
  /** Longest packet sent. */
  readonly maxPacketLength: number;
  /** Of the log that holds the packet on its way: one of the longest. */
  readonly logLength: number;
}

/**
 * @param maxPacketLength default: the framing's longest
 * @throws TypeError or RangeError when a packet cannot be that long
 */
export function linkSizes(framing: Framing, maxPacketLength: number | undefined): LinkSizes {
  const longest =
    maxPacketLength === undefined
      ? Math.min(framing.maxPacketLength, MAX_PACKET_LENGTH)
      : checkRange("maxPacketLength (bytes)", maxPacketLength, 1, MAX_PACKET_LENGTH);
  const frameLength = framing.encoder(new FixedMemory(1)).maxFrameLength(longest);
  const logLength = longest + ENTRY_HEADER_LENGTH;
  const capacity = STAGING_LENGTH + framing.decoderMemory + frameLength + logLength + longest + SPARE;
  return { memory: new FixedMemory(capacity), maxPacketLength: longest, logLength };
}
