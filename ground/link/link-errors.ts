/** What can go wrong between two ends of a link, one class each. A connection that does not come about: `ConnectError`. */
import type { ClientReport } from "../../modules/link/client/client-options.js";
import type { ConnectionReport } from "../../modules/link/connection/reports.js";

/** What is common to them, for who does not care which one it is. */
export class LinkError extends Error {
  override name = "LinkError";
}

/** The time was up. */
export class LinkTimeoutError extends LinkError {
  override name = "LinkTimeoutError";
  readonly timeoutMs: number;

  constructor(what: string, timeoutMs: number) {
    super(`${what} within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** The connection is over, and no other follows by itself. */
export class DisconnectedError extends LinkError {
  override name = "DisconnectedError";
  readonly report: ClientReport | ConnectionReport;

  constructor(report: ClientReport | ConnectionReport) {
    super(`the connection is over: ${report.reason}`);
    this.report = report;
  }
}

/** `close()` was called. */
export class ClosedError extends LinkError {
  override name = "ClosedError";

  constructor() {
    super("closed by this side");
  }
}

/** There is no connection, and this end does not keep packets until there is one. */
export class NotConnectedError extends LinkError {
  override name = "NotConnectedError";

  constructor() {
    super("there is no connection");
  }
}

/** So many packets wait to be sent already. */
export class QueueFullError extends LinkError {
  override name = "QueueFullError";
  readonly limit: number;

  constructor(limit: number) {
    super(`${limit} packets wait to be sent already`);
    this.limit = limit;
  }
}

/** The bytes are no packet of the framing, or too many. */
export class UnsendableError extends LinkError {
  override name = "UnsendableError";
  readonly length: number;

  constructor(framing: string, length: number, maxLength: number) {
    super(
      length > maxLength
        ? `${length} bytes are too long: a packet has up to ${maxLength}`
        : `these ${length} bytes are no packet for ${framing}`,
    );
    this.length = length;
  }
}

/** There is no counter for another sealed frame: its file cannot be written, say, or there is no key. */
export class SealError extends LinkError {
  override name = "SealError";

  constructor() {
    super("the packet cannot be sealed: there is no key, or no counter could be reserved");
  }
}

/** So many telecommands are outstanding: the board has not said that it took them. */
export class OutstandingError extends LinkError {
  override name = "OutstandingError";
  readonly limit: number;

  constructor(limit: number) {
    super(`${limit} telecommands are outstanding already: the board has not said that it took them`);
    this.limit = limit;
  }
}

/**
 * The board has taken a frame that this end did not seal, above the telecommand's: another sender has the same key, or the
 * counter kept beside the key is an old one. The board takes the telecommand no more; whether it did is not known.
 */
export class OvertakenError extends LinkError {
  override name = "OvertakenError";
  /** That this end used last. */
  readonly own: number;
  /** That the board took last. */
  readonly taken: number;

  constructor(own: number, taken: number) {
    super(
      `the board has taken a frame with counter ${taken}, and this end sealed none above ${own}: another sender has the same key, the counter beside the key is an old one, or the SPI is another key's`,
    );
    this.own = own;
    this.taken = taken;
  }
}

/** `unsent`: the other side did not get it, and will not. `uncertain`: a part of it, or all, may be on its way. */
export type SendOutcome = "unsent" | "uncertain";

/** A packet was given up. `cause` says why: one of the other errors, or an AbortSignal's reason. */
export class NotSentError extends LinkError {
  override name = "NotSentError";
  readonly outcome: SendOutcome;

  constructor(outcome: SendOutcome, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${outcome === "unsent" ? "not sent" : "given up, perhaps sent"}: ${why}`, { cause });
    this.outcome = outcome;
  }
}
