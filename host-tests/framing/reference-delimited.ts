/**
 * Decoders of framings with a delimiter, as the formats define them, over a whole stream at once, one byte at a time:
 * what the real ones must agree with, whatever the chunks. Knows no platform.
 */
import type { PacketCheck } from "../../modules/framing/contract/packet-check.js";
import type { Decoded } from "./reference-decoders.js";

export interface DelimitedRules {
  readonly delimiter: readonly number[];
  readonly maxPacketLength: number;
  readonly maxFrameLength: number;
  readonly emptyFrames?: boolean;
  readonly check?: PacketCheck;
  /** @returns the packet, or why there is none */
  unwrap(frame: readonly number[]): number[] | string;
}

export function decodeDelimited(stream: Iterable<number>, rules: DelimitedRules): Decoded {
  const { delimiter, maxPacketLength, maxFrameLength, check } = rules;
  const packets: number[][] = [];
  const counts: Record<string, number> = { frames: 0, frameBytes: 0, droppedBytes: 0, idleBytes: 0, pendingBytes: 0 };
  const add = (name: string, value: number) => {
    counts[name] = (counts[name] ?? 0) + value;
  };
  const judge = (packet: number[] | string): number[] | string => {
    if (typeof packet === "string") {
      return packet;
    }
    if (packet.length > maxPacketLength) {
      return "frameTooLong";
    }
    const verdict = check?.judge(Uint8Array.from(packet), 0, packet.length) ?? 0;
    if (verdict !== 0) {
      return verdict === 1 ? "skipped" : "invalidPacket";
    }
    return packet.slice(0, packet.length - (check?.trailerLength ?? 0));
  };
  let bytes: number[] = [];
  for (const byte of stream) {
    bytes.push(byte);
    const split = bytes.length - delimiter.length;
    if (split < 0 || delimiter.some((each, i) => bytes[split + i] !== each)) {
      continue;
    }
    if (split === 0 && !rules.emptyFrames) {
      add("idleBytes", bytes.length);
    } else {
      const packet = split > maxFrameLength ? "frameTooLong" : judge(rules.unwrap(bytes.slice(0, split)));
      if (typeof packet === "string") {
        add(packet, 1);
        add("droppedBytes", bytes.length);
      } else {
        packets.push(packet);
        add("frames", 1);
        add("frameBytes", bytes.length);
      }
    }
    bytes = [];
  }
  if (bytes.length > maxFrameLength + delimiter.length - 1) {
    add("frameTooLong", 1);
    add("droppedBytes", bytes.length);
  } else {
    add("pendingBytes", bytes.length);
  }
  return { packets, counts };
}

/** RFC 1055, but for a bad escape, which is damage here. */
export function slipRules(maxPacketLength: number, kissType?: number, check?: PacketCheck): DelimitedRules {
  const typeLength = kissType === undefined ? 0 : kissType === 0xc0 || kissType === 0xdb ? 2 : 1;
  return {
    delimiter: [0xc0],
    maxPacketLength,
    maxFrameLength: 2 * maxPacketLength + typeLength,
    ...(check && { check }),
    unwrap(frame) {
      const packet: number[] = [];
      for (let i = 0; i < frame.length; i++) {
        if (frame[i] !== 0xdb) {
          packet.push(frame[i]!);
        } else if (frame[i + 1] === 0xdc || frame[i + 1] === 0xdd) {
          packet.push(frame[++i] === 0xdc ? 0xc0 : 0xdb);
        } else {
          return "badEscape";
        }
      }
      return kissType === undefined || packet.shift() === kissType ? packet : "otherKissType";
    },
  };
}

export interface LineRules {
  readonly maxPacketLength: number;
  readonly terminator: readonly number[];
  readonly keepTerminator?: boolean;
  readonly emptyLines?: "idle" | "packet";
}

export function lineRules(rules: LineRules, check?: PacketCheck): DelimitedRules {
  const { maxPacketLength, terminator, keepTerminator = false, emptyLines } = rules;
  return {
    delimiter: terminator,
    maxPacketLength,
    maxFrameLength: maxPacketLength - (keepTerminator ? terminator.length : 0),
    emptyFrames: emptyLines === "packet",
    ...(check && { check }),
    unwrap: (line) => (keepTerminator ? [...line, ...terminator] : [...line]),
  };
}
