/**
 * Imported inside XS: one decoder, and bytes that all may begin a packet, for the test that counts the instructions of
 * one call. Knows no platform.
 */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { MORE } from "../../modules/framing/contract/framing.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import { Driver } from "./driver.js";

/** What a server reads at once. */
const CHUNK = 1023;
const MAX_PACKET_LENGTH = 1024;

const GOOD = Uint8Array.of(0x18, 0x42, 0xc0, 0, 0, 5, 1, 2, 3, 4, 0, 0);
writeCrc16(GOOD, 0, GOOD.length);

/** The chunk is to be given to the decoder; it was; the decoder was told that it is late. */
const NEW = 0;
const GIVEN = 1;
const LATE = 2;

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
  readonly #driver = new Driver(
    parseFraming("framing", "space-packets,crc=check16", {
      maxPacketLength: MAX_PACKET_LENGTH,
    }).decoder(this.#memory, CHUNK + 1),
    this.#memory,
    this.#sink,
  );
  #chunk: typeof NEW | typeof GIVEN | typeof LATE = NEW;

  /** One chunk is read. @param octet that it is full of; undefined: it is full of good packets */
  fill(octet?: number): void {
    for (let i = 0; i < CHUNK; i++) {
      this.#memory.bytes[i] = octet ?? GOOD[i % GOOD.length]!;
    }
    this.#chunk = NEW;
  }

  /** The decoder is asked until the chunk is through, or others have their turn. @returns "done", or "again" */
  push(): string {
    const answer = this.#chunk === NEW ? this.#driver.give(0, CHUNK) : this.#driver.resume();
    this.#chunk = GIVEN;
    return answer === MORE ? "done" : "again";
  }

  /** The same, for what is late. */
  expire(): string {
    const answer = this.#chunk === LATE ? this.#driver.resume() : this.#driver.late();
    this.#chunk = LATE;
    return answer === MORE ? "done" : "again";
  }

  get packets(): number {
    return this.#sink.packets;
  }
}
