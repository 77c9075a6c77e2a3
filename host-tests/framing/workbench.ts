/**
 * A decoder at work under supervision: canaries around its memory, and the sum of its counters checked after each call.
 * Knows no platform: also runs inside XS.
 */
import { type Answer, BUSY, type FrameDecoder, type Framing, MORE } from "../../modules/framing/contract/framing.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import { Driver } from "./driver.js";
import { hex } from "./random.js";

const CANARIES = 16;
/** A decoder that is refused more often than any test refuses is caught in a loop. */
const MAX_CALLS = 1000;

export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) {
    throw new Error(what);
  }
}

export function equal(actual: unknown, expected: unknown, what: string): void {
  const found = JSON.stringify(actual);
  const wanted = JSON.stringify(expected);
  assert(found === wanted, `${what}: expected ${wanted}, not ${found}`);
}

/** Never 0, so that a search that leaves its range does not end at one. Comes again every 256 bytes. */
const PATTERN = Uint8Array.from({ length: 512 }, (_, at) => ((at * 37) & 0xff) | 1);

export function placeCanaries(bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at += 256) {
    const from = at & 0xff;
    bytes.set(PATTERN.subarray(from, from + Math.min(256, end - at)), at);
  }
}

export function checkCanaries(bytes: Uint8Array, start: number, end: number, what: string): void {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== PATTERN[i & 0xff]) {
      throw new Error(`${what}: byte ${i} was overwritten`);
    }
  }
}

export class Workbench implements PacketSink {
  readonly memory: FixedMemory;
  readonly decoder: FrameDecoder;
  /** Packets taken, in order. */
  readonly packets: Uint8Array[] = [];
  /** Their kinds. */
  readonly kinds: (number | undefined)[] = [];
  /** Bytes that the decoder was given. */
  fed = 0;
  /** How often the sink refuses the packet of that number before it takes it. */
  refusals: (packet: number) => number = () => 0;
  /** How often the decoder may stop though nothing was refused, and how often it did. */
  mayPause = 0;
  pauses = 0;
  #area: number;
  #areaEnd: number;
  #chunkStart: number;
  #chunkEnd: number;
  #driver: Driver;
  #refused = 0;
  #refusedPacket = "";

  /** @param longestChunk most bytes that one `feed` can take */
  constructor(framing: Framing, longestChunk: number) {
    const memory = new FixedMemory(4 * CANARIES + framing.decoderMemory + longestChunk + 1);
    memory.reserve("canaries", CANARIES);
    this.#area = memory.reserve("area", framing.decoderMemory);
    this.#areaEnd = memory.used;
    memory.reserve("canaries", CANARIES * 2);
    this.#chunkEnd = memory.reserve("staging", longestChunk + 1) + longestChunk;
    this.#chunkStart = this.#chunkEnd;
    memory.reserve("canaries", CANARIES);
    // Whatever stood in the memory before must not matter.
    placeCanaries(memory.bytes, 0, memory.capacity);
    this.memory = memory;
    this.decoder = framing.decoder(memory, this.#area);
    this.#driver = new Driver(this.decoder, memory, this);
  }

  accept(bytes: Uint8Array, start: number, end: number, _from?: number, kind?: number): boolean {
    assert(bytes === this.memory.bytes, "a packet is in the memory");
    assert(
      (start >= this.#area && end <= this.#areaEnd) || (start >= this.#chunkStart && end <= this.#chunkEnd),
      `the packet [${start}, ${end}) lies outside the decoder's ranges`,
    );
    const packet = bytes.slice(start, end);
    if (this.#refused > 0) {
      equal(hex(packet), this.#refusedPacket, "the packet offered again");
    }
    if (this.#refused < this.refusals(this.packets.length)) {
      this.#refused++;
      this.#refusedPacket = hex(packet);
      return false;
    }
    this.#refused = 0;
    this.packets.push(packet);
    this.kinds.push(kind);
    return true;
  }

  /** One received chunk, offered until it is taken. */
  feed(chunk: Uint8Array): void {
    let calls = 0;
    for (let taken = this.offer(chunk); !taken; taken = this.resume()) {
      assert(++calls < MAX_CALLS + this.mayPause, "the decoder does not come to an end");
    }
  }

  /** One received chunk, offered once. @returns true when it was taken whole */
  offer(chunk: Uint8Array): boolean {
    this.#chunkStart = this.#chunkEnd - chunk.length;
    const bytes = this.memory.bytes;
    placeCanaries(bytes, this.#chunkStart - CANARIES, this.#chunkStart);
    bytes.set(chunk, this.#chunkStart);
    this.fed += chunk.length;
    return this.#isThrough(this.#driver.give(this.#chunkStart, this.#chunkEnd));
  }

  /** Goes on with what the decoder has. @returns true when all was taken */
  resume(): boolean {
    return this.#isThrough(this.#driver.resume());
  }

  /** The decoder is told that what it holds is late. @returns true when all that it led to was taken */
  late(closing?: boolean, recent?: number): boolean {
    return this.#isThrough(this.#driver.late(closing, recent));
  }

  /** The partial-frame timeout, until the sink took everything. */
  expire(): void {
    let calls = 0;
    for (let taken = this.expireOnce(); !taken; taken = this.resume()) {
      assert(++calls < MAX_CALLS + this.mayPause, "the decoder does not come to an end");
    }
  }

  expireOnce(): boolean {
    return this.late();
  }

  /** The stream ends, and another begins. */
  reset(): void {
    this.#driver.reset();
    this.#refused = 0;
    assert(this.decoder.pendingBytes === 0, "a decoder that was reset holds no bytes");
    this.#check();
  }

  /** The counters by name, those that are not zero. */
  counts(): Record<string, number> {
    const { frames, frameBytes, droppedBytes, idleBytes } = this.decoder.counters;
    return {
      frames,
      frameBytes,
      droppedBytes,
      idleBytes,
      pendingBytes: this.decoder.pendingBytes,
      ...this.decoder.counters.byReason(),
    };
  }

  /** Everything that the outside can see of the decoder's work, for comparing. */
  outcome(): string {
    return JSON.stringify([this.packets.map(hex), this.counts()]);
  }

  #isThrough(answer: Answer): boolean {
    if (answer === BUSY) {
      this.pauses++;
      assert(this.pauses <= this.mayPause, "the decoder was busy, though little was looked at for nothing");
    } else {
      equal(answer !== MORE, this.#refused > 0, "the decoder answers with a packet that is refused");
    }
    this.#check();
    return answer === MORE;
  }

  #check(): void {
    const { frameBytes, droppedBytes, idleBytes } = this.decoder.counters;
    const sum = frameBytes + droppedBytes + idleBytes + this.decoder.pendingBytes;
    assert(sum === this.fed, `${this.fed} bytes were fed, but the counters add up to ${sum}`);
    const bytes = this.memory.bytes;
    checkCanaries(bytes, this.#area - CANARIES, this.#area, "in front of the area");
    checkCanaries(bytes, this.#areaEnd, this.#areaEnd + CANARIES, "behind the area");
    checkCanaries(bytes, this.#chunkStart - CANARIES, this.#chunkStart, "in front of the chunk");
    checkCanaries(bytes, this.#chunkEnd + 1, this.#chunkEnd + 1 + CANARIES, "behind the chunk");
  }
}

/** The frame of a packet, by the framing's own encoder, as if it were sent. */
export function frame(framing: Framing, packet: Uint8Array): Uint8Array {
  const room = framing.encoder(new FixedMemory(1)).maxFrameLength(packet.length);
  const memory = new FixedMemory(packet.length + room);
  memory.bytes.set(packet);
  const encoder = framing.encoder(memory);
  const end = encoder.encode(0, packet.length, packet.length, memory.capacity);
  assert(end > 0, `the encoder refuses a packet of ${packet.length} bytes: ${end}`);
  encoder.taken?.();
  return memory.bytes.slice(packet.length, end);
}
