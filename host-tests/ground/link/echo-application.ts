/**
 * A board that answers every packet with itself, or with its bytes in reverse order, on a port for each framing: for
 * tests of framings over real sockets. Knows no platform: runs on Node and in XS.
 */
import type { Platform, RunningApplication } from "../../../host/engine/application.js";
import { parseFraming } from "../../../modules/framing/registry.js";
import { TmtcServer } from "../../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../../modules/memory/fixed-memory.js";
import { PacketLog } from "../../../modules/tmtc/packet-log.js";

/** Longest packet that a port takes whose framing says nothing else, in bytes. */
export const MAX_PACKET_LENGTH = 1024;
/** What a kind of frame or a checksum adds to the longest packet. */
const SPARE = 1024;
const LOG_LENGTH = 16_384;
/** For all that one port reserves. */
const MEMORY_PER_PORT = 65_536;
/** Answers a packet with nothing in it, which no telemetry log can hold. */
export const EMPTY_ANSWER: readonly number[] = Object.freeze([0x65, 0x6d, 0x70, 0x74, 0x79]);

/** `same` where packets hold their own length, identifier or markers. */
export type Answer = "reverse" | "same";

export interface EchoPort {
  /** As in `parseFraming`. */
  readonly framing: string;
  readonly answer: Answer;
}

export interface EchoSettings {
  readonly ports: readonly EchoPort[];
}

function echoServer({ framing, answer }: EchoPort, place: number, platform: Platform): TmtcServer {
  const { io, ticker, clock, report } = platform;
  const memory = new FixedMemory(MEMORY_PER_PORT);
  const maxPacketLength = MAX_PACKET_LENGTH + SPARE;
  const log = new PacketLog({ memory, length: LOG_LENGTH, maxPacketLength });
  const reverse = answer === "reverse";
  return new TmtcServer({
    io,
    ticker,
    clock,
    memory,
    framing: parseFraming(framing, framing, { maxPacketLength: MAX_PACKET_LENGTH }),
    port: 0,
    address: "127.0.0.1",
    maxClients: 2,
    telemetry: log,
    telecommands: {
      accept(bytes, start, end) {
        const length = end - start;
        const at = log.reserve(length === 0 ? EMPTY_ANSWER.length : length);
        if (at < 0) {
          return false;
        }
        if (length === 0) {
          log.bytes.set(EMPTY_ANSWER, at);
        } else if (reverse) {
          for (let i = 0; i < length; i++) {
            log.bytes[at + i] = bytes[end - 1 - i]!;
          }
        } else {
          log.bytes.copyWithin(at, start, end);
        }
        log.commit(length === 0 ? EMPTY_ANSWER.length : length);
        return true;
      },
    },
    onDisconnect: (each) => report({ event: "disconnected", place, ...each }),
    onError: (error) => report({ event: "error", place, message: String(error) }),
  });
}

export function start(settings: unknown, platform: Platform): RunningApplication {
  const servers = (settings as EchoSettings).ports.map((port, place) => echoServer(port, place, platform));
  for (const server of servers) {
    server.start();
  }
  platform.report({ event: "listening", ports: servers.map((server) => server.port) });
  return {
    stop() {
      for (const server of servers) {
        server.stop();
      }
    },
  };
}
