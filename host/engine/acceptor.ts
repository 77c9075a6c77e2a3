import type { Channel } from "./channel.js";

/** Who is told of a connection that came. */
export interface Acceptor {
  accepted(channel: Channel): void;
}
