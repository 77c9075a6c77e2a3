/** Values in groups, as they stand on the board's view. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { LatestValue } from "./wire.js";

export interface Group {
  readonly name: string;
  readonly parameters: readonly string[];
}

const NO_GROUP = "other";
/** What flatlink reports of itself stands behind what a board is for. */
const LAST = [/^board$/, /^link$/, /^port\d+$/, /^other$/];

/** Parameters by their group, in the dictionary's order; those that no dictionary has come last. */
export function groupsOf(dictionary: BoardDictionary | undefined, values: ReadonlyMap<string, LatestValue>): Group[] {
  const groups = new Map<string, string[]>();
  const known = dictionary?.parameters ?? {};
  for (const [name, { group = NO_GROUP }] of Object.entries(known)) {
    addTo(groups, group, name);
  }
  for (const name of values.keys()) {
    if (!Object.hasOwn(known, name)) {
      addTo(groups, NO_GROUP, name);
    }
  }
  return [...groups].map(([name, parameters]) => ({ name, parameters })).sort((a, b) => placeOf(a) - placeOf(b));
}

function placeOf({ name }: Group): number {
  return LAST.findIndex((pattern) => pattern.test(name));
}

function addTo(groups: Map<string, string[]>, group: string, name: string): void {
  const members = groups.get(group);
  if (members === undefined) {
    groups.set(group, [name]);
  } else {
    members.push(name);
  }
}
