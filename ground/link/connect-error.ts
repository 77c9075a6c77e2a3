import type { AttemptFailure } from "../../modules/link/client/client-options.js";

const REASONS: Record<string, string> = {
  ECANCELED: "stopped",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "this machine has no way to it",
  ENETUNREACH: "this machine has no way to it",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "no such host",
  ETIMEDOUT: "no answer",
};

/** No connection is to be had. The message says where, and why, in one line. */
export class ConnectError extends Error {
  override name = "ConnectError";
  /** As the system says it: ECONNREFUSED, ETIMEDOUT, ... */
  readonly code: string;

  /**
   * @param code undefined: that of the cause
   * @param cause what the system threw, where it did
   */
  constructor(host: string, port: number, code: string | undefined, cause?: NodeJS.ErrnoException) {
    const known = code ?? cause?.code ?? "unknown error";
    const why = REASONS[known] ?? cause?.message ?? "no connection came about";
    super(`cannot connect to ${host} port ${port}: ${why} (${known})`, cause === undefined ? {} : { cause });
    this.code = known;
  }
}

/** Why no connection came of an attempt. */
export function connectError({ host, port, outcome, code, error }: AttemptFailure): ConnectError {
  return new ConnectError(
    host,
    port,
    outcome === "timeout" ? "ETIMEDOUT" : code,
    error instanceof Error ? error : undefined,
  );
}
