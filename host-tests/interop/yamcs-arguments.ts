/** Valid arguments for a command of a board: as an operator gives them to Yamcs, and as octets. */
import type { Field, Message } from "../../ground/dictionary/messages.js";
import { createdWords } from "../../ground/generate/yamcs/created-structures.js";
import { calibrate, hasInverse } from "../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { ValueDefinition, Words } from "../../modules/dictionary/dictionary.js";
import { type Decoded, encode, type Scalar } from "../dictionary/independent-codec.js";
import type { Random } from "../framing/random.js";
import { constantOf, wordedValue } from "./worded-values.js";

export interface Call {
  readonly args: Readonly<Record<string, unknown>>;
  /** The application data. */
  readonly octets: Uint8Array;
}

/** @param items of a list */
export function randomCall(command: Message, board: BoardDictionary, random: Random, items = 1): Call {
  const args: Record<string, unknown> = {};
  const octets: number[] = [];
  const take = (fields: readonly Field[], into: Record<string, unknown>): void => {
    for (const { name, value: definition, constant } of fields) {
      const words = wordsOf(command, name, definition, board);
      const value =
        constantOf(definition, constant) ??
        wordedValue({ ...definition, ...(words && { words }) }, isNumber(definition), random);
      octets.push(...encode(definition, value));
      if (constant === undefined) {
        Object.assign(into, argumentsOf(name, { ...definition, ...(words && { words }) }, value));
      }
    }
  };
  take(command.fields, args);
  if (command.list !== undefined) {
    const { countType, items: fields } = command.list;
    octets.push(...encode({ type: countType }, items));
    const list = Array.from({ length: items }, () => {
      const item: Record<string, unknown> = {};
      take(fields, item);
      // Members of an aggregate have no defaults in Yamcs.
      const hasReserved = fields.some(({ value: { bits, type } }) => bits !== undefined && hasBitsLeft(bits, type));
      Object.assign(item, hasReserved ? { reserved: 0 } : {});
      return fields.length === 1 && Object.keys(item).length === 1 ? Object.values(item)[0] : item;
    });
    args[fields.length === 1 ? `${fields[0]!.name}s` : "items"] = list;
  }
  take(command.trailer, args);
  if (command.maxDataLength > 0) {
    const data = random.bytes(1 + random.below(command.maxDataLength));
    octets.push(...data);
    args["data"] = Buffer.from(data).toString("hex");
  }
  return { args, octets: Uint8Array.from(octets) };
}

/** Structures that the ground makes have words that the dictionary does not know. */
function wordsOf(
  { service }: Message,
  name: string,
  { words }: ValueDefinition,
  board: BoardDictionary,
): Words | undefined {
  if (service !== "housekeeping" || name !== "structureId") {
    return words;
  }
  return { ...words, ...createdWords(board) };
}

function hasBitsLeft(bits: NonNullable<ValueDefinition["bits"]>, type: string): boolean {
  const named = Object.values(bits).reduce((sum, { width }) => sum + width, 0);
  return named < 8 * encode({ type }, 0).length;
}

function argumentsOf(name: string, definition: ValueDefinition, value: Decoded): Record<string, unknown> {
  const { bits, count, type } = definition;
  if (bits !== undefined) {
    return Object.fromEntries(
      Object.entries(value).map(([part, number]: [string, number]) => [
        `${name}_${part}`,
        wordFor(bits[part]!.words, number) ?? number,
      ]),
    );
  }
  if (count !== undefined) {
    return { [name]: (value as Scalar[]).map((each) => shown(definition, each)) };
  }
  if (type === "bytes") {
    return { [name]: Buffer.from(value as number[]).toString("hex") };
  }
  return { [name]: type === "ascii" ? value : shown(definition, value as Scalar) };
}

/** A word, or a value in the unit. */
function shown(definition: ValueDefinition, value: Scalar): unknown {
  const { words, calibration, type } = definition;
  const word = isNumber(definition) ? undefined : wordFor(words, Number(value));
  if (word !== undefined || type === "boolean") {
    return word ?? value;
  }
  return hasInverse(calibration) ? calibrate(calibration, Number(value)) : value;
}

function wordFor(words: Words = {}, number: number): string | undefined {
  const word = Object.entries(words).find(([, each]) => each === number)?.[0];
  // A word that nobody can write is the number.
  return word?.trim() === "" || word === "\u0000" ? String(number) : word;
}

/** What has a unit or a calibration is a number, even where some of its values have words. */
function isNumber({ type, unit, calibration }: ValueDefinition): boolean {
  return (
    (unit !== undefined && hasInverse(calibration)) ||
    (calibration !== undefined && hasInverse(calibration)) ||
    type.startsWith("float")
  );
}
