/**
 * The framing contract: a byte stream in, packets out, and back.
 *
 * A framing is one file: its rejection reasons, its options, its decoder, its encoder, and a function that
 * checks the options and joins the two. Offsets are bytes into `FixedMemory.bytes`; `start` is inclusive,
 * `end` exclusive. Nothing here allocates once a decoder or an encoder exists.
 */
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { FramingCounters } from "./counters.js";
import type { PacketCheck } from "./packet-check.js";

/** `encode`: the frame is longer than the room for it. */
export const DOES_NOT_FIT = -1;
/** `encode`: these bytes are no packet of this framing; a receiver would lose the stream over them. */
export const NOT_A_PACKET = -2;

/**
 * What a decoder of frames without delimiter does with a frame that begins where one is due (where the stream begins, or
 * right behind a good packet) and turns out bad: it stalls, is cut off, is longer than allowed, or fails its checksum.
 *
 * `search`: its bytes are searched for packets, for whoever reads packets: a wrong length costs nothing but itself.
 * `passOver`: it is passed over whole, for whoever carries packets out: a telecommand that stands inside another one's
 * data (PUS carries them so, ST[11]) is never taken for one that was sent. A wrong length costs what comes up to it.
 * Bytes that begin no frame are searched under either.
 */
export type BadFrames = "search" | "passOver";

/** Every value of it. */
export const BAD_FRAMES: readonly BadFrames[] = Object.freeze(["search", "passOver"] as const);

/** `next`: all that was given is taken in; the decoder is to be given more. */
export const MORE = 0;
/** `next`: there is a packet. */
export const PACKET = 1;
/** `next`: so much was looked at for nothing that others should have their turn first. */
export const BUSY = 2;
export type Answer = typeof MORE | typeof PACKET | typeof BUSY;

/**
 * Splits a received byte stream into packets. It is given bytes, and is then asked for packets until it answers `MORE`.
 *
 * Asking again takes the packet answered last. Whoever cannot take it now does not ask: the decoder waits, and looks at
 * nothing behind it.
 */
export interface FrameDecoder {
  readonly counters: FramingCounters;
  /** Bytes given that are in none of the counters yet. After `MORE`: those of a frame whose end has not come. */
  readonly pendingBytes: number;
  /** The packet answered last is `memory.bytes[packetStart, packetEnd)`, until the decoder is asked again. */
  readonly packetStart: number;
  readonly packetEnd: number;
  /** Which of its framing's kinds of frame it came in; 0 where there is only one. */
  readonly kind: number;
  /**
   * More bytes came: `memory.bytes[start, end)`. To be called only when there is nothing to ask for: at the beginning, and
   * after `MORE`. They must stay as they are until the next `MORE`; the decoder may change them, and the one at `end`,
   * which must be the caller's too.
   */
  give(start: number, end: number): void;
  /** Takes the packet answered last, and looks for the next one. */
  next(): Answer;
  /**
   * The frame begun was not completed within the partial-frame timeout: it is given up. To be called only after `MORE`;
   * then the decoder is to be asked for what complete packets the bytes held back contain. Framings with a delimiter wait
   * for it, and do nothing.
   *
   * Under `passOver` a frame that began where one was due is given up only in silence (`recent` 0), and what comes behind
   * the pause may still be its rest: up to its announced length that is passed over with it, unless a checksum proves the
   * frame right after all. What stands between two pauses, and is nothing but whole packets, was sent by itself.
   * @param closing the stream has ended: what is given up counts as cut off, not as late. Default false
   * @param recent so many of the last bytes are not as late: more may come. Then the frame begun is given up only for a
   *   complete packet behind it that is no accident, and a frame that begins among the recent bytes, or right behind that
   *   packet, is not given up. Default 0
   */
  late(closing?: boolean, recent?: number): void;
  /** The stream ends: what is pending can never complete, and is counted. Ready for the next stream. */
  reset(): void;
}

/**
 * Wraps packets for sending: one encoder for one stream, from its beginning to its end. Whoever sends what it wrote says so
 * with `encoder.taken?.()`.
 */
export interface FrameEncoder {
  /** The longest frame that a packet of this many bytes can need, delimiters included. */
  maxFrameLength(packetLength: number): number;
  /**
   * Writes the frame of `memory.bytes[start, end)` at `at`. The packet stands outside `[at, limit)`, or else at its very
   * end, `end` being `limit`: so the packet has to be moved before anything is written behind it.
   *
   * Changes nothing but these bytes: a frame may be thrown away, and the same packet encoded again gives the same frame,
   * until `taken`.
   * @returns the frame's end, `DOES_NOT_FIT` (it would pass `limit`), or `NOT_A_PACKET`
   */
  encode(start: number, end: number, at: number, limit: number): number;
  /**
   * The frame that `encode` wrote last goes onto the stream: an encoder that numbers its frames counts it now. To be called
   * once for each frame that is sent, before the next `encode`; not for one that is thrown away, nor when `encode` gave
   * none. Missing where frames have no number. An encoder that wraps another one's frames passes it on.
   */
  taken?(): void;
}

/** A checksum layer (`crc.ts`): CRC-16 as in `ccsds/crc16.ts`, CRC-32 as in `crc32.ts`; both high octet first. */
export type CrcKind = "crc16" | "crc32" | "check16" | "check32";

/** A strategy with its options: what a server needs to give each connection a decoder and an encoder. */
export interface Framing {
  readonly name: string;
  /** The checksum layer over it, if there is one. */
  readonly crc?: CrcKind;
  /** Name of the framing whose packets its frames are, if they do not stand bare on the stream. */
  readonly carrier?: string;
  /** What its decoder has looked at, and is true of every packet that it delivers: `_JUDGED` bits. Default nothing. */
  readonly judged?: number;
  /** Longest packet that the decoder delivers, in bytes. */
  readonly maxPacketLength: number;
  /**
   * The same where the last `trailerLength` bytes of each packet are a layer's above, these counted: more where a length
   * field sets the limit and does not count them. Missing: the same whatever stands behind.
   */
  maxPacketLengthWith?(trailerLength: number): number;
  /** Why no layer above can put bytes behind a packet, `keepTerminator ends it`; undefined: it can. */
  readonly noTrailer?: string;
  /** Bytes a decoder needs to hold a frame that came in pieces. */
  readonly decoderMemory: number;
  /**
   * @param area offset of `decoderMemory` bytes that are this decoder's alone
   * @param check of a layer above: judges each packet before it is delivered
   * @param badFrames for framings without delimiter. Default `search`
   */
  decoder(memory: FixedMemory, area: number, check?: PacketCheck, badFrames?: BadFrames): FrameDecoder;
  /**
   * @param trailerLength bytes at the end of each packet given to `encode` that belong to a layer above. Matters to
   *   framings whose packets tell their own length: it does not count these. Default 0
   */
  encoder(memory: FixedMemory, trailerLength?: number): FrameEncoder;
}
