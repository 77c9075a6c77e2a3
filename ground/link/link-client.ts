/** The client of a link: one that seals what it sends, where the link has a key for that. */
import type { AttemptFailure, ClientReport } from "../../modules/link/client/client-options.js";
import { Client, type ClientOptions } from "./client.js";
import type { LinkEndSockets } from "./link-end.js";
import type { LinkChoice } from "./link-options.js";
import { SealingClient } from "./sealing-client.js";

/** How a board is dialled again that is to be reached for as long as it takes. */
export const RECONNECT = { firstMs: 200, maxMs: 5000 };
/** Where a frame has no delimiter: its rest comes at once, or never. */
export const PARTIAL_FRAME_TIMEOUT_MS = 500;

/** What both kinds of client tell. */
export interface LinkEvents {
  on(name: "connect" | "notSent", listener: () => void): unknown;
  on(name: "disconnect", listener: (report: ClientReport) => void): unknown;
  on(name: "attemptFailed", listener: (failure: AttemptFailure) => void): unknown;
}

export interface LinkClient {
  readonly client: Client | SealingClient;
  /** Of the client. */
  readonly events: LinkEvents;
  /** The client, if it seals. */
  readonly sealing: SealingClient | undefined;
}

/** Of both kinds of client. */
type CommonOptions = Omit<
  ClientOptions,
  "host" | "port" | "framing" | "partialFrameTimeoutMs" | "unsent" | "heartbeat" | "heartbeatMs"
>;

/**
 * What waits when a connection ends is dropped; but what was sealed is sent again.
 * @param link its framing is used; its `key`, if it has one, seals
 */
export function linkClient(
  { host, port, framing, key }: Pick<LinkChoice, "host" | "port" | "framing" | "key">,
  options: CommonOptions,
  sockets: LinkEndSockets,
): LinkClient {
  const common = { ...options, host, port, framing, partialFrameTimeoutMs: PARTIAL_FRAME_TIMEOUT_MS };
  if (key === undefined) {
    const client = new Client({ ...common, unsent: "drop" }, sockets);
    return { client, events: client, sealing: undefined };
  }
  const sealing = new SealingClient({ ...common, sealer: key.sealer }, sockets);
  return { client: sealing, events: sealing, sealing };
}
