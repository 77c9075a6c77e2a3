/** The packets that are measured: always the same ones, on every engine. */

/** PUS 17,1 (are-you-alive) to APID 2: 13 bytes with its CRC, four zeros among them. */
export const PING = [0x18, 0x02, 0xc0, 0x00, 0x00, 0x06, 0x2f, 0x11, 0x01, 0x00, 0x00, 0xa7, 0xd2];

/** Packet IDs of the space packets made here. */
export const PACKET_IDS = [0x1802, 0x0802];

/** Numbers from 0 to 255 in an order without pattern: a linear congruential generator's upper bits. */
export class ByteGenerator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state >>> 24;
  }
}

export type Filler = (generator: ByteGenerator) => number;

export const anyByte: Filler = (generator) => generator.next();
export const notZero: Filler = (generator) => 1 + (generator.next() % 255);

/** Bytes without a header. */
export function plainPackets(count: number, length: number, fill: Filler): number[][] {
  const generator = new ByteGenerator(length);
  const packets: number[][] = [];
  for (let i = 0; i < count; i++) {
    packets.push(Array.from({ length }, () => fill(generator)));
  }
  return packets;
}

export function pings(count: number): number[][] {
  return Array.from({ length: count }, () => PING);
}

/** Telemetry packets of `length` bytes, header included, with random data. */
export function telemetryPackets(count: number, length: number): number[][] {
  const field = length - 7;
  return plainPackets(count, length, anyByte).map((packet, i) => {
    const header = [0x08, 0x02, 0xc0 | ((i >> 8) & 0x3f), i & 0xff, field >> 8, field & 0xff];
    return [...header, ...packet.slice(header.length)];
  });
}
