/**
 * Framing for people with plain `Uint8Array`s and no need for speed: tests, scripts, ground tools. Allocates freely;
 * not for a board's traffic.
 */
import { FixedMemory } from "../memory/fixed-memory.js";
import type { PacketSink } from "../tmtc/contracts.js";
import type { FrameEncoder, Framing } from "./framing.js";

/** Makes the frames of one stream, one packet after the other: where frames are numbered (`uslp`), it counts on. */
export class PacketFramer {
  readonly #memory: FixedMemory;
  readonly #encoder: FrameEncoder;
  readonly #maxPacketLength: number;

  /** @param maxPacketLength default: the framing's longest */
  constructor(framing: Framing, maxPacketLength: number = framing.maxPacketLength) {
    const room = framing.encoder(new FixedMemory(1)).maxFrameLength(maxPacketLength);
    this.#memory = new FixedMemory(Math.max(1, maxPacketLength + room));
    this.#encoder = framing.encoder(this.#memory);
    this.#maxPacketLength = maxPacketLength;
  }

  /** @returns the packet's frame, which is the caller's and is to be sent; undefined: no packet of this framing */
  frame(packet: Uint8Array): Uint8Array | undefined {
    const { length } = packet;
    if (length > this.#maxPacketLength) {
      return undefined;
    }
    const { bytes, capacity } = this.#memory;
    bytes.set(packet);
    const end = this.#encoder.encode(0, length, length, capacity);
    if (end < 0) {
      return undefined;
    }
    this.#encoder.taken?.();
    return bytes.slice(length, end);
  }
}

/**
 * Where frames are numbered (`uslp`), this one is number 0: for a stream of several, keep a `PacketFramer`.
 * @returns the frame of one packet, delimiters included
 * @throws RangeError when the bytes are no packet of this framing
 */
export function encodeFrame(framing: Framing, packet: Uint8Array): Uint8Array {
  const frame = new PacketFramer(framing, packet.length).frame(packet);
  if (frame === undefined) {
    throw new RangeError(`these ${packet.length} bytes are no packet for ${framing.name}`);
  }
  return frame;
}

/**
 * @param bytes a received stream, or any part of it that begins where a frame may begin
 * @returns the packets of the complete and undamaged frames in it, in order
 */
export function decodeFrames(framing: Framing, bytes: Uint8Array): Uint8Array[] {
  const memory = new FixedMemory(bytes.length + 1 + framing.decoderMemory);
  memory.bytes.set(bytes);
  const packets: Uint8Array[] = [];
  const decoder = framing.decoder(memory, bytes.length + 1);
  const { counters } = decoder;
  let dropped = Number.POSITIVE_INFINITY;
  const sink: PacketSink = {
    accept(all, start, end) {
      if (counters.droppedBytes <= dropped) {
        packets.push(all.slice(start, end));
      }
      return true;
    },
  };
  let at = 0;
  do {
    at = decoder.push(at, bytes.length, sink);
  } while (at < bytes.length);
  // No more bytes come: what may be a whole frame by now is one. Behind the first byte that is given up, nothing counts.
  dropped = counters.droppedBytes;
  while (!decoder.expire(sink)) {}
  return packets;
}
