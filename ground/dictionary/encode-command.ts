/** Telecommands out of names and arguments, by a board's dictionary. */
import { MAX_PACKET_SEQUENCE_COUNT } from "../../modules/ccsds/primary-header.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { ArgumentError } from "./argument-error.js";
import { argumentsOf, type CommandArgument } from "./command-arguments.js";
import { type ArgumentValue, encodeValue, octetsOf, splitList } from "./encode-value.js";
import { commandsOf, type Field, type Message } from "./messages.js";
import { nearestName } from "./nearest-name.js";
import { expected } from "./raw-value.js";

/** By name. Of an argument of a list: text with a comma between its items, or an array with an element for each. */
export type CommandArguments = Readonly<Record<string, ArgumentValue | readonly ArgumentValue[]>>;

export interface CommandOptions {
  /** 0 to 16,383; default 0. */
  readonly sequenceCount?: number;
  /** 0 to 65,535; default 0. */
  readonly sourceId?: number;
  /** `ACKNOWLEDGE_` bits; default all. */
  readonly acknowledgementFlags?: number;
}

/**
 * @returns the command of this name
 * @throws ArgumentError, with the name that may be meant
 */
export function findCommand(commands: readonly Message[], name: string): Message {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) {
    return found;
  }
  const meant = nearestName(
    name,
    commands.map((command) => command.name),
  );
  throw new ArgumentError(
    undefined,
    `there is no command "${name}"${meant === undefined ? "" : `; did you mean ${meant}?`}`,
  );
}

/**
 * @param name as `commandsOf` has it
 * @returns the whole telecommand
 * @throws ArgumentError for a command or an argument that there is not, that is missing, or that is not what it should be
 */
export function encodeCommand(
  board: BoardDictionary,
  name: string,
  given: CommandArguments = {},
  options: CommandOptions = {},
): Uint8Array {
  return encodeMessage(board, findCommand(commandsOf(board), name), given, options);
}

/** As `encodeCommand`, where the command is at hand. */
export function encodeMessage(
  board: BoardDictionary,
  command: Message,
  given: CommandArguments,
  options: CommandOptions = {},
): Uint8Array {
  const { sequenceCount = 0, sourceId = 0, acknowledgementFlags } = options;
  if (!(sequenceCount >= 0 && sequenceCount <= MAX_PACKET_SEQUENCE_COUNT)) {
    throw new RangeError(`sequenceCount must be 0 to ${MAX_PACKET_SEQUENCE_COUNT}, not ${sequenceCount}`);
  }
  return buildTelecommand({
    apid: board.conventions.apid,
    packetSequenceCount: sequenceCount,
    serviceType: command.serviceType,
    messageSubtype: command.subtype,
    sourceId,
    ...(acknowledgementFlags === undefined ? {} : { acknowledgementFlags }),
    applicationData: applicationData(command, given),
  });
}

function applicationData(command: Message, given: CommandArguments): Uint8Array {
  const known = argumentsOf(command);
  for (const name of Object.keys(given)) {
    if (!known.some((argument) => argument.name === name)) {
      throw unknownArgument(command, name, known);
    }
  }
  const byField = new Map(known.map((argument) => [argument.field, argument]));
  const one = (field: Field): Uint8Array => {
    const argument = byField.get(field);
    return argument === undefined
      ? encodeConstant(field)
      : encodeValue(
          argument.name,
          field.value,
          valueOrDefault(command, argument, givenOf(given, argument)) as ArgumentValue,
        );
  };
  const data = known.find(({ kind }) => kind === "data");
  const parts = [
    ...command.fields.map(one),
    ...listOf(command, known, given),
    ...command.trailer.map(one),
    ...(data === undefined || givenOf(given, data) === undefined
      ? []
      : [behind(data.name, command.maxDataLength, givenOf(given, data) as ArgumentValue)]),
  ];
  return new Uint8Array(Buffer.concat(parts));
}

/** What an argument is called may be the name of something that every object has. */
function givenOf(given: CommandArguments, { name }: CommandArgument): CommandArguments[string] | undefined {
  return Object.hasOwn(given, name) ? given[name] : undefined;
}

/** Raw, whatever words and calibration it has. */
export function encodeConstant({ name, value: { type }, constant }: Field): Uint8Array {
  return encodeValue(name, { type }, constant!);
}

function valueOrDefault(
  command: Message,
  argument: CommandArgument,
  said: CommandArguments[string] | undefined,
): CommandArguments[string] {
  const ofDefinition = argument.field!.value.default;
  if (said !== undefined) {
    return said;
  }
  if (ofDefinition === undefined) {
    throw missing(command, argument);
  }
  // Raw, as everything in a dictionary but its limits.
  return typeof ofDefinition === "boolean" ? ofDefinition : `raw:${ofDefinition}`;
}

/** N, and its items one after the other. */
function listOf(command: Message, known: readonly CommandArgument[], given: CommandArguments): Uint8Array[] {
  const { list } = command;
  if (list === undefined) {
    return [];
  }
  const columns = known.filter(({ kind }) => kind === "items");
  const said = columns.map((column) => itemsOf(column.name, givenOf(given, column)));
  const count = Math.max(0, ...said.map((items) => items?.length ?? 0));
  const [first] = columns;
  if (first !== undefined && said.every((items) => items === undefined)) {
    throw missing(command, first);
  }
  columns.forEach(({ name }, k) => {
    const items = said[k];
    if (items !== undefined && items.length !== count) {
      throw new ArgumentError(
        name,
        `${name} has ${items.length} items, and another argument ${count}: each item needs both`,
      );
    }
  });
  const { minCount = 0, maxCount } = list;
  if (count < minCount || count > maxCount) {
    const least = count < minCount;
    const limit = least ? minCount : maxCount;
    throw new ArgumentError(
      first?.name,
      `${command.name} takes ${limit} item${limit === 1 ? "" : "s"} at ${least ? "least" : "most"}, not ${count}`,
    );
  }
  const items = Array.from({ length: count }, (_, item) =>
    list.items.map((field) => {
      const k = columns.findIndex((column) => column.field === field);
      if (k < 0) {
        return encodeConstant(field);
      }
      const column = columns[k]!;
      return encodeValue(column.name, field.value, valueOrDefault(command, column, said[k]?.[item]) as ArgumentValue);
    }),
  );
  return [encodeValue("N", { type: list.countType }, count), ...items.flat()];
}

function missing(command: Message, { name, field }: CommandArgument): ArgumentError {
  return new ArgumentError(name, `${command.name} needs ${name}: ${expected(field!.value)}`);
}

function itemsOf(name: string, said: CommandArguments[string] | undefined): readonly ArgumentValue[] | undefined {
  if (said === undefined || Array.isArray(said)) {
    return said as readonly ArgumentValue[] | undefined;
  }
  if (typeof said === "object") {
    throw new ArgumentError(name, `${name} has a value for each item of a list`);
  }
  return typeof said === "string" ? splitList(said) : [said];
}

function behind(name: string, maxDataLength: number, said: ArgumentValue): Uint8Array {
  const octets = octetsOf(name, said);
  if (octets.length > maxDataLength) {
    throw new ArgumentError(name, `${name} may have ${maxDataLength} octets, not ${octets.length}`);
  }
  return octets;
}

function unknownArgument(command: Message, name: string, known: readonly CommandArgument[]): ArgumentError {
  const names = known.map((argument) => argument.name);
  const meant = nearestName(name, names);
  const hint =
    meant !== undefined ? `did you mean ${meant}?` : names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  return new ArgumentError(name, `${command.name} has no argument "${name}"; ${hint}`);
}
