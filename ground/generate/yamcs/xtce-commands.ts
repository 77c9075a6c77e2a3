/** The telecommands of a board as XTCE commands. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { ArgumentDefinition, Words } from "../../../modules/dictionary/dictionary.js";
import { encodeConstant } from "../../dictionary/encode-command.js";
import { commandsOf, type Field, type FieldList, type Message } from "../../dictionary/messages.js";
import { createdWords } from "./created-structures.js";
import { Names } from "./names.js";
import { type Element, element, listed } from "./xml.js";
import { ArgumentTypes, argumentPartsOf, initialValueOf } from "./xtce-arguments.js";
import type { Header } from "./xtce-header.js";
import { verifierSet } from "./xtce-verification.js";

/** Arguments of every telecommand; no name of a dictionary has a hyphen. */
const APID = "ccsds-apid";
const SERVICE = "pus-service";
const SUBTYPE = "pus-subtype";

/** @param space path of the board's space system @returns `CommandMetaData` */
export function commandMetaData(board: BoardDictionary, header: Header, space: string): Element {
  const names = new Names();
  const created = createdWords(board);
  const commands = commandsOf(board).map((command) => ({
    ...forCreated(command, created),
    name: names.claim(command.name),
  }));
  const base = names.claim("telecommand");
  const types = new ArgumentTypes();
  const made = [
    baseCommand(base, types, verifierSet(header, space, `/yamcs/cmd/arg/${APID}`)),
    ...commands.map((command) => new Command(command, types).element(base, board.conventions.apid)),
  ];
  return element("CommandMetaData", {}, types.set, element("MetaCommandSet", {}, ...made));
}

function baseCommand(name: string, types: ArgumentTypes, verifiers: Element): Element {
  const argument = (argumentName: string, bits: number): Element =>
    element("Argument", { name: argumentName, argumentTypeRef: types.unsigned(bits) });
  const entries = [
    // Version 0, type 1, a secondary header.
    fixed(3, 5),
    reference(APID),
    // Unsegmented; sequence count and length are for the link to fill in.
    fixed(0xc0000000, 32),
    // PUS version 2, all acknowledgements.
    fixed(0x2f, 8),
    reference(SERVICE),
    reference(SUBTYPE),
    // The source ID.
    fixed(0, 16),
  ];
  return element(
    "MetaCommand",
    { name, abstract: true },
    element("ArgumentList", {}, argument(APID, 11), argument(SERVICE, 8), argument(SUBTYPE, 8)),
    element("CommandContainer", { name }, element("EntryList", {}, ...entries)),
    verifiers,
  );
}

class Command {
  readonly #names = new Names();
  readonly #types: ArgumentTypes;
  readonly #command: Message;
  readonly #arguments: Element[] = [];
  readonly #entries: Element[] = [];

  constructor(command: Message, types: ArgumentTypes) {
    this.#command = command;
    this.#types = types;
    const { fields, list, trailer, maxDataLength } = command;
    this.#fields(fields);
    if (list !== undefined) {
      this.#list(list);
    }
    this.#fields(trailer);
    if (maxDataLength > 0) {
      this.#argument("data", types.octets(), `at most ${maxDataLength} octets`);
    }
  }

  element(base: string, apid: number): Element {
    const { name, description, dangerous, serviceType, subtype } = this.#command;
    const assigned = { [APID]: apid, [SERVICE]: serviceType, [SUBTYPE]: subtype };
    const assignments = Object.entries(assigned).map(([argumentName, argumentValue]) =>
      element("ArgumentAssignment", { argumentName, argumentValue }),
    );
    return element(
      "MetaCommand",
      { name, shortDescription: description },
      element("BaseMetaCommand", { metaCommandRef: base }, element("ArgumentAssignmentList", {}, ...assignments)),
      listed("ArgumentList", this.#arguments),
      element(
        "CommandContainer",
        { name },
        element("EntryList", {}, ...this.#entries),
        element("BaseContainer", { containerRef: base }),
      ),
      dangerous === undefined
        ? undefined
        : element("DefaultSignificance", { consequenceLevel: "critical", reasonForWarning: dangerous }),
    );
  }

  #fields(fields: readonly Field[]): void {
    for (const field of fields) {
      const { name, value, constant } = field;
      if (constant !== undefined) {
        const octets = Buffer.from(encodeConstant(field));
        const binaryValue = octets.toString("hex").toUpperCase();
        this.#entries.push(element("FixedValueEntry", { binaryValue, sizeInBits: 8 * octets.length }));
        continue;
      }
      const initial = initialValueOf(value);
      for (const part of argumentPartsOf(value)) {
        if (part.isReserved === true) {
          this.#entries.push(fixed(0, part.width!));
        } else {
          const type = this.#types.of(`${this.#command.name}_${name}`, part);
          this.#argument(`${name}${part.suffix}`, type, part.value.description, initial);
        }
      }
    }
  }

  /** Yamcs counts the items when the operator does not. */
  #list({ countType, items, minCount = 0, maxCount }: FieldList): void {
    const { name } = this.#command;
    const count = this.#argument(
      "count",
      this.#types.count(`${name}_count`, countType, minCount, maxCount),
      "of the items",
    );
    const last = element("LinearAdjustment", { intercept: -1 });
    const reference = element("ArgumentInstanceRef", { argumentRef: count });
    const endingIndex = element("DynamicValue", {}, reference, last);
    const itemType = this.#itemType(items);
    const wanted = items.length === 1 ? `${items[0]!.name}s` : "items";
    this.#argument(wanted, this.#types.array(`${name}_${wanted}`, itemType, endingIndex), `at most ${maxCount}`);
  }

  /** A list of single values is an array of them, any other one an array of aggregates. */
  #itemType(items: readonly Field[]): string {
    const { name: command } = this.#command;
    const members = items.flatMap(({ name, value }) =>
      argumentPartsOf(value).map((part): [string, string] => [
        part.isReserved === true ? "reserved" : `${name}${part.suffix}`,
        this.#types.of(`${command}_${name}`, part),
      ]),
    );
    return members.length === 1 ? members[0]![1] : this.#types.aggregate(`${command}_item`, unique(members));
  }

  #argument(wanted: string, argumentTypeRef: string, shortDescription?: string, initialValue?: string): string {
    const name = this.#names.claim(wanted);
    this.#arguments.push(element("Argument", { name, argumentTypeRef, initialValue, shortDescription }));
    this.#entries.push(reference(name));
    return name;
  }
}

function unique(members: readonly [string, string][]): [string, string][] {
  const names = new Names();
  return members.map(([name, type]) => [names.claim(name), type]);
}

function reference(argumentRef: string): Element {
  return element("ArgumentRefEntry", { argumentRef });
}

/** @param value at most 53 bits */
function fixed(value: number, sizeInBits: number): Element {
  const binaryValue = value
    .toString(16)
    .padStart(2 * Math.ceil(sizeInBits / 8), "0")
    .toUpperCase();
  return element("FixedValueEntry", { binaryValue, sizeInBits });
}

/** Where a structure is named, it may also be one that the ground makes. */
function forCreated(command: Message, created: Words): Message {
  if (command.service !== "housekeeping") {
    return command;
  }
  const extend = (fields: readonly Field[]): readonly Field[] =>
    fields.map((field) =>
      field.name === "structureId" ? { ...field, value: withWords(field.value, created) } : field,
    );
  return {
    ...command,
    fields: extend(command.fields),
    ...(command.list && { list: { ...command.list, items: extend(command.list.items) } }),
  };
}

function withWords(value: ArgumentDefinition, words: Words): ArgumentDefinition {
  return { ...value, words: { ...value.words, ...words } };
}
