/**
 * Framing for people with plain `Uint8Array`s and no need for speed: tests, scripts, ground tools. Allocates freely;
 * not for a board's traffic.
 */
import { FixedMemory } from "../memory/fixed-memory.js";
import type { PacketSink } from "../tmtc/contracts.js";
import type { Framing } from "./framing.js";

/**
 * @returns the frame of one packet, delimiters included
 * @throws RangeError when the bytes are no packet of this framing
 */
export function encodeFrame(framing: Framing, packet: Uint8Array): Uint8Array {
  const probe = framing.encoder(new FixedMemory(1));
  const room = probe.maxFrameLength(packet.length);
  const memory = new FixedMemory(Math.max(1, packet.length + room));
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
  decoder.push(0, bytes.length, sink);
  // No more bytes come: what may be a whole frame by now is one. Behind the first byte that is given up, nothing counts.
  dropped = counters.droppedBytes;
  decoder.expire(sink);
  return packets;
}
