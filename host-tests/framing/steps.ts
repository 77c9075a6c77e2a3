/**
 * Which positions and lengths a case tries: all of them, or on a slow engine steps that leave out no kind of them. Knows no
 * platform: also runs inside XS.
 */
import type { Subject } from "./subject.js";

/** Longer than any header in front of a packet. */
const FIRST = 9;
const LAST = 4;
/** In front of where a part ends, and behind it, in the next one's header. */
const BEFORE = 1;
const BEHIND = 3;
/** Prime, and no length of a header, a delimiter or a checksum. */
const STRIDE = 11;

/**
 * Where to cut what the parts make when they are joined: 0 to its length. Stepped: both ends, around each joint, and every
 * eleventh point.
 */
export function cuts(subject: Subject, parts: readonly Uint8Array[]): number[] {
  const joints: number[] = [];
  let length = 0;
  for (const part of parts) {
    length += part.length;
    joints.push(length);
  }
  const all = Array.from({ length: length + 1 }, (_, at) => at);
  if (!subject.stepped) {
    return all;
  }
  return all.filter(
    (at) =>
      at <= FIRST ||
      at >= length - LAST ||
      at % STRIDE === 0 ||
      joints.some((joint) => at >= joint - BEFORE && at <= joint + BEHIND),
  );
}

/** How far the next length is that a case tries, among many. @param stepped so many times as far, where steps are taken */
export function step(subject: Subject, every: number, stepped: number): number {
  return subject.stepped ? every * stepped : every;
}

/** Rooms for a frame, from `least` to `most`. Stepped: both ends, around the frame's own length, and every eleventh. */
export function rooms(subject: Subject, least: number, exact: number, most: number): number[] {
  const all = Array.from({ length: most - least + 1 }, (_, i) => least + i);
  return subject.stepped
    ? all.filter(
        (room) => room <= least + 2 || room >= most - 2 || Math.abs(room - exact) <= 2 || (room - least) % STRIDE === 0,
      )
    : all;
}
