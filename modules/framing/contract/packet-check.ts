/** A judgement on complete packets that a decoder asks for before it delivers them. */

export const ACCEPT_PACKET = 0;
/** Pass over the whole packet. */
export const SKIP_PACKET = 1;
/** Damaged, or no packet at all: where the framing has no delimiter, search on from the next byte. */
export const REJECT_PACKET = 2;
export type PacketVerdict = typeof ACCEPT_PACKET | typeof SKIP_PACKET | typeof REJECT_PACKET;

/** Judges the complete packet in `bytes[start, end)`; the bytes are valid only during the call. Must not allocate. */
export type PacketValidator = (bytes: Uint8Array, start: number, end: number) => PacketVerdict;

/** What a layer above a framing wants of each of its packets. */
export interface PacketCheck {
  readonly judge: PacketValidator;
  /** Bytes at the packet's end that are the layer's own (a checksum), and are not delivered. */
  readonly trailerLength: number;
  /** A packet that is accepted came whole: it has a checksum. */
  readonly isProof?: boolean;
}

/**
 * Both: the layer next to the framing first, then the one above it, which sees what the first one leaves of the packet.
 */
export function stackChecks(lower: PacketCheck | undefined, upper: PacketCheck | undefined): PacketCheck | undefined {
  if (lower === undefined || upper === undefined) {
    return lower ?? upper;
  }
  const first = lower.judge;
  const second = upper.judge;
  const { trailerLength } = lower;
  const judge: PacketValidator = (bytes, start, end) => {
    const verdict = first(bytes, start, end);
    return verdict === ACCEPT_PACKET ? second(bytes, start, end - trailerLength) : verdict;
  };
  const isProof = lower.isProof === true || upper.isProof === true;
  return Object.freeze({ judge, trailerLength: trailerLength + upper.trailerLength, isProof });
}

/**
 * Both: the layer above, then the validator of a framing's options, which sees the packet as it will be delivered.
 * @param isProof the validator checks a checksum
 */
export function joinChecks(
  validator: PacketValidator | undefined,
  check: PacketCheck | undefined,
  isProof = false,
): PacketCheck | undefined {
  return stackChecks(check, validator && Object.freeze({ judge: validator, trailerLength: 0, isProof }));
}
