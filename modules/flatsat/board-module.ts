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
import type { Dictionary } from "../dictionary/dictionary.js";
import type { ParameterPool } from "../pus/parameter-pool.js";
import type { PusRequest } from "../pus/request.js";
import type { FunctionHandler } from "../pus/st08-functions.js";
import type { ParameterSetter } from "../pus/st20-parameters.js";
import type { DefinedReport } from "./defined-report.js";

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

/** Names of a parameter's parts. */
type BitsOf<D extends Dictionary, Name extends keyof Entries<D, "parameters">> = Entries<
  D,
  "parameters"
>[Name] extends { readonly bits?: infer Bits }
  ? keyof NonNullable<Bits> & string
  : never;

/** A service's reports, and a report's variants. */
type ReportsOf<D extends Dictionary, Service extends keyof Entries<D, "services">> = Entries<
  D,
  "services"
>[Service] extends { readonly reports?: infer Reports }
  ? NonNullable<Reports>
  : never;
type VariantsOf<Report> = Report extends { readonly variants?: infer Variants }
  ? keyof NonNullable<Variants> & string
  : never;

/** Services that take requests. */
type Requested<Services> = {
  [Name in keyof Services as Services[Name] extends { readonly requests: object } ? Name : never]: Services[Name];
};

/** Carries out a request: 0, or nothing, for success, otherwise a failure code. See `RequestHandling.execute`. */
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
    {
      readonly [Name in keyof Requested<Entries<D, "services">>]: RequestHandlers<
        Requested<Entries<D, "services">>[Name]
      >;
    }
  >;

/** What `bind` works with. Names are looked up once, when it runs; afterwards there are numbers. */
export interface Board<D extends Dictionary = Dictionary> {
  /** The values that the board reports: `pool.set(handle, value)`. */
  readonly pool: ParameterPool;
  /** @returns the parameter's handle in the pool */
  parameter(name: keyof Entries<D, "parameters"> & string): number;
  /** @returns a handle for `pool.setBits` */
  bits<Name extends keyof Entries<D, "parameters"> & string>(parameter: Name, field: BitsOf<D, Name>): number;
  /** @returns the event's number for `raise` */
  event(name: keyof Entries<D, "events"> & string): number;
  /**
   * Reports an event, unless the ground silenced it.
   * @param event as `event` gives it
   * @returns false when it is silenced, or the log did not take the report
   */
  raise(event: number, value0?: number, value1?: number, value2?: number, value3?: number): boolean;
  /** @returns the failure code's number for `fail` */
  failureCode(name: keyof Entries<D, "failureCodes"> & string): number;
  /**
   * For handlers of functions and requests: `return board.fail(code, data)`.
   * @param code as `failureCode` gives it
   * @param data what it is about, 0 to 2^32 - 1; the failure report has it
   * @returns the code
   */
  fail(code: number, data: number): number;
  /** @returns a report of one of the board's own services, or a variant of it, to be sent by its values */
  report<Service extends keyof Entries<D, "services"> & string, Name extends keyof ReportsOf<D, Service> & string>(
    service: Service,
    name: Name,
    variant?: VariantsOf<ReportsOf<D, Service>[Name]>,
  ): DefinedReport;
  /**
   * Says something to people: a line of the board's trace, or of the simulator. Ten lines a second are told, of 200 characters each. Text
   * takes memory on a board, so this is for what happens seldom.
   */
  log(text: string): void;
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
export interface AnyBoard extends Omit<Board, "parameter" | "bits" | "event" | "failureCode" | "report"> {
  parameter(name: string): number;
  bits(parameter: string, field: string): number;
  event(name: string): number;
  failureCode(name: string): number;
  report(service: string, name: string, variant?: string): DefinedReport;
}
