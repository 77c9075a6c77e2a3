/** A packet explained octet by octet: headers, stamp, every value and bit field, CRC. */
import { TIME_STAMP_OFFSET } from "../../modules/pus/telemetry.js";
import { type DecodedValue, hexOf } from "./decoded-value.js";
import { describeTime, describeValue, printable } from "./describe.js";
import type { DecodedPacket } from "./packet-decoder.js";

/** Hexadecimal digits in a row of the table. */
const HEX_WIDTH = 16;

/** A row of the explanation. */
export interface ExplainedField {
  readonly offset: number;
  /** Of its first bit in the octet; undefined: whole octets. */
  readonly bit?: number;
  readonly bits: number;
  readonly name: string;
  /** In words. */
  readonly meaning: string;
}

/** Primary header bits: offset, bit, width, name. */
const PRIMARY_HEADER: readonly (readonly [number, number, number, string])[] = [
  [0, 0, 3, "packet version"],
  [0, 3, 1, "packet type"],
  [0, 4, 1, "secondary header"],
  [0, 5, 11, "APID"],
  [2, 0, 2, "sequence flags"],
  [2, 2, 14, "sequence count"],
  [4, 0, 16, "data length"],
];
const TELECOMMAND_HEADER: readonly (readonly [number, number, number, string])[] = [
  [6, 0, 4, "PUS version"],
  [6, 4, 4, "acknowledgement flags"],
  [7, 0, 8, "service type"],
  [8, 0, 8, "message subtype"],
  [9, 0, 16, "source ID"],
];
const TELEMETRY_HEADER: readonly (readonly [number, number, number, string])[] = [
  [6, 0, 4, "PUS version"],
  [6, 4, 4, "time reference status"],
  [7, 0, 8, "service type"],
  [8, 0, 8, "message subtype"],
  [9, 0, 16, "message type counter"],
  [11, 0, 16, "destination ID"],
];

/** @param bytes that it was decoded of */
export function explainPacket(packet: DecodedPacket, bytes: Uint8Array): readonly ExplainedField[] {
  const isTelecommand = packet.kind === "telecommand";
  const header = [...PRIMARY_HEADER, ...(isTelecommand ? TELECOMMAND_HEADER : TELEMETRY_HEADER)];
  const { list, data } = packet;
  return [
    ...header.map(([offset, bit, bits, name]) => {
      const value = bitsAt(bytes, offset, bit, bits);
      return { offset, ...(bits % 8 === 0 ? {} : { bit }), bits, name, meaning: headerMeaning(name, value, packet) };
    }),
    ...(packet.kind === "telecommand"
      ? []
      : [
          {
            offset: TIME_STAMP_OFFSET,
            bits: 8 * (packet.dataOffset - TIME_STAMP_OFFSET),
            name: "time stamp",
            meaning: describeTime(packet),
          },
        ]),
    ...packet.values.flatMap((value) => rowsOf(value, "")),
    ...(list === undefined
      ? []
      : [
          ...rowsOf(list.count, ""),
          ...list.items.flatMap(({ values }, k) => values.flatMap((value) => rowsOf(value, `[${k}] `))),
        ]),
    ...packet.trailer.flatMap((value) => rowsOf(value, "")),
    ...(data === undefined
      ? []
      : [{ offset: data.offset, bits: 4 * data.hex.length, name: "data", meaning: data.hex }]),
    {
      offset: bytes.length - 2,
      bits: 16,
      name: "CRC",
      meaning: `0x${packet.crc.toString(16).padStart(4, "0")}, right`,
    },
  ];
}

/** The rows as a table, with their octets. */
export function explanationTable(fields: readonly ExplainedField[], bytes: Uint8Array): string {
  const nameWidth = Math.max(...fields.map(({ name }) => name.length));
  const lines = fields.map(({ offset, bit, bits, name, meaning }) => {
    const place = bit === undefined ? String(offset) : `${offset}.${bit}`;
    const octets =
      bit === undefined ? shortHex(bytes.subarray(offset, offset + bits / 8)) : `${bits} bit${bits === 1 ? "" : "s"}`;
    return `${place.padStart(6)}  ${octets.padEnd(HEX_WIDTH)}  ${name.padEnd(nameWidth)}  ${meaning}`.trimEnd();
  });
  return `${["octet".padStart(6), "content".padEnd(HEX_WIDTH), "field".padEnd(nameWidth), "meaning"].join("  ")}\n${lines.join("\n")}\n`;
}

function shortHex(octets: Uint8Array): string {
  const hex = hexOf(octets);
  return hex.length <= HEX_WIDTH ? hex : `${hex.slice(0, HEX_WIDTH - 3)}...`;
}

function bitsAt(bytes: Uint8Array, offset: number, bit: number, bits: number): number {
  const octets = Math.ceil((bit + bits) / 8);
  let whole = 0;
  for (let k = 0; k < octets; k++) {
    whole = whole * 256 + bytes[offset + k]!;
  }
  return Math.floor(whole / 2 ** (8 * octets - bit - bits)) % 2 ** bits;
}

function headerMeaning(name: string, value: number, packet: DecodedPacket): string {
  switch (name) {
    case "packet type":
      return `${value}: ${packet.kind}`;
    case "sequence flags":
      return `${value}: unsegmented`;
    case "data length":
      return `${value}: ${packet.length} octets in all`;
    case "PUS version":
      return `${value}: PUS-C`;
    case "acknowledgement flags": {
      const asked = ["acceptance", "start", "progress", "completion"].filter((_, k) => (value >> (3 - k)) % 2 === 1);
      return asked.length === 0 ? `${value}: none` : `${value}: ${asked.join(", ")}`;
    }
    case "time reference status":
      return value === 0 ? "0: no time, stamps count from boot" : `${value}: synchronized`;
    case "service type":
      return `${value}: ${packet.service}`;
    case "message subtype":
      return `${value}: ${packet.message}${packet.variant === undefined ? "" : ` ${packet.variant}`}`;
    default:
      return String(value);
  }
}

function rowsOf(value: DecodedValue, prefix: string): ExplainedField[] {
  const { name, offset, bits, parts } = value;
  const whole = { offset, bits, name: prefix + name, meaning: parts === undefined ? meaningOf(value) : rawText(value) };
  return [
    whole,
    ...(parts ?? []).map((part) => ({
      offset: part.offset,
      bit: part.bit,
      bits: part.bits,
      name: `${prefix}  ${part.name}`,
      meaning: meaningOf(part),
    })),
  ];
}

/** The word and the number, the value and the raw number, and what the limits say. */
function meaningOf(value: DecodedValue): string {
  const { raw, word, limit } = value;
  const isCalibrated = typeof value.value === "number" && value.value !== raw;
  const behind = typeof word === "string" || isCalibrated ? ` (raw ${String(raw)})` : "";
  const state = limit === undefined || limit === "ok" ? "" : `, ${limit}`;
  return `${describeValue(value)}${behind}${state}`;
}

function rawText({ raw }: DecodedValue): string {
  return printable(String(raw));
}
