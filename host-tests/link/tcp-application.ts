/**
 * The application that the TCP tests run on either engine: one server under test, and a control port over which a test
 * makes it produce telemetry, refuse telecommands, or stop.
 */
import type { Platform, RunningApplication } from "../../host/engine/application.js";
import type { BadFrames } from "../../modules/framing/contract/framing.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import type { ExcessPolicy } from "../../modules/link/server/server-options.js";
import { TmtcServer } from "../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSource } from "../../modules/tmtc/contracts.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { packet } from "./packets.js";

export interface TcpSettings {
  readonly framing: "cobs" | "space-packets";
  readonly delimiter?: "trailing" | "both";
  readonly packetIds?: number[];
  /** Telemetry that waits from the start. */
  readonly telemetry?: number[][];
  /** Telemetry comes from a source that is asked, not from a log. */
  readonly source?: boolean;
  readonly maxClients?: number;
  readonly excessClients?: ExcessPolicy;
  readonly rejectHoldMs?: number;
  readonly partialFrameTimeoutMs?: number;
  readonly badFrames?: BadFrames;
  /** Telecommands come back as telemetry. */
  readonly echo?: boolean;
  /** Offers that the sink refuses. */
  readonly refuse?: number;
}

/** Control commands: first byte of a packet on the control port. */
export const EMIT = 1; // number (2 bytes), count (2 bytes), length (2 bytes)
export const STOP = 2;
export const TOTALS = 3;

const PORT = { port: 0, address: "127.0.0.1" };

export function start(settings: unknown, { io, ticker, clock, report }: Platform): RunningApplication {
  const given = settings as TcpSettings;
  const memory = new FixedMemory(131072);
  const log = new PacketLog({ memory });
  const queue: Uint8Array[] = (given.telemetry ?? []).map((bytes) => Uint8Array.from(bytes));
  const source: PacketSource = {
    next(bytes, start) {
      const next = queue.shift();
      bytes.set(next ?? [], start);
      return next?.length ?? 0;
    },
  };
  const emit = (bytes: Uint8Array): boolean =>
    given.source === true ? queue.push(bytes) > 0 : log.append(bytes, 0, bytes.length);
  if (given.source !== true) {
    for (const bytes of queue) {
      emit(bytes);
    }
  }
  let refuse = given.refuse ?? 0;
  const { maxClients, excessClients, rejectHoldMs, partialFrameTimeoutMs, badFrames, packetIds } = given;
  const server = new TmtcServer({
    ...PORT,
    io,
    ticker,
    clock,
    memory,
    framing:
      given.framing === "cobs"
        ? cobs({ delimiter: given.delimiter ?? "trailing" })
        : spacePackets(packetIds === undefined ? {} : { packetIds }),
    ...(maxClients === undefined ? {} : { maxClients }),
    ...(excessClients === undefined ? {} : { excessClients }),
    ...(rejectHoldMs === undefined ? {} : { rejectHoldMs }),
    ...(partialFrameTimeoutMs === undefined ? {} : { partialFrameTimeoutMs }),
    ...(badFrames === undefined ? {} : { badFrames }),
    telecommands: {
      accept(bytes, start, end, from) {
        if (refuse > 0) {
          refuse--;
          return false;
        }
        report({ event: "telecommand", from, bytes: [...bytes.slice(start, end)] });
        return given.echo === true ? emit(bytes.slice(start, end)) : true;
      },
    },
    telemetry: given.source === true ? source : log,
    onConnect: (info) => report({ event: "connected", ...info }),
    onDisconnect: (each) => report({ event: "disconnected", ...each }),
    onError: (error) => report({ event: "error", message: String(error) }),
  });
  const control = new TmtcServer({
    ...PORT,
    io,
    ticker,
    clock,
    memory,
    framing: cobs(),
    name: "control",
    maxClients: 1,
    telecommands: {
      accept(bytes, start) {
        const number = (at: number) => (bytes[start + at]! << 8) | bytes[start + at + 1]!;
        if (bytes[start] === EMIT) {
          for (let k = 0; k < number(3); k++) {
            emit(packet(number(1) + k, number(5)));
          }
        } else if (bytes[start] === STOP) {
          server.stop();
        }
        report({ event: "done", totals: server.totals.snapshot() });
        return true;
      },
    },
  });
  server.start();
  control.start();
  // What the sink refuses is offered again soon.
  const retry = refuse > 0 ? ticker.start(1, () => server.resume()) : undefined;
  report({ event: "listening", port: server.port, control: control.port });
  return {
    stop() {
      retry?.stop();
      server.stop();
      control.stop();
    },
  };
}
