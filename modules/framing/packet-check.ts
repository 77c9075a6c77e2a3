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
}

/** Both: the validator of a framing's options first, then the layer above. */
export function joinChecks(
  validator: PacketValidator | undefined,
  check: PacketCheck | undefined,
): PacketCheck | undefined {
  if (validator === undefined) {
    return check;
  }
  if (check === undefined) {
    return { judge: validator, trailerLength: 0 };
  }
  const judge: PacketValidator = (bytes, start, end) => {
    const verdict = validator(bytes, start, end);
    return verdict === ACCEPT_PACKET ? check.judge(bytes, start, end) : verdict;
  };
  return { judge, trailerLength: check.trailerLength };
}
