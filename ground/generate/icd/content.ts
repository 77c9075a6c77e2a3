/** What an interface control document says of a board, in its order. */
import { NUMBER_KINDS } from "../../../modules/data/field-kinds.js";
import type { BoardDictionary, FieldWidths } from "../../../modules/dictionary/conventions.js";
import { wholeHash, wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import {
  epochOf,
  type HeaderField,
  headerLength,
  packetEnd,
  telecommandHeader,
  telemetryHeader,
} from "../../dictionary/headers.js";
import { commandsOf, packetsOf } from "../../dictionary/messages.js";
import { allServices } from "../../dictionary/standard-services.js";
import { type Block, heading, paragraph, table } from "../document/document.js";
import { headerPieces } from "./bit-layout.js";
import { definitionBlocks } from "./definitions.js";
import { drawingsOf } from "./layout-figure.js";
import { type BoardContent, messageBlocks } from "./messages.js";

const WIDTH_NAMES: Readonly<Record<keyof FieldWidths, string>> = {
  countType: "N, how many items follow",
  structureIdType: "structure ID",
  parameterIdType: "parameter ID",
  eventIdType: "event ID",
  functionIdType: "function ID",
  failureCodeType: "failure code",
  failureDataType: "failure data",
  stepIdType: "step ID",
};
const ROLES = { tmtc: "telecommands and telemetry", tc: "telecommands only", tm: "telemetry only" } as const;

export function titleOf(board: BoardDictionary): string {
  return `${board.name}: interface control document`;
}

export function contentOf(board: BoardDictionary): Block[] {
  const { description, conventions } = board;
  const { apid, timeCode } = conventions;
  const content: BoardContent = {
    board,
    services: allServices(board),
    commands: commandsOf(board),
    packets: packetsOf(board),
  };
  return [
    heading(1, "top", titleOf(board)),
    ...(description === undefined ? [] : [paragraph(description)]),
    paragraph(
      "What the board sends and takes, as its dictionary says; generated from it. All numbers are big-endian. Octets and bits are counted from 0; ",
      "bit 0 is the most significant.",
    ),
    ...conventionBlocks(content),
    heading(2, "headers", "Packet headers"),
    paragraph(
      "Every packet is a PUS-C packet (ECSS-E-ST-70-41C, 7.4): a header, data, and a checksum of two octets. The data are told below.",
    ),
    ...headerBlocks("telecommand-header", "Header of a telecommand", telecommandHeader(apid), "application data"),
    ...headerBlocks("telemetry-header", "Header of a telemetry packet", telemetryHeader(apid, timeCode), "source data"),
    heading(2, "commands", "Commands"),
    paragraph("Each by its service type and message subtype, and where there is one by an identifier in its data."),
    ...messageBlocks(content, "command"),
    heading(2, "packets", "Telemetry packets"),
    ...messageBlocks(content, "packet"),
    ...definitionBlocks(content),
  ];
}

function conventionBlocks({ board, services }: BoardContent): Block[] {
  const { apid, timeCode, acknowledge, widths, ports, createdStructures, maxTelemetryLength } = board.conventions;
  const row = (name: string, ...said: string[]) => ({ cells: [[name], said] });
  const always = "always: 1,1 accepted, 1,3 started, 1,7 completed; a failure is 1,2, 1,4, 1,8 or 1,10";
  return [
    heading(2, "conventions", "Conventions"),
    table(
      ["what", "this board"],
      [
        row("APID", `${apid} (0x${apid.toString(16).padStart(3, "0")})`),
        row(
          "time code",
          `${timeCode}, ${headerLength(telemetryHeader(apid, timeCode)) - 13} octets, counted from ${epochOf(timeCode)}`,
        ),
        row(
          "success of a telecommand is reported",
          acknowledge === "always" ? always : "as its acknowledgement flags ask; a failure always",
        ),
        row("packet error control", packetEnd().description),
        row("longest telemetry packet", `${maxTelemetryLength} octets`),
        row("structures that the ground may create", String(createdStructures)),
        row(
          "hash of what goes over the wire",
          `${hex(wireHash(board))}: the board reports it in the parameter dictionaryHash`,
        ),
        row("hash of the whole dictionary", hex(wholeHash(board))),
      ],
    ),
    heading(3, "ports", "TCP ports"),
    table(
      ["port", "for", "framing"],
      ports.map(({ port, role, framing }) => ({ cells: [[String(port)], [ROLES[role]], [{ code: framing }]] })),
    ),
    heading(3, "widths", "Widths that the standard leaves open"),
    table(
      ["field", "type", "octets"],
      Object.entries(WIDTH_NAMES).map(([key, name]) => {
        const type = widths[key as keyof FieldWidths];
        return { cells: [[name], [type], [String(NUMBER_KINDS.find((kind) => kind.type === type)!.width)]] };
      }),
    ),
    heading(3, "services", "Services"),
    table(
      ["type", "service", "what it does"],
      Object.entries(services)
        .sort(([, a], [, b]) => a.type - b.type)
        .map(([name, { type, description = "" }]) => ({ cells: [[String(type)], [{ code: name }], [description]] })),
    ),
  ];
}

function headerBlocks(id: string, title: string, fields: readonly HeaderField[], data: string): Block[] {
  const length = headerLength(fields);
  const end = packetEnd();
  let at = 0;
  const rows = fields.map(({ name, bits, description, constant }, k) => {
    const octet = `${Math.floor(at / 8)}${at % 8 === 0 ? "" : `, bit ${at % 8}`}`;
    at += bits;
    const always = constant === undefined ? "" : `always ${constant}: `;
    return { cells: [[String(k + 1)], [octet], [String(bits)], [{ code: name }], [always + description]] };
  });
  return [
    heading(3, id, title),
    paragraph(`${length} octets; then the ${data}; then ${end.bits / 8} octets of packet error control.`),
    { kind: "figure", caption: "on the left octets, above the bits of each", svg: drawingsOf(headerPieces(fields), 0) },
    table(
      ["#", "octet", "bits", "field", "meaning"],
      [
        ...rows,
        {
          cells: [
            [String(fields.length + 1)],
            ["last two"],
            [String(end.bits)],
            [{ code: end.name }],
            [end.description],
          ],
        },
      ],
    ),
  ];
}

export function hex(hash: number): string {
  return `0x${hash.toString(16).padStart(8, "0")}`;
}
