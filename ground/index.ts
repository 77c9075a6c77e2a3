/** What ground software can be made of, on Node. */
export { Client, type ClientEvents, type ClientOptions } from "./client.js";
export { ConnectError } from "./connect-error.js";
export { type GroundClock, groundClock } from "./ground-clock.js";
export type { Limits } from "./limits.js";
export type { LinkEndEvents, LinkEndOptions, LinkEndSockets } from "./link-end.js";
export {
  ClosedError,
  DisconnectedError,
  LinkError,
  LinkTimeoutError,
  NotConnectedError,
  NotSentError,
  QueueFullError,
  type SendOutcome,
  UnsendableError,
} from "./link-errors.js";
export { OneClientServer, type OneClientServerEvents, type OneClientServerOptions } from "./one-client-server.js";
export type { OverflowPolicy, PacketQueueOptions, ReceivedPacket } from "./packet-queue.js";
export {
  DecodeStream,
  type DecodeStreamOptions,
  decodeStream,
  EncodeStream,
  encodeStream,
} from "./streams.js";
