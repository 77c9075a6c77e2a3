/**
 * Structures that the ground creates on a board at run time (3,1). The dictionary does not know them; the board says what they are made of
 * when it is asked to (3,9), and from then on their reports can be read.
 */
import { CRC16_LENGTH } from "../../modules/ccsds/crc16.js";
import { apid } from "../../modules/ccsds/primary-header.js";
import { numberKind, readNumber, typeWidth } from "../../modules/data/field-kinds.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { MessageDefinition, ParameterDefinition, ValueDefinition } from "../../modules/dictionary/dictionary.js";
import {
  HOUSEKEEPING_REPORT,
  HOUSEKEEPING_SERVICE,
  STRUCTURE_REPORT,
} from "../../modules/pus/messages/st03-messages.js";
import type { DecodedMessage } from "./decode-message.js";

const STRUCTURE_ID = "structureId";

/** Of a telemetry packet, what tells whether it is a report on a structure. */
interface Report extends DecodedMessage {
  readonly apid: number;
  readonly serviceType: number;
  readonly subtype: number;
}

export class CreatedStructures {
  readonly #board: BoardDictionary;
  readonly #ofDictionary: ReadonlySet<number>;
  readonly #parameters: ReadonlyMap<number, readonly [name: string, definition: ParameterDefinition]>;
  /** Layouts of their reports by ID; the one that was told last is the last. */
  readonly #layouts = new Map<number, MessageDefinition>();

  constructor(board: BoardDictionary) {
    const { structures = {}, parameters = {} } = board;
    this.#board = board;
    this.#ofDictionary = new Set(Object.values(structures).map(({ id }) => id));
    this.#parameters = new Map(Object.entries(parameters).map((entry) => [entry[1].id, entry]));
  }

  /**
   * @param packet a housekeeping report, whole; @param at of its structure ID
   * @returns its layout; undefined: it is none of the structures that the board has told
   */
  layoutAt(packet: Uint8Array, at: number): MessageDefinition | undefined {
    const { apid: own, widths } = this.#board.conventions;
    const width = typeWidth(widths.structureIdType);
    if (this.#layouts.size === 0 || apid(packet, 0) !== own || at + width + CRC16_LENGTH > packet.length) {
      return undefined;
    }
    const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
    return this.#layouts.get(readNumber(view, numberKind(widths.structureIdType), at, false));
  }

  /** Keeps what a report on a structure (3,10) says; as many as the board has room for, the oldest gives way. */
  learn({ serviceType, subtype, apid: from, values: head, list }: Report): void {
    const { conventions } = this.#board;
    const isOwn = serviceType === HOUSEKEEPING_SERVICE && subtype === STRUCTURE_REPORT && from === conventions.apid;
    const id = head[0]?.raw;
    if (!isOwn || typeof id !== "number" || this.#ofDictionary.has(id)) {
      return;
    }
    // Whatever it was before, it is that no more.
    this.#layouts.delete(id);
    const values: Record<string, ValueDefinition> = { [STRUCTURE_ID]: { type: conventions.widths.structureIdType } };
    for (const { values: item } of list?.items ?? []) {
      const [name, definition] = this.#parameters.get(item[0]!.raw as number) ?? [];
      if (name === undefined || definition === undefined || Object.hasOwn(values, name)) {
        // Of another dictionary: its reports stay what they are, octets.
        return;
      }
      values[name] = definition;
    }
    this.#layouts.set(id, { subtype: HOUSEKEEPING_REPORT, values });
    if (this.#layouts.size > conventions.createdStructures) {
      this.#layouts.delete(this.#layouts.keys().next().value!);
    }
  }
}
