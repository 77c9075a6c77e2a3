/** What stands in front of the data of every packet, and behind it (ECSS-E-ST-70-41C, 7.4), as fields from the first bit on. */
import { pFieldOf } from "../../modules/pus/messages/time-values.js";

export interface HeaderField {
  /** camelCase. */
  readonly name: string;
  readonly bits: number;
  readonly description: string;
  /** What it always is. */
  readonly constant?: number;
}

const CRC: HeaderField = {
  name: "packetErrorControl",
  bits: 16,
  description: "CRC-16 of all octets before: polynomial 0x1021, preset 0xffff, no reflection, no final inversion",
};
const UNSEGMENTED = 3;
const PUS_C = 2;

/** @param packetType 1 for telecommands, 0 for telemetry */
function primaryHeader(packetType: 0 | 1, apid: number): HeaderField[] {
  return [
    { name: "packetVersionNumber", bits: 3, constant: 0, description: "a space packet" },
    { name: "packetType", bits: 1, constant: packetType, description: packetType === 1 ? "telecommand" : "telemetry" },
    { name: "secondaryHeaderFlag", bits: 1, constant: 1, description: "there is a secondary header" },
    { name: "apid", bits: 11, constant: apid, description: "application process: the board" },
    { name: "sequenceFlags", bits: 2, constant: UNSEGMENTED, description: "unsegmented" },
    { name: "packetSequenceCount", bits: 14, description: "one more with each packet of its sender, modulo 16,384" },
    { name: "packetDataLengthField", bits: 16, description: "octets behind this field, less one" },
  ];
}

export function telecommandHeader(apid: number): readonly HeaderField[] {
  return [
    ...primaryHeader(1, apid),
    { name: "pusVersion", bits: 4, constant: PUS_C, description: "PUS-C" },
    {
      name: "acknowledgementFlags",
      bits: 4,
      description: "success reports that are asked for: 8 acceptance, 4 start, 2 progress, 1 completion",
    },
    { name: "serviceType", bits: 8, description: "which service" },
    { name: "messageSubtype", bits: 8, description: "which of its messages" },
    { name: "sourceId", bits: 16, description: "who sends it, as the ground numbers its sources" },
  ];
}

export function telemetryHeader(apid: number, timeCode: string): readonly HeaderField[] {
  return [
    ...primaryHeader(0, apid),
    { name: "pusVersion", bits: 4, constant: PUS_C, description: "PUS-C" },
    {
      name: "timeReferenceStatus",
      bits: 4,
      description: "0: the time counts from boot, the board's clock was not set; 1: it was",
    },
    { name: "serviceType", bits: 8, description: "which service" },
    { name: "messageSubtype", bits: 8, description: "which of its messages" },
    { name: "messageTypeCounter", bits: 16, description: "one more with each packet of this type and subtype" },
    { name: "destinationId", bits: 16, description: "for whom it is; a board writes 0: all its clients" },
    ...stampOf(timeCode),
  ];
}

/** What ends every packet. */
export function packetEnd(): HeaderField {
  return CRC;
}

/** Octets of a header. */
export function headerLength(fields: readonly HeaderField[]): number {
  return fields.reduce((bits, field) => bits + field.bits, 0) / 8;
}

function stampOf(timeCode: string): HeaderField[] {
  const pField: HeaderField = {
    name: "pField",
    bits: 8,
    constant: pFieldOf(timeCode),
    description:
      timeCode === "cds" ? "CDS, epoch 1958-01-01, 16 bits of days" : "CUC, 4 octets of seconds, 3 of fraction",
  };
  return timeCode === "cds"
    ? [
        pField,
        { name: "day", bits: 16, description: "since 1958-01-01" },
        { name: "millisecondOfDay", bits: 32, description: "of this day" },
      ]
    : [
        pField,
        { name: "seconds", bits: 32, description: `since ${epochOf(timeCode)}` },
        { name: "fraction", bits: 24, description: "of a second, in units of 2^-24 s" },
      ];
}

/** From which instant a time code counts, for people. */
export function epochOf(timeCode: string): string {
  switch (timeCode) {
    case "cds":
      return "1958-01-01 00:00 UTC";
    case "cuc":
      return "1970-01-01 00:00 UTC, without leap seconds";
    default:
      return "1958-01-01 00:00 TAI";
  }
}
