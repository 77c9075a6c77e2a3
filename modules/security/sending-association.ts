/**
 * A security association for frames to be sent: its key, and the counter that gives each frame an IV of its own.
 *
 * What is kept is not the counter but a limit ahead of it: a block of IVs is reserved at a time, and whoever starts again
 * begins behind the block. So no IV is used twice, and most frames need no write.
 */
import {
  IV_LENGTH,
  SECURITY_HEADER_LENGTH,
  SECURITY_TRAILER_LENGTH,
  SPI_LENGTH,
  writeAssociatedData,
  writeSpi,
} from "../ccsds/sdls.js";
import type { Aead } from "../crypto/aead.js";
import type { FrameSealer } from "../framing/contract/frame-security.js";
import { advanceIv, copyIv, isIvAbove, isLastIv, ivNumber } from "./iv-counter.js";
import type { SecurityStore } from "./security-store.js";

/** IVs that are reserved at a time, unless something else is asked for. */
export const RESERVED_BLOCK = 1024;

export interface SendingAssociationOptions {
  readonly spi: number;
  readonly aead: Aead;
  readonly store: SecurityStore;
  /** What the limit is kept as. */
  readonly name: string;
  /** IVs reserved at a time: 1 to 2^31. Default `RESERVED_BLOCK`. */
  readonly block?: number;
}

export class SendingAssociation implements FrameSealer {
  readonly spi: number;
  readonly #aead: Aead;
  readonly #store: SecurityStore;
  readonly #name: string;
  readonly #block: number;
  /** The IV of the next frame. */
  readonly #next = new Uint8Array(IV_LENGTH);
  /** The last IV that is reserved. */
  readonly #limit = new Uint8Array(IV_LENGTH);
  /** The limit could not be kept: nothing may be sent. */
  #isSpent = false;

  /** Reserves the first block. @throws when that cannot be kept, or no counter is kept under this name */
  constructor({ spi, aead, store, name, block = RESERVED_BLOCK }: SendingAssociationOptions) {
    this.spi = spi;
    this.#aead = aead;
    this.#store = store;
    this.#name = name;
    this.#block = block;
    const limit = store.load(name);
    if (limit === undefined || limit.length !== IV_LENGTH) {
      throw new Error(`the counter of SPI ${spi} is lost: with this key, an IV might be used twice`);
    }
    copyIv(limit, 0, this.#next, 0);
    copyIv(limit, 0, this.#limit, 0);
    advanceIv(this.#next, 1);
    this.#reserve();
  }

  /** The IV of the next frame, as a number; exact below 2^53. */
  get next(): number {
    return ivNumber(this.#next);
  }

  seal(bytes: Uint8Array, frame: number, at: number, end: number, mask: readonly number[], scratch: number): boolean {
    if (this.#isSpent || isLastIv(this.#next, 0)) {
      return false;
    }
    writeSpi(bytes, at, this.spi);
    const ivAt = at + SPI_LENGTH;
    copyIv(this.#next, 0, bytes, ivAt);
    const aadEnd = writeAssociatedData(bytes, frame, mask, scratch);
    this.#aead.seal(bytes, at + SECURITY_HEADER_LENGTH, end - SECURITY_TRAILER_LENGTH, ivAt, scratch, aadEnd);
    return true;
  }

  taken(): void {
    advanceIv(this.#next, 1);
    if (isIvAbove(this.#next, 0, this.#limit)) {
      try {
        this.#reserve();
      } catch {
        this.#isSpent = true;
      }
    }
  }

  #reserve(): void {
    advanceIv(this.#limit, this.#block);
    this.#store.save(this.#name, this.#limit);
  }
}
