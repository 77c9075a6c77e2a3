/**
 * Decoders as the formats define them, over a whole stream at once, one byte at a time: what the real ones must agree
 * with, whatever the chunks. Knows no platform.
 */
import type { PacketValidator } from "../../modules/framing/contract/packet-check.js";

export interface Decoded {
  readonly packets: number[][];
  readonly counts: Record<string, number>;
}

interface Tally {
  readonly packets: number[][];
  readonly counts: Record<string, number>;
  deliver(packet: number[], frameBytes: number): void;
  drop(bytes: number, reason?: string): void;
}

function tally(): Tally {
  const packets: number[][] = [];
  const counts: Record<string, number> = { frames: 0, frameBytes: 0, droppedBytes: 0, idleBytes: 0, pendingBytes: 0 };
  const add = (name: string, value: number) => {
    counts[name] = (counts[name] ?? 0) + value;
  };
  return {
    packets,
    counts,
    deliver(packet, frameBytes) {
      packets.push(packet);
      add("frames", 1);
      add("frameBytes", frameBytes);
    },
    drop(bytes, reason) {
      add("droppedBytes", bytes);
      if (reason !== undefined) {
        add(reason, 1);
      }
    },
  };
}

/** @returns the packet, or undefined when a block runs past the frame's end */
export function unstuffByteByByte(frame: readonly number[]): number[] | undefined {
  const packet: number[] = [];
  let left = 0;
  let zeroFollows = false;
  for (const byte of frame) {
    if (left > 0) {
      packet.push(byte);
      left--;
      continue;
    }
    if (zeroFollows) {
      packet.push(0);
    }
    left = byte - 1;
    zeroFollows = byte !== 0xff;
  }
  return left > 0 ? undefined : packet;
}

export function decodeCobs(stream: Iterable<number>, maxPacketLength: number): Decoded {
  const result = tally();
  // One byte for each block begun, of which a full one holds 254.
  const maxFrameLength = maxPacketLength + 1 + Math.floor(maxPacketLength / 254);
  let frame: number[] = [];
  for (const byte of stream) {
    if (byte !== 0) {
      frame.push(byte);
      continue;
    }
    const packet = unstuffByteByByte(frame);
    if (frame.length === 0) {
      result.counts["idleBytes"]!++;
    } else if (frame.length > maxFrameLength) {
      result.drop(frame.length + 1, "frameTooLong");
    } else if (packet === undefined) {
      result.drop(frame.length + 1, "blockOverrun");
    } else if (packet.length > maxPacketLength) {
      result.drop(frame.length + 1, "frameTooLong");
    } else {
      result.deliver(packet, frame.length + 1);
    }
    frame = [];
  }
  if (frame.length > maxFrameLength) {
    result.drop(frame.length, "frameTooLong");
  } else {
    result.counts["pendingBytes"] = frame.length;
  }
  return result;
}

export interface SpacePacketRules {
  readonly maxPacketLength: number;
  readonly packetIds?: readonly number[];
  readonly validator?: PacketValidator;
}

/** Why no packet begins at `at`; undefined when one may. */
function refusal(stream: readonly number[], at: number, rules: SpacePacketRules): string | undefined {
  const [first, second, , , high, low] = stream.slice(at, at + 6);
  if (first! >> 5 !== 0) {
    return "unsupportedVersion";
  }
  if (second !== undefined) {
    const id = first! * 256 + second;
    if (rules.packetIds !== undefined && !rules.packetIds.includes(id)) {
      return "unknownPacketId";
    }
    if (id === 0x0fff || id === 0x1fff) {
      return "idleWithSecondaryHeader";
    }
  }
  if (low !== undefined && high! * 256 + low + 7 > rules.maxPacketLength) {
    return "packetTooLong";
  }
  return undefined;
}

/** @param expired the partial-frame timeout comes at the stream's end */
export function decodeSpacePackets(bytes: Iterable<number>, rules: SpacePacketRules, expired: boolean): Decoded {
  const stream = [...bytes];
  const result = tally();
  let searching = false;
  let at = 0;
  const passOver = (reason: string) => {
    result.drop(1, searching ? undefined : reason);
    searching = true;
    at++;
  };
  while (at < stream.length) {
    const reason = refusal(stream, at, rules);
    if (reason !== undefined) {
      passOver(reason);
      continue;
    }
    const length = at + 6 <= stream.length ? stream[at + 4]! * 256 + stream[at + 5]! + 7 : 7;
    if (at + length > stream.length) {
      if (!expired) {
        break;
      }
      passOver("timedOut");
      continue;
    }
    const packet = stream.slice(at, at + length);
    const verdict = rules.validator?.(Uint8Array.from(packet), 0, length) ?? 0;
    if (verdict === 2) {
      passOver("invalidPacket");
      continue;
    }
    if (verdict === 1) {
      result.drop(length, "skipped");
    } else {
      result.deliver(packet, length);
    }
    searching = false;
    at += length;
  }
  result.counts["pendingBytes"] = stream.length - at;
  return result;
}
