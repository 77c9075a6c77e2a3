/**
 * When a connection is given up because nothing moves on it. Two times tell: when the peer last gave a sign of life, and
 * when it last took something of what waits for it. Whoever sends and never reads is alive, and holds others up all the same.
 */
import type { Connection } from "./connection.js";

/**
 * A client that takes nothing of what waits for it is given up after so many milliseconds when the sink refuses its packets
 * (it may have gone: while it is not read from, its end is not heard either), or when a log that keeps all is full of
 * what it has not read.
 */
const STALLED_MS = 5000;

/**
 * Neither side moves: the sink, or the log, waits for a peer that takes nothing.
 * @param now by the owner's clock, in milliseconds
 */
export function isStalled({ lastTook, intake, pump }: Connection, now: number): boolean {
  if (now - lastTook < STALLED_MS) {
    return false;
  }
  return pump?.cursor.holdsUp === true || (intake.isRefused && now - intake.lastReceived >= STALLED_MS);
}

/** @param idleTimeoutMs 0: never */
export function isIdle({ lastHeard }: Connection, idleTimeoutMs: number, now: number): boolean {
  return idleTimeoutMs > 0 && now - lastHeard >= idleTimeoutMs;
}
