/** A board's dictionary as domain objects of Open MCT 4.2: folders by structure and by group, a telemetry point for each parameter, events. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { type Limits, type ParameterDefinition, SEVERITIES } from "../../../modules/dictionary/dictionary.js";
import { wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { Ids } from "../ids.js";
import { enumeration, type TelemetryValue, TIME, valuesOf } from "./telemetry.js";

export const PARAMETER_TYPE = "flatlink.parameter";
export const EVENTS_TYPE = "flatlink.events";
/** Open MCT's own. */
const FOLDER = "folder";
const ROOT = "root";

export interface Identifier {
  readonly namespace: string;
  readonly key: string;
}

export interface DomainObject {
  readonly identifier: Identifier;
  readonly name: string;
  readonly type: string;
  /** Of the object that it belongs to, as `namespace:key`; `ROOT` for the first. */
  readonly location: string;
  readonly notes?: string;
  readonly composition?: readonly Identifier[];
  readonly telemetry?: { readonly values: readonly TelemetryValue[] };
  /** Of a point: what its data are asked for by. */
  readonly parameter?: { readonly name: string; readonly id: number };
  /** For a limit provider; in the unit. */
  readonly limits?: Limits;
}

export interface ObjectsFile {
  readonly namespace: string;
  readonly root: Identifier;
  /** Hash of the dictionary on the wire. */
  readonly hash: number;
  /** By key. */
  readonly objects: Readonly<Record<string, DomainObject>>;
}

/** @param name of the board, where several have the same dictionary */
export function objectsOf(board: BoardDictionary, name = board.name): ObjectsFile {
  const namespace = `flatlink.${new Ids().take(name, "board")}`;
  const tree = new Tree(namespace);
  const { parameters = {}, structures = {}, events = {} } = board;
  const groups = groupsOf(parameters);
  const groupIds = new Ids();
  const groupKeys = groups.map(([group, names]) => {
    const key = `group.${groupIds.take(group, "other")}`;
    for (const name of names) {
      tree.add(point(tree, name, parameters[name]!, key));
    }
    return tree.folder(key, group === "" ? "without a group" : group, "groups", names.map(pointKey));
  });
  const structureKeys = Object.entries(structures)
    .sort(([, a], [, b]) => a.id - b.id)
    .map(([name, structure]) =>
      tree.folder(`structure.${name}`, name, "structures", structure.parameters.map(pointKey), structure.description),
    );
  tree.folder("structures", "Structures", ROOT, structureKeys);
  tree.folder("groups", "Groups", ROOT, groupKeys);
  tree.add({
    ...tree.base("events", "Events", EVENTS_TYPE, ROOT),
    telemetry: { values: eventValues(Object.fromEntries(Object.entries(events).map(([name, { id }]) => [name, id]))) },
  });
  tree.folder(ROOT, name, undefined, ["structures", "groups", "events"], board.description);
  return { namespace, root: tree.identifier(ROOT), hash: wireHash(board), objects: tree.objects };
}

/** Objects by key, parents in front of children or behind them. */
class Tree {
  readonly objects: Record<string, DomainObject> = {};
  readonly #namespace: string;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  identifier(key: string): Identifier {
    return { namespace: this.#namespace, key };
  }

  /** @param parent undefined: none */
  base(key: string, name: string, type: string, parent: string | undefined) {
    return {
      identifier: this.identifier(key),
      name,
      type,
      location: parent === undefined ? "ROOT" : `${this.#namespace}:${parent}`,
    };
  }

  add(object: DomainObject): void {
    this.objects[object.identifier.key] = object;
  }

  /** @returns its key */
  folder(key: string, name: string, parent: string | undefined, children: readonly string[], notes?: string): string {
    this.add({
      ...this.base(key, name, FOLDER, parent),
      ...(notes === undefined ? {} : { notes }),
      composition: children.map((child) => this.identifier(child)),
    });
    return key;
  }
}

function pointKey(name: string): string {
  return `parameter.${name}`;
}

function point(tree: Tree, name: string, parameter: ParameterDefinition, parent: string): DomainObject {
  const { id, description, limits } = parameter;
  return {
    ...tree.base(pointKey(name), name, PARAMETER_TYPE, parent),
    ...(description === undefined ? {} : { notes: description }),
    telemetry: { values: valuesOf(name, parameter) },
    parameter: { name, id },
    ...(limits === undefined ? {} : { limits }),
  };
}

/** Names of parameters by group, both in the order of IDs. */
function groupsOf(parameters: Readonly<Record<string, ParameterDefinition>>): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const [name, { group = "" }] of Object.entries(parameters).sort(([, a], [, b]) => a.id - b.id)) {
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups];
}

/** A datum has `timestamp`, `event` (its ID), `severity` (1 to 4) and `text`, with the values in it. */
function eventValues(ids: Readonly<Record<string, number>>): TelemetryValue[] {
  const severities = Object.fromEntries(SEVERITIES.map((severity, k) => [severity, k + 1]));
  return [
    TIME,
    { key: "severity", name: "Severity", ...enumeration(severities), hints: { range: 2 } },
    { key: "event", name: "Event", ...enumeration(ids), hints: { range: 1 } },
    { key: "text", name: "Text", format: "string", hints: {} },
  ];
}
