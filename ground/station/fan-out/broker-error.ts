/** What the broker, or the way to it, does not do, in one line for people. */

/** Of NATS's clients; they are known by their names, as the packages may not be there. */
const KNOWN: Readonly<Record<string, string>> = {
  AuthorizationError: "the broker refuses the name, the password or the token",
  UserAuthenticationExpiredError: "the broker says that the credentials are outdated",
  TimeoutError: "the broker does not answer",
  ClosedConnectionError: "the connection to the broker is over",
  JetStreamNotEnabled: "the broker has no JetStream: start nats-server with -js, or with jetstream {} in its file",
};

const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its name cannot be looked up now",
  ECONNRESET: "the connection was lost",
  ETIMEDOUT: "the broker does not answer",
  EHOSTUNREACH: "there is no way to it",
};

/** What the user may not do, as NATS calls it; undefined: it is another error. */
export function forbiddenIn(error: Error): string | undefined {
  return error.name === "PermissionViolationError" ? (error as Error & { operation: string }).operation : undefined;
}

export function describeBrokerError(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { name } = at;
    const code = (at as NodeJS.ErrnoException).code;
    if (name === "PermissionViolationError") {
      const { operation, subject } = at as Error & { operation: string; subject: string };
      return `the broker does not let this user ${operation === "publish" ? "publish on" : "listen to"} ${subject}`;
    }
    const known = KNOWN[name] ?? (typeof code === "string" ? CODES[code] : undefined);
    if (known !== undefined) {
      return known;
    }
  }
  const text = error instanceof Error ? error.message : String(error);
  const inText = Object.entries(CODES).find(([code]) => text.includes(code));
  return inText?.[1] ?? text.split("\n")[0]!;
}
