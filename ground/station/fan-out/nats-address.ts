/** Where the broker is, and who we are there. What is secret never leaves this file but for the broker. */
import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "@nats-io/transport-node";
import type { Nats } from "./load-nats.js";

const DEFAULT_PORT = 4222;

type Environment = Readonly<Record<string, string | undefined>>;

export interface NatsAddress {
  /** For people and logs: without name and password. */
  readonly shown: string;
  /** @throws Error in one line: the file with the credentials cannot be read */
  options(nats: Nats): ConnectionOptions;
}

/**
 * @param option that has it, for messages
 * @param environment `FLATLINK_NATS_USER` and `FLATLINK_NATS_PASSWORD`, `FLATLINK_NATS_TOKEN`, or `FLATLINK_NATS_CREDS`, a file; a name
 * in the URL goes first
 * @throws RangeError, without what was given: it may have a password in it
 */
export function natsAddress(option: string, text: string, environment: Environment = process.env): NatsAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isRoot = url !== undefined && ["", "/"].includes(url.pathname) && url.search === "" && url.hash === "";
  if (url === undefined || !isRoot || !["nats:", "tls:"].includes(url.protocol) || url.hostname === "") {
    throw new RangeError(
      `${option} must be nats://HOST:PORT or tls://HOST:PORT, as in nats://127.0.0.1:${DEFAULT_PORT}, with a port up to 65535`,
    );
  }
  const host = `${url.hostname}:${url.port === "" ? DEFAULT_PORT : url.port}`;
  const file = environment["FLATLINK_NATS_CREDS"];
  const who = inUrl(option, url) ?? inEnvironment(environment);
  return {
    shown: `${url.protocol}//${host}`,
    options: ({ transport }) => ({
      servers: host,
      ...(url.protocol === "tls:" ? { tls: {} } : {}),
      ...(who ?? (file === undefined ? {} : { authenticator: transport.credsAuthenticator(readFileSync(file)) })),
    }),
  };
}

/** A name alone is a token, as NATS's own tools have it. */
function inUrl(option: string, { username, password }: URL): Partial<ConnectionOptions> | undefined {
  if (username === "") {
    return undefined;
  }
  try {
    const user = decodeURIComponent(username);
    return password === "" ? { token: user } : { user, pass: decodeURIComponent(password) };
  } catch {
    throw new RangeError(`${option}: the name or the password is not encoded as it should be in a URL`);
  }
}

function inEnvironment(environment: Environment): Partial<ConnectionOptions> | undefined {
  const { FLATLINK_NATS_USER: user, FLATLINK_NATS_PASSWORD: pass, FLATLINK_NATS_TOKEN: token } = environment;
  if (user) {
    return { user, ...(pass ? { pass } : {}) };
  }
  return token ? { token } : undefined;
}
