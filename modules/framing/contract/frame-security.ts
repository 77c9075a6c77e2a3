/**
 * What protects the transfer frames of a port (CCSDS 355.0-B-2): a framing hands each frame that came to the opener, and
 * each one to be sent to the sealer. It knows nothing of keys.
 */

/** `open`, `commit`: all is well. */
export const OPENED = -1;
/** The data field is too short for a security header and a security trailer, or the headers in front of it have another length. */
export const NO_SECURITY_HEADER = 0;
/** No security association with this SPI is active. */
export const UNKNOWN_SPI = 1;
/** The IV is not above the last one that was taken. */
export const REPLAYED = 2;
/** The MAC is wrong: who made the frame does not have the key, or the frame was changed. */
export const BAD_MAC = 3;
/** Nobody could keep that the frame was taken. So it is not, and no frame behind it on this stream. */
export const NOT_KEPT = 4;
/** So many frames of the stream had a wrong MAC that no more are looked at. */
export const BARRED = 5;
/** Why a frame was not opened, or not taken. */
export type SecurityFailure =
  | typeof NO_SECURITY_HEADER
  | typeof UNKNOWN_SPI
  | typeof REPLAYED
  | typeof BAD_MAC
  | typeof NOT_KEPT
  | typeof BARRED;
export type SecurityVerdict = typeof OPENED | SecurityFailure;

/** Names of the failures, in their order. */
export const SECURITY_REASONS: readonly string[] = Object.freeze([
  "noSecurityHeader",
  "unknownSpi",
  "replayed",
  "badMac",
  "counterNotKept",
  "afterForgeries",
]);

/** Frames with a wrong MAC after which nothing more of a stream is looked at: each costs a board milliseconds. */
export const MAX_FORGERIES = 10;

/** Opens frames that came: ProcessSecurity. Allocates nothing. */
export interface FrameOpener {
  /**
   * Judges a frame, and decrypts its data in place if it is authentic.
   * @param frame offset of the transfer frame
   * @param at offset of its security header
   * @param end of its data field, the security trailer included
   * @param mask for the associated data, from `frame` to the end of the security header
   * @param scratch offset of as many octets as the mask has: the associated data is made there
   */
  open(
    bytes: Uint8Array,
    frame: number,
    at: number,
    end: number,
    mask: readonly number[],
    scratch: number,
  ): SecurityVerdict;
  /**
   * A frame that was opened is taken: what it says is carried out from here on. No frame with its IV, or a lower one, is
   * taken again, even after a restart.
   * @param at offset of its security header
   */
  commit(bytes: Uint8Array, at: number): SecurityVerdict;
  /**
   * Which of its keys an association has, counted up with each one. A frame is taken only under the key that it was opened
   * with, however long its packet waits.
   */
  keyNumber(spi: number): number;
}

/** Seals frames to be sent: ApplySecurity. Allocates nothing. */
export interface FrameSealer {
  /**
   * Writes security header and security trailer, and encrypts what is between them in place. Until `taken`, every frame gets
   * the same IV.
   * @param frame offset of the transfer frame, whose header is there
   * @param at offset of the security header
   * @param end of the data field, the security trailer included
   * @param mask for the associated data
   * @param scratch offset of as many octets as the mask has: the associated data is made there
   * @returns false: there is no IV that may be used
   */
  seal(bytes: Uint8Array, frame: number, at: number, end: number, mask: readonly number[], scratch: number): boolean;
  /** The frame that was sealed last is sent. */
  taken(): void;
}

/** Of an encoder whose frames are sealed. */
export interface Sealing {
  /** Undefined: there is no key, and nothing is sent. */
  readonly sealer: FrameSealer | undefined;
  /** For the associated data, from the frame's first octet to the end of its security header. */
  readonly mask: readonly number[];
}

/** Of a port, at one of its ends. Read when a decoder or an encoder is made. */
export interface FrameSecurity {
  /** Which end: a board receives telecommands, the ground receives telemetry. */
  readonly end: "board" | "ground";
  /** Undefined: there is no key. No frame that must be secured is opened. */
  opener: FrameOpener | undefined;
  /** Undefined: there is no key. No frame that must be secured is sent. */
  sealer: FrameSealer | undefined;
}
