const REASONS: Record<string, string> = {
  EADDRINUSE: "the port is in use",
  EACCES: "this port needs more rights",
  EADDRNOTAVAIL: "this machine does not have this address",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "no such host",
};

/** A port that cannot be had. The message says which, and why, in one line. */
export class ListenError extends Error {
  override name = "ListenError";
  /** As the system says it: EADDRINUSE, EACCES, ... */
  readonly code: string;
  readonly address: string;
  readonly port: number;

  constructor(port: number, address: string, cause: NodeJS.ErrnoException) {
    const code = cause.code ?? "unknown error";
    super(`cannot listen on ${address} port ${port}: ${REASONS[code] ?? cause.message} (${code})`, { cause });
    this.code = code;
    this.address = address;
    this.port = port;
  }
}
