/** The packets of a board as XTCE containers: by APID, service type and subtype, then by identifier. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type {
  ArgumentDefinition,
  LayoutDefinition,
  ListDefinition,
  MessageDefinition,
  ServiceDefinition,
} from "../../../modules/dictionary/dictionary.js";
import { wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { valuesLength } from "../../../modules/dictionary/value-check.js";
import { HOUSEKEEPING_REPORT, HOUSEKEEPING_SERVICE } from "../../../modules/pus/messages/st03-messages.js";
import { EVENT_SERVICE } from "../../../modules/pus/messages/st05-messages.js";
import { HASH_PARAMETER } from "../../dictionary/hash-check.js";
import { packetsOf } from "../../dictionary/messages.js";
import { allServices } from "../../dictionary/standard-services.js";
import { withCreated } from "./created-structures.js";
import { Names } from "./names.js";
import { type Element, element } from "./xml.js";
import { HEADER_LENGTH, type Header, headerOf, type TimeSource } from "./xtce-header.js";
import { limitsOf, Parameters, type PlacedValue } from "./xtce-parameters.js";

type Values = Readonly<Record<string, ArgumentDefinition>>;

interface Restriction {
  readonly parameter: string;
  readonly value: number;
  readonly operator?: string;
}

/** Who may give a value its name, the first one first. */
type Owners = readonly [Owner, ...Owner[]];

interface Owner {
  readonly kind: "service" | "packet" | "event";
  readonly name: string;
}

export class Telemetry {
  readonly parameters = new Parameters();
  readonly header: Header;
  /** Name of the parameter that tells which event it is. */
  readonly eventId: string;
  /** Names of the parameters of each of the board's, in the order of the wire. */
  readonly own = new Map<string, PlacedValue>();
  readonly #board: BoardDictionary;
  readonly #containerNames = new Names();
  readonly #containers: Element[] = [];
  /** Values by their owner, a service or a packet, and their name. */
  readonly #placed = new Map<string, { readonly text: string; readonly placed: PlacedValue }>();
  readonly #packetNames = new Map<string, string>();

  constructor(board: BoardDictionary, time: TimeSource) {
    this.#board = board;
    const hash = wireHash(board);
    for (const [name, parameter] of Object.entries(board.parameters ?? {})) {
      const limits = name === HASH_PARAMETER ? { critical: { low: hash, high: hash } } : limitsOf(parameter);
      this.own.set(name, this.parameters.add(name, parameter, limits));
    }
    for (const { service, message, variant, name } of packetsOf(board)) {
      this.#packetNames.set(keyOf(service, message, variant), this.#containerNames.claim(name));
    }
    const services = withCreated(board, allServices(board));
    const events = services["eventReporting"]!;
    const words = Object.fromEntries(Object.entries(board.events ?? {}).map(([name, { id }]) => [name, id]));
    const eventId = { type: board.conventions.widths.eventIdType, ...(Object.keys(words).length > 0 && { words }) };
    this.eventId = this.#value([{ kind: "service", name: "eventReporting" }], "eventId", eventId).parameters[0]!;
    this.header = headerOf(this.parameters, this.#containerNames.claim("packet"), time);
    this.#containers.push(this.header.container);
    const ordered = Object.entries(services).sort(([, a], [, b]) => a.type - b.type);
    for (const [service, definition] of ordered) {
      for (const [name, message] of Object.entries(definition.reports ?? {})) {
        this.#message(service, definition, name, definition === events ? eventMessage(message, eventId) : message);
      }
    }
  }

  /** Names of the parameters of an event's value. */
  eventValue(event: string, name: string): readonly string[] {
    return this.#placed.get(keyOf("event", event, name))?.placed.parameters ?? [];
  }

  /** `TelemetryMetaData`. */
  get metaData(): Element {
    return element("TelemetryMetaData", {}, ...this.parameters.sets, element("ContainerSet", {}, ...this.#containers));
  }

  #message(service: string, { type }: ServiceDefinition, name: string, message: MessageDefinition): void {
    const { header } = this;
    const container = this.#containerName(service, name);
    const restrictions: Restriction[] = [
      { parameter: header.apid, value: this.#board.conventions.apid },
      { parameter: header.service, value: type },
      { parameter: header.subtype, value: message.subtype },
    ];
    // What all reports of the service have is the service's.
    const owners: Owners = [
      { kind: "service", name: service },
      { kind: "packet", name: container },
    ];
    const head = this.#values(owners, message.values);
    const { variants } = message;
    const inFront = HEADER_LENGTH + valuesLength(message.values);
    const layout = variants === undefined ? this.#layout(owners, container, message, inFront) : [];
    this.#container(container, header.name, restrictions, [...head, ...layout], descriptionOf(message));
    if (variants === undefined) {
      return;
    }
    const identifier = Object.keys(message.values ?? {}).at(-1)!;
    const [parameter] = this.#value(owners, identifier, message.values![identifier]!).parameters;
    for (const [variant, definition] of Object.entries(variants)) {
      const packet = this.#containerName(service, name, variant);
      const owner: Owners = [
        type === EVENT_SERVICE ? { kind: "event", name: variant } : { kind: "packet", name: packet },
      ];
      const before = inFront + valuesLength(definition.values);
      const entries = [...this.#values(owner, definition.values), ...this.#layout(owner, packet, definition, before)];
      this.#container(
        packet,
        container,
        [{ parameter: parameter!, value: definition.id }],
        entries,
        descriptionOf(definition),
      );
    }
    if (type === HOUSEKEEPING_SERVICE && message.subtype === HOUSEKEEPING_REPORT) {
      this.#created(container, parameter!, message);
    }
  }

  /** What is in a structure that the ground has made, only the ground knows. */
  #created(base: string, structureId: string, { values, variants = {} }: MessageDefinition): void {
    if (this.#board.conventions.createdStructures === 0) {
      return;
    }
    const name = this.#containerNames.claim(`${base}Created`);
    const restrictions = Object.values(variants).map(({ id }) => ({
      parameter: structureId,
      value: id,
      operator: "!=",
    }));
    const rest = this.parameters.addRest(
      `${base}Created_values`,
      this.header.packetDataLengthField,
      HEADER_LENGTH + valuesLength(values),
    );
    const described = "of a structure that the ground has made: octets";
    this.#container(name, base, restrictions, [reference(rest)], described);
  }

  /** A list and what stands behind it. @param before octets in front of what has no definition */
  #layout(owners: Owners, packet: string, layout: LayoutDefinition, before: number): readonly Element[] {
    const { list, trailer, maxDataLength = 0 } = layout;
    const entries = list === undefined ? [] : this.#list(owners, packet, list);
    entries.push(...this.#values(owners, trailer));
    if (maxDataLength > 0 && list === undefined) {
      const octets = before + valuesLength(trailer);
      entries.push(reference(this.parameters.addRest(`${packet}_data`, this.header.packetDataLengthField, octets)));
    }
    return entries;
  }

  #list(owners: Owners, packet: string, { countType, items, variants }: ListDefinition): Element[] {
    const [count] = this.#value(owners, "count", { type: countType }).parameters;
    const container = this.#containerNames.claim(`${packet}Item`);
    const entries = [...this.#values(owners, items)];
    const identifier = Object.keys(items).at(-1)!;
    for (const { id, values } of Object.values(variants ?? {})) {
      const [parameter] = this.#value(owners, identifier, items[identifier]!).parameters;
      const condition = element("IncludeCondition", {}, comparison({ parameter: parameter!, value: id }));
      for (const [name, value] of Object.entries(values)) {
        for (const each of this.#value(owners, name, value).parameters) {
          entries.push(element("ParameterRefEntry", { parameterRef: each }, condition));
        }
      }
    }
    this.#containers.push(element("SequenceContainer", { name: container }, element("EntryList", {}, ...entries)));
    const times = element("DynamicValue", {}, element("ParameterInstanceRef", { parameterRef: count! }));
    const repeat = element("RepeatEntry", {}, element("Count", {}, times));
    return [reference(count!), element("ContainerRefEntry", { containerRef: container }, repeat)];
  }

  #values(owners: Owners, values: Values = {}): Element[] {
    return Object.entries(values).flatMap(([name, value]) =>
      this.#value(owners, name, value).parameters.map(reference),
    );
  }

  /** The board's own parameter; or that of the first owner who has no other value of this name. */
  #value(owners: Owners, name: string, value: ArgumentDefinition): PlacedValue {
    const own = this.own.get(name);
    if (own !== undefined && this.#board.parameters?.[name] === value) {
      return own;
    }
    const text = JSON.stringify(value);
    for (const { kind, name: owner } of owners) {
      const key = keyOf(kind, owner, name);
      const known = this.#placed.get(key);
      if (known === undefined) {
        const placed = this.parameters.add(`${owner}_${name}`, value);
        this.#placed.set(key, { text, placed });
        return placed;
      }
      if (known.text === text) {
        return known.placed;
      }
    }
    return this.parameters.add(`${owners[0].name}_${name}`, value);
  }

  #containerName(service: string, message: string, variant?: string): string {
    return this.#packetNames.get(keyOf(service, message, variant)) ?? this.#containerNames.claim(message);
  }

  #container(
    name: string,
    base: string,
    restrictions: readonly Restriction[],
    entries: readonly Element[],
    description?: string,
  ): void {
    const comparisons = element("ComparisonList", {}, ...restrictions.map(comparison));
    const criteria = restrictions.length === 0 ? undefined : element("RestrictionCriteria", {}, comparisons);
    this.#containers.push(
      element(
        "SequenceContainer",
        { name, shortDescription: description },
        element("EntryList", {}, ...entries),
        element("BaseContainer", { containerRef: base }, criteria),
      ),
    );
  }
}

function keyOf(service: string, message: string, variant: string | undefined): string {
  return [service, message, variant ?? ""].join("/");
}

/** Where data behind a list begin, no parameter of XTCE's can say. */
function descriptionOf({
  description = "",
  list,
  maxDataLength = 0,
}: LayoutDefinition & Pick<MessageDefinition, "description">): string | undefined {
  const more =
    list !== undefined && maxDataLength > 0 ? `up to ${maxDataLength} octets behind the list have no parameter` : "";
  return [description, more].filter((part) => part !== "").join("; ") || undefined;
}

/** With the one event ID that all severities have. */
function eventMessage(message: MessageDefinition, eventId: ArgumentDefinition): MessageDefinition {
  return { ...message, values: { eventId } };
}

function reference(parameterRef: string): Element {
  return element("ParameterRefEntry", { parameterRef });
}

/** Of what stands on the wire. */
function comparison({ parameter, value, operator }: Restriction): Element {
  return element("Comparison", {
    parameterRef: parameter,
    value,
    comparisonOperator: operator,
    useCalibratedValue: false,
  });
}
