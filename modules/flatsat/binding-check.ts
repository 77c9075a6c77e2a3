/** Checks of what `bind` returns, for those whom no compiler told. Each error is one line that says what to write. */
import { show } from "../checks/show.js";
import type { Dictionary, ParameterDefinition } from "../dictionary/dictionary.js";
import { checkProperties } from "../dictionary/value-check.js";
import type { AnyBinding } from "./board-module.js";

const PROPERTIES = Object.freeze(["parameters", "setters", "functions", "services", "tick"] as const);
type Bound = Readonly<Record<string, unknown>> | undefined;

/** @throws TypeError when a name is bound that the dictionary does not have, or one is not bound that must be */
export function checkBinding(own: Dictionary, binding: unknown): AnyBinding {
  if (typeof (binding as { then?: unknown } | undefined)?.then === "function") {
    throw new TypeError(
      "bind must return an object with the board's functions, not a promise of one: it cannot be async",
    );
  }
  checkProperties("what bind returns", binding as object, PROPERTIES);
  const { parameters, setters, functions, services, tick } = binding as Record<string, Bound>;
  checkBound("parameters", parameters, own.parameters);
  for (const name of Object.keys(parameters ?? {})) {
    checkScalar("parameters", name, own.parameters![name]!, "write its values into the pool");
    if (own.parameters![name]!.settable === true && (setters === undefined || !Object.hasOwn(setters, name))) {
      throw new TypeError(`parameters.${name} is read from elsewhere and settable; bind setters.${name}, too`);
    }
  }
  checkBound("setters", setters, own.parameters);
  for (const name of Object.keys(setters ?? {})) {
    checkScalar("setters", name, own.parameters![name]!, "the pool takes them");
    if (own.parameters![name]!.settable !== true) {
      throw new TypeError(`setters.${name}: the dictionary does not say that it is settable`);
    }
  }
  checkBound("functions", functions, own.functions);
  checkAll("function", "functions", functions, own.functions);
  for (const name of Object.keys(services ?? {})) {
    if (!Object.hasOwn(own.services ?? {}, name)) {
      throw new TypeError(`services.${name} is bound, and the dictionary has no such entry`);
    }
  }
  for (const [name, { requests }] of Object.entries(own.services ?? {})) {
    const handlers = services?.[name] as Bound;
    checkAll("request", `services.${name}`, handlers, requests);
    checkBound(`services.${name}`, handlers, requests);
  }
  if (tick !== undefined && typeof tick !== "function") {
    throw new TypeError(`tick must be a function, not ${show(tick)}`);
  }
  return binding as AnyBinding;
}

/** Every one of the dictionary's must be there. */
function checkAll(what: string, path: string, bound: Bound, entries: Readonly<Record<string, unknown>> = {}): void {
  for (const name of Object.keys(entries)) {
    if (bound === undefined || !Object.hasOwn(bound, name)) {
      throw new TypeError(`${what} "${name}" is bound to nothing; bind must return ${path}.${name}`);
    }
  }
}

/** Every one that is there must be a function, and one of the dictionary's. */
function checkBound(path: string, bound: Bound, entries: Readonly<Record<string, unknown>> = {}): void {
  if (bound !== undefined && (typeof bound !== "object" || bound === null)) {
    throw new TypeError(`${path} must be an object with a function for each name, not ${show(bound)}`);
  }
  for (const name of Object.keys(bound ?? {})) {
    if (!Object.hasOwn(entries, name)) {
      throw new TypeError(`${path}.${name} is bound, and the dictionary has no such entry`);
    }
    if (typeof bound![name] !== "function") {
      throw new TypeError(`${path}.${name} must be a function, not ${show(bound![name])}`);
    }
  }
}

function checkScalar(path: string, name: string, { type, count }: ParameterDefinition, instead: string): void {
  if (type === "ascii" || type === "bytes" || count !== undefined) {
    throw new TypeError(
      `${path}.${name} is for one number or boolean; of ${count === undefined ? type : "an array"}, ${instead}`,
    );
  }
}
