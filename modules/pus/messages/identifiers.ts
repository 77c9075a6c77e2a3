/** Values that the messages of several services have: identifiers, with the dictionary's names as their words, and constants. */
import type { NumberType, UnsignedType } from "../../data/field-kinds.js";
import type { ParameterDefinition, ValueDefinition, Words } from "../../dictionary/dictionary.js";

type Entries<Entry> = Readonly<Record<string, Entry>> | undefined;

/** @param entries what it identifies; undefined: a board does not ask for names */
export function identifier(type: UnsignedType, entries?: Entries<{ readonly id: number }>): ValueDefinition {
  return entries === undefined ? { type } : { type, words: wordsOf(entries, ({ id }) => id) };
}

export function wordsOf<Entry>(entries: Readonly<Record<string, Entry>>, numberOf: (entry: Entry) => number): Words {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, numberOf(entry)]));
}

/** A value that is always the same. */
export function constant(type: NumberType, value: number): ValueDefinition {
  return { type, minimum: value, maximum: value };
}

/** What a parameter's value is, for a message that has one under another name: its range is for setting it. */
export function sameValue({
  type,
  length,
  count,
  bits,
  unit,
  words,
  calibration,
}: ParameterDefinition): ValueDefinition {
  return {
    type,
    ...(length === undefined ? {} : { length }),
    ...(count === undefined ? {} : { count }),
    ...(bits === undefined ? {} : { bits }),
    ...(unit === undefined ? {} : { unit }),
    ...(words === undefined ? {} : { words }),
    ...(calibration === undefined ? {} : { calibration }),
  };
}
