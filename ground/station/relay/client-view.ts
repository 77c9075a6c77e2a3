/**
 * The board as one client of a relay port sees it: as if nobody else sent telecommands.
 *
 * Reports on the telecommands of others are left out, and those on its own have the request ID that it gave. The counts of what
 * follows are less by as many as were left out, so that a ground tool, which takes a gap for a loss, sees none where nothing was lost;
 * what was lost between board and station is still a gap, of the same length.
 */
import { writeCrc16 } from "../../../modules/ccsds/crc16.js";
import { packetSequenceCount, setPacketSequenceCount } from "../../../modules/ccsds/primary-header.js";
import { messageTypeCounter, setMessageTypeCounter } from "../../../modules/pus/telemetry.js";
import type { Sender } from "../open-commands.js";
import type { BoardPacket } from "./board-packet.js";

/** What the station has sent. */
export interface Sent {
  /** By the request ID that the board knows. */
  sent(requestId: number): { readonly sender: Sender | undefined; readonly ownRequestId: number } | undefined;
}

export class ClientView {
  readonly #queue: Sent;
  readonly #client: Sender;
  /** Packets left out, in all, and by the subtypes of ST[01]. */
  #leftOut = 0;
  readonly #leftOutOf = new Map<number, number>();

  constructor(queue: Sent, client: Sender) {
    this.#queue = queue;
    this.#client = client;
  }

  /** @returns the packet for this client, to be read only; undefined: it is about somebody else's telecommand */
  of({ bytes, isCounted, report }: BoardPacket): Uint8Array | undefined {
    if (report === undefined) {
      return isCounted && this.#leftOut > 0 ? this.#counted(new Uint8Array(bytes)) : bytes;
    }
    const { subtype, requestId, offset } = report;
    const command = this.#queue.sent(requestId);
    const leftOut = this.#leftOutOf.get(subtype) ?? 0;
    if (command?.sender !== this.#client) {
      this.#leftOut++;
      this.#leftOutOf.set(subtype, leftOut + 1);
      return undefined;
    }
    const own = new Uint8Array(bytes);
    new DataView(own.buffer).setUint32(offset, command.ownRequestId);
    setMessageTypeCounter(own, 0, messageTypeCounter(own, 0) - leftOut);
    return this.#counted(own);
  }

  #counted(packet: Uint8Array): Uint8Array {
    setPacketSequenceCount(packet, 0, packetSequenceCount(packet, 0) - this.#leftOut);
    writeCrc16(packet, 0, packet.length);
    return packet;
  }
}
