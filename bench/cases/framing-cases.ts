/** Decoding and encoding, both framings, against the byte-wise ones. */

import { type FrameDecoder, type FrameEncoder, type Framing, PACKET } from "../../modules/framing/contract/framing.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import type { BenchCase } from "./bench-case.js";
import {
  ByteWiseCobsDecoder,
  ByteWiseCobsEncoder,
  type ByteWiseDecoder,
  type ByteWiseEncoder,
  ByteWiseSpacePacketDecoder,
  ByteWiseSpacePacketEncoder,
} from "./byte-wise.js";
import { anyByte, notZero, PACKET_IDS, pings, plainPackets, telemetryPackets } from "./packets.js";

const BASELINE = "byte-wise";
/** As much as a server reads from a socket at once by default. */
const STAGING = 1023;
export const MAX_PACKET_LENGTH = 1024;

/** Counts packets, and adds up where they begin and end so that no engine can leave the work out. */
class CountingSink implements PacketSink {
  packets = 0;
  total = 0;

  accept(_bytes: Uint8Array, start: number, end: number): boolean {
    this.packets++;
    this.total += end - start;
    return true;
  }
}

/** Compares each packet with the one that it should be. */
class ComparingSink implements PacketSink {
  packets = 0;
  readonly #expected: readonly number[][];

  constructor(expected: readonly number[][]) {
    this.#expected = expected;
  }

  accept(bytes: Uint8Array, start: number, end: number): boolean {
    const expected = this.#expected[this.packets++];
    if (expected === undefined || String(bytes.slice(start, end)) !== String(expected)) {
      throw new Error(`packet ${this.packets} came out wrong`);
    }
    return true;
  }
}

/** The memory of one case, with its packets and the stream of their frames. */
export class Workload {
  readonly memory = new FixedMemory(256 * 1024);
  readonly packets: readonly number[][];
  readonly framing: Framing;
  readonly encoder: FrameEncoder;
  /** Where the packet k begins, and behind the last one's end. */
  readonly offsets: number[] = [];
  readonly streamStart: number;
  readonly streamEnd: number;

  constructor(framing: Framing, packets: readonly number[][]) {
    const { memory } = this;
    this.framing = framing;
    this.packets = packets;
    this.encoder = framing.encoder(memory);
    let frames = 0;
    for (const packet of packets) {
      const at = memory.reserve("packet", packet.length);
      memory.bytes.set(packet, at);
      this.offsets.push(at);
      frames += this.encoder.maxFrameLength(packet.length);
    }
    const end = memory.used;
    this.offsets.push(end);
    const stream = memory.reserve("stream", frames);
    let at = stream;
    for (let k = 0; k < packets.length; k++) {
      at = this.encoder.encode(this.offsets[k]!, this.offsets[k + 1]!, at, stream + frames);
    }
    this.streamStart = stream;
    this.streamEnd = at;
  }
}

type MakeDecoder = (memory: FixedMemory) => ByteWiseDecoder;
type MakeEncoder = (memory: FixedMemory) => ByteWiseEncoder;

/** @param chunk bytes that the decoders get at once: a stream is cut wherever that is */
export function decodeCase(name: string, load: Workload, makeBaseline: MakeDecoder, chunk = STAGING): BenchCase {
  const { memory, framing, packets, streamStart, streamEnd } = load;
  const decoder: FrameDecoder = framing.decoder(memory, memory.reserve("decoder", framing.decoderMemory));
  const baseline = makeBaseline(memory);
  // One more for the sentinel.
  const staging = memory.reserve("staging", chunk + 1);
  const bytes = memory.bytes;
  const counting = new CountingSink();

  // Two loops that differ only in the decoder, so that each engine sees one kind of it in each. The copy stands for the
  // socket's read, which both need.
  function decodeOurs(passes: number, sink: PacketSink): void {
    for (let pass = 0; pass < passes; pass++) {
      for (let at = streamStart; at < streamEnd; at += chunk) {
        const length = at + chunk < streamEnd ? chunk : streamEnd - at;
        bytes.copyWithin(staging, at, at + length);
        decoder.give(staging, staging + length);
        while (decoder.next() === PACKET) {
          sink.accept(bytes, decoder.packetStart, decoder.packetEnd, 0, decoder.kind);
        }
      }
    }
  }
  function decodeBaseline(passes: number, sink: PacketSink): void {
    for (let pass = 0; pass < passes; pass++) {
      for (let at = streamStart; at < streamEnd; at += chunk) {
        const length = at + chunk < streamEnd ? chunk : streamEnd - at;
        bytes.copyWithin(staging, at, at + length);
        baseline.push(staging, staging + length, sink);
      }
    }
  }

  return {
    name,
    packetLength: packets[0]!.length,
    packets: packets.length,
    baselineName: BASELINE,
    ours: (passes) => decodeOurs(passes, counting),
    baseline: (passes) => decodeBaseline(passes, counting),
    check() {
      for (const decode of [decodeOurs, decodeBaseline]) {
        const sink = new ComparingSink(packets);
        decode(1, sink);
        if (sink.packets !== packets.length) {
          throw new Error(`${name}: ${sink.packets} packets came out of ${packets.length}`);
        }
      }
    },
  };
}

export function encodeCase(name: string, load: Workload, makeBaseline: MakeEncoder): BenchCase {
  const { memory, encoder, packets, offsets } = load;
  const baseline = makeBaseline(memory);
  const length = encoder.maxFrameLength(MAX_PACKET_LENGTH);
  const at = memory.reserve("transmit", length);
  const limit = at + length;
  let written = 0;

  function encodeOurs(passes: number): void {
    for (let pass = 0; pass < passes; pass++) {
      for (let k = 0; k < packets.length; k++) {
        written += encoder.encode(offsets[k]!, offsets[k + 1]!, at, limit);
      }
    }
  }
  function encodeBaseline(passes: number): void {
    for (let pass = 0; pass < passes; pass++) {
      for (let k = 0; k < packets.length; k++) {
        written += baseline.encode(offsets[k]!, offsets[k + 1]!, at, limit);
      }
    }
  }

  return {
    name,
    packetLength: packets[0]!.length,
    packets: packets.length,
    baselineName: BASELINE,
    ours: encodeOurs,
    baseline: encodeBaseline,
    check() {
      for (let k = 0; k < packets.length; k++) {
        const ours = String(memory.bytes.slice(at, encoder.encode(offsets[k]!, offsets[k + 1]!, at, limit)));
        const theirs = String(memory.bytes.slice(at, baseline.encode(offsets[k]!, offsets[k + 1]!, at, limit)));
        if (ours !== theirs || written < 0) {
          throw new Error(`${name}: packet ${k + 1} is framed differently`);
        }
      }
    },
  };
}

function cobsCases(what: string, packets: readonly number[][]): BenchCase[] {
  const framing = cobs({ maxPacketLength: MAX_PACKET_LENGTH });
  return [
    decodeCase(
      `cobs decode, ${what}`,
      new Workload(framing, packets),
      (memory) => new ByteWiseCobsDecoder(memory, MAX_PACKET_LENGTH),
    ),
    encodeCase(`cobs encode, ${what}`, new Workload(framing, packets), (memory) => new ByteWiseCobsEncoder(memory)),
  ];
}

function spacePacketCases(what: string, packets: readonly number[][]): BenchCase[] {
  const framing = spacePackets({ maxPacketLength: MAX_PACKET_LENGTH, packetIds: PACKET_IDS });
  return [
    decodeCase(
      `space-packets decode, ${what}`,
      new Workload(framing, packets),
      (memory) => new ByteWiseSpacePacketDecoder(memory, MAX_PACKET_LENGTH, PACKET_IDS),
    ),
    encodeCase(
      `space-packets encode, ${what}`,
      new Workload(framing, packets),
      (memory) => new ByteWiseSpacePacketEncoder(memory),
    ),
  ];
}

/** One ping in each read: how pings come from a person or a monitor. */
function lonePings(): BenchCase[] {
  const count = 64;
  const cobsFraming = cobs({ maxPacketLength: MAX_PACKET_LENGTH });
  const cobsLoad = new Workload(cobsFraming, pings(count));
  const plainLoad = new Workload(
    spacePackets({ maxPacketLength: MAX_PACKET_LENGTH, packetIds: PACKET_IDS }),
    pings(count),
  );
  return [
    decodeCase(
      "cobs decode, one ping a read",
      cobsLoad,
      (memory) => new ByteWiseCobsDecoder(memory, MAX_PACKET_LENGTH),
      (cobsLoad.streamEnd - cobsLoad.streamStart) / count,
    ),
    decodeCase(
      "space-packets decode, one ping a read",
      plainLoad,
      (memory) => new ByteWiseSpacePacketDecoder(memory, MAX_PACKET_LENGTH, PACKET_IDS),
      (plainLoad.streamEnd - plainLoad.streamStart) / count,
    ),
  ];
}

/** Each case has a memory of its own; make them once. */
export function framingCases(): BenchCase[] {
  return [
    ...cobsCases("ping", pings(256)),
    ...cobsCases("256 random", plainPackets(48, 256, anyByte)),
    ...cobsCases("1024 random", plainPackets(16, 1024, anyByte)),
    ...cobsCases("1024 zero-free", plainPackets(16, 1024, notZero)),
    ...spacePacketCases("ping", pings(256)),
    ...spacePacketCases("256 telemetry", telemetryPackets(48, 256)),
    ...spacePacketCases("1000 telemetry", telemetryPackets(16, 1000)),
    ...lonePings(),
  ];
}
