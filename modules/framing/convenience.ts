/**
 * Framing for people with plain `Uint8Array`s and no need for speed: tests, scripts, ground tools. Allocates freely;
 * not for a board's traffic.
 */
import { FixedMemory } from "../memory/fixed-memory.js";
import type { Framing } from "./framing.js";

/**
 * @returns the frame of one packet, delimiters included
 * @throws RangeError when the bytes are no packet of this framing
 */
export function encodeFrame(framing: Framing, packet: Uint8Array): Uint8Array {
  const probe = framing.encoder(new FixedMemory(1));
  const room = probe.maxFrameLength(packet.length);
  const memory = new FixedMemory(packet.length + room);
  memory.bytes.set(packet);
  const end = framing.encoder(memory).encode(0, packet.length, packet.length, packet.length + room);
  if (end < 0) {
    throw new RangeError(`these ${packet.length} bytes are no packet for ${framing.name}`);
  }
  return memory.bytes.slice(packet.length, end);
}

/**
 * @param bytes a received stream, or any part of it that begins where a frame may begin
 * @returns the packets of the complete and undamaged frames in it, in order
 */
export function decodeFrames(framing: Framing, bytes: Uint8Array): Uint8Array[] {
  const memory = new FixedMemory(bytes.length + 1 + framing.decoderMemory);
  memory.bytes.set(bytes);
  const packets: Uint8Array[] = [];
  framing.decoder(memory, bytes.length + 1).push(0, bytes.length, {
    accept(all, start, end) {
      packets.push(all.slice(start, end));
      return true;
    },
  });
  return packets;
}
