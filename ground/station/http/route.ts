/** What a request is answered by: a table of routes, which is the server's and the OpenAPI document's alike. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

export type Role = "viewer" | "operator";

/** Who asks. */
export interface Caller {
  readonly user: string;
  /** The address that it came from. */
  readonly origin: string;
  readonly role: Role;
}

export interface Call {
  /** Of the path, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined: there is none. */
  readonly body: unknown;
  readonly caller: Caller;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  readonly required?: boolean;
}

interface RouteBase {
  readonly method: "GET" | "POST";
  /** With `{name}` for a part that varies. */
  readonly path: string;
  readonly summary: string;
  /**
   * `command`: it changes what a board does, or what is known of it: it needs an operator, and is in the audit. `audit`: it needs an
   * operator. `open`: it tells nothing that needs a user.
   */
  readonly access: "open" | "read" | "command" | "audit";
  readonly query?: readonly QueryParameter[];
  readonly body?: Schema;
  /** Of a reply that is as it should be. */
  readonly status: number;
}

export interface JsonRoute extends RouteBase {
  /** Undefined: the reply has no body. */
  readonly reply: Schema | undefined;
  /** @throws HttpError */
  handle(call: Call): unknown;
}

export interface StreamRoute extends RouteBase {
  readonly contentType: string;
  /** Writes the reply. @throws (rejects) HttpError, before it has written */
  stream(call: Call): Promise<void>;
}

export type Route = JsonRoute | StreamRoute;

/** What is told instead of what was asked for. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;
  /** Beside the message. */
  readonly more: Readonly<Record<string, unknown>>;

  /** @param message one line */
  constructor(status: number, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.more = more;
  }
}

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
}

export class Router {
  readonly #routes: readonly Compiled[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({
      route,
      pattern: new RegExp(
        `^${route.path.replace(/[.]/g, "\\.").replace(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>[^/]+)`)}$`,
      ),
    }));
  }

  /**
   * @returns undefined: no route has this path
   * @throws HttpError when one has, with another method, or the path is not encoded as it should be
   */
  find(method: string, path: string): { readonly route: Route; readonly path: Record<string, string> } | undefined {
    const found = this.#routes.flatMap(({ route, pattern }) => {
      const match = pattern.exec(path);
      return match === null ? [] : [{ route, groups: match.groups ?? {} }];
    });
    if (found.length === 0) {
      return undefined;
    }
    const asked = found.find(({ route }) => route.method === method);
    if (asked === undefined) {
      throw new HttpError(405, `${path} takes ${found.map(({ route }) => route.method).join(" and ")}, not ${method}`);
    }
    return { route: asked.route, path: decoded(asked.groups) };
  }
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    throw new HttpError(400, "the path is not encoded as it should be");
  }
}

/** A misspelt argument would be answered with something else than was asked for. @throws HttpError naming those there are */
export function checkArguments({ path, query = [] }: Pick<Route, "path" | "query">, given: URLSearchParams): void {
  const known = query.map(({ name }) => name);
  const wrong = [...given.keys()].find((name) => !known.includes(name));
  if (wrong !== undefined) {
    const there = known.length === 0 ? "there is none" : `there is ${known.join(", ")}`;
    throw new HttpError(400, `${path} has no argument "${wrong}"; ${there}`, { argument: wrong });
  }
}

/** @throws HttpError when it is no number, or out of its range */
export function numberIn(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const text = query.get(name);
  if (text === null) {
    return fallback;
  }
  const number = Number(text);
  if (text.trim() === "" || !(number >= min && number <= max)) {
    throw new HttpError(400, `${name} must be a number from ${min} to ${max}, not "${text}"`, { argument: name });
  }
  return number;
}

/** As `numberIn`, of a whole number. */
export function wholeIn(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const number = numberIn(query, name, fallback, min, max);
  if (!Number.isInteger(number)) {
    throw new HttpError(400, `${name} must be a whole number, not ${number}`, { argument: name });
  }
  return number;
}

/** What is asked for of what there is. @throws HttpError when there is no such thing */
export function choiceIn(
  { query }: Pick<Call, "query">,
  argument: string,
  known: readonly string[],
  fallback: readonly string[],
): ReadonlySet<string> {
  const asked = query.getAll(argument);
  const wrong = asked.find((one) => !known.includes(one));
  if (wrong !== undefined) {
    throw new HttpError(400, `there is no ${argument} "${wrong}"; there is ${known.join(", ")}`, { argument });
  }
  return new Set(asked.length === 0 ? fallback : asked);
}
