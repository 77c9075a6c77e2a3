/**
 * Which counter a telecommand was sealed with, by its request ID: a report about it (ST[01]) says that the board took its frame, and
 * all before.
 */
import { CRC16_LENGTH, hasValidCrc16 } from "../../modules/ccsds/crc16.js";
import { packetType, TELEMETRY } from "../../modules/ccsds/primary-header.js";
import { VERIFICATION_SERVICE } from "../../modules/pus/messages/st01-messages.js";
import { requestId } from "../../modules/pus/telecommand.js";
import { TIME_STAMP_OFFSET, telemetryServiceType } from "../../modules/pus/telemetry.js";

const REQUEST_ID_LENGTH = 4;
/** Telecommands that are remembered: a count comes round after as many. */
const MOST = 16_384;

export class SentRequests {
  readonly #at: number;
  readonly #counters = new Map<number, number>();

  /** @param timeStampLength octets of the board's time stamps */
  constructor(timeStampLength: number) {
    this.#at = TIME_STAMP_OFFSET + timeStampLength;
  }

  /** @param telecommand a PUS telecommand */
  sent(telecommand: Uint8Array, counter: number): void {
    const id = requestId(telecommand, 0);
    this.#counters.delete(id);
    this.#counters.set(id, counter);
    if (this.#counters.size > MOST) {
      this.#counters.delete(this.#counters.keys().next().value!);
    }
  }

  /** @returns the counter of the telecommand that this is a report about; undefined: it is about none */
  counterOf(packet: Uint8Array): number | undefined {
    const at = this.#at;
    return packet.length >= at + REQUEST_ID_LENGTH + CRC16_LENGTH &&
      packetType(packet, 0) === TELEMETRY &&
      telemetryServiceType(packet, 0) === VERIFICATION_SERVICE &&
      hasValidCrc16(packet, 0, packet.length)
      ? this.#counters.get(new DataView(packet.buffer, packet.byteOffset).getUint32(at))
      : undefined;
  }
}
