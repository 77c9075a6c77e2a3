/** The station's HTTP server: the API, live news, metrics, and the page. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isLocal } from "../../ports/local-host.js";
import type { Station } from "../station.js";
import { alarmRoutes } from "./alarm-routes.js";
import { boardRoutes } from "./board-routes.js";
import { readJson } from "./body.js";
import { dataRoutes } from "./data-routes.js";
import { exportRoutes } from "./export-routes.js";
import { Live, liveRoute } from "./live.js";
import { OPEN_MCT, OpenMct } from "./open-mct.js";
import { openApi } from "./openapi.js";
import { type Call, type Caller, checkArguments, HttpError, type Route, Router } from "./route.js";
import { inUrl, Security } from "./security.js";
import { StaticFiles } from "./static-files.js";
import { stationRoutes } from "./station-routes.js";
import type { Users } from "./users.js";

const PAGE = new URL("../../page/", import.meta.url);
/** Whoever asks for what is open to all. */
const NOBODY: Caller = { user: "guest", origin: "", role: "viewer" };
const HEADERS_TIMEOUT_MS = 10_000;

export interface WebOptions {
  readonly station: Station;
  /** What to bind. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly token: string;
  readonly users: Users | undefined;
  /** Names that a proxy in front is known by. */
  readonly hostNames: readonly string[];
  /** Where Open MCT is, with a slash at its end; undefined: it is not served. */
  readonly openMct?: URL | undefined;
  /** Of this package. */
  readonly version: string;
  report(line: string): void;
}

export class Web {
  readonly #options: WebOptions;
  readonly #server: Server;
  readonly #live: Live;
  readonly #router: Router;
  readonly #page = new StaticFiles(PAGE);
  readonly #openMct: OpenMct | undefined;
  #security: Security | undefined;

  /** @throws Error: beyond this computer, there must be users */
  constructor(options: WebOptions) {
    const { station, host, users, version, openMct } = options;
    if (!isLocal(host) && users === undefined) {
      throw new Error(
        `--host ${host} is beyond this computer: it needs --users FILE; "flatlink ground user NAME" makes one`,
      );
    }
    this.#options = options;
    this.#live = new Live(station);
    this.#openMct = openMct && new OpenMct(station, openMct, PAGE);
    const api: Route[] = [
      ...boardRoutes(station),
      ...dataRoutes(station),
      ...alarmRoutes(station),
      ...exportRoutes(station),
      liveRoute(station, this.#live),
      ...stationRoutes(station, this.#live, () => openApi(api, version)),
    ];
    this.#router = new Router(api);
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.headersTimeout = HEADERS_TIMEOUT_MS;
    // Files to export take as long as they take.
    this.#server.requestTimeout = 0;
  }

  /** @throws (rejects) Error in one line: the port is in use, the address is not this computer's */
  async listen(): Promise<void> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(port, host, () => resolve());
    }).catch((error: NodeJS.ErrnoException) => {
      throw new Error(
        error.code === "EADDRINUSE"
          ? `port ${port} of ${host} is in use; stop the program that has it, another station perhaps, or name another: --port 0 takes any free one`
          : `${host} port ${port}: ${error.message}`,
      );
    });
    const { token, users, hostNames } = this.#options;
    this.#security = new Security({ host, port: this.port, token, users, hostNames });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What a browser opens; with the token, where there are no users. */
  get url(): string {
    return this.#urlOf("/");
  }

  /** As `url`, of Open MCT. */
  get openMctUrl(): string {
    return this.#urlOf(OPEN_MCT);
  }

  #urlOf(path: string): string {
    const { host, token, users } = this.#options;
    const shown = ["0.0.0.0", "::"].includes(host) ? "127.0.0.1" : host;
    return `http://${inUrl(shown)}:${this.port}${path}${users === undefined ? `?token=${token}` : ""}`;
  }

  async close(): Promise<void> {
    this.#live.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => {});
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Referrer-Policy", "no-referrer");
    try {
      await this.#route(request, response);
    } catch (error) {
      this.#fail(error, response);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const security = this.#security!;
    const { pathname, searchParams } = urlOf(request);
    const { method = "GET" } = request;
    const found = this.#router.find(method, pathname);
    if (found === undefined) {
      security.checkHost(request);
      await this.#servePage(request, response, pathname, searchParams);
      return;
    }
    const { route, path } = found;
    if (route.access !== "command") {
      security.checkHost(request);
      if (method === "POST") {
        security.checkOrigin(request);
      }
      const caller = route.access === "open" ? NOBODY : await security.caller(request);
      if (route.access === "audit") {
        security.checkOperator(request, caller);
      }
      const body = route.body === undefined ? undefined : await readJson(request);
      await reply(route, { path, query: searchParams, body, caller, request, response });
      return;
    }
    await this.#command(security, route, { path, query: searchParams, request, response });
  }

  /** What changes anything is in the audit, whatever comes of it. */
  async #command(security: Security, route: Route, call: Omit<Call, "body" | "caller">): Promise<void> {
    const { request } = call;
    const origin = request.socket.remoteAddress ?? "unknown";
    let caller: Pick<Caller, "user" | "origin"> = { user: security.claimed(request), origin };
    let action = `${route.method} ${urlOf(request).pathname}`;
    const { audit } = this.#options.station;
    // Until it is known that it is an operator's.
    let kind: "refused" | "letIn" = "refused";
    try {
      security.checkHost(request);
      security.checkOrigin(request);
      const known = await security.caller(request);
      caller = known;
      security.checkOperator(request, known);
      kind = "letIn";
      const body = route.body === undefined ? undefined : await readJson(request);
      action = body === undefined ? action : `${action} ${JSON.stringify(body)}`;
      await reply(route, { ...call, body, caller: known });
      audit.letIn(caller, action, "done");
    } catch (error) {
      const outcome = error instanceof HttpError ? `${error.status} ${error.message}` : "failed";
      audit[kind](caller, action, outcome);
      throw error;
    }
  }

  async #servePage(request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams) {
    const security = this.#security!;
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw new HttpError(404, `there is no ${path}`);
    }
    const token = query.get("token");
    if (token !== null && !security.hasUsers) {
      if (!security.isToken(token)) {
        throw new HttpError(403, "the token is wrong: open the link that the station printed when it began");
      }
      query.delete("token");
      const rest = query.size === 0 ? "" : `?${query}`;
      response.writeHead(302, { Location: path + rest, "Set-Cookie": security.cookie, "Cache-Control": "no-store" });
      response.end();
      return;
    }
    await security.caller(request);
    if (path === OPEN_MCT.slice(0, -1) && this.#openMct !== undefined) {
      response.writeHead(302, { Location: OPEN_MCT }).end();
      return;
    }
    const accept = String(request.headers["accept-encoding"] ?? "");
    const isServed = path.startsWith(OPEN_MCT)
      ? await this.#openMct?.serve(path.slice(OPEN_MCT.length), accept, response)
      : await this.#page.serve(path, accept, response);
    if (isServed !== true) {
      throw new HttpError(404, `there is no ${path}`);
    }
  }

  #fail(error: unknown, response: ServerResponse): void {
    if (!(error instanceof HttpError)) {
      this.#options.report(`a request failed: ${(error as Error).stack ?? error}`);
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status, message, more } = error instanceof HttpError ? error : new HttpError(500, "the station failed");
    if (status === 401) {
      response.setHeader("WWW-Authenticate", 'Basic realm="flatlink", charset="UTF-8"');
    }
    sendJson(response, status, { error: message, ...more });
  }
}

/** @throws HttpError */
function urlOf({ url = "/" }: IncomingMessage): URL {
  try {
    return new URL(`http://station${url.startsWith("/") ? url : "/"}`);
  } catch {
    throw new HttpError(400, "the path is not encoded as it should be");
  }
}

async function reply(route: Route, call: Call): Promise<void> {
  checkArguments(route, call.query);
  if ("stream" in route) {
    await route.stream(call);
    return;
  }
  const result = await route.handle(call);
  if (route.reply === undefined) {
    call.response.writeHead(route.status);
    call.response.end();
    return;
  }
  sendJson(call.response, route.status, result);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(body));
}
