/**
 * When a connection is given up because nothing moves on it. Two times tell: when the peer last gave a sign of life, and
 * when it last took something of what waits for it. Whoever sends and never reads is alive, and holds others up all the same.
 */
import type { FramePump } from "./frame-pump.js";
import type { Inbound } from "./inbound.js";

/**
 * A client that takes nothing of what waits for it is given up after so many milliseconds when the sink refuses its packets
 * (it may have gone: while it is not read from, its end is not heard either), or when a log that keeps all is full of
 * what it has not read.
 */
const STALLED_MS = 5000;

interface Living {
  /** When the peer last gave a sign of life, and when it last took something, or had nothing to take. */
  readonly lastHeard: number;
  readonly lastTook: number;
  readonly inbound: Inbound;
  readonly pump: FramePump | undefined;
}

/**
 * Neither side moves: the sink, or the log, waits for a peer that takes nothing.
 * @param now by the owner's clock, in milliseconds
 */
export function isStalled({ lastTook, inbound, pump }: Living, now: number): boolean {
  if (now - lastTook < STALLED_MS) {
    return false;
  }
  return pump?.cursor.holdsUp === true || (inbound.isHeld && now - inbound.lastReceived >= STALLED_MS);
}

/** @param idleTimeoutMs 0: never */
export function isIdle({ lastHeard }: Living, idleTimeoutMs: number, now: number): boolean {
  return idleTimeoutMs > 0 && now - lastHeard >= idleTimeoutMs;
}
