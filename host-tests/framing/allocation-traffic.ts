/** A decoder and an encoder at work on a damaged stream, without allocating. Knows no platform. */

import {
  type FrameDecoder,
  type FrameEncoder,
  type Framing,
  MORE,
  PACKET,
} from "../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { concat } from "./random.js";

const CHUNK = 29;

/** Packets in frames, a damaged one between them, in chunks, to a sink that refuses every other time. */
export class Traffic {
  readonly #memory = new FixedMemory(8192);
  readonly #decoder: FrameDecoder;
  readonly #encoder: FrameEncoder;
  readonly #staging: number;
  readonly #stream: number;
  readonly #streamEnd: number;
  readonly #packet: number;
  readonly #packetEnd: number;
  readonly #transmit: number;
  readonly #room: number;
  #refuse = false;
  #taken = 0;

  constructor(framing: Framing, packet: Uint8Array) {
    const memory = this.#memory;
    const frame = encodeFrame(framing, packet);
    const damaged = frame.slice();
    damaged[0] = 0xe7;
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] as number) ^ 0xff;
    const stream = concat(frame, damaged, frame, frame.slice(0, 9), frame, new Uint8Array(3), frame, frame);
    this.#decoder = framing.decoder(memory, memory.reserve("decoder", framing.decoderMemory));
    this.#encoder = framing.encoder(memory);
    this.#staging = memory.reserve("staging", CHUNK + 1);
    this.#stream = memory.reserve("stream", stream.length);
    this.#streamEnd = this.#stream + stream.length;
    this.#packet = memory.reserve("packet", packet.length);
    this.#packetEnd = this.#packet + packet.length;
    this.#room = this.#encoder.maxFrameLength(packet.length);
    this.#transmit = memory.reserve("transmit", this.#room);
    memory.bytes.set(stream, this.#stream);
    memory.bytes.set(packet, this.#packet);
  }

  /** Takes each packet when it is offered for the second time. */
  #ask(): void {
    const decoder = this.#decoder;
    for (let answer = decoder.next(); answer !== MORE; answer = decoder.next()) {
      while (answer === PACKET && !this.#accept()) {}
    }
  }

  #accept(): boolean {
    this.#refuse = !this.#refuse;
    if (this.#refuse) {
      return false;
    }
    this.#decoder.receipt?.commit();
    this.#taken++;
    return true;
  }

  run(rounds: number): void {
    const { bytes } = this.#memory;
    const decoder = this.#decoder;
    this.#taken = 0;
    for (let round = 0; round < rounds; round++) {
      for (let at = this.#stream; at < this.#streamEnd; at += CHUNK) {
        const length = Math.min(CHUNK, this.#streamEnd - at);
        bytes.copyWithin(this.#staging, at, at + length);
        decoder.give(this.#staging, this.#staging + length);
        this.#ask();
      }
      decoder.late();
      this.#ask();
      if (round % 8 === 7) {
        decoder.reset();
      }
      const end = this.#encoder.encode(this.#packet, this.#packetEnd, this.#transmit, this.#transmit + this.#room);
      if (end < 0) {
        throw new Error("the encoder refused");
      }
      this.#encoder.taken?.();
    }
    if (this.#taken < rounds * 3) {
      throw new Error(`${this.#taken} packets of ${rounds} rounds`);
    }
  }
}
