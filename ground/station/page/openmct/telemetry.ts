/** Where Open MCT has its telemetry from: history through the station's API, what is new through its live stream. */
import { type ParameterDefinition, SEVERITIES } from "../../../../modules/dictionary/dictionary.js";
import { type DomainObject, EVENTS_TYPE, type ObjectsFile, PARAMETER_TYPE } from "../../../generate/openmct/objects.js";
import { get } from "../api.js";
import { ofBoard } from "../query.js";
import type { EventEntry, History, LatestValue } from "../wire.js";
import { type Datum, datumOf } from "./datum.js";
import type { Feed } from "./feed.js";

/** A board, as the station's `objects.json` has it. */
export interface BoardObjects {
  readonly board: string;
  readonly file: ObjectsFile;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
}

/** What Open MCT asks for. */
export interface TelemetryRequest {
  /** UNIX milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly strategy?: string;
  /** Most data that are wanted. */
  readonly size?: number;
}

const MOST = 10_000;
/** Of events, in one question. */
const AT_ONCE = 1000;

export class StationTelemetry {
  readonly #feed: Feed;
  /** By namespace. */
  readonly #boards: ReadonlyMap<string, BoardObjects>;

  constructor(boards: readonly BoardObjects[], feed: Feed) {
    this.#feed = feed;
    this.#boards = new Map(boards.map((each) => [each.file.namespace, each]));
  }

  supportsRequest({ type }: DomainObject): boolean {
    return type === PARAMETER_TYPE || type === EVENTS_TYPE;
  }

  supportsSubscribe(object: DomainObject): boolean {
    return this.supportsRequest(object);
  }

  async request(object: DomainObject, asked: TelemetryRequest): Promise<Datum[]> {
    const { board, parameters } = this.#boardOf(object);
    const name = object.parameter?.name;
    if (name === undefined) {
      return events(board, asked);
    }
    const { start, end, strategy, size = MOST } = asked;
    const definition = parameters[name]!;
    if (strategy === "latest" && size === 1) {
      const values = await get<LatestValue[]>(ofBoard(board, ["values"]));
      return values
        .filter((value) => value.name === name && value.time >= start && value.time <= end)
        .map(({ time, raw }) => datumOf(definition, time, raw));
    }
    const points = strategy === "latest" ? MOST : Math.min(Math.max(Math.floor(size), 2), MOST);
    const range = { from: Math.floor(start), to: Math.ceil(end) };
    const history = await get<History>(ofBoard(board, ["history"], { parameter: name, ...range, points, form: "raw" }));
    const data = (history[name] ?? []).map(([time, raw]) => datumOf(definition, time, raw));
    return strategy === "latest" ? data.slice(-size) : data;
  }

  /** @returns what ends it */
  subscribe(object: DomainObject, take: (datum: Datum) => void): () => void {
    const { board, parameters } = this.#boardOf(object);
    const name = object.parameter?.name;
    if (name === undefined) {
      return this.#feed.events(board, (news) => take(eventDatum(news)));
    }
    return this.#feed.values(board, name, ({ time, values }) => {
      for (const { name: found, raw } of values) {
        if (found === name) {
          take(datumOf(parameters[name]!, time, raw));
        }
      }
    });
  }

  #boardOf({ identifier: { namespace } }: DomainObject): BoardObjects {
    return this.#boards.get(namespace)!;
  }
}

/** Back to the beginning of what is asked for, the earliest first. */
async function events(board: string, { start, end, size = MOST }: TelemetryRequest): Promise<Datum[]> {
  const found: EventEntry[] = [];
  let before: number | undefined;
  while (found.length < size) {
    const some = await get<EventEntry[]>(ofBoard(board, ["events"], { before, limit: AT_ONCE }));
    found.push(...some.filter(({ time }) => time >= start && time <= end));
    const last = some.at(-1);
    if (some.length < AT_ONCE || last === undefined || last.time < start) {
      break;
    }
    before = last.packet;
  }
  return found.slice(0, size).reverse().map(eventDatum);
}

function eventDatum({ time, event, severity, text }: Pick<EventEntry, "time" | "event" | "severity" | "text">): Datum {
  return { timestamp: time, event, severity: SEVERITIES.indexOf(severity as (typeof SEVERITIES)[number]) + 1, text };
}
