/**
 * The frame at hand of a decoder whose frames are authenticated: it is opened, its packets are offered, and with the first one
 * that is carried out it is taken for good. A part of decoders; it is the receipt of their packets.
 */
import { NO_SPI, SECURITY_HEADER_LENGTH, spiOf } from "../../ccsds/sdls.js";
import type { Receipt } from "../../tmtc/contracts.js";
import { FramingCounters } from "../contract/counters.js";
import {
  BAD_MAC,
  BARRED,
  type FrameOpener,
  MAX_FORGERIES,
  NO_SECURITY_HEADER,
  NOT_KEPT,
  OPENED,
  SECURITY_REASONS,
  type SecurityVerdict,
  UNKNOWN_SPI,
} from "../contract/frame-security.js";
import type { StreamBar } from "../contract/framing.js";

/*
 * NONE     no frame is opened
 *   -> OFFERED  one was opened
 * OFFERED  its packets are offered, and none was taken: the very same frame may come again
 *   -> TAKEN    the first packet is carried out: that is kept
 *   -> REFUSED  it cannot be taken any more, or nobody has taken the packet that was offered first
 *   -> NONE     the stream ends, or another frame comes
 * TAKEN    its other packets follow
 *   -> NONE
 * REFUSED  nothing of it is carried out
 *   -> NONE
 */
const NONE = 0;
const OFFERED = 1;
const TAKEN = 2;
const REFUSED = 3;
type State = typeof NONE | typeof OFFERED | typeof TAKEN | typeof REFUSED;

export class SecuredFrame implements Receipt {
  /** Frames that were not opened or not taken, by cause. */
  readonly counters = new FramingCounters(SECURITY_REASONS);
  spi = NO_SPI;
  #state: State = NONE;
  #bytes: Uint8Array;
  #opener: FrameOpener | undefined;
  #mask: readonly number[];
  #scratch: number;
  /** Where its security header is. */
  #at = 0;
  /** Of the key that opened it. */
  #keyNumber = 0;
  /** Of this stream. */
  #forgeries = 0;
  /** A frame of this stream could not be kept: one behind it that is kept would speak for it. */
  #isUnkept = false;

  /**
   * @param opener undefined: there is no key, and no frame is opened
   * @param mask for the associated data
   * @param scratch offset of as many octets as the mask has, that only this decoder uses
   */
  constructor(bytes: Uint8Array, opener: FrameOpener | undefined, mask: readonly number[], scratch: number) {
    this.#bytes = bytes;
    this.#opener = opener;
    this.#mask = mask;
    this.#scratch = scratch;
  }

  /** As `FrameDecoder.bar`. */
  get bar(): StreamBar | undefined {
    if (this.#isUnkept) {
      return "unkept";
    }
    return this.#forgeries >= MAX_FORGERIES ? "forged" : undefined;
  }

  /** Nothing of the frame at hand is carried out any more. */
  get isRefused(): boolean {
    return this.#state === REFUSED;
  }

  /**
   * @param frame offset of the transfer frame
   * @param at offset of its security header
   * @param end of its data field, security trailer included
   * @returns true: it is authentic, and decrypted
   */
  open(frame: number, at: number, end: number): boolean {
    this.#state = NONE;
    const verdict = this.#judge(frame, at, end);
    if (verdict !== OPENED) {
      if (verdict === BAD_MAC) {
        this.#forgeries++;
      }
      this.counters.reject(verdict);
      return false;
    }
    this.#state = OFFERED;
    this.#at = at;
    this.spi = spiOf(this.#bytes, at);
    this.#keyNumber = this.#opener?.keyNumber?.(this.spi) ?? 0;
    return true;
  }

  #judge(frame: number, at: number, end: number): SecurityVerdict {
    if (this.#isUnkept) {
      return NOT_KEPT;
    }
    if (this.#forgeries >= MAX_FORGERIES) {
      return BARRED;
    }
    if (at + SECURITY_HEADER_LENGTH - frame !== this.#mask.length) {
      // Its header is not the one that the mask is for.
      return NO_SECURITY_HEADER;
    }
    return this.#opener?.open(this.#bytes, frame, at, end, this.#mask, this.#scratch) ?? UNKNOWN_SPI;
  }

  commit(): boolean {
    if (this.#state === OFFERED) {
      const opener = this.#opener;
      const isSameKey = (opener?.keyNumber?.(this.spi) ?? 0) === this.#keyNumber;
      const verdict = isSameKey ? (opener?.commit(this.#bytes, this.#at) ?? UNKNOWN_SPI) : UNKNOWN_SPI;
      if (verdict === OPENED) {
        this.#state = TAKEN;
      } else {
        this.#state = REFUSED;
        this.#isUnkept = verdict === NOT_KEPT;
        this.counters.reject(verdict);
      }
    }
    return this.#state === TAKEN;
  }

  /** A packet was offered, and its time is over: of a frame that nobody has taken by now, nothing more is. */
  settle(): void {
    if (this.#state === OFFERED) {
      this.#state = REFUSED;
    }
  }

  /**
   * All of the frame was looked at. Where nothing of it could be offered, it is taken: sent again, it would be no better, and no
   * frame behind it may speak for one that is still to come.
   */
  spend(): void {
    this.commit();
  }

  /** The stream ends: a frame of which no packet was taken may come again. */
  reset(): void {
    this.#state = NONE;
    this.#forgeries = 0;
    this.#isUnkept = false;
  }
}
