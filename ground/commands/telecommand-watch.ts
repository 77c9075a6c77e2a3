/** Follows one telecommand: its stages, and the reports that reply to it. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { DecodedPacket } from "../dictionary/packet-decoder.js";
import { allServices } from "../dictionary/standard-services.js";
import { type Verification, verificationIn } from "../dictionary/verification.js";

export interface Followed {
  readonly service: string;
  readonly message: string;
}

export class TelecommandWatch {
  readonly #board: BoardDictionary;
  readonly #requestId: number;
  readonly #service: string;
  readonly #replies: readonly string[];

  /** @param packet the telecommand */
  constructor(board: BoardDictionary, { service, message }: Followed, packet: Uint8Array) {
    this.#board = board;
    this.#requestId = new DataView(packet.buffer, packet.byteOffset).getUint32(0);
    this.#service = service;
    this.#replies = allServices(board)[service]?.requests?.[message]?.replies ?? [];
  }

  /** @returns a report on this telecommand */
  verification(packet: DecodedPacket): Verification | undefined {
    const found = verificationIn(this.#board, packet);
    return found?.requestId === this.#requestId ? found : undefined;
  }

  /** A report that carrying it out sends. Of several telecommands of a kind it does not say which it answers. */
  isReply(packet: DecodedPacket): boolean {
    const isOwn = packet.kind === "telemetry" && packet.apid === this.#board.conventions.apid;
    return isOwn && packet.service === this.#service && this.#replies.includes(packet.message);
  }
}
