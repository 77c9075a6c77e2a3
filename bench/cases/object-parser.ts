/** The baseline: packets parsed as one would at first, into an object each, through a view each. */
import { bitwiseCrc16 } from "./bitwise-crc16.js";

export interface ParsedSpacePacket {
  packetType: number;
  secondaryHeaderFlag: boolean;
  apid: number;
  sequenceFlags: number;
  packetSequenceCount: number;
  packetDataLength: number;
}

export interface ParsedTelecommand {
  packet: ParsedSpacePacket;
  acknowledgementFlags: number;
  serviceType: number;
  messageSubtype: number;
  sourceId: number;
  applicationData: Uint8Array;
}

/** @returns undefined when there is no space packet */
export function parseSpacePacket(bytes: Uint8Array, start: number, end: number): ParsedSpacePacket | undefined {
  if (end - start < 7) {
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  const identification = view.getUint16(0);
  const sequenceControl = view.getUint16(2);
  const apid = identification & 0x7ff;
  const secondaryHeaderFlag = (identification & 0x800) !== 0;
  const packetDataLength = view.getUint16(4) + 1;
  if (identification >> 13 !== 0 || (apid === 0x7ff && secondaryHeaderFlag) || packetDataLength + 6 > end - start) {
    return undefined;
  }
  return {
    packetType: (identification >> 12) & 1,
    secondaryHeaderFlag,
    apid,
    sequenceFlags: sequenceControl >> 14,
    packetSequenceCount: sequenceControl & 0x3fff,
    packetDataLength,
  };
}

/** @returns undefined when there is no PUS-C telecommand, and nothing else */
export function parseTelecommandObject(bytes: Uint8Array, start: number, end: number): ParsedTelecommand | undefined {
  const packet = parseSpacePacket(bytes, start, end);
  if (
    packet === undefined ||
    packet.packetType !== 1 ||
    !packet.secondaryHeaderFlag ||
    packet.sequenceFlags !== 3 ||
    packet.packetDataLength + 6 !== end - start ||
    end - start < 13 ||
    bitwiseCrc16(bytes, start, end) !== 0
  ) {
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  if (view.getUint8(6) >> 4 !== 2) {
    return undefined;
  }
  return {
    packet,
    acknowledgementFlags: view.getUint8(6) & 0x0f,
    serviceType: view.getUint8(7),
    messageSubtype: view.getUint8(8),
    sourceId: view.getUint16(9),
    applicationData: bytes.subarray(start + 11, end - 2),
  };
}
