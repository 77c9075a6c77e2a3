/** A port with secured frames, without sockets: octets in, packets out. Knows no platform: also runs inside XS. */
import type { BadFrames, FrameDecoder, Framing } from "../../modules/framing/contract/framing.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink, Receipt } from "../../modules/tmtc/contracts.js";
import { Driver } from "../framing/driver.js";

export function octetsOf(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

export function digitsOf(octets: Uint8Array): string {
  let digits = "";
  for (let i = 0; i < octets.length; i++) {
    digits += (256 + octets[i]!).toString(16).slice(1);
  }
  return digits;
}

/** What a connection's decoder and the sink behind it make of the octets that come. */
export class SecuredPort implements PacketSink {
  /** Packets that were carried out, as digits, and whose they were. */
  readonly taken: string[] = [];
  readonly spis: number[] = [];
  /** Packets that were offered. */
  offered = 0;
  /** The sink says "not now". */
  refuses = false;
  /** Called for each packet in front of its commit. */
  onPacket: (() => void) | undefined;
  readonly decoder: FrameDecoder;
  #memory: FixedMemory;
  #staging: number;
  #driver: Driver;
  #isHeld = false;

  constructor(framing: Framing, badFrames: BadFrames = "passOver", longestChunk = 4096) {
    const memory = new FixedMemory(framing.decoderMemory + longestChunk + 1);
    const area = memory.reserve("frame", framing.decoderMemory);
    this.#staging = memory.reserve("staging", longestChunk + 1);
    this.#memory = memory;
    this.decoder = framing.decoder(memory, area, undefined, badFrames);
    this.#driver = new Driver(this.decoder, memory, this);
  }

  accept(
    bytes: Uint8Array,
    start: number,
    end: number,
    _from?: number,
    _kind?: number,
    _judged?: number,
    receipt?: Receipt,
  ): boolean {
    this.offered++;
    this.#isHeld = this.refuses;
    if (this.refuses) {
      return false;
    }
    this.onPacket?.();
    if (receipt === undefined) {
      throw new Error("a packet without a receipt");
    }
    if (receipt.commit()) {
      this.taken.push(digitsOf(bytes.subarray(start, end)));
      this.spis.push(receipt.spi);
    }
    return true;
  }

  /** The sink has refused the packet that it was offered last. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** @param size of the chunks in which they come */
  give(octets: Uint8Array, size = octets.length): void {
    for (let at = 0; at < octets.length; at += size) {
      const chunk = octets.slice(at, at + size);
      this.#memory.bytes.set(chunk, this.#staging);
      this.#driver.give(this.#staging, this.#staging + chunk.length);
    }
  }

  /** The sink is asked again. */
  resume(): void {
    this.#driver.resume();
  }

  late(): void {
    this.#driver.late();
  }

  /** The connection ends, and another one begins. */
  reset(): void {
    this.#driver.reset();
    this.#isHeld = false;
  }

  /** Frames that were not taken, by cause. */
  reasons(): Record<string, number> {
    return this.decoder.counters.byReason();
  }
}
