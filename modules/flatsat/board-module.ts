/**
 * A board of one's own: a dictionary, and a function that binds what it names to what the board does. One file has both; it runs on a
 * board, on the desk, and is read by every tool.
 *
 * ```
 * export const dictionary = defineDictionary({ ... });
 *
 * export function bind(board: Board<typeof dictionary>): Binding<typeof dictionary> {
 *   const celsius = board.parameter("celsius");
 *   return {
 *     functions: { setHeater: (on) => heater.write(on) },
 *     tick: () => board.pool.set(celsius, sensor.read()),
 *   };
 * }
 * ```
 */
import type { Dictionary, ParameterDefinition, ValueDefinition } from "../dictionary/dictionary.js";
import { bitShift } from "../dictionary/value-check.js";
import { bitsHandle, type ParameterPool } from "../pus/parameter-pool.js";
import type { ReportWriter } from "../pus/report-writer.js";
import type { PusRequest } from "../pus/request.js";
import type { EventService } from "../pus/st05-events.js";
import type { FunctionHandler } from "../pus/st08-functions.js";
import type { ParameterSetter } from "../pus/st20-parameters.js";
import { DefinedReport } from "./defined-report.js";

type Entries<D extends Dictionary, Kind extends keyof Dictionary> = D[Kind] extends object
  ? D[Kind]
  : Record<never, never>;

/** Names of the parameters that are one number or boolean. */
type Scalars<D extends Dictionary> = {
  [Name in keyof Entries<D, "parameters">]: Entries<D, "parameters">[Name] extends
    | { readonly type: "ascii" | "bytes" }
    | { readonly count: number }
    ? never
    : Name;
}[keyof Entries<D, "parameters">];

/** Names of those that ST[20] may set. */
type Settables<D extends Dictionary> = {
  [Name in Scalars<D>]: Entries<D, "parameters">[Name] extends { readonly settable: true } ? Name : never;
}[Scalars<D>];

/** Carries out a request: 0, or nothing, for success, otherwise a failure code. See `RequestDefinition.execute`. */
export type RequestHandler = (request: PusRequest) => number | undefined;

type RequestHandlers<Service> = Service extends { readonly requests: infer Requests }
  ? { readonly [Name in keyof Requests]: RequestHandler }
  : Record<never, never>;

/** Required where the dictionary has entries of a kind, absent where it has none. */
type Required<Key extends string, Entry> = keyof Entry extends never ? unknown : { readonly [K in Key]: Entry };

/** What a board does, by the names of its dictionary. */
export type Binding<D extends Dictionary = Dictionary> = {
  /** Where values come from that nobody writes into the pool. Called for every report: must not allocate. */
  readonly parameters?: { readonly [Name in Scalars<D>]?: () => number | boolean };
  /** Look at a value that the ground sets, before the pool has it. */
  readonly setters?: { readonly [Name in Settables<D>]?: ParameterSetter };
  /** Called ten times a second: time to sample. Must not allocate. */
  tick?(): void;
} & Required<"functions", { readonly [Name in keyof Entries<D, "functions">]: FunctionHandler }> &
  Required<
    "services",
    { readonly [Name in keyof Entries<D, "services">]: RequestHandlers<Entries<D, "services">[Name]> }
  >;

/** What `bind` works with. Names are looked up once, when it runs; afterwards there are numbers. */
export interface Board<D extends Dictionary = Dictionary> {
  /** The values that the board reports: `pool.set(handle, value)`. */
  readonly pool: ParameterPool;
  /** @returns the parameter's handle in the pool */
  parameter(name: keyof Entries<D, "parameters"> & string): number;
  /** @returns a handle for `pool.setBits` */
  bits(parameter: keyof Entries<D, "parameters"> & string, field: string): number;
  /** @returns the event's number for `raise` */
  event(name: keyof Entries<D, "events"> & string): number;
  /**
   * Reports an event, unless the ground silenced it.
   * @param event as `event` gives it
   * @returns false when it is silenced, or the log did not take the report
   */
  raise(event: number, value0?: number, value1?: number, value2?: number, value3?: number): boolean;
  /** @returns a report of one of the board's own services, to be sent by its values */
  report(service: keyof Entries<D, "services"> & string, name: string): DefinedReport;
  /** Milliseconds since boot. */
  uptimeMs(): number;
  /** UNIX milliseconds, or NaN while the board does not know the time. */
  now(): number;
}

/** @typeParam Given what the platform hands in: a sensor, a pin. Undefined on a desk. */
export interface BoardModule<D extends Dictionary = Dictionary, Given = unknown> {
  readonly dictionary: D;
  bind(board: Board<D>, given?: Given): Binding<D>;
}

/** Any board module, whatever its dictionary: what the application runs. */
export interface AnyBoardModule {
  readonly dictionary: Dictionary;
  // biome-ignore lint/suspicious/noExplicitAny: a function of a narrower dictionary takes no wider one, and is called with its own
  bind(board: any, given?: any): AnyBinding;
}

/** A binding without its dictionary's names. */
export interface AnyBinding {
  readonly parameters?: Readonly<Record<string, () => number | boolean>>;
  readonly setters?: Readonly<Record<string, ParameterSetter>>;
  readonly functions?: Readonly<Record<string, FunctionHandler>>;
  readonly services?: Readonly<Record<string, Readonly<Record<string, RequestHandler>>>>;
  tick?(): void;
}

/** A board without its dictionary's names. */
export interface AnyBoard extends Omit<Board, "parameter" | "bits" | "event" | "report"> {
  parameter(name: string): number;
  bits(parameter: string, field: string): number;
  event(name: string): number;
  report(service: string, name: string): DefinedReport;
}

export interface BoardParts {
  pool: ParameterPool;
  events: EventService;
  reports: ReportWriter;
  uptimeMs(): number;
  now(): number;
}

/** @throws (the functions) TypeError for a name that the dictionary does not have */
export function boardFor(dictionary: Dictionary, parts: BoardParts): AnyBoard {
  const { pool, events, reports, uptimeMs, now } = parts;
  return {
    pool,
    uptimeMs,
    now,
    parameter: (name: string) => pool.find(entry("parameter", dictionary.parameters, name).id),
    bits(name: string, field: string) {
      const parameter: ParameterDefinition = entry("parameter", dictionary.parameters, name);
      const { width } = entry(`part of parameter "${name}"`, parameter.bits, field);
      return bitsHandle(pool.find(parameter.id), bitShift(parameter, field), width);
    },
    event: (name: string) => entry("event", dictionary.events, name).id,
    raise: (id, value0, value1, value2, value3) => events.raise(id, value0, value1, value2, value3),
    report(service: string, name: string) {
      const { type, reports: messages } = entry("service", dictionary.services, service);
      return new DefinedReport(reports, type, entry(`report of service "${service}"`, messages, name));
    },
  };
}

function entry<Entry>(what: string, entries: Readonly<Record<string, Entry>> | undefined, name: string): Entry {
  const found = entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (found === undefined) {
    const names = Object.keys(entries ?? {}).join(", ");
    throw new TypeError(
      `the dictionary has no ${what} "${name}"; ${names === "" ? "there is none" : `there are ${names}`}`,
    );
  }
  return found;
}

/** What a binding has for JavaScript users, whom no compiler told: every name it has must be one of the dictionary's. */
export function checkBinding(own: Dictionary, binding: unknown): AnyBinding {
  if (typeof binding !== "object" || binding === null) {
    throw new TypeError(`bind must return an object with the board's functions, not ${String(binding)}`);
  }
  const { parameters, setters, functions, services } = binding as Record<string, Record<string, unknown> | undefined>;
  checkNames("parameters", parameters, own.parameters, isScalar);
  checkNames("setters", setters, own.parameters, (value) => isScalar(value) && value.settable === true);
  checkNames("functions", functions, own.functions, () => true);
  for (const name of Object.keys(own.functions ?? {})) {
    if (typeof functions?.[name] !== "function") {
      throw new TypeError(`function "${name}" is bound to nothing; bind must return functions.${name}`);
    }
  }
  for (const [name, { requests = {} }] of Object.entries(own.services ?? {})) {
    const handlers = services?.[name] as Record<string, unknown> | undefined;
    for (const request of Object.keys(requests)) {
      if (typeof handlers?.[request] !== "function") {
        throw new TypeError(`request "${request}" is bound to nothing; bind must return services.${name}.${request}`);
      }
    }
    checkNames(`services.${name}`, handlers, requests, () => true);
  }
  return binding as AnyBinding;
}

function isScalar({ type, count }: ValueDefinition): boolean {
  return type !== "ascii" && type !== "bytes" && count === undefined;
}

function checkNames<Entry>(
  what: string,
  bound: Record<string, unknown> | undefined,
  entries: Readonly<Record<string, Entry>> | undefined,
  fits: (entry: Entry) => boolean,
): void {
  for (const name of Object.keys(bound ?? {})) {
    if (entries === undefined || !Object.hasOwn(entries, name)) {
      throw new TypeError(`${what}.${name} is bound, and the dictionary has no such entry`);
    }
    if (typeof bound![name] !== "function" || !fits(entries[name]!)) {
      throw new TypeError(`${what}.${name} cannot be bound so`);
    }
  }
}
