const REASONS: Record<string, string> = {
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

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    const code = cause.code ?? "unknown error";
    super(`cannot connect to ${host} port ${port}: ${REASONS[code] ?? cause.message} (${code})`, { cause });
    this.code = code;
  }
}
