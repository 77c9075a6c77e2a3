/** Decoding and encoding of the framings with a delimiter beside COBS, against the byte-wise ones. */
import { lines } from "../../modules/framing/formats/lines.js";
import { slip } from "../../modules/framing/formats/slip.js";
import type { BenchCase } from "./bench-case.js";
import {
  ByteWiseLineDecoder,
  ByteWiseLineEncoder,
  ByteWiseSlipDecoder,
  ByteWiseSlipEncoder,
} from "./byte-wise-delimited.js";
import { decodeCase, encodeCase, MAX_PACKET_LENGTH, Workload } from "./framing-cases.js";
import { anyByte, type Filler, pings, plainPackets } from "./packets.js";

/** Letters and spaces. */
const letter: Filler = (generator) => 0x20 + (generator.next() % 0x5f);
/** Half of the bytes have to be escaped. */
const special: Filler = (generator) => [0xc0, 0xdb, 0x00, 0x41][generator.next() >> 6]!;

function slipCases(what: string, packets: readonly number[][]): BenchCase[] {
  const framing = slip({ maxPacketLength: MAX_PACKET_LENGTH });
  return [
    decodeCase(
      `slip decode, ${what}`,
      new Workload(framing, packets),
      (memory) => new ByteWiseSlipDecoder(memory, MAX_PACKET_LENGTH),
    ),
    encodeCase(`slip encode, ${what}`, new Workload(framing, packets), (memory) => new ByteWiseSlipEncoder(memory)),
  ];
}

function lineCases(what: string, packets: readonly number[][]): BenchCase[] {
  const framing = lines({ maxPacketLength: MAX_PACKET_LENGTH });
  return [
    decodeCase(
      `lines decode, ${what}`,
      new Workload(framing, packets),
      (memory) => new ByteWiseLineDecoder(memory, MAX_PACKET_LENGTH),
    ),
    encodeCase(`lines encode, ${what}`, new Workload(framing, packets), (memory) => new ByteWiseLineEncoder(memory)),
  ];
}

export function delimitedCases(): BenchCase[] {
  return [
    ...slipCases("ping", pings(256)),
    ...slipCases("256 random", plainPackets(48, 256, anyByte)),
    ...slipCases("1024 random", plainPackets(16, 1024, anyByte)),
    ...slipCases("256 half escapes", plainPackets(48, 256, special)),
    ...lineCases("20 letters", plainPackets(128, 20, letter)),
    ...lineCases("256 letters", plainPackets(48, 256, letter)),
  ];
}
