/** Space packets without anything around them, for the conformance suite. Knows no platform. */
import { CRC16_LENGTH, writeCrc16 } from "../../modules/ccsds/crc16.js";
import { ACCEPT_PACKET, type PacketValidator, REJECT_PACKET } from "../../modules/framing/contract/packet-check.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { crcLength, withCrc } from "../../modules/framing/layers/crc.js";
import { crcValidator } from "../../modules/framing/layers/crc-validator.js";
import { hash, type Random } from "./random.js";
import type { Subject } from "./subject.js";

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

export const spacePacketSubjects: readonly Subject[] = [
  spacePacketSubject("packet IDs", true),
  spacePacketSubject("validator", false, CHECKSUM),
  spacePacketSubject("packet IDs and validator", true, CHECKSUM),
  spacePacketSubject("CRC", false, CRC),
  spacePacketSubject("packet IDs and CRC", true, CRC),
  sealedSpacePackets(),
];
