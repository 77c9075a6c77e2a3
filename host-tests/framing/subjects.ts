/** The framings that the conformance suite is run on, each with what the suite must know of it. Knows no platform. */
import { CRC16_LENGTH, writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { ACCEPT_PACKET, type PacketValidator, REJECT_PACKET } from "../../modules/framing/contract/packet-check.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { crcLength, withCrc } from "../../modules/framing/layers/crc.js";
import { crcValidator } from "../../modules/framing/layers/crc-validator.js";
import { counted } from "./counted-subjects.js";
import { delimited } from "./delimited-subjects.js";
import { layered } from "./layered-subjects.js";
import { hash, type Random } from "./random.js";
import { uslpSubjects } from "./uslp-subjects.js";

export interface Subject {
  readonly name: string;
  framing(maxPacketLength: number): Framing;
  readonly shortestPacket: number;
  /** Default: 65,542, the longest space packet. `packet` gives none that is longer, or shorter than the shortest one. */
  readonly longestPacket?: number;
  /** A packet; `least` is the smallest byte in its body, where the body is free. */
  packet(length: number, random: Random, least?: number): Uint8Array;
  /** Bytes in which no frame begins or ends in a way that touches the next one. */
  garbage(length: number, random: Random): Uint8Array;
  /** Damages a frame so that it is rejected for `spoiltReason`; its neighbours are not touched. */
  spoil(frame: Uint8Array): void;
  readonly spoiltReason: string;
  /** What a frame one byte over the maximum is rejected for. */
  readonly tooLongReason: string;
  /** A delimiter ends each frame: the decoder waits for it, however long it takes. */
  readonly delimited: boolean;
  /** What it is. Default: a zero. */
  readonly delimiter?: readonly number[];
  /** Zeros that mean nothing come so many at once: they are frames with nothing in them. Default 1. */
  readonly idleUnit?: number;
  /** One stands in front of each frame, too. */
  readonly leadingDelimiter?: boolean;
  /** A frame cut short by a delimiter cannot be told from a shorter one. */
  readonly cutsPass?: boolean;
  /** Nothing tells a damaged frame from another one: `garbage` and `spoil` are of no use. */
  readonly undetectable?: boolean;
  /** A frame with nothing in it is a packet, so that no delimiter is idle. */
  readonly emptyPackets?: boolean;
  /** Only these cases, and those of encoders: each chunk is a packet; or the packets are too long for the others. */
  readonly only?: "bursts" | "kinds";
  /** Frames of several kinds, some of which begin alike: `kinds` makes a packet of each, by its number. */
  readonly kinds?: readonly ((random: Random) => Uint8Array)[];
  /** A packet whose frame is as long as frames of its length can be; undefined: not known. Default: one without zeros. */
  longestFrame?(length: number): Uint8Array | undefined;
  /** Bytes that say a frame's length, which may be wrong and yet plausible. Undefined: there is no such thing. */
  readonly headerLength?: number;
  /** A packet must be a space packet. */
  readonly spacePackets?: boolean;
  /** The frames are space packets, and nothing else. */
  readonly bareSpacePackets?: boolean;
  /** A validator tells a packet from bytes with a plausible header; of bare space packets only. */
  readonly validated: boolean;
  /** Bytes around the packet in its frame, as long as the packet is shorter than 254 bytes. */
  readonly overhead: number;
}

export function delimiterOf(subject: Subject): Uint8Array {
  return Uint8Array.from(subject.delimiter ?? [0]);
}

/** The bytes with others in place of those that a delimiter is made of. */
export function withoutDelimiter(subject: Subject, bytes: Uint8Array): Uint8Array {
  const delimiter = delimiterOf(subject);
  return bytes.map((byte) => (delimiter.includes(byte) ? 0x5a : byte));
}

export function longestPacket(subject: Subject): number {
  return subject.longestPacket ?? 65_542;
}

/** Cases by title. A case throws an error that says what went wrong. */
export type Cases = Readonly<Record<string, (subject: Subject) => void>>;

function cobsSubject(delimiter: "trailing" | "both"): Subject {
  return {
    name: `cobs (${delimiter})`,
    framing: (maxPacketLength) => cobs({ maxPacketLength, delimiter }),
    shortestPacket: 0,
    packet: (length, random, least = 0) => random.bytes(length, least),
    garbage(length, random) {
      // A block of 255 bytes in a frame of fewer: whatever follows in it, the frame is damaged.
      const bytes = random.bytes(length, 1);
      bytes[0] = 0xff;
      bytes[length - 1] = 0;
      return bytes;
    },
    spoil(frame) {
      frame[frame[0] === 0 ? 1 : 0] = 0xff;
    },
    spoiltReason: "blockOverrun",
    tooLongReason: "frameTooLong",
    delimited: true,
    validated: false,
    leadingDelimiter: delimiter === "both",
    overhead: delimiter === "both" ? 3 : 2,
  };
}

export const PACKET_IDS = [0x1842, 0x0943];
const CHECKSUM_LENGTH = 4;

/** Writes the hash of what stands before it to the packet's end. */
function seal(packet: Uint8Array): void {
  new DataView(packet.buffer).setUint32(
    packet.length - CHECKSUM_LENGTH,
    hash(packet, 0, packet.length - CHECKSUM_LENGTH),
  );
}

/** Accepts packets that `seal` made. */
export const checksumValidator: PacketValidator = (bytes, start, end) => {
  const at = end - CHECKSUM_LENGTH;
  if (at < start + 6) {
    return REJECT_PACKET;
  }
  const found =
    (bytes[at] as number) * 0x1000000 +
    (((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
  return found === hash(bytes, start, at) ? ACCEPT_PACKET : REJECT_PACKET;
};

/**
 * A space packet. Its header is such that no other one begins inside it: the version bits of its octets are not 0
 * where they can be, and the others make no packet ID of ours.
 */
export function spacePacket(id: number, length: number, random: Random, least: number): Uint8Array {
  const packet = random.bytes(length, least);
  packet[0] = id >> 8;
  packet[1] = id;
  packet[2] = 0xc0 | random.below(0x40);
  packet[3] = random.below(0x100);
  packet[4] = (length - 7) >> 8;
  packet[5] = length - 7;
  return packet;
}

/** What a packet's end says of the rest of it. */
interface Check {
  readonly length: number;
  seal(packet: Uint8Array): void;
  readonly validator: PacketValidator;
}

const CHECKSUM: Check = { length: CHECKSUM_LENGTH, seal, validator: checksumValidator };

/** As PUS packets have it. */
const CRC: Check = {
  length: CRC16_LENGTH,
  seal: (packet) => writeCrc16(packet, 0, packet.length),
  validator: crcValidator,
};

function spacePacketSubject(name: string, withIds: boolean, check?: Check): Subject {
  return {
    name: `space-packets (${name})`,
    framing: (maxPacketLength) =>
      spacePackets({
        maxPacketLength,
        ...(withIds && { packetIds: PACKET_IDS }),
        ...(check && { validator: check.validator }),
      }),
    shortestPacket: check === undefined ? 7 : Math.max(7, 6 + check.length),
    packet(length, random, least = 0) {
      // Without a checksum, only bytes that begin no header keep a search through a spoilt packet from mistakes.
      const packet = spacePacket(
        PACKET_IDS[random.below(PACKET_IDS.length)] as number,
        length,
        random,
        check === undefined ? 0x80 : least,
      );
      check?.seal(packet);
      return packet;
    },
    garbage: (length, random) => random.bytes(length, 0x20),
    spoil(packet) {
      if (withIds) {
        packet[1] = (packet[1] as number) ^ 0x80;
      } else {
        packet[packet.length - 1] = (packet[packet.length - 1] as number) ^ 1;
      }
    },
    spoiltReason: withIds ? "unknownPacketId" : "invalidPacket",
    tooLongReason: "packetTooLong",
    delimited: false,
    headerLength: 6,
    bareSpacePackets: true,
    validated: check !== undefined,
    overhead: 0,
  };
}

/** A checksum behind each packet, which its length field does not count. */
function sealedSpacePackets(): Subject {
  const inner = spacePacketSubject("", true);
  const longest = 65_542 - crcLength("crc32");
  return {
    ...inner,
    name: "space-packets (packet IDs, crc32 behind)",
    framing: (maximum) =>
      withCrc(spacePackets({ maxPacketLength: maximum + crcLength("crc32"), packetIds: PACKET_IDS }), "crc32"),
    longestPacket: longest,
    packet: (length, random, least) => inner.packet(Math.min(length, longest), random, least),
    overhead: crcLength("crc32"),
  };
}

export const subjects: readonly Subject[] = [
  cobsSubject("trailing"),
  cobsSubject("both"),
  spacePacketSubject("packet IDs", true),
  spacePacketSubject("validator", false, CHECKSUM),
  spacePacketSubject("packet IDs and validator", true, CHECKSUM),
  spacePacketSubject("CRC", false, CRC),
  spacePacketSubject("packet IDs and CRC", true, CRC),
  sealedSpacePackets(),
  ...counted,
  ...uslpSubjects,
  ...delimited,
  ...layered,
];
