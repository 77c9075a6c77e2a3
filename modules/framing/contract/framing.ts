/**
 * The framing contract: a byte stream in, packets out, and back.
 *
 * A framing is one file: its rejection reasons, its options, its decoder, its encoder, and a function that
 * checks the options and joins the two. Offsets are bytes into `FixedMemory.bytes`; `start` is inclusive,
 * `end` exclusive. Nothing here allocates once a decoder or an encoder exists.
 */
import type { Receipt } from "../../ccsds/packet-services.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { FramingCounters } from "./counters.js";
import type { PacketCheck } from "./packet-check.js";

/** `encode`: the frame is longer than the room for it. */
export const DOES_NOT_FIT = -1;
/** `encode`: these bytes are no packet of this framing. A receiver that got them would lose its place in the stream. */
export const NOT_A_PACKET = -2;

/**
 * What a decoder of frames without delimiter does with a bad frame that begins where one is due: at the beginning of the
 * stream, or right behind a good packet. A bad frame stalls, is cut off, is longer than allowed, or fails its checksum.
 *
 * - `search`: the decoder searches its bytes for packets. For receivers that only read packets. A wrong length costs only
 *   the packet that has it.
 * - `passOver`: the decoder skips the whole frame, up to the length that it announces. For receivers that carry packets
 *   out. A telecommand can stand inside the data of another one (PUS, ST[11]); it must not be taken for one that was sent.
 *   A wrong length costs everything up to that length.
 *
 * Bytes that begin no frame are searched in both modes.
 */
export type BadFrames = "search" | "passOver";

/** Every value of it. */
export const BAD_FRAMES: readonly BadFrames[] = Object.freeze(["search", "passOver"] as const);

/** `next`: the decoder has looked at all bytes that it was given. It needs more. */
export const MORE = 0;
/** `next`: there is a packet. */
export const PACKET = 1;
/** `next`: the decoder has searched for some time and found no packet. Ask again after others have had their turn. */
export const BUSY = 2;
export type Answer = typeof MORE | typeof PACKET | typeof BUSY;

/**
 * Splits a received byte stream into packets. Give it bytes, then ask it for packets until it answers `MORE`.
 *
 * The next question takes the packet that was answered last. If you cannot take the packet now, do not ask: the decoder
 * keeps the packet, and does not look at the bytes behind it.
 */
export interface FrameDecoder {
  readonly counters: FramingCounters;
  /** Bytes that were given and are not in the counters yet. After `MORE` they belong to a frame whose end has not come. */
  readonly pendingBytes: number;
  /** The packet answered last is `memory.bytes[packetStart, packetEnd)`. It is valid until the decoder is asked again. */
  readonly packetStart: number;
  readonly packetEnd: number;
  /** The kind of frame that the packet came in, counted from 0. 0 if the framing has only one kind. */
  readonly kind: number;
  /** Of a framing whose frames are authenticated: of the packet answered last. */
  readonly receipt?: Receipt | undefined;
  /** Of such a framing: why nothing more of the stream is looked at. Undefined: it is. */
  readonly bar?: StreamBar | undefined;
  /**
   * More bytes came: `memory.bytes[start, end)`. Call it only at the beginning and after `MORE`. Do not change the bytes
   * until the next `MORE`. The decoder may change them, and the byte at `end`; so that byte must be the caller's too.
   */
  give(start: number, end: number): void;
  /** Takes the packet answered last, and looks for the next one. */
  next(): Answer;
  /**
   * The frame that has begun was not completed within the partial-frame timeout. The decoder gives it up. Call it only
   * after `MORE`; then ask the decoder again, because the bytes that it held back may contain complete packets. Framings
   * with a delimiter do nothing here: they wait for the delimiter.
   *
   * `passOver`: a frame that began where one was due is given up only if nothing comes any more (`recent` 0). The bytes
   * behind the pause may still be its rest. So they are passed over with it, up to the length that it announces. There are
   * two exceptions. If a checksum proves that the frame is whole after all, it is delivered. If only whole packets come
   * between two pauses, they were sent by themselves, and are delivered.
   * @param closing the stream has ended: the frame counts as cut off, not as late. Default false
   * @param recent number of the last bytes that are not late; more may come. Then the frame is given up only if a complete
   *   packet stands behind its beginning that is no accident. A frame that begins in the recent bytes, or right behind
   *   that packet, is not given up. Default 0
   */
  late(closing?: boolean, recent?: number): void;
  /** The stream ends. The frame that is pending can never be completed, and is counted. Ready for the next stream. */
  reset(): void;
}

/**
 * Wraps packets for sending. One encoder serves one stream, from its beginning to its end. Call `encoder.taken?.()` for
 * each frame that you send.
 */
export interface FrameEncoder {
  /** The longest frame that a packet of this many bytes can need, delimiters included. */
  maxFrameLength(packetLength: number): number;
  /**
   * Writes the frame of `memory.bytes[start, end)` at `at`. The packet stands outside `[at, limit)`, or at the very end of
   * it, where `end` is `limit`. In the second case the encoder moves the packet before it writes behind it.
   *
   * It changes nothing but these bytes. So the frame may be thrown away; until `taken`, the same packet gives the same frame
   * again.
   * @returns the frame's end, `DOES_NOT_FIT` (it would pass `limit`), or `NOT_A_PACKET`
   */
  encode(start: number, end: number, at: number, limit: number): number;
  /**
   * The frame that `encode` wrote last goes onto the stream. An encoder that numbers its frames counts it now. Call it once
   * for each frame that is sent, before the next `encode`. Do not call it for a frame that is thrown away, or when `encode`
   * wrote none. Missing if frames have no number. An encoder that wraps the frames of another one passes it on.
   */
  taken?(): void;
}

/** A checksum layer (`crc.ts`): CRC-16 as in `ccsds/crc16.ts`, CRC-32 as in `crc32.ts`; both high octet first. */
export type CrcKind = "crc16" | "crc32" | "check16" | "check32";

/**
 * `forged`: so many frames of the stream had a wrong MAC. `unkept`: nobody could keep that a frame was taken, and those behind it must
 * not be taken before it.
 */
export type StreamBar = "forged" | "unkept";

/** What is secured: telecommands (`tc`), or telemetry as well (`tmtc`). */
export type SdlsUse = "tc" | "tmtc";

/** A framing with its options. A server makes a decoder and an encoder from it for each connection. */
export interface Framing {
  readonly name: string;
  /** The checksum layer over it, if there is one. */
  readonly crc?: CrcKind;
  /** Which packets it takes only in authenticated frames, or sends in such: telecommands, or both ways. Default neither. */
  readonly sdls?: SdlsUse;
  /** Of a framing with `sdls`: sends frames that are sealed already, each whole. */
  sealedEncoder?(memory: FixedMemory): FrameEncoder;
  /** Name of the framing that carries this one's frames as packets. Missing if they stand bare on the stream. */
  readonly carrier?: string;
  /** What its decoder has checked and is true of every packet that it delivers, as `_JUDGED` bits. Default nothing. */
  readonly judged?: number;
  /** Longest packet that the decoder delivers, in bytes. */
  readonly maxPacketLength: number;
  /**
   * The longest packet if its last `trailerLength` bytes belong to a layer above, with these bytes counted. It is longer than
   * `maxPacketLength` if a length field sets the limit and does not count these bytes. Missing: it is the same.
   */
  maxPacketLengthWith?(trailerLength: number): number;
  /** The reason if no layer above can put bytes behind a packet, such as `keepTerminator ends it`. Undefined: it can. */
  readonly noTrailer?: string;
  /** Bytes a decoder needs to hold a frame that came in pieces. */
  readonly decoderMemory: number;
  /**
   * @param area offset of `decoderMemory` bytes that only this decoder uses
   * @param check of a layer above; it judges each packet before the packet is delivered
   * @param badFrames for framings without delimiter. Default `search`
   */
  decoder(memory: FixedMemory, area: number, check?: PacketCheck, badFrames?: BadFrames): FrameDecoder;
  /**
   * @param trailerLength bytes at the end of each packet given to `encode` that belong to a layer above. A framing whose
   *   packets contain their own length needs it, because that length does not count these bytes. Default 0
   */
  encoder(memory: FixedMemory, trailerLength?: number): FrameEncoder;
}
