/**
 * A checksum over any framing: a layer between the framing and the application.
 *
 * `crc16` and `crc32` put the code behind each packet sent, check it behind each packet received, and remove it.
 * `check16` and `check32` are for packets that carry their code themselves, at their end, as PUS packets do
 * (ECSS-E-ST-70-41C): each packet received is checked and delivered as it is, and nothing is added to those sent.
 *
 * A packet whose code is wrong is damage: where the framing has no delimiter, the decoder searches on inside it.
 */
import { CRC16_LENGTH, writeCrc16 } from "../../ccsds/crc16.js";
import { CRC16_JUDGED, NOTHING_JUDGED } from "../../ccsds/judgements.js";
import { checkChoice } from "../../checks/options.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { type CrcKind, DOES_NOT_FIT, type FrameEncoder, type Framing } from "../contract/framing.js";
import {
  ACCEPT_PACKET,
  type PacketCheck,
  type PacketValidator,
  type PacketVerdict,
  REJECT_PACKET,
  stackChecks,
} from "../contract/packet-check.js";
import { crcValidator } from "./crc-validator.js";
import { CRC32_LENGTH, hasValidCrc32, writeCrc32 } from "./crc32.js";

export type { CrcKind } from "../contract/framing.js";

/** Every kind. */
export const CRC_KINDS: readonly CrcKind[] = Object.freeze(["crc16", "crc32", "check16", "check32"] as const);

/** Fills in the code at the end of `bytes[start, end)`. */
type Seal = (bytes: Uint8Array, start: number, end: number) => void;

function crc32Validator(bytes: Uint8Array, start: number, end: number): PacketVerdict {
  return hasValidCrc32(bytes, start, end) ? ACCEPT_PACKET : REJECT_PACKET;
}

/** Bytes that the layer adds to each packet on the wire. */
export function crcLength(kind: CrcKind): number {
  return kind === "crc16" ? CRC16_LENGTH : kind === "crc32" ? CRC32_LENGTH : 0;
}

/**
 * @param framing its packets have the code in them: `maxPacketLength` of what is delivered is shorter by as much
 * @throws TypeError for an unknown kind, or a framing whose packets can have nothing behind them; RangeError for one whose
 *   packets have no room for the code
 */
export function withCrc(framing: Framing, kind: CrcKind): Framing {
  return layered(framing, kind, `${framing.name}: `);
}

/** @param begin of an error that is about the framing */
export function layered(framing: Framing, kind: CrcKind, begin: string): Framing {
  checkChoice("crc", kind, CRC_KINDS);
  const length = crcLength(kind);
  const { noTrailer } = framing;
  if (length > 0 && noTrailer !== undefined) {
    throw new TypeError(`${begin}crc: ${kind} cannot stand behind a packet: ${noTrailer}`);
  }
  const longest = (trailerLength: number) =>
    (framing.maxPacketLengthWith?.(trailerLength + length) ?? framing.maxPacketLength) - length;
  if (longest(0) < 0) {
    throw new RangeError(
      `crc: ${kind} needs ${length} bytes of each packet, but ${framing.name} takes ${longest(0) + length} at most`,
    );
  }
  const is16 = kind === "crc16" || kind === "check16";
  const judge: PacketValidator = is16 ? crcValidator : crc32Validator;
  const seal: Seal = is16 ? writeCrc16 : writeCrc32;
  const layer: PacketCheck = Object.freeze({ judge, trailerLength: length, isProof: true });
  return {
    name: framing.name,
    crc: kind,
    ...(framing.sdls === undefined ? {} : { sdls: framing.sdls }),
    ...(framing.sealedEncoder === undefined ? {} : { sealedEncoder: framing.sealedEncoder }),
    // A code that is removed was judged, too, and the packet may have one more of its own.
    judged: (framing.judged ?? NOTHING_JUDGED) | (kind === "check16" ? CRC16_JUDGED : NOTHING_JUDGED),
    ...(framing.carrier === undefined ? {} : { carrier: framing.carrier }),
    maxPacketLength: longest(0),
    maxPacketLengthWith: longest,
    ...(noTrailer === undefined ? {} : { noTrailer }),
    decoderMemory: framing.decoderMemory,
    decoder: (memory, area, check, badFrames) => framing.decoder(memory, area, stackChecks(layer, check), badFrames),
    encoder(memory, trailerLength = 0) {
      const encoder = framing.encoder(memory, trailerLength + length);
      return length === 0 ? encoder : new CrcEncoder(memory, encoder, length, seal);
    },
  };
}

/**
 * Puts packet and code at the very end of the room for the frame, from where the framing's own encoder takes them: no
 * memory beside the transmit area is needed.
 */
class CrcEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #encoder: FrameEncoder;
  #length: number;
  #seal: Seal;

  constructor(memory: FixedMemory, encoder: FrameEncoder, length: number, seal: Seal) {
    this.#bytes = memory.bytes;
    this.#encoder = encoder;
    this.#length = length;
    this.#seal = seal;
  }

  maxFrameLength(packetLength: number): number {
    return this.#encoder.maxFrameLength(packetLength + this.#length);
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const first = limit - this.#length - (end - start);
    if (first < at) {
      return DOES_NOT_FIT;
    }
    this.#bytes.copyWithin(first, start, end);
    this.#seal(this.#bytes, first, limit);
    return this.#encoder.encode(first, limit, at, limit);
  }

  taken(): void {
    this.#encoder.taken?.();
  }
}
