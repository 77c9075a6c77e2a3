/**
 * A board that is client of another board: what is for the other's APID goes there, and what the other reports comes
 * back through this one. Knows no platform.
 */
import type { Flatsat } from "../../modules/flatsat/application.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { NOT_QUEUED, TmtcClient } from "../../modules/link/client/tmtc-client.js";
import type { Clock, Io, Ticker } from "../../modules/link/connection/io.js";

export interface RelayOptions {
  io: Io;
  ticker: Ticker;
  clock: Clock;
  /** The other board: its APID, and its port, which speaks COBS. */
  apid: number;
  address: string;
  port: number;
}

/** @returns the client, which has begun to connect */
export function relay(board: Flatsat, options: RelayOptions): TmtcClient {
  const { apid, ...link } = options;
  const client = new TmtcClient({
    ...link,
    // The board's own fixed memory: it has to have room for this too.
    memory: board.memory,
    framing: cobs(),
    name: "relay",
    queueLength: 1024,
    maxPacketLength: 500,
    stagingLength: 256,
    reconnect: { firstMs: 100, maxMs: 1000 },
    sink: { accept: (bytes, start, end) => board.log.append(bytes, start, end) },
  });
  board.router.add(apid, {
    // No room: the ground waits, as it would for a sink of the board's own.
    accept: (bytes, start, end) => client.send(bytes, start, end) !== NOT_QUEUED,
  });
  client.connect();
  return client;
}
