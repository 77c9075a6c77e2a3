/** What frames of a known length look like: constant octets, an identifier, and their checks, made when one is configured. */
import { type Endianness, isLittleEndian } from "../../checks/endianness.js";
import { checkOctets, octetOf } from "../engines/octets.js";
import type { FramingContext } from "../options/framing-context.js";

/** Octets that a frame has at a known place. */
export interface ConstantOctets {
  /** Bytes in front of them in the frame. */
  readonly offset: number;
  readonly octets: ArrayLike<number>;
}

export interface FrameIdentifier {
  /** Bytes in front of it in the frame: 0 to 255. */
  readonly offset: number;
  /** Octets: 1 to 4. */
  readonly size: number;
  /** Order of its octets. Default `big`. */
  readonly endianness?: Endianness;
  /** Bits of it that count. Default all. */
  readonly mask?: number;
  /** Identifiers and, for each, the length of its frames in bytes. The place in this list is the packet's kind. */
  readonly lengths: readonly (readonly [identifier: number, length: number])[];
}

/** What frames look like: checked options. */
export interface FixedLayout {
  readonly name: string;
  /** For `patternMismatch` and `unknownIdentifier`. */
  readonly reasons: readonly string[];
  /** Lengths of the frames, by kind. */
  readonly lengths: readonly number[];
  readonly maxFrameLength: number;
  readonly pattern: readonly { readonly offset: number; readonly octets: readonly number[] }[];
  readonly strip: number;
  /** Undefined: every frame is of the one kind. */
  readonly identifier:
    | {
        readonly offset: number;
        readonly size: number;
        readonly littleEndian: boolean;
        readonly mask: number;
        /** Kinds by identifier. */
        readonly kinds: ReadonlyMap<number, number>;
      }
    | undefined;
}

/**
 * @param shortest frame, in bytes
 * @throws TypeError or RangeError; RangeError too for runs that lie over each other and differ: no frame would have both
 */
export function checkPattern(
  context: FramingContext,
  pattern: readonly ConstantOctets[],
  shortest: number,
): FixedLayout["pattern"] {
  const checked = pattern.map(({ offset, octets }) => {
    context.range("pattern", ": offset (bytes)", offset, 0, shortest - 1);
    return { offset, octets: checkOctets(context.label("pattern"), octets, 1, Math.min(64, shortest - offset)) };
  });
  checked.forEach((run, number) => {
    run.octets.forEach((octet, i) => {
      const at = run.offset + i;
      const other = octetAt(checked.slice(0, number), at) ?? octet;
      if (other !== octet) {
        throw new RangeError(
          `${context.label("pattern")}: the octet at offset ${at} cannot be both ${hex(other)} and ${hex(octet)}`,
        );
      }
    });
  });
  return checked;
}

/** @returns undefined: it may be any */
function octetAt(pattern: FixedLayout["pattern"], at: number): number | undefined {
  const run = pattern.find(({ offset, octets }) => at >= offset && at < offset + octets.length);
  return run?.octets[at - run.offset];
}

function hex(octet: number): string {
  return `0x${octet.toString(16).padStart(2, "0")}`;
}

/**
 * @param shortest frame, in bytes
 * @throws TypeError or RangeError; RangeError too for an identifier that no frame with the pattern has
 */
export function checkIdentifier(
  context: FramingContext,
  identifier: FrameIdentifier,
  strip: number,
  shortest: number,
  pattern: FixedLayout["pattern"],
): FixedLayout["identifier"] {
  const size = context.range("identifier.size", " (octets)", identifier.size, 1, 4);
  const offset = context.range("identifier.offset", " (bytes, not stripped)", identifier.offset, strip, 255);
  context.range("identifier.offset", ` + ${context.term("identifier.size")} (bytes)`, offset + size, 1, shortest);
  const most = 256 ** size - 1;
  const mask = context.range("identifier.mask", "", identifier.mask ?? most, 1, most);
  const littleEndian = isLittleEndian(context.label("identifier.endianness"), identifier.endianness);
  const kinds = new Map<number, number>();
  identifier.lengths.forEach(([id], kind) => {
    context.range("identifier.lengths", ": identifier", id, 0, most);
    if ((id & mask) >>> 0 !== id) {
      throw new RangeError(`${context.begin}identifier ${id} has bits outside the mask ${mask}`);
    }
    if (kinds.has(id)) {
      throw new RangeError(`${context.begin}identifier ${id} is given twice`);
    }
    for (let i = 0; i < size; i++) {
      const octet = octetAt(pattern, offset + i);
      const differing = (octet ?? 0) ^ octetOf(id, i, size, littleEndian);
      if (octet !== undefined && (differing & octetOf(mask, i, size, littleEndian)) !== 0) {
        throw new RangeError(
          `${context.begin}identifier ${id}: ${context.term("pattern")} has another octet, ${hex(octet)}, at offset ${offset + i}`,
        );
      }
    }
    kinds.set(id, kind);
  });
  return {
    offset,
    size,
    littleEndian,
    mask,
    kinds,
  };
}
