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
 * Takes a socket over from a listener's, to be asked for its address. lwIP panics when the address of a connection that is gone
 * is asked for. Taking it over throws instead, so that comes first.
 * @throws when the connection is gone
 */
export function takeOver(io: Io, socket: TcpSocket): TcpSocket {
  return acceptSocket(io, socket, NOBODY);
}

/** @param socket that was taken over */
export function isHeld(held: HeldAddresses, socket: TcpSocket, now: number): boolean {
  let address: string | undefined;
  try {
    address = socket.remoteAddress;
  } catch {
    // The client has left already: its end will be told to whoever gets it.
  }
  return held.holds(address, now);
}
