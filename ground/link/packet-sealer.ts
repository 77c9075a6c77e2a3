/** Seals packets, each into a frame of its own that is kept: what may have to be sent again must be the very same octets. */
import { checkSpacePacket, packetLength, VALID } from "../../modules/ccsds/primary-header.js";
import { isBytes } from "../../modules/checks/bytes.js";
import type { FrameSealer } from "../../modules/framing/contract/frame-security.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { checkFraming, notBytes, PacketFramer } from "../../modules/framing/encode-decode.js";
import { BareEncoder } from "../../modules/framing/engines/bare-encoder.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { SealError, UnsendableError } from "./link-errors.js";

/** A sealer that says which counter its next frame has, as a `SendingAssociation` does. */
export interface CountingSealer extends FrameSealer {
  /** The IV of the next frame, as a number; exact below 2^53. */
  readonly next: number;
}

export interface SealedFrame {
  /** Its IV (CCSDS 355.0-B-2, 4.1.1.3), as a number; exact below 2^53. */
  readonly counter: number;
  /** As they go into the stream. */
  readonly octets: Uint8Array;
}

export class PacketSealer {
  /** The longest frame, in octets. */
  readonly maxFrameLength: number;
  /** The same framing for octets that are frames already, and for what comes. */
  readonly sealedFraming: Framing;
  readonly #framing: Framing;
  readonly #sealer: CountingSealer;
  readonly #framer: PacketFramer;

  /**
   * @param framing with `sdls`, and made with the sealer
   * @throws TypeError
   */
  constructor(framing: Framing, sealer: CountingSealer) {
    const { name, sdls, maxPacketLength } = checkFraming(framing);
    if (sdls === undefined) {
      throw new TypeError(`framing: ${name} seals nothing: it must have sdls`);
    }
    if (typeof sealer?.seal !== "function" || typeof sealer.next !== "number") {
      throw new TypeError("sealer must be the one that the framing seals with, as a SendingAssociation is");
    }
    this.#framing = framing;
    this.#sealer = sealer;
    this.#framer = new PacketFramer(framing);
    this.maxFrameLength = framing.encoder(new FixedMemory(1)).maxFrameLength(maxPacketLength);
    this.sealedFraming = { ...framing, encoder: (memory) => new BareEncoder(memory) };
  }

  /** The counter that was used last: a board that has taken a higher one has it from somebody else. */
  get last(): number {
    return this.#sealer.next - 1;
  }

  /**
   * Seals a packet, with the next counter. A frame that is never sent leaves a gap, which is in order.
   * @throws TypeError for no Uint8Array, and for a sealer that is not the framing's; UnsendableError for what is no packet of
   *   the framing, or too long; SealError when there is no counter to be had
   */
  seal(packet: Uint8Array): SealedFrame {
    if (!isBytes(packet)) {
      throw notBytes("a packet", packet);
    }
    const counter = this.#sealer.next;
    const octets = this.#framer.frame(packet);
    if (octets === undefined) {
      const { name, maxPacketLength } = this.#framing;
      throw isPacket(packet) && packet.length <= maxPacketLength
        ? new SealError()
        : new UnsendableError(name, packet.length, maxPacketLength);
    }
    if (this.#sealer.next === counter) {
      throw new TypeError("sealer: the framing seals with another one");
    }
    return { counter, octets };
  }
}

function isPacket(packet: Uint8Array): boolean {
  return checkSpacePacket(packet, 0, packet.length) === VALID && packetLength(packet, 0) === packet.length;
}
