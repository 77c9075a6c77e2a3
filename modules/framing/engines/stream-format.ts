/** How the frames of a framing without delimiter are told from other bytes; `ScanningDecoder` does the rest. */

/** Each decoder has one of its own. */
export interface StreamFormat {
  /** Causes why no frame begins somewhere, by the number that `wanted` gives. */
  readonly reasons: readonly string[];
  /** Most bytes that `wanted` ever asks for. */
  readonly maxWanted: number;
  /** Of the frame that `wanted` found complete: bytes before its packet, bytes behind it, and its kind. */
  readonly leading: number;
  readonly trailing: number;
  readonly kind: number;
  /**
   * True: a frame that is complete is no accident, whatever other bytes it stands among. Left out: only a checksum tells.
   */
  readonly isTelling?: boolean;
  /**
   * Of the frame that `wanted` refused last for its length, or for what stands at its end: how long it says that it is, in
   * bytes, header included. Set by `wanted`, taken back to 0 by the decoder. Left out, or 0: it says nothing of use.
   */
  announced?: number;
  /** The reason of frames that are complete, and shorter than is allowed. */
  readonly tooShort?: number;
  /**
   * Judges the frame that may begin at `at` by the bytes [at, at + available) there are of it.
   * @param final no more bytes will come in time: a frame that is complete must be told now
   * @returns its length, which is at most `available` when it is complete; while its length is not known, any number
   *   above `available` that it needs at least. Or `-1 - reason`: no frame begins there.
   */
  wanted(bytes: Uint8Array, at: number, available: number, final: boolean): number;
}
