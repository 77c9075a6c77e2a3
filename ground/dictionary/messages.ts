/**
 * A board's dictionary as a flat list of messages, each with one layout: what generators write down, what the command line sends and
 * explains. A message of the dictionary whose layout depends on an identifier is as many messages here as it has variants.
 */
import type { UnsignedType } from "../../modules/data/field-kinds.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type {
  ArgumentDefinition,
  LayoutDefinition,
  MessageDefinition,
  RequestMessage,
  ServiceDefinition,
} from "../../modules/dictionary/dictionary.js";
import { allServices } from "./standard-services.js";

/** One value of a message. */
export interface Field {
  readonly name: string;
  readonly value: ArgumentDefinition;
  /** What it always is, where nobody has a choice: an identifier, N. */
  readonly constant?: number;
  /** Its constant tells the message from the others of its subtype. */
  readonly identifies?: true;
}

/** N, then N times the same fields. */
export interface FieldList {
  readonly countType: UnsignedType;
  readonly items: readonly Field[];
  /** Default 0. */
  readonly minCount?: number;
  readonly maxCount: number;
}

/** A telecommand's application data or a report's source data: fields, then a list, then the trailer, then data. */
export interface Message {
  /** Unique among the board's commands, or among its packets; camelCase. */
  readonly name: string;
  /** Names in the dictionary. */
  readonly service: string;
  readonly message: string;
  readonly variant?: string;
  readonly serviceType: number;
  readonly subtype: number;
  readonly description?: string;
  readonly dangerous?: string;
  readonly fields: readonly Field[];
  readonly list?: FieldList;
  readonly trailer: readonly Field[];
  /** Most octets of data behind everything else. */
  readonly maxDataLength: number;
}

type Kind = "requests" | "reports";

/**
 * What the ground can send, in the order of service types: each function and each parameter that can be set is a command of its own.
 * Names: a function has its own, a setting is `set` and the parameter; a request whose name is taken has its service's in front.
 */
export function commandsOf(board: BoardDictionary): readonly Message[] {
  const named = messagesOf(board, "requests").map((message) => ({ ...message, name: commandName(message) }));
  // Those of the board's own are named first: they are what people type.
  const isOwn = ({ service, variant }: Message) =>
    variant !== undefined || Object.hasOwn(board.services ?? {}, service);
  return unique(named, isOwn);
}

/** What the board can send, in the order of service types: a report by structure, by event, by parameter is a packet of its own. */
export function packetsOf(board: BoardDictionary): readonly Message[] {
  return unique(messagesOf(board, "reports"), () => true);
}

function messagesOf(board: BoardDictionary, kind: Kind): Message[] {
  return Object.entries(allServices(board))
    .sort(([, a], [, b]) => a.type - b.type)
    .flatMap(([service, definition]) =>
      Object.entries(definition[kind] ?? {}).flatMap(([name, message]) => flatten(service, definition, name, message)),
    );
}

function flatten(
  service: string,
  { type }: ServiceDefinition,
  name: string,
  message: MessageDefinition & Pick<RequestMessage, "dangerous">,
): Message[] {
  const { description, dangerous, subtype } = message;
  const base = {
    name,
    service,
    message: name,
    serviceType: type,
    subtype,
    ...(description === undefined ? {} : { description }),
    ...(dangerous === undefined ? {} : { dangerous }),
  };
  const head = fieldsOf(message.values);
  const { list, variants } = message;
  if (variants !== undefined) {
    return Object.entries(variants).map(([variant, definition]) => ({
      ...base,
      ...saidOf(definition),
      name: name + capital(variant),
      variant,
      ...layoutOf(definition, identified(head, definition.id)),
    }));
  }
  if (list?.variants !== undefined) {
    return Object.entries(list.variants).map(([variant, definition]) => ({
      ...base,
      ...saidOf(definition),
      name: name + capital(variant),
      variant,
      // Each item by itself: tools know no list whose items differ.
      fields: [
        ...head,
        { name: "count", value: { type: list.countType }, constant: 1, identifies: true },
        ...identified(fieldsOf(list.items), definition.id),
        ...fieldsOf(definition.values),
      ],
      trailer: fieldsOf(message.trailer),
      maxDataLength: message.maxDataLength ?? 0,
    }));
  }
  return [{ ...base, ...layoutOf(message, head) }];
}

/** What a variant says of itself, in place of its message. */
function saidOf({ description, dangerous }: { readonly description?: string; readonly dangerous?: string }) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(dangerous === undefined ? {} : { dangerous }),
  };
}

/** @param head fields in front, those of the layout's own follow for a variant */
function layoutOf(
  layout: LayoutDefinition & { readonly id?: number },
  head: readonly Field[],
): Pick<Message, "fields" | "list" | "trailer" | "maxDataLength"> {
  const { list } = layout;
  return {
    fields: layout.id === undefined ? head : [...head, ...fieldsOf(layout.values)],
    ...(list && { list: { ...list, items: fieldsOf(list.items) } }),
    trailer: fieldsOf(layout.trailer),
    maxDataLength: layout.maxDataLength ?? 0,
  };
}

function fieldsOf(values: Readonly<Record<string, ArgumentDefinition>> = {}): Field[] {
  return Object.entries(values).map(([name, value]) => {
    const { type, count, minimum, maximum } = value;
    // An array has many numbers, a float has many ways to be written.
    const isConstant = minimum !== undefined && minimum === maximum && count === undefined && type.startsWith("uint");
    return isConstant ? { name, value, constant: minimum } : { name, value };
  });
}

/** The last of the fields is the identifier. */
function identified(fields: readonly Field[], id: number): Field[] {
  return fields.map((field, k) => (k === fields.length - 1 ? { ...field, constant: id, identifies: true } : field));
}

function commandName({ service, message, variant, name }: Message): string {
  if (variant === undefined) {
    return name;
  }
  switch (service) {
    case "functionManagement":
      return variant;
    case "parameterManagement":
      return `set${capital(variant)}`;
    default:
      return message + capital(variant);
  }
}

function unique(messages: readonly Message[], isFirst: (message: Message) => boolean): readonly Message[] {
  const taken = new Set<string>();
  const names = new Map<Message, string>();
  for (const message of [...messages.filter(isFirst), ...messages.filter((other) => !isFirst(other))]) {
    let { name } = message;
    while (taken.has(name)) {
      name = message.service + capital(name);
    }
    taken.add(name);
    names.set(message, name);
  }
  return messages.map((message) => ({ ...message, name: names.get(message)! }));
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
