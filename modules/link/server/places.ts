/**
 * Who gets a place, and who gives one up to a newcomer.
 *
 * ```
 * gone already, its packets still refused     at once
 * silent for `yieldAfterMs`                   at once; clients that only read first
 * last of the clients that only read,         where the newcomer may send telecommands, on a port that has places of
 *   there for `provisionalMs`                 its own for such clients, and fewer of them than that
 * silent longest                              where that is the policy
 * ```
 */

import type { Connection } from "../connection/connection.js";
import type { Occupant } from "../connection/connection-pool.js";

/** `PlaceRules.provisionalMs` of most ports. */
export const PROVISIONAL_MS = 10_000;
/** The same where telecommands come in authenticated frames. Whoever has a key sends one at once; nobody else keeps the last place. */
export const PROVISIONAL_WITH_KEY_MS = 1000;

/** The rules of a port. */
export interface PlaceRules {
  /** Clients at once on this port. */
  readonly maxClients: number;
  /** Places for clients that send telecommands. */
  readonly reserve: number;
  /** So long at least a client keeps its place that has sent no telecommand yet, in milliseconds. */
  readonly provisionalMs: number;
  /** How long a client may be silent before it gives up its place to a newcomer, in milliseconds; 0: for ever. */
  readonly yieldAfterMs: number;
  /** One client too many takes the place of the one silent longest. */
  readonly replaces: boolean;
}

/**
 * @param connections of the port, one for each place of the pool
 * @param clients connected on this port
 * @returns one whose place is free
 */
export function vacant({ maxClients }: PlaceRules, connections: readonly Connection[], clients: number) {
  if (clients < maxClients) {
    for (let i = 0; i < connections.length; i++) {
      const connection = connections[i]!;
      if (connection.memory.occupant === undefined) {
        return connection;
      }
    }
  }
  return undefined;
}

/** Takes a place for a newcomer from whoever has to give it up, if anybody has. */
export function makeRoom(rules: PlaceRules, connections: readonly Connection[], clients: number, now: number): void {
  // While there are places left on this port, those of a shared pool are taken on other ports too.
  const ownOnly = clients >= rules.maxClients;
  let silent: Occupant | undefined;
  let silentReader: Occupant | undefined;
  let lastReader: Occupant | undefined;
  let commanders = 0;
  for (let i = 0; i < connections.length; i++) {
    const connection = connections[i]!;
    const { occupant } = connection.memory;
    if (occupant === undefined || (ownOnly && occupant !== connection)) {
      continue;
    }
    if (occupant.isGone) {
      occupant.end("connectionLost");
      return;
    }
    if (silent === undefined || occupant.lastHeard < silent.lastHeard) {
      silent = occupant;
    }
    if (occupant.commands) {
      commanders += occupant === connection ? 1 : 0;
      continue;
    }
    if (silentReader === undefined || occupant.lastHeard < silentReader.lastHeard) {
      silentReader = occupant;
    }
    if (lastReader === undefined || occupant.since >= lastReader.since) {
      lastReader = occupant;
    }
  }
  if (yields(silentReader, rules, now)) {
    silentReader?.end("replaced");
  } else if (yields(silent, rules, now)) {
    silent?.end("replaced");
  } else if (lastReader !== undefined && commanders < rules.reserve && now - lastReader.since >= rules.provisionalMs) {
    lastReader.end("reserved");
  } else if (rules.replaces) {
    silent?.end("replaced");
  }
}

function yields(occupant: Occupant | undefined, { yieldAfterMs }: PlaceRules, now: number): boolean {
  return occupant !== undefined && yieldAfterMs > 0 && now - occupant.lastHeard >= yieldAfterMs;
}
