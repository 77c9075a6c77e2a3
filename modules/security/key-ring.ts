/** The security associations of a receiver, by their SPI. Each frame is opened under the one that its header names. */
import { SECURITY_HEADER_LENGTH, SECURITY_TRAILER_LENGTH, spiOf } from "../ccsds/sdls.js";
import {
  type FrameOpener,
  NO_SECURITY_HEADER,
  type SecurityVerdict,
  UNKNOWN_SPI,
} from "../framing/contract/frame-security.js";
import { ACTIVE } from "./association-states.js";
import type { ReceivingAssociation } from "./receiving-association.js";

export class KeyRing implements FrameOpener {
  /** Few: searched in order. */
  readonly associations: readonly ReceivingAssociation[];

  /** @throws RangeError when two have the same SPI */
  constructor(associations: readonly ReceivingAssociation[]) {
    this.associations = associations;
    associations.forEach(({ spi }, i) => {
      if (associations.findIndex((other) => other.spi === spi) !== i) {
        throw new RangeError(`SPI ${spi} is there twice`);
      }
    });
  }

  /** Some association opens frames. */
  get isActive(): boolean {
    return this.associations.some(({ state }) => state === ACTIVE);
  }

  /** The association with this SPI; undefined: there is none. */
  find(spi: number): ReceivingAssociation | undefined {
    for (let i = 0; i < this.associations.length; i++) {
      const association = this.associations[i]!;
      if (association.spi === spi) {
        return association;
      }
    }
    return undefined;
  }

  open(
    bytes: Uint8Array,
    frame: number,
    at: number,
    end: number,
    mask: readonly number[],
    scratch: number,
  ): SecurityVerdict {
    if (end - at < SECURITY_HEADER_LENGTH + SECURITY_TRAILER_LENGTH) {
      return NO_SECURITY_HEADER;
    }
    const association = this.find(spiOf(bytes, at));
    return association === undefined ? UNKNOWN_SPI : association.open(bytes, frame, at, end, mask, scratch);
  }

  commit(bytes: Uint8Array, at: number): SecurityVerdict {
    return this.find(spiOf(bytes, at))?.commit(bytes, at) ?? UNKNOWN_SPI;
  }

  keyNumber(spi: number): number {
    return this.find(spi)?.keyNumber ?? 0;
  }
}
