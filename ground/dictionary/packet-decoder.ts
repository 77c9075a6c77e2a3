/**
 * Packets of a board, by its dictionary: headers, stamp, and every value with where it stands. Telemetry and telecommands alike.
 *
 * For people and for archives, on a ground computer: allocates freely.
 */
import { CRC16_LENGTH, crc16 } from "../../modules/ccsds/crc16.js";
import {
  apid,
  IDLE_APID,
  MIN_SPACE_PACKET_LENGTH,
  PRIMARY_HEADER_LENGTH,
  packetLength,
  packetSequenceCount,
  packetType,
  packetVersionNumber,
  secondaryHeaderFlag,
  sequenceFlags,
  TELECOMMAND,
  UNSEGMENTED,
} from "../../modules/ccsds/primary-header.js";
import type { TimeCode } from "../../modules/ccsds/time-code.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { MessageDefinition, RequestMessage } from "../../modules/dictionary/dictionary.js";
import { timeCode } from "../../modules/flatsat/application-process.js";
import type { TimeCodeName } from "../../modules/flatsat/configuration.js";
import { HOUSEKEEPING_REPORT, HOUSEKEEPING_SERVICE } from "../../modules/pus/messages/st03-messages.js";
import { PUS_C_VERSION, pusVersion } from "../../modules/pus/packet-status.js";
import {
  acknowledgementFlags,
  sourceId,
  TELECOMMAND_HEADER_LENGTH,
  telecommandMessageSubtype,
  telecommandServiceType,
} from "../../modules/pus/telecommand.js";
import {
  destinationId,
  messageTypeCounter,
  TIME_STAMP_OFFSET,
  telemetryMessageSubtype,
  telemetryServiceType,
  timeReferenceStatus,
} from "../../modules/pus/telemetry.js";
import { CreatedStructures } from "./created-structures.js";
import { type DecodedMessage, decodeMessage } from "./decode-message.js";
import { PacketError } from "./packet-error.js";
import { allServices } from "./standard-services.js";

interface DecodedHeader extends DecodedMessage {
  readonly length: number;
  readonly apid: number;
  readonly sequenceCount: number;
  readonly serviceType: number;
  readonly subtype: number;
  /** Names in the dictionary. */
  readonly service: string;
  readonly message: string;
  /** Of the first octet behind the headers. */
  readonly dataOffset: number;
  readonly crc: number;
}

export interface DecodedTelemetry extends DecodedHeader {
  readonly kind: "telemetry";
  readonly messageTypeCounter: number;
  readonly destinationId: number;
  /** 0: the board has no time, and its stamp counts from the epoch of its time code. */
  readonly timeReferenceStatus: number;
  /** UNIX milliseconds; where the board has no time, milliseconds since its boot. */
  readonly time: number;
}

export interface DecodedTelecommand extends DecodedHeader {
  readonly kind: "telecommand";
  /** Bits of acceptance, start, progress and completion, from the most significant. */
  readonly acknowledgementFlags: number;
  readonly sourceId: number;
}

export type DecodedPacket = DecodedTelemetry | DecodedTelecommand;

interface KnownMessage {
  readonly service: string;
  readonly name: string;
  readonly definition: MessageDefinition;
}

/**
 * Knows a dictionary; decodes packet after packet. What the board reports of a structure that the ground has created (3,10) is kept, and
 * its reports (3,25) are decoded from then on.
 */
export class PacketDecoder {
  readonly board: BoardDictionary;
  readonly #timeCode: TimeCode;
  readonly #reports = new Map<number, KnownMessage>();
  readonly #created: CreatedStructures;
  readonly #requests = new Map<number, KnownMessage & { readonly definition: RequestMessage }>();

  constructor(board: BoardDictionary) {
    this.board = board;
    this.#created = new CreatedStructures(board);
    this.#timeCode = timeCode(board.conventions.timeCode as TimeCodeName);
    for (const [service, { type, requests = {}, reports = {} }] of Object.entries(allServices(board))) {
      for (const [name, definition] of Object.entries(requests)) {
        this.#requests.set(type * 256 + definition.subtype, { service, name, definition });
      }
      for (const [name, definition] of Object.entries(reports)) {
        this.#reports.set(type * 256 + definition.subtype, { service, name, definition });
      }
    }
  }

  /**
   * @param bytes one packet and nothing else
   * @param from `anyApid`: of a board that has other application processes, or reports on telecommands for none of them
   * @throws PacketError when it is none of this board's
   */
  decode(bytes: Uint8Array, from: "ownApid" | "anyApid" = "ownApid"): DecodedPacket {
    checkSpacePacket(bytes);
    const isTelecommand = packetType(bytes, 0) === TELECOMMAND;
    const dataOffset = isTelecommand ? TELECOMMAND_HEADER_LENGTH : TIME_STAMP_OFFSET + this.#timeCode.length;
    checkPusPacket(bytes, dataOffset);
    if (from === "ownApid" && apid(bytes, 0) !== this.board.conventions.apid) {
      const { apid: own } = this.board.conventions;
      throw new PacketError("wrongApid", 0, `the board has APID ${own}, not ${apid(bytes, 0)}`, apid(bytes, 0), own);
    }
    return isTelecommand ? this.#telecommand(bytes, dataOffset) : this.#telemetry(bytes, dataOffset);
  }

  #telecommand(bytes: Uint8Array, dataOffset: number): DecodedTelecommand {
    const type = telecommandServiceType(bytes, 0);
    const subtype = telecommandMessageSubtype(bytes, 0);
    return {
      kind: "telecommand",
      acknowledgementFlags: acknowledgementFlags(bytes, 0),
      sourceId: sourceId(bytes, 0),
      ...this.#common(bytes, dataOffset, type, subtype, this.#requests.get(type * 256 + subtype)),
    };
  }

  #telemetry(bytes: Uint8Array, dataOffset: number): DecodedTelemetry {
    const { pField, name, epoch } = this.#timeCode;
    const time = this.#timeCode.read(bytes, TIME_STAMP_OFFSET);
    if (Number.isNaN(time)) {
      const found = bytes[TIME_STAMP_OFFSET]!;
      throw new PacketError(
        "wrongTimeCode",
        TIME_STAMP_OFFSET,
        `the stamp is not ${name}, which begins with ${octet(pField)}; ${octet(found)} is here`,
        found,
        pField,
      );
    }
    const status = timeReferenceStatus(bytes, 0);
    const type = telemetryServiceType(bytes, 0);
    const subtype = telemetryMessageSubtype(bytes, 0);
    const packet: DecodedTelemetry = {
      kind: "telemetry",
      messageTypeCounter: messageTypeCounter(bytes, 0),
      destinationId: destinationId(bytes, 0),
      timeReferenceStatus: status,
      time: status === 0 ? time - epoch : time,
      ...this.#common(bytes, dataOffset, type, subtype, this.#report(bytes, dataOffset, type, subtype)),
    };
    this.#created.learn(packet);
    return packet;
  }

  #report(bytes: Uint8Array, dataOffset: number, type: number, subtype: number): KnownMessage | undefined {
    const known = this.#reports.get(type * 256 + subtype);
    if (known === undefined || type !== HOUSEKEEPING_SERVICE || subtype !== HOUSEKEEPING_REPORT) {
      return known;
    }
    const definition = this.#created.layoutAt(bytes, dataOffset);
    return definition === undefined ? known : { ...known, definition };
  }

  #common(
    bytes: Uint8Array,
    dataOffset: number,
    serviceType: number,
    subtype: number,
    known: KnownMessage | undefined,
  ): DecodedHeader {
    if (known === undefined) {
      const what = packetType(bytes, 0) === TELECOMMAND ? "request" : "report";
      throw new PacketError(
        "unknownMessage",
        PRIMARY_HEADER_LENGTH + 1,
        `the dictionary has no ${what} of type ${serviceType},${subtype}`,
        serviceType * 256 + subtype,
      );
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = bytes.length - CRC16_LENGTH;
    return {
      length: bytes.length,
      apid: apid(bytes, 0),
      sequenceCount: packetSequenceCount(bytes, 0),
      serviceType,
      subtype,
      service: known.service,
      message: known.name,
      dataOffset,
      crc: view.getUint16(end),
      ...decodeMessage(known.definition, view, dataOffset, end),
    };
  }
}

/**
 * Decodes one packet; a `PacketDecoder` is quicker for many.
 * @throws PacketError when it is none of this board's
 */
export function decodePacket(board: BoardDictionary, bytes: Uint8Array): DecodedPacket {
  return new PacketDecoder(board).decode(bytes);
}

function checkSpacePacket(bytes: Uint8Array): void {
  const { length } = bytes;
  if (length < MIN_SPACE_PACKET_LENGTH) {
    const why = `a space packet has ${MIN_SPACE_PACKET_LENGTH} octets at least, and ${length} are here`;
    throw new PacketError("tooShort", length, why, length, MIN_SPACE_PACKET_LENGTH);
  }
  const version = packetVersionNumber(bytes, 0);
  if (version !== 0) {
    throw new PacketError("wrongVersion", 0, `no CCSDS space packet: its version is ${version}, not 0`, version, 0);
  }
  const said = packetLength(bytes, 0);
  if (said !== length) {
    // Octets 4 and 5 say it.
    throw new PacketError(
      "wrongLength",
      4,
      `the packet says that it has ${said} octets, and ${length} are here`,
      length,
      said,
    );
  }
  if (apid(bytes, 0) === IDLE_APID) {
    throw new PacketError("idle", 0, "an idle packet: it means nothing");
  }
}

/** The CRC first: where it is wrong, nothing else can be trusted. */
function checkPusPacket(bytes: Uint8Array, dataOffset: number): void {
  const { length } = bytes;
  if (!secondaryHeaderFlag(bytes, 0)) {
    throw new PacketError("noSecondaryHeader", 0, "no PUS packet: it has no secondary header");
  }
  const least = dataOffset + CRC16_LENGTH;
  if (length < least) {
    const why = `a PUS packet of this kind has ${least} octets at least, and this one ${length}`;
    throw new PacketError("tooShort", length, why, length, least);
  }
  const end = length - CRC16_LENGTH;
  const found = bytes[end]! * 256 + bytes[end + 1]!;
  const required = crc16(bytes, 0, end);
  if (found !== required) {
    const why = `the CRC is ${word(found)}, and ${word(required)} would be right: the packet is damaged`;
    throw new PacketError("wrongCrc", end, why, found, required);
  }
  const version = pusVersion(bytes, 0);
  if (version !== PUS_C_VERSION) {
    const why = `the PUS version is ${version}, not ${PUS_C_VERSION} (PUS-C)`;
    throw new PacketError("wrongPusVersion", PRIMARY_HEADER_LENGTH, why, version, PUS_C_VERSION);
  }
  const flags = sequenceFlags(bytes, 0);
  if (flags !== UNSEGMENTED) {
    throw new PacketError("segmented", 2, "a segment: PUS packets are unsegmented", flags, UNSEGMENTED);
  }
}

function octet(value: number): string {
  return `0x${value.toString(16).padStart(2, "0")}`;
}

function word(value: number): string {
  return `0x${value.toString(16).padStart(4, "0")}`;
}
