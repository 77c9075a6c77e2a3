/**
 * Framing for people with plain `Uint8Array`s and no need for speed: tests, scripts, ground tools. Allocates freely;
 * not for a board's traffic.
 */
import { isBytes } from "../checks/bytes.js";
import { show } from "../checks/show.js";
import { FixedMemory } from "../memory/fixed-memory.js";
import { type FrameEncoder, type Framing, MORE, PACKET } from "./contract/framing.js";

/** @throws TypeError for what is no framing: nothing at all, say, or the function that makes one */
export function checkFraming(framing: unknown): Framing {
  const { decoder, encoder, decoderMemory, maxPacketLength } = Object(framing) as Partial<Framing>;
  const isComplete = typeof decoder === "function" && typeof encoder === "function";
  if (!isComplete || typeof decoderMemory !== "number" || typeof maxPacketLength !== "number") {
    throw new TypeError(`framing must be a framing, as cobs() makes it, not ${show(framing)}`);
  }
  return framing as Framing;
}

/** @param label what should have been bytes */
export function notBytes(label: string, value: unknown): TypeError {
  const what = typeof value === "object" ? "another object" : value === undefined ? "undefined" : `a ${typeof value}`;
  return new TypeError(`${label} must be a Uint8Array, not ${value === null ? "null" : what}`);
}

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
 * @throws RangeError when the bytes are no packet of this framing, or more than its longest, which its decoder would drop;
 *   TypeError for no framing and for no Uint8Array
 */
export function encodeFrame(framing: Framing, packet: Uint8Array): Uint8Array {
  const { maxPacketLength } = checkFraming(framing);
  if (!isBytes(packet)) {
    throw notBytes("a packet", packet);
  }
  if (packet.length > maxPacketLength) {
    throw new RangeError(
      `${packet.length} bytes are too long for ${framing.name}: a packet has up to ${maxPacketLength}`,
    );
  }
  const frame = new PacketFramer(framing, packet.length).frame(packet);
  if (frame === undefined) {
    throw new RangeError(`these ${packet.length} bytes are no packet for ${framing.name}`);
  }
  return frame;
}

/**
 * @param bytes a received stream, or any part of it that begins where a frame may begin
 * @returns the packets of the complete and undamaged frames in it, in order; the same as `decodeStream` gives for it. A frame
 *   cut off at the end is searched, as any other: there, only packet IDs or a checksum tell packets from other bytes
 * @throws TypeError for no framing and for no Uint8Array
 */
export function decodeFrames(framing: Framing, bytes: Uint8Array): Uint8Array[] {
  checkFraming(framing);
  if (!isBytes(bytes)) {
    throw notBytes("the stream", bytes);
  }
  const memory = new FixedMemory(bytes.length + 1 + framing.decoderMemory);
  memory.bytes.set(bytes);
  const packets: Uint8Array[] = [];
  const decoder = framing.decoder(memory, bytes.length + 1);
  const takeAll = () => {
    for (let answer = decoder.next(); answer !== MORE; answer = decoder.next()) {
      if (answer === PACKET) {
        decoder.receipt?.commit();
        packets.push(memory.bytes.slice(decoder.packetStart, decoder.packetEnd));
      }
    }
  };
  decoder.give(0, bytes.length);
  takeAll();
  // No more bytes come: what may be a whole frame by now is one, and what looked like a long frame may hold shorter ones.
  decoder.late(true);
  takeAll();
  return packets;
}
