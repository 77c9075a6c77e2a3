/** Messages of a board as Kaitai types, and the switch that chooses among them. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type {
  ItemVariant,
  LayoutDefinition,
  ListDefinition,
  MessageDefinition,
} from "../../../modules/dictionary/dictionary.js";
import { allServices } from "../../dictionary/standard-services.js";
import type { Scope } from "./scope.js";
import { countType, TypeBuilder } from "./values.js";
import type { YamlMap } from "./yaml.js";

/** What follows an identifier, and of data that the dictionary does not describe: everything to the end. */
const TO_END = { "size-eos": true } as const;

/**
 * @param prefix of the types' names
 * @returns an attribute for the data of a packet, whatever its type; of a type that is unknown it is octets
 */
export function dataAttribute(
  scope: Scope,
  board: BoardDictionary,
  kind: "requests" | "reports",
  prefix: string,
): YamlMap {
  const cases: Record<string, string> = {};
  for (const [service, definition] of Object.entries(allServices(board))) {
    for (const [name, message] of Object.entries(definition[kind] ?? {})) {
      cases[definition.type * 256 + message.subtype] = messageType(scope, `${prefix}_${service}_${name}`, message);
    }
  }
  return { ...TO_END, ...switchOn("service_type * 256 + message_subtype", cases) };
}

function switchOn(expression: string, cases: Readonly<Record<string, string>>): YamlMap {
  return Object.keys(cases).length === 0 ? {} : { type: { "switch-on": expression, cases } };
}

function messageType(scope: Scope, name: string, message: MessageDefinition): string {
  const { values, variants, description } = message;
  const builder = new TypeBuilder(scope);
  const identifier = builder.values(values);
  if (variants === undefined) {
    layout(scope, builder, name, message);
  } else {
    const cases: Record<string, string> = {};
    for (const [variant, definition] of Object.entries(variants)) {
      const own = new TypeBuilder(scope);
      own.values(definition.values);
      layout(scope, own, `${name}_${variant}`, definition);
      cases[definition.id] = scope.type(`${name}_${variant}`, own.build(definition.description));
    }
    builder.attribute("content", { ...TO_END, ...switchOn(identifier, cases) });
  }
  return scope.type(name, builder.build(description));
}

/** Everything behind the values. */
function layout(
  scope: Scope,
  builder: TypeBuilder,
  name: string,
  { list, trailer, maxDataLength = 0 }: LayoutDefinition,
): void {
  if (list !== undefined) {
    const count = builder.attribute("item_count", { type: countType(list.countType), doc: "how many items follow" });
    builder.attribute("items", { type: itemType(scope, `${name}_item`, list), repeat: "expr", "repeat-expr": count });
  }
  builder.values(trailer);
  if (maxDataLength > 0) {
    builder.attribute("data", { ...TO_END, doc: "what the dictionary does not describe" });
  }
}

function itemType(scope: Scope, name: string, { items, variants }: ListDefinition): string {
  const builder = new TypeBuilder(scope);
  const identifier = builder.values(items);
  if (variants !== undefined) {
    const cases = Object.fromEntries(
      Object.entries(variants).map(([variant, definition]): [number, string] => [
        definition.id,
        contentType(scope, `${name}_${variant}`, definition),
      ]),
    );
    if (Object.keys(cases).length > 0) {
      builder.attribute("content", switchOn(identifier, cases));
    }
  }
  return scope.type(name, builder.build());
}

function contentType(scope: Scope, name: string, { values, description }: ItemVariant): string {
  const builder = new TypeBuilder(scope);
  builder.values(values);
  return scope.type(name, builder.build(description));
}
