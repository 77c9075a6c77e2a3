/**
 * Who may do what. Any page of the web can make a browser send a request to this computer, and can give a name of its own this
 * computer's address: so `Host` and `Origin` are looked at, and what changes anything needs a token that a page cannot know.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { isLocal } from "../../ports/local-host.js";
import { type Caller, HttpError } from "./route.js";
import type { Users } from "./users.js";

export interface SecurityOptions {
  /** What is bound. */
  readonly host: string;
  readonly port: number;
  readonly token: string;
  /** Instead of the token; undefined: whoever is on this computer may look, whoever has the token may do. */
  readonly users: Users | undefined;
  /** Names that a proxy in front is known by. */
  readonly hostNames: readonly string[];
}

const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"] as const;

export class Security {
  readonly #options: SecurityOptions;
  readonly #hosts: ReadonlySet<string>;

  constructor(options: SecurityOptions) {
    this.#options = options;
    const { host, hostNames } = options;
    const own = isLocal(host) ? [] : [...ownAddresses(), hostname().toLowerCase()];
    this.#hosts = new Set([...LOCAL_HOSTS, inUrl(host), ...own, ...hostNames.map((name) => name.toLowerCase())]);
  }

  /** A browser keeps cookies by name and host, whatever the port: two stations have two. */
  get cookieName(): string {
    return `flatlink-${this.#options.port}`;
  }

  /** For the browser that came with the token. */
  get cookie(): string {
    return `${this.cookieName}=${this.#options.token}; HttpOnly; SameSite=Strict; Path=/`;
  }

  isToken(text: string): boolean {
    // Digests are of one length, and say nothing of how much was right.
    return timingSafeEqual(digest(text), digest(this.#options.token));
  }

  get hasUsers(): boolean {
    return this.#options.users !== undefined;
  }

  /** @throws HttpError: the page in the browser believes that this is another server */
  checkHost({ headers }: IncomingMessage): void {
    const { host = "" } = headers;
    const name = host.replace(/:\d+$/, "").toLowerCase();
    if (!this.#hosts.has(name)) {
      throw new HttpError(403, `the Host "${host.slice(0, 100)}" is not this station; see --host-name`);
    }
  }

  /** @throws HttpError: another server's page sends it */
  checkOrigin({ headers }: IncomingMessage): void {
    const { origin, host } = headers;
    if (headers["sec-fetch-site"] === "cross-site") {
      throw new HttpError(403, "another site's page may not do this");
    }
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
      throw new HttpError(403, `a page of "${origin.slice(0, 100)}" may not do this`);
    }
  }

  /** @throws (rejects) HttpError 401: where there are users, it is none of them */
  async caller(request: IncomingMessage): Promise<Caller> {
    const { users } = this.#options;
    const origin = request.socket.remoteAddress ?? "unknown";
    if (users === undefined) {
      const token = this.#tokenIn(request);
      return token !== undefined && this.isToken(token)
        ? { user: "operator", origin, role: "operator" }
        : { user: "guest", origin, role: "viewer" };
    }
    const user = await users.find(request.headers.authorization);
    if (user === undefined) {
      throw new HttpError(401, "a name and a password are needed, and these are none");
    }
    return { user: user.name, origin, role: user.role };
  }

  /** @throws HttpError 403: who only looks may not */
  checkOperator(request: IncomingMessage, { user, role }: Caller): void {
    if (role === "operator") {
      return;
    }
    const why = this.hasUsers
      ? `${user} may look, and not do this`
      : this.#tokenIn(request) === undefined
        ? "this needs the token: open the link that the station printed when it began"
        : "the token is wrong: open the link that the station printed when it began";
    throw new HttpError(403, why);
  }

  /** Who it says it is, for the audit of what is refused. */
  claimed({ headers }: IncomingMessage): string {
    const credentials = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? "")?.[1];
    const name = credentials && Buffer.from(credentials, "base64").toString("utf8").split(":")[0];
    return name === undefined || name === "" ? "unknown" : `unknown (${name.slice(0, 64)})`;
  }

  #tokenIn({ headers }: IncomingMessage): string | undefined {
    const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
    const cookie = (headers.cookie ?? "")
      .split(/;\s*/)
      .find((each) => each.startsWith(`${this.cookieName}=`))
      ?.slice(this.cookieName.length + 1);
    return bearer ?? cookie;
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => inUrl(address)));
}

/** As it stands in a URL. */
export function inUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host.toLowerCase();
}
