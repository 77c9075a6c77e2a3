/**
 * Imported inside XS: one decoder, and bytes that all may begin a packet, for the test that counts the instructions of
 * one call. Knows no platform.
 */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";

/** What a server reads at once. */
const CHUNK = 1023;
const MAX_PACKET_LENGTH = 1024;

const GOOD = Uint8Array.of(0x18, 0x42, 0xc0, 0, 0, 5, 1, 2, 3, 4, 0, 0);
writeCrc16(GOOD, 0, GOOD.length);

/** Takes any packet, and counts them. */
class Counter implements PacketSink {
  packets = 0;

  accept(): boolean {
    this.packets++;
    return true;
  }
}

export class Flood {
  readonly #sink = new Counter();
  readonly #memory = new FixedMemory(4096);
  readonly #decoder = parseFraming("framing", "space-packets,crc=check16", {
    maxPacketLength: MAX_PACKET_LENGTH,
  }).decoder(this.#memory, CHUNK + 1);
  #at = CHUNK;

  /** One chunk is read. @param octet that it is full of; undefined: it is full of good packets */
  fill(octet?: number): void {
    for (let i = 0; i < CHUNK; i++) {
      this.#memory.bytes[i] = octet ?? GOOD[i % GOOD.length]!;
    }
    this.#at = 0;
  }

  /** One call. @returns the bytes of the chunk that are left */
  push(): number {
    this.#at = this.#decoder.push(this.#at, CHUNK, this.#sink);
    return CHUNK - this.#at;
  }

  /** One call. @returns "done", or "again" */
  expire(): string {
    return this.#decoder.expire(this.#sink) ? "done" : "again";
  }

  get packets(): number {
    return this.#sink.packets;
  }
}
