/**
 * The hash of a board's dictionary, out of what it sends, compared to that of the dictionary at hand. It is looked for by its place, not
 * by decoding: with another dictionary the packet may not decode.
 */
import { CRC16_LENGTH, hasValidCrc16 } from "../../modules/ccsds/crc16.js";
import { apid, packetType, TELEMETRY } from "../../modules/ccsds/primary-header.js";
import { typeWidth } from "../../modules/data/field-kinds.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { wireHash } from "../../modules/dictionary/dictionary-hash.js";
import { valueLength } from "../../modules/dictionary/value-check.js";
import { timeCode } from "../../modules/flatsat/application-process.js";
import type { TimeCodeName } from "../../modules/flatsat/configuration.js";
import { HOUSEKEEPING_REPORT, HOUSEKEEPING_SERVICE } from "../../modules/pus/messages/st03-messages.js";
import { PARAMETER_REPORT, PARAMETER_SERVICE } from "../../modules/pus/messages/st20-messages.js";
import { TIME_STAMP_OFFSET, telemetryMessageSubtype, telemetryServiceType } from "../../modules/pus/telemetry.js";

/** The parameter, and the structure that reports it. */
export const HASH_PARAMETER = "dictionaryHash";
const STRUCTURE = "board";
const HASH_LENGTH = 4;

export class HashCheck {
  /** Of the dictionary at hand. */
  readonly own: number;
  readonly #board: BoardDictionary;
  readonly #start: number;
  #found: number | undefined;

  constructor(board: BoardDictionary) {
    this.own = wireHash(board);
    this.#board = board;
    this.#start = TIME_STAMP_OFFSET + timeCode(board.conventions.timeCode as TimeCodeName).length;
  }

  /** The board's, as it told it last; undefined: it has not. */
  get found(): number | undefined {
    return this.#found;
  }

  /** @returns whether the two are the same, the first time that the board tells this one; undefined: nothing new */
  look(packet: Uint8Array): boolean | undefined {
    const found = this.#hashIn(packet);
    if (found === undefined || found === this.#found) {
      return undefined;
    }
    this.#found = found;
    return found === this.own;
  }

  #hashIn(packet: Uint8Array): number | undefined {
    const isSound = packet.length > this.#start + CRC16_LENGTH && hasValidCrc16(packet, 0, packet.length);
    if (!isSound || packetType(packet, 0) !== TELEMETRY || apid(packet, 0) !== this.#board.conventions.apid) {
      return undefined;
    }
    const type = telemetryServiceType(packet, 0);
    const subtype = telemetryMessageSubtype(packet, 0);
    const at =
      type === HOUSEKEEPING_SERVICE && subtype === HOUSEKEEPING_REPORT
        ? this.#inStructure(packet)
        : type === PARAMETER_SERVICE && subtype === PARAMETER_REPORT
          ? this.#inReport(packet)
          : undefined;
    return at === undefined || at + HASH_LENGTH + CRC16_LENGTH > packet.length
      ? undefined
      : new DataView(packet.buffer, packet.byteOffset).getUint32(at);
  }

  #inStructure(packet: Uint8Array): number | undefined {
    const { structures = {}, parameters = {}, conventions } = this.#board;
    const structure = structures[STRUCTURE];
    const width = typeWidth(conventions.widths.structureIdType);
    if (structure === undefined || unsigned(packet, this.#start, width) !== structure.id) {
      return undefined;
    }
    const place = structure.parameters.indexOf(HASH_PARAMETER);
    const before = structure.parameters.slice(0, place).reduce((sum, name) => sum + valueLength(parameters[name]!), 0);
    return place < 0 ? undefined : this.#start + width + before;
  }

  /** Where it is the first of the report's parameters. */
  #inReport(packet: Uint8Array): number | undefined {
    const { parameters = {}, conventions } = this.#board;
    const id = this.#start + typeWidth(conventions.widths.countType);
    const width = typeWidth(conventions.widths.parameterIdType);
    return unsigned(packet, id, width) === parameters[HASH_PARAMETER]?.id ? id + width : undefined;
  }
}

function unsigned(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let k = 0; k < width; k++) {
    value = value * 256 + (bytes[at + k] ?? 0);
  }
  return value;
}

/** As people compare them. */
export function hashText(hash: number): string {
  return `0x${hash.toString(16).padStart(8, "0")}`;
}
