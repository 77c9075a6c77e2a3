/** A large board: 100 parameters, 8 structures, 32 events and 16 functions. Preloaded, as a board's own dictionary is. */
import { defineDictionary } from "flatlink/dictionary/define-dictionary";
import type { ArgumentDefinition, Dictionary } from "flatlink/dictionary/dictionary";
import type { AnyBinding, AnyBoard } from "flatlink/flatsat/board-module";

const PARAMETERS = 100;
const STRUCTURES = 8;
const EVENTS = 32;
const FUNCTIONS = 16;

/** Entries by name: `prefix` and a number. */
function entries<Entry>(count: number, prefix: string, make: (k: number) => Entry): Record<string, Entry> {
  return Object.fromEntries(Array.from({ length: count }, (_, k) => [`${prefix}${k}`, make(k)]));
}

const ARGUMENT: ArgumentDefinition = { type: "uint16" };

export const dictionary: Dictionary = defineDictionary({
  name: "large",
  parameters: entries(PARAMETERS, "parameter", (k) => ({
    id: 256 + k,
    type: k % 2 === 0 ? "float32" : "uint16",
    settable: k % 10 === 0,
  })),
  structures: entries(STRUCTURES, "structure", (k) => ({
    id: 16 + k,
    parameters: Array.from({ length: 12 }, (_, n) => `parameter${12 * k + n}`),
    intervalMs: 1000,
  })),
  events: entries(EVENTS, "event", (k) => ({ id: 256 + k, severity: "low", values: { value: { type: "float32" } } })),
  functions: entries(FUNCTIONS, "function", (k) => ({ id: 16 + k, arguments: { first: ARGUMENT, second: ARGUMENT } })),
});

export function bind({ pool, parameter }: AnyBoard): AnyBinding {
  const handle = parameter("parameter1");
  const count = () => {
    pool.set(handle, pool.get(handle) + 1);
    return 0;
  };
  return { functions: entries(FUNCTIONS, "function", () => count) };
}
