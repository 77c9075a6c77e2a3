/** Asks a decoder for packets, as whoever has a stream does. Knows no platform: also runs inside XS. */
import { type Answer, type FrameDecoder, MORE, PACKET } from "../../modules/framing/contract/framing.js";
import type { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";

export class Driver {
  readonly decoder: FrameDecoder;
  #memory: FixedMemory;
  #sink: PacketSink;
  /** What the decoder answered last; `PACKET`: the sink refused it. */
  #last: Answer = MORE;

  constructor(decoder: FrameDecoder, memory: FixedMemory, sink: PacketSink) {
    this.decoder = decoder;
    this.#memory = memory;
    this.#sink = sink;
  }

  /** @returns `MORE`: all was taken; `PACKET`: the sink refused one; `BUSY`. But for the first, `resume` is to be called */
  give(start: number, end: number): Answer {
    this.decoder.give(start, end);
    return this.resume();
  }

  late(closing?: boolean, recent?: number): Answer {
    this.decoder.late(closing, recent);
    return this.resume();
  }

  resume(): Answer {
    if (this.#last === PACKET && !this.#offer()) {
      return PACKET;
    }
    do {
      this.#last = this.decoder.next();
    } while (this.#last === PACKET && this.#offer());
    return this.#last;
  }

  reset(): void {
    this.decoder.reset();
    this.#last = MORE;
  }

  #offer(): boolean {
    const { packetStart, packetEnd, kind, receipt } = this.decoder;
    const isTaken = this.#sink.accept(this.#memory.bytes, packetStart, packetEnd, 0, kind, undefined, receipt);
    if (isTaken) {
      receipt?.commit();
    }
    return isTaken;
  }
}
