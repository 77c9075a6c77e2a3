/** Telecommands back into names and arguments, as `encodeCommand` takes them: what another tool has sent, in this one's words. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { telecommandMessageSubtype, telecommandServiceType } from "../../modules/pus/telecommand.js";
import { argumentsOf } from "./command-arguments.js";
import type { DecodedValue } from "./decoded-value.js";
import { type PlainValue, plainValue } from "./describe.js";
import { commandsOf, type Message } from "./messages.js";
import { type DecodedPacket, PacketDecoder } from "./packet-decoder.js";
import { PacketError } from "./packet-error.js";

export interface ReadCommand {
  /** As `commandsOf` has it; of what the dictionary does not have, its service type and subtype: `TC[200,1]`. */
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Knows a dictionary; reads telecommand after telecommand. */
export class CommandReader {
  readonly #decoder: PacketDecoder;
  readonly #commands: readonly Message[];

  constructor(board: BoardDictionary) {
    this.#decoder = new PacketDecoder(board);
    this.#commands = commandsOf(board);
  }

  /** @param telecommand one packet, with its headers, and nothing else */
  read(telecommand: Uint8Array): ReadCommand {
    const type = `TC[${telecommandServiceType(telecommand, 0)},${telecommandMessageSubtype(telecommand, 0)}]`;
    let packet: DecodedPacket;
    try {
      packet = this.#decoder.decode(telecommand);
    } catch (error) {
      if (!(error instanceof PacketError)) {
        throw error;
      }
      return { name: type, arguments: {} };
    }
    const { service, message, list, variant = list?.items[0]?.variant } = packet;
    const command = this.#commands.find(
      (each) => each.service === service && each.message === message && each.variant === variant,
    );
    // Items that differ are a command each, and no command together.
    const isMixed = list?.items[0]?.variant !== undefined && list.items.length !== 1;
    return command === undefined || isMixed
      ? { name: isMixed ? message : type, arguments: unnamed(packet) }
      : { name: command.name, arguments: argumentsIn(command, packet) };
  }
}

function argumentsIn(command: Message, { values, list, trailer, data }: DecodedPacket): Record<string, unknown> {
  // A list of which a command has one item is flat there: N, and the item.
  const isFlat = list !== undefined && command.list === undefined;
  const flat = isFlat ? [...values, list.count, ...(list.items[0]?.values ?? [])] : values;
  const given = argumentsOf(command).map(({ name, kind, field }): readonly [string, unknown] => {
    switch (kind) {
      case "data":
        return [name, data?.hex];
      case "items": {
        const k = command.list!.items.indexOf(field!);
        return [name, (list?.items ?? []).map((item) => argumentOf(item.values[k]!))];
      }
      default: {
        const k = command.fields.indexOf(field!);
        return [name, argumentOf(k < 0 ? trailer[command.trailer.indexOf(field!)]! : flat[k]!)];
      }
    }
  });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function unnamed({ values, list, trailer, data }: DecodedPacket): Record<string, unknown> {
  const named = (each: readonly DecodedValue[]) => Object.fromEntries(each.map((one) => [one.name, argumentOf(one)]));
  return {
    ...named(values),
    ...(list === undefined ? {} : { items: list.items.map((item) => named(item.values)) }),
    ...named(trailer),
    ...(data === undefined ? {} : { data: data.hex }),
  };
}

/** A word where there is one, else the value in its unit; bits by their names. */
function argumentOf(value: DecodedValue): unknown {
  return wordOrValue(plainValue(value));
}

function wordOrValue({ value, word, parts }: PlainValue): unknown {
  if (parts !== undefined) {
    return Object.fromEntries(parts.map((part) => [part.name, wordOrValue(part)]));
  }
  return Array.isArray(word)
    ? word.map((each: unknown, k) => each ?? (value as readonly unknown[])[k])
    : (word ?? value);
}
