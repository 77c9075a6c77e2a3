/** What tail and watch have in common: a session that is listened to until it is stopped. */
import type { Command } from "commander";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { type DecodedTelemetry, PacketDecoder } from "../dictionary/packet-decoder.js";
import { PacketError } from "../dictionary/packet-error.js";
import { DisconnectedError } from "../link/link-errors.js";
import type { LinkChoice } from "../link/link-options.js";
import { BoardSession, type Notice } from "./board-session.js";
import { CONNECT_TIMEOUT_MS } from "./listen-options.js";
import { EXIT_DONE, FailedError, type Program } from "./program.js";

export interface Listener {
  notice(notice: Notice): void;
  telemetry?(packet: DecodedTelemetry, bytes: Uint8Array): void;
  undecoded?(bytes: Uint8Array, error: PacketError): void;
  /** Every packet, before it is decoded. */
  packet?(bytes: Uint8Array): void;
}

/**
 * Listens until the program is stopped, nobody reads its output, `end` is aborted, or, without reconnecting, the connection is over.
 * @returns the exit code
 * @throws (rejects) ConnectError, FailedError
 */
export async function listen(
  { stop, unread }: Program,
  command: Command,
  link: LinkChoice,
  board: BoardDictionary,
  listener: Listener,
  end: AbortSignal,
): Promise<number> {
  const decoder = new PacketDecoder(board);
  const over = AbortSignal.any([stop, unread, end]);
  const session = new BoardSession({
    link,
    board,
    reconnect: command.opts()["reconnect"] !== false,
    timeoutMs: CONNECT_TIMEOUT_MS,
    notice: (notice) => listener.notice(notice),
    packet: (bytes) => {
      if (!over.aborted) {
        listener.packet?.(bytes);
        deliver(decoder, bytes, listener);
      }
    },
  });
  over.addEventListener("abort", () => session.close());
  try {
    await session.connect(over);
    await session.read();
    return EXIT_DONE;
  } catch (error) {
    if (over.aborted) {
      return EXIT_DONE;
    }
    throw error instanceof DisconnectedError ? new FailedError("the connection is over") : error;
  } finally {
    session.close();
  }
}

function deliver(decoder: PacketDecoder, bytes: Uint8Array, { telemetry, undecoded }: Listener): void {
  if (telemetry === undefined) {
    return;
  }
  try {
    const packet = decoder.decode(bytes);
    if (packet.kind === "telemetry") {
      telemetry(packet, bytes);
    }
  } catch (error) {
    if (!(error instanceof PacketError)) {
      throw error;
    }
    undecoded?.(bytes, error);
  }
}
