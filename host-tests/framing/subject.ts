/** What the conformance suite must know of a framing that it is run on. Knows no platform: also runs inside XS. */
import type { Framing } from "../../modules/framing/contract/framing.js";
import type { Random } from "./random.js";

export interface Subject {
  /** Begins with the framing's own name. */
  readonly name: string;
  framing(maxPacketLength: number): Framing;
  readonly shortestPacket: number;
  /** Default: 65,542, the longest space packet. `packet` gives none that is longer, or shorter than the shortest one. */
  readonly longestPacket?: number;
  /** A packet; `least` is the smallest byte in its body, where the body is free. */
  packet(length: number, random: Random, least?: number): Uint8Array;
  /** Bytes in which no frame begins or ends in a way that touches the next one. */
  garbage(length: number, random: Random): Uint8Array;
  /** Damages a frame so that it is rejected for `spoiltReason`; its neighbours are not touched. */
  spoil(frame: Uint8Array): void;
  readonly spoiltReason: string;
  /** What a frame one byte over the maximum is rejected for. */
  readonly tooLongReason: string;
  /** A delimiter ends each frame: the decoder waits for it, however long it takes. */
  readonly delimited: boolean;
  /** What it is. Default: a zero. */
  readonly delimiter?: readonly number[];
  /** Zeros that mean nothing come so many at once: they are frames with nothing in them. Default 1. */
  readonly idleUnit?: number;
  /** One stands in front of each frame, too. */
  readonly leadingDelimiter?: boolean;
  /** A frame cut short by a delimiter cannot be told from a shorter one. */
  readonly cutsPass?: boolean;
  /** Nothing tells a damaged frame from another one: `garbage` and `spoil` are of no use. */
  readonly undetectable?: boolean;
  /** A frame with nothing in it is a packet, so that no delimiter is idle. */
  readonly emptyPackets?: boolean;
  /** Only these cases, and those of encoders: each chunk is a packet; or the packets are too long for the others. */
  readonly only?: "bursts" | "kinds";
  /** Frames of several kinds, some of which begin alike: `kinds` makes a packet of each, by its number. */
  readonly kinds?: readonly ((random: Random) => Uint8Array)[];
  /** A packet whose frame is as long as frames of its length can be; undefined: not known. Default: one without zeros. */
  longestFrame?(length: number): Uint8Array | undefined;
  /** Bytes that say a frame's length, which may be wrong and yet plausible. Undefined: there is no such thing. */
  readonly headerLength?: number;
  /** A packet must be a space packet. */
  readonly spacePackets?: boolean;
  /** The frames are space packets, and nothing else. */
  readonly bareSpacePackets?: boolean;
  /** A validator tells a packet from bytes with a plausible header; of bare space packets only. */
  readonly validated: boolean;
  /** Bytes around the packet in its frame, as long as the packet is shorter than 254 bytes. */
  readonly overhead: number;
  /** Bytes of room that an encoder wants at least, beside the packet. Default: as many as the frame takes. */
  readonly leastRoom?: number;
  /** Where a case tries every one of many positions or lengths, it takes steps: for a slow engine. Default: no step is left out. */
  readonly stepped?: boolean;
}

export function delimiterOf(subject: Subject): Uint8Array {
  return Uint8Array.from(subject.delimiter ?? [0]);
}

/** The bytes with others in place of those that a delimiter is made of. */
export function withoutDelimiter(subject: Subject, bytes: Uint8Array): Uint8Array {
  const delimiter = delimiterOf(subject);
  return bytes.map((byte) => (delimiter.includes(byte) ? 0x5a : byte));
}

export function longestPacket(subject: Subject): number {
  return subject.longestPacket ?? 65_542;
}

/** Cases by title. A case throws an error that says what went wrong. */
export type Cases = Readonly<Record<string, (subject: Subject) => void>>;
