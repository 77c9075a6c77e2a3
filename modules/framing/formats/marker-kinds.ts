/** The kinds of frame of one `marker` framing: what their options may be, and how they are written as text. */

import { type Endianness, isLittleEndian } from "../../checks/endianness.js";
import { checkChoice, checkRange } from "../../checks/options.js";
import { MAX_PACKET_LENGTH } from "../contract/packet-limit.js";
import { checkOctets } from "../engines/octets.js";
import type { FramingContext } from "../options/framing-context.js";
import { octets } from "../options/text-options.js";

/** Longest header or trailer, in octets. */
const MAX_MARKER = 16;

/** What of a frame is delivered; see `MarkerOptions.keep`. */
export type MarkerKeep = "payload" | "body" | "frame";
/** What a length field counts. `payload`: the bytes behind it, up to the trailer; `body`: those between header and trailer. */
export type MarkerCounts = "payload" | "body" | "frame";

/** Every value of either. */
export const MARKER_KEEPS = Object.freeze(["payload", "body", "frame"] as const);

export interface MarkerLengthField {
  /** Bytes in front of it in the frame, header included: up to 255. Default: right behind the header. */
  readonly offset?: number;
  /** Octets: 1 to 4. */
  readonly size: number;
  /** Order of its octets. Default `big`. */
  readonly endianness?: Endianness;
  /** Default `payload`. */
  readonly counts?: MarkerCounts;
  /** Added to what it says, in bytes: -65,542 to 65,542. Default 0; 1 for a field that holds a length minus one. */
  readonly adjustment?: number;
}

export interface MarkerKind {
  /** Octets that begin the frame: 1 to 16. */
  readonly header: ArrayLike<number>;
  /** Bytes between header and trailer: 0 to 65,542. Either this or `lengthField`. */
  readonly length?: number;
  readonly lengthField?: MarkerLengthField;
  /** Octets that end the frame: up to 16. Default none. */
  readonly trailer?: ArrayLike<number>;
}

export interface CheckedLengthField {
  readonly offset: number;
  readonly size: number;
  /** Behind it. */
  readonly end: number;
  readonly littleEndian: boolean;
  /** Added to its value to get the length of the whole frame. */
  readonly adjustment: number;
}

/** One kind, checked. */
export interface CheckedKind {
  /** Its place in the options. */
  readonly number: number;
  readonly header: readonly number[];
  readonly trailer: readonly number[];
  readonly field: CheckedLengthField | undefined;
  /** Length of every frame, where there is no length field; else the least and the most that it may say. */
  readonly minFrameLength: number;
  readonly maxFrameLength: number;
  /** Bytes of the frame in front of the packet, and behind it. */
  readonly leading: number;
  readonly trailing: number;
  /** A longer kind may begin with the same octets: where the trailer stands is not enough to tell. */
  readonly hasRival: boolean;
}

/**
 * @returns the kinds, the shortest first
 * @throws TypeError or RangeError naming the kind by its number, from 0
 */
export function checkKinds(
  context: FramingContext,
  kinds: readonly MarkerKind[],
  keep: MarkerKeep | undefined,
  maxPacketLength: number,
): readonly CheckedKind[] {
  context.range("kinds", " (number of kinds)", kinds.length, 1, 64);
  context.choice("keep", keep ?? "payload", MARKER_KEEPS);
  const checked = kinds.map((kind, number) => checkKind(context, kind, number, keep ?? "payload", maxPacketLength));
  checked.sort((one, other) => one.maxFrameLength - other.maxFrameLength);
  return Object.freeze(checked.map((kind, place) => ({ ...kind, hasRival: hasRival(context, kind, place, checked) })));
}

/**
 * A length field that stands in the packet does not count what a layer above puts behind the packet.
 * @throws RangeError when the packet is the whole frame: behind the trailer there is no place
 */
export function addTrailer(
  kinds: readonly CheckedKind[],
  keep: MarkerKeep | undefined,
  trailerLength: number,
): readonly CheckedKind[] {
  if (trailerLength > 0 && keep === "frame") {
    throw new RangeError("marker: a checksum behind the packet needs keep payload or body, not frame");
  }
  return keep !== "body" || trailerLength === 0
    ? kinds
    : kinds.map(({ field, minFrameLength, ...rest }) => ({
        ...rest,
        minFrameLength: minFrameLength + (field === undefined ? 0 : trailerLength),
        field: field && { ...field, adjustment: field.adjustment + trailerLength },
      }));
}

function checkKind(
  context: FramingContext,
  kind: MarkerKind,
  number: number,
  keep: MarkerKeep,
  maxPacketLength: number,
): CheckedKind {
  const label = `${context.begin}kind ${number}`;
  const limit = context.term("maxPacketLength");
  const header = checkOctets(`${label}: header`, kind.header, 1, MAX_MARKER);
  const trailer = checkOctets(`${label}: trailer`, kind.trailer ?? [], 0, MAX_MARKER);
  if ((kind.length === undefined) === (kind.lengthField === undefined)) {
    throw new TypeError(`${label}: give either length or lengthField`);
  }
  const field = kind.lengthField && checkField(context, label, kind.lengthField, header.length, trailer.length);
  if (field !== undefined && keep === "payload" && field.offset !== header.length) {
    throw new RangeError(
      `${label}: bytes stand between header and length field (offset ${field.offset}): use keep body or frame`,
    );
  }
  const payloadAt = field === undefined ? header.length : field.end;
  const leading = keep === "frame" ? 0 : keep === "body" ? header.length : payloadAt;
  const trailing = keep === "frame" ? 0 : trailer.length;
  const longest = leading + maxPacketLength + trailing;
  const shortest = payloadAt + trailer.length;
  if (shortest > longest) {
    throw new RangeError(
      `${label}: the shortest frame has ${shortest} bytes, more than ${limit} allows${context.because}`,
    );
  }
  if (field !== undefined && (field.adjustment > longest || 256 ** field.size - 1 + field.adjustment < shortest)) {
    throw new RangeError(
      `${label}: no value of the length field gives a frame of ${shortest} to ${longest} bytes${context.because}`,
    );
  }
  const length =
    kind.length === undefined
      ? undefined
      : shortest + context.rangeWithin(`${label}: length (bytes, up to ${limit})`, kind.length, 0, longest - shortest);
  return {
    number,
    header,
    trailer,
    field,
    minFrameLength: length ?? shortest,
    maxFrameLength: length ?? longest,
    leading,
    trailing,
    hasRival: false,
  };
}

function checkField(
  context: FramingContext,
  label: string,
  field: MarkerLengthField,
  header: number,
  trailer: number,
): CheckedLengthField {
  const term = (part: string) => `${label}: ${context.term(`lengthField.${part}`)}`;
  const offset = checkRange(`${term("offset")} (bytes)`, field.offset ?? header, header, 255);
  const size = checkRange(`${term("size")} (octets)`, field.size, 1, 4);
  const adjustment = checkRange(
    `${term("adjustment")} (bytes)`,
    field.adjustment ?? 0,
    -MAX_PACKET_LENGTH,
    MAX_PACKET_LENGTH,
  );
  const counts = checkChoice(term("counts"), field.counts ?? "payload", MARKER_KEEPS);
  const end = offset + size;
  const counted = counts === "frame" ? 0 : counts === "body" ? header + trailer : end + trailer;
  return {
    offset,
    size,
    end,
    littleEndian: isLittleEndian(term("endianness"), field.endianness),
    adjustment: adjustment + counted,
  };
}

/** @throws RangeError for kinds that nothing tells apart */
function hasRival(context: FramingContext, kind: CheckedKind, place: number, kinds: readonly CheckedKind[]): boolean {
  let rival = false;
  kinds.forEach((other, otherPlace) => {
    if (other === kind || !kind.header.every((octet, i) => i >= other.header.length || octet === other.header[i])) {
      return;
    }
    const both = `${context.begin}kinds ${Math.min(kind.number, other.number)} and ${Math.max(kind.number, other.number)}`;
    if (kind.field !== undefined || other.field !== undefined) {
      throw new RangeError(`${both} begin alike: with a length field, a header must be the kind's own`);
    }
    if (kind.maxFrameLength === other.maxFrameLength && isSame(kind, other)) {
      throw new RangeError(`${both} have one length, and neither header nor trailer tells them apart`);
    }
    if (otherPlace > place) {
      rival = true;
      checkEnds(context, kind, other, kinds);
    }
  });
  return rival;
}

/**
 * A frame of the shorter kind is known by the header behind it. So in a stream of frames of the longer kind, nothing that
 * passes for a header may begin there. What stands inside one frame, an encoder sees and refuses to send; what stands
 * across its end and the next frame, nobody does.
 * @throws RangeError when a header may stand so
 */
function checkEnds(
  context: FramingContext,
  shorter: CheckedKind,
  longer: CheckedKind,
  kinds: readonly CheckedKind[],
): void {
  const end = shorter.maxFrameLength;
  const rest = longer.maxFrameLength - end;
  if (!mayStand(longer, end - shorter.trailer.length, shorter.trailer)) {
    return;
  }
  const across = kinds.find(
    ({ header }) =>
      header.length > rest &&
      mayStand(longer, end, header.slice(0, rest)) &&
      kinds.some((next) => header.slice(rest).every((octet, i) => octet === (next.header[i] ?? octet))),
  );
  if (across !== undefined) {
    throw new RangeError(
      `${context.begin}kinds ${shorter.number} and ${longer.number} cannot be told apart: what looks like the header of kind ` +
        `${across.number} may stand across the end of a frame of kind ${longer.number}, ${rest} bytes of it inside; ` +
        `let their lengths differ by ${across.header.length} or more, or give kind ${longer.number} another trailer`,
    );
  }
}

/** A frame of this kind may have these octets at this place. */
function mayStand({ header, trailer, maxFrameLength }: CheckedKind, at: number, octets: readonly number[]): boolean {
  const trailerAt = maxFrameLength - trailer.length;
  return octets.every((octet, i) => octet === (header[at + i] ?? trailer[at + i - trailerAt] ?? octet));
}

/** Neither header nor trailer tells them apart. */
function isSame(kind: CheckedKind, other: CheckedKind): boolean {
  const [one, two] = [kind.trailer, other.trailer];
  const length = Math.min(one.length, two.length);
  return Array.from({ length }, (_, i) => one.at(-1 - i) === two.at(-1 - i)).every((each) => each);
}

/**
 * @param text `HEADER+LENGTH+TRAILER`, more behind slashes, in octets as two hexadecimal digits each; the trailer may be
 *   missing. LENGTH is a number of bytes, or a length field: `u8`, `u16`, `u24` or `u32`, then, each where needed, `le`,
 *   `@OFFSET`, `:` and what it counts, `:` and what is to be added: `aa55+u16le@3:frame:-2+0d0a`
 * @throws TypeError quoting the part that is wrong
 */
export function kindsOf(label: string, text: string): MarkerKind[] {
  return text.split("/").map((part) => {
    const [header, length = "", trailer, ...rest] = part.split("+");
    const field = /^u(8|16|24|32)(le|be)?(?:@(\d+))?(?::(payload|body|frame)(?::(-?\d+))?)?$/.exec(length);
    if (rest.length > 0 || (field === null && !/^\d+$/.test(length))) {
      throw new TypeError(
        `${label} must be HEADER+LENGTH+TRAILER, more behind slashes, as in fdaa+150+ccdd/aa55+u16, not "${part}"`,
      );
    }
    return {
      header: octets(`${label}: header`, header ?? ""),
      ...(trailer === undefined ? {} : { trailer: octets(`${label}: trailer`, trailer) }),
      ...(field === null ? { length: Number(length) } : { lengthField: fieldOf(field) }),
    };
  });
}

function fieldOf([, bits, order, offset, counts, adjustment]: readonly (string | undefined)[]): MarkerLengthField {
  return {
    size: Number(bits) / 8,
    ...(order === "le" ? { endianness: "little" } : {}),
    ...(offset === undefined ? {} : { offset: Number(offset) }),
    ...(counts === undefined ? {} : { counts: counts as MarkerCounts }),
    ...(adjustment === undefined ? {} : { adjustment: Number(adjustment) }),
  };
}
