/** tlm.txt and cmd.txt: every report and every telecommand of a board. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { pFieldOf } from "../../../modules/pus/messages/time-values.js";
import { commandsOf, type Message, packetsOf } from "../../dictionary/messages.js";
import type { UniqueNames } from "../names.js";
import { type Item, ItemWriter } from "./items.js";
import { ParameterWriter } from "./parameters.js";
import { cosmosName, itemNames, packetNames, quoted } from "./text.js";

/** Octets of a telecommand in front of its application data. */
const COMMAND_HEADER_LENGTH = 11;
const CRC_LENGTH = 2;
/** The packet data length field counts one less than what is behind the primary header. */
const NOT_COUNTED = 7;

/** COSMOS's usual names for the primary header. */
const PRIMARY = ["CCSDSVER", "CCSDSTYPE", "CCSDSSHF", "CCSDSAPID", "CCSDSSEQFLAGS", "CCSDSSEQCNT", "CCSDSLENGTH"];
export const COMMAND_HEADER = [...PRIMARY, "PUS_VERSION", "PUS_ACK", "PUS_SERVICE", "PUS_SUBTYPE", "PUS_SOURCE"];
const PUS_TELEMETRY = ["PUS_VERSION", "PUS_TIME_STATUS", "PUS_SERVICE", "PUS_SUBTYPE", "PUS_COUNT", "PUS_DESTINATION"];
const STAMPS = {
  cds: ["STAMP_PFIELD", "STAMP_DAY", "STAMP_MS"],
  cuc: ["STAMP_PFIELD", "STAMP_SECONDS", "STAMP_FRACTION"],
} as const;

export interface TelemetryPacket {
  readonly name: string;
  readonly message: Message;
  readonly items: readonly Item[];
}

export interface Telemetry {
  readonly text: string;
  readonly packets: readonly TelemetryPacket[];
}

export function telemetryHeader(board: BoardDictionary): string[] {
  return [...PRIMARY, ...PUS_TELEMETRY, ...STAMPS[stampOf(board)]];
}

export function telemetryOf(board: BoardDictionary, target: string): Telemetry {
  const names = packetNames();
  const reserved = telemetryHeader(board);
  const messages = packetsOf(board);
  const packets: TelemetryPacket[] = [];
  const texts = messages.map((message) => {
    const name = names.take(cosmosName(message.name));
    const writer = new ItemWriter(itemNames(reserved), headerBits(board));
    writer.message(message);
    packets.push({ name, message, items: writer.items });
    return packetText(board, target, name, message, writer.lines);
  });
  // Behind all others: COSMOS takes the first packet that goes with the identifiers.
  const others = fallbacks(messages).map((message) => {
    const name = names.take(`${cosmosName(message.message)}_OTHER`);
    const writer = new ItemWriter(itemNames(reserved), headerBits(board));
    writer.octets();
    const described = { ...message, description: `${message.message} with what the dictionary does not know` };
    return packetText(board, target, name, described, writer.lines);
  });
  return { text: [...texts, ...others].join("\n"), packets };
}

/** Reports whose layout depends on an identifier may come with one that is not in the dictionary: each subtype once. */
function fallbacks(messages: readonly Message[]): readonly Message[] {
  const withVariants = messages.filter(({ variant }) => variant !== undefined);
  return withVariants.filter(
    ({ serviceType, subtype }, k) =>
      withVariants.findIndex((other) => other.serviceType === serviceType && other.subtype === subtype) === k,
  );
}

function packetText(
  board: BoardDictionary,
  target: string,
  name: string,
  { serviceType, subtype, description = "" }: Message,
  lines: readonly string[],
): string {
  const told = quoted(`TM[${serviceType},${subtype}] ${description}`);
  const header = [
    `TELEMETRY ${target} ${name} BIG_ENDIAN ${told}`,
    '  APPEND_ITEM CCSDSVER 3 UINT "packet version number"',
    '  APPEND_ITEM CCSDSTYPE 1 UINT "0: telemetry"',
    '  APPEND_ITEM CCSDSSHF 1 UINT "secondary header flag"',
    `  APPEND_ID_ITEM CCSDSAPID 11 UINT ${board.conventions.apid} "application process"`,
    '  APPEND_ITEM CCSDSSEQFLAGS 2 UINT "3: unsegmented"',
    '  APPEND_ITEM CCSDSSEQCNT 14 UINT "packet sequence count"',
    '  APPEND_ITEM CCSDSLENGTH 16 UINT "octets behind this header, less one"',
    '  APPEND_ITEM PUS_VERSION 4 UINT "2: PUS-C"',
    '  APPEND_ITEM PUS_TIME_STATUS 4 UINT "0: the board has no time, its stamps count from boot"',
    `  APPEND_ID_ITEM PUS_SERVICE 8 UINT ${serviceType} "service type"`,
    `  APPEND_ID_ITEM PUS_SUBTYPE 8 UINT ${subtype} "message subtype"`,
    '  APPEND_ITEM PUS_COUNT 16 UINT "reports of this kind before"',
    '  APPEND_ITEM PUS_DESTINATION 16 UINT "destination"',
    '  APPEND_ITEM STAMP_PFIELD 8 UINT "time code"',
    ...(stampOf(board) === "cds"
      ? ['  APPEND_ITEM STAMP_DAY 16 UINT "since 1958-01-01"', '  APPEND_ITEM STAMP_MS 32 UINT "of the day"']
      : ['  APPEND_ITEM STAMP_SECONDS 32 UINT "since the epoch"', '  APPEND_ITEM STAMP_FRACTION 24 UINT "2^-24 s"']),
    '  ITEM PACKET_TIME 0 0 DERIVED "of the board\'s stamp; of the arrival while the board has no time"',
    `    READ_CONVERSION flatlink_time_conversion.py ${board.conventions.timeCode.toUpperCase()}`,
  ];
  return `${[...header, ...lines].join("\n")}\n`;
}

export function commandsText(board: BoardDictionary, target: string): string {
  const names: UniqueNames = packetNames();
  return commandsOf(board)
    .map((message) => commandText(board, target, names.take(cosmosName(message.name)), message))
    .join("\n");
}

function commandText(board: BoardDictionary, target: string, name: string, message: Message): string {
  const { apid } = board.conventions;
  const { serviceType, subtype, description = "", dangerous } = message;
  const writer = new ParameterWriter(itemNames(COMMAND_HEADER));
  writer.message(message);
  const length = COMMAND_HEADER_LENGTH + CRC_LENGTH - NOT_COUNTED;
  const lines = [
    `COMMAND ${target} ${name} BIG_ENDIAN ${quoted(`TC[${serviceType},${subtype}] ${description}`)}`,
    ...(dangerous === undefined ? [] : [`  HAZARDOUS ${quoted(dangerous)}`]),
    '  APPEND_PARAMETER CCSDSVER 3 UINT 0 0 0 "packet version number"',
    '  APPEND_PARAMETER CCSDSTYPE 1 UINT 1 1 1 "1: telecommand"',
    '  APPEND_PARAMETER CCSDSSHF 1 UINT 1 1 1 "secondary header flag"',
    `  APPEND_ID_PARAMETER CCSDSAPID 11 UINT ${apid} ${apid} ${apid} "application process"`,
    '  APPEND_PARAMETER CCSDSSEQFLAGS 2 UINT 3 3 3 "3: unsegmented"',
    '  APPEND_PARAMETER CCSDSSEQCNT 14 UINT 0 16383 0 "counted when it is sent"',
    `  APPEND_PARAMETER CCSDSLENGTH 16 UINT 0 65535 ${length} "filled in when it is sent"`,
    '  APPEND_PARAMETER PUS_VERSION 4 UINT 2 2 2 "2: PUS-C"',
    '  APPEND_PARAMETER PUS_ACK 4 UINT 0 15 15 "reports of success asked for: 8 acceptance, 4 start, 2 progress, 1 completion"',
    `  APPEND_ID_PARAMETER PUS_SERVICE 8 UINT ${serviceType} ${serviceType} ${serviceType} "service type"`,
    `  APPEND_ID_PARAMETER PUS_SUBTYPE 8 UINT ${subtype} ${subtype} ${subtype} "message subtype"`,
    '  APPEND_PARAMETER PUS_SOURCE 16 UINT 0 65535 0 "source"',
    ...writer.lines,
  ];
  return `${lines.join("\n")}\n`;
}

function stampOf({ conventions }: BoardDictionary): "cds" | "cuc" {
  return pFieldOf(conventions.timeCode) === pFieldOf("cds") ? "cds" : "cuc";
}

/** Bits in front of the source data: primary header, secondary header, time stamp with its P-field. */
function headerBits(board: BoardDictionary): number {
  return 8 * (13 + (stampOf(board) === "cds" ? 7 : 8));
}
