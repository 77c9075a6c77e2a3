/**
 * Whether a client that comes gets a place at all, before it is asked who would have to make room. While no address is held, nobody
 * is asked for his.
 *
 * A client from a held address is closed at once, in place of being held for a moment as others are that are turned away:
 * each that waits has one of lwIP's few control blocks.
 */
import type { HeldAddresses } from "../connection/held-addresses.js";
import type { Io, TcpSocket } from "../connection/io.js";
import { acceptSocket } from "../connection/socket-events.js";

/** What happens to a connection that is nobody's yet is told again to whoever takes it over. */
const NOBODY = Object.freeze({ guard(): void {}, lost(): void {} });

/**
 * To be asked for its address, a socket is taken over from the listener's. lwIP panics when the address of a connection that is gone
 * is asked for. Taking it over throws instead, so that comes first.
 * @param held undefined: no frames can be forged here
 * @returns the client's socket; undefined: it comes from a held address, and is closed
 * @throws when the connection is gone
 */
export function letIn(held: HeldAddresses | undefined, io: Io, socket: TcpSocket, now: number): TcpSocket | undefined {
  if (held === undefined || !held.isHolding(now)) {
    return socket;
  }
  const client = acceptSocket(io, socket, NOBODY);
  if (!held.holds(addressOf(client), now)) {
    return client;
  }
  client.close();
  return undefined;
}

function addressOf(client: TcpSocket): string | undefined {
  try {
    return client.remoteAddress;
  } catch {
    // It has left already: its end will be told to whoever gets it.
    return undefined;
  }
}
