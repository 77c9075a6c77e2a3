/** What ground software can be made of, on Node. */
export { KeyError } from "./keys/key-error.js";
export { openSenderKey, type SenderKey, type SenderKeyOptions } from "./keys/sender-key.js";
export { openTelemetryKey, type TelemetryKey, type TelemetryKeyOptions } from "./keys/telemetry-key.js";
export { Client, type ClientEvents, type ClientOptions } from "./link/client.js";
export { ConnectError } from "./link/connect-error.js";
export { type GroundClock, groundClock } from "./link/ground-clock.js";
export type { Limits } from "./link/limits.js";
export type { LinkEndEvents, LinkEndOptions, LinkEndSockets } from "./link/link-end.js";
export {
  ClosedError,
  DisconnectedError,
  LinkError,
  LinkTimeoutError,
  NotConnectedError,
  NotSentError,
  OutstandingError,
  OvertakenError,
  QueueFullError,
  SealError,
  type SendOutcome,
  UnsendableError,
} from "./link/link-errors.js";
export { OneClientServer, type OneClientServerEvents, type OneClientServerOptions } from "./link/one-client-server.js";
export type { OutstandingFrame } from "./link/outstanding-frames.js";
export type { OverflowPolicy, PacketQueueOptions, ReceivedPacket } from "./link/packet-queue.js";
export type { CountingSealer } from "./link/packet-sealer.js";
export { SealingClient, type SealingClientEvents, type SealingClientOptions } from "./link/sealing-client.js";
export { SentRequests } from "./link/sent-requests.js";
export {
  DecodeStream,
  type DecodeStreamOptions,
  decodeStream,
  EncodeStream,
  encodeStream,
} from "./link/streams.js";
