/**
 * Imported inside XS: decoders and encoders at work on damaged streams, for the test that counts what they allocate.
 * `handleCommand` runs the scenario that its first four bytes number, for as many rounds as the next four say. Nothing
 * here may allocate while it runs.
 */
import { encodeFrame } from "../../modules/framing/convenience.js";
import type { FrameDecoder, FrameEncoder, Framing } from "../../modules/framing/framing.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import { concat, Random } from "./random.js";

const CHUNK = 29;

/** Packets in frames, a damaged one between them, in chunks, to a sink that refuses every other time. */
class Traffic implements PacketSink {
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

  accept(): boolean {
    this.#refuse = !this.#refuse;
    if (this.#refuse) {
      return false;
    }
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
        const end = this.#staging + length;
        for (let start = this.#staging; start < end; ) {
          start = decoder.push(start, end, this);
        }
      }
      while (!decoder.expire(this)) {}
      if (round % 8 === 7) {
        decoder.reset();
      }
      const end = this.#encoder.encode(this.#packet, this.#packetEnd, this.#transmit, this.#transmit + this.#room);
      if (end < 0) {
        throw new Error("the encoder refused");
      }
    }
    if (this.#taken < rounds * 3) {
      throw new Error(`${this.#taken} packets of ${rounds} rounds`);
    }
  }
}

const SPACE_PACKET = concat(Uint8Array.of(0x18, 0x42, 0xc0, 0, 0, 57), new Random(70).bytes(58));

const TEXTS = [
  "length-prefixed,sync=eb90,offset=2",
  "netstring",
  "marker,kinds=fdaa+10+ccdd/fdcc+62+ccdd/fdcc+64+ccdd",
  "marker,kinds=aa55+u16le+0d0a,keep=body,max-packet=200",
  "fixed,length=64,pattern=0:1842c0/63:29",
  "fixed,ids=0x1842:64/0x0842:32",
  "sync,length=64",
  "uslp,scid=4660",
  "uslp,scid=4660,over=cobs,count=4",
];

/** What the framing takes. */
function packetFor(text: string): Uint8Array {
  const packet = SPACE_PACKET.slice();
  if (text.includes("pattern")) {
    packet[63] = 0x29;
  }
  return text.includes("keep=body") ? concat(Uint8Array.of(64, 0), packet) : packet;
}

const scenarios = TEXTS.map((text) => {
  const framing = parseFraming("framing", text, { maxPacketLength: 128 });
  const traffic = new Traffic(framing, packetFor(text));
  return { title: text, run: (rounds: number) => traffic.run(rounds) };
});

let last: object | undefined;

/** The control: one object a round. */
scenarios.push({
  title: "one object per round",
  run(rounds) {
    for (let round = 0; round < rounds; round++) {
      last = { last: undefined };
    }
    if (rounds > 0 && last === undefined) {
      throw new Error("no object was made");
    }
  },
});

Object.assign(globalThis, {
  scenarioTitles: () => JSON.stringify(scenarios.map(({ title }) => title)),
  handleCommand(bytes: ArrayBuffer): ArrayBuffer {
    const view = new DataView(bytes);
    (scenarios[view.getUint32(0)] as (typeof scenarios)[number]).run(view.getUint32(4));
    return bytes;
  },
});
