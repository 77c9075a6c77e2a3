/** A format description for Kaitai Struct: decoders of one packet, in the languages that it compiles to. */
import { DAYS_1958_TO_1970 } from "../../modules/ccsds/cds-short.js";
import { LEAP_SECONDS } from "../../modules/ccsds/cuc.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { wireHash } from "../../modules/dictionary/dictionary-hash.js";
import { epochOf, type HeaderField, packetEnd, telecommandHeader, telemetryHeader } from "../dictionary/headers.js";
import { printable } from "./document/document.js";
import type { Generator } from "./generator.js";
import { Ids } from "./ids.js";
import { decodeProgram, examplePacket, readme } from "./kaitai/example.js";
import { dataAttribute } from "./kaitai/messages.js";
import { Scope } from "./kaitai/scope.js";
import { type Yaml, type YamlMap, yamlOf } from "./kaitai/yaml.js";

/** Fields that both kinds of packet begin with. */
const COMMON = 7;

export const KAITAI_GENERATOR: Generator = {
  name: "kaitai",
  help: "a .ksy file for Kaitai Struct: decoders of telemetry and telecommands in a dozen languages",
  generate(board) {
    const id = new Ids().take(board.name, "board");
    return [
      { path: `${id}.ksy`, text: yamlOf(formatOf(board, id)) },
      { path: "decode.mjs", text: decodeProgram(id) },
      { path: "README.md", text: readme(id, examplePacket(board)) },
    ];
  },
};

function formatOf(board: BoardDictionary, id: string): YamlMap {
  const { apid, timeCode } = board.conventions;
  const scope = new Scope();
  const telemetry = telemetryHeader(apid, timeCode).slice(COMMON);
  const stampAt = telemetry.findIndex(({ name }) => name === "pField");
  const stamp = scope.type("time_stamp", {
    doc: `counted from ${epochOf(timeCode)}`,
    seq: attributes(telemetry.slice(stampAt)),
    instances: unix(timeCode),
  });
  const kinds = {
    false: scope.type("telemetry", {
      seq: [
        ...attributes(telemetry.slice(0, stampAt)),
        { id: "time", type: stamp },
        { id: "data", ...dataAttribute(scope, board, "reports", "tm") },
      ],
    }),
    true: scope.type("telecommand", {
      seq: [
        ...attributes(telecommandHeader(apid).slice(COMMON)),
        { id: "data", ...dataAttribute(scope, board, "requests", "tc") },
      ],
    }),
  };
  return {
    meta: { id, title: printable(`${board.name}: PUS-C packets`), endian: "be", "ks-version": "0.10" },
    doc: `One packet of this board, telemetry or telecommand; hash of its dictionary on the wire 0x${wireHash(board).toString(16).padStart(8, "0")}.`,
    seq: [
      ...attributes(telemetryHeader(apid, timeCode).slice(0, COMMON)),
      {
        id: "body",
        size: `packet_data_length_field - ${packetEnd().bits / 8 - 1}`,
        type: { "switch-on": "packet_type", cases: kinds },
      },
      ...attributes([packetEnd()]),
    ],
    types: scope.types,
    enums: scope.enums,
  };
}

/** @param fields of a header; the type of the packet is not checked, since it is switched on */
function attributes(fields: readonly HeaderField[]): YamlMap[] {
  const ids = new Ids();
  return fields.map(({ name, bits, constant, description }) => {
    const isChecked = constant !== undefined && name !== "packetType";
    // One bit alone would be true or false.
    const type =
      bits === 1
        ? { type: "b1", ...(isChecked ? { valid: constant === 1 } : {}) }
        : numbered(bits, isChecked ? constant : undefined);
    return { id: ids.take(name, "field"), ...type, doc: description };
  });
}

function numbered(bits: number, valid: number | undefined): YamlMap {
  const isWhole = bits === 8 || bits === 16 || bits === 32;
  return { type: isWhole ? `u${bits / 8}` : `b${bits}`, ...(valid === undefined ? {} : { valid }) };
}

/** The instant in seconds, as UNIX counts; where the board has no time, since its boot and the code's epoch. */
function unix(timeCode: string): YamlMap {
  const before = DAYS_1958_TO_1970 * 86_400;
  const values: Readonly<Record<string, Yaml>> = {
    cds: `(day - ${DAYS_1958_TO_1970}) * 86400 + millisecond_of_day / 1000.0`,
    cuc: "seconds + fraction / 16777216.0",
    "cuc-tai": `seconds - ${before + LEAP_SECONDS} + fraction / 16777216.0`,
  };
  return { unix: { value: values[timeCode]!, doc: "seconds since 1970-01-01 UTC" } };
}
