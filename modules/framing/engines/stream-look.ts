/** Looks for packets among the bytes that a decoder holds, and takes none. */
import { type PacketCheck, REJECT_PACKET } from "../contract/packet-check.js";
import type { StreamFormat } from "./stream-format.js";

/** `lookBehind`: there is one. */
export const FOUND = -1;

/** So many bytes are judged in one look: every time that more came, and there may be many clients. */
const LOOK = 2048;

/**
 * Looks whether a complete packet stands behind the beginning of the frame gathered, which proves its length wrong. Only
 * a few places are looked at: the next look goes on from there.
 * @param start of the frame; what is gathered of it ends at `end`
 * @param from offset in the frame of the first place to look at
 * @returns `FOUND`, or `from` of the next look
 */
export function lookBehind(
  format: StreamFormat,
  check: PacketCheck | undefined,
  bytes: Uint8Array,
  start: number,
  end: number,
  from: number,
): number {
  if (check === undefined && format.isTelling !== true) {
    return from;
  }
  const last = end - start - 1;
  let offset = from;
  let work = LOOK;
  for (let k = 0; k < last && work > 0; k++) {
    if (offset > last) {
      offset = 1;
    }
    const at = start + offset++;
    const length = format.wanted(bytes, at, end - at, false);
    if (length < 0 || length > end - at) {
      continue;
    }
    const packetEnd = at + length - format.trailing;
    if (check === undefined || check.judge(bytes, at + format.leading, packetEnd) !== REJECT_PACKET) {
      return FOUND;
    }
    work -= length;
  }
  return offset;
}

/** Whether bytes [start, end) are good packets, one right behind the other, and at least one. */
export function isWhole(
  format: StreamFormat,
  check: PacketCheck | undefined,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  let at = start;
  while (at < end) {
    const length = format.wanted(bytes, at, end - at, true);
    if (length < 0 || length > end - at) {
      return false;
    }
    const packetEnd = at + length - format.trailing;
    if (check !== undefined && check.judge(bytes, at + format.leading, packetEnd) === REJECT_PACKET) {
      return false;
    }
    at += length;
  }
  return start < end;
}
