/** What whoever sends a command has a say in: its arguments, each with a name of its own. */
import type { Field, Message } from "./messages.js";

/**
 * `value`: one value. `items`: one value for each item of the command's list, as many as every other argument of the list has. `data`:
 * octets that the dictionary does not describe.
 */
export type ArgumentKind = "value" | "items" | "data";

export interface CommandArgument {
  readonly name: string;
  readonly kind: ArgumentKind;
  /** Its field in the message; undefined: the data at its end. */
  readonly field: Field | undefined;
}

/** In the order of the message. Where a name is taken, `item`, `trailer` or `more` stands in front of the next one that has it. */
export function argumentsOf(message: Message): readonly CommandArgument[] {
  const taken = new Set<string>();
  const named = (name: string, prefix: string): string => {
    let free = name;
    while (taken.has(free)) {
      free = prefix + free.charAt(0).toUpperCase() + free.slice(1);
    }
    taken.add(free);
    return free;
  };
  const of = (fields: readonly Field[], kind: ArgumentKind, prefix: string): CommandArgument[] =>
    fields
      .filter(({ constant }) => constant === undefined)
      .map((field) => ({ name: named(field.name, prefix), kind, field }));
  return [
    ...of(message.fields, "value", "more"),
    ...of(message.list?.items ?? [], "items", "item"),
    ...of(message.trailer, "value", "trailer"),
    ...(message.maxDataLength > 0 ? [{ name: named("data", "more"), kind: "data" as const, field: undefined }] : []),
  ];
}
