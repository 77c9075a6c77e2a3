/**
 * Framings without a delimiter as their definitions say it, over a whole stream at once: what the real decoders must
 * agree with, whatever the chunks. Knows no platform.
 */
import type { Decoded } from "./reference-decoders.js";

/** A frame that begins at the front of the bytes. */
export interface FoundFrame {
  readonly length: number;
  readonly packet: number[];
  readonly kind?: number;
}

/** A frame that begins at the front of the bytes, is complete, and is not wanted for this cause. */
export interface UnwantedFrame {
  readonly length: number;
  readonly cause: string;
}

/**
 * What the bytes, which go on to the stream's end so far, begin with: a frame, wanted or not; the cause why there is none; or
 * undefined, when more bytes may make one.
 * @param final no more bytes will come
 */
export type Rule = (bytes: readonly number[], final: boolean) => FoundFrame | UnwantedFrame | string | undefined;

/** @param expired the partial-frame timeout comes at the stream's end */
export function decodeByRule(bytes: Iterable<number>, rule: Rule, expired: boolean): Decoded & { kinds: number[] } {
  const stream = [...bytes];
  const packets: number[][] = [];
  const kinds: number[] = [];
  const counts: Record<string, number> = { frames: 0, frameBytes: 0, droppedBytes: 0, idleBytes: 0, pendingBytes: 0 };
  const add = (name: string, value: number) => {
    counts[name] = (counts[name] ?? 0) + value;
  };
  let searching = false;
  let final = false;
  let at = 0;
  while (at < stream.length) {
    const found = rule(stream.slice(at), final);
    if (found === undefined && !final) {
      if (!expired) {
        break;
      }
      // The timeout: from here on, what is there must do.
      final = true;
      continue;
    }
    if (typeof found === "object" && "cause" in found && !searching) {
      // The next frame begins right behind it.
      add("droppedBytes", found.length);
      add(found.cause, 1);
      at += found.length;
      continue;
    }
    if (found === undefined || typeof found === "string" || "cause" in found) {
      add("droppedBytes", 1);
      if (!searching) {
        add((found as string | undefined) ?? "timedOut", 1);
      }
      searching = true;
      at++;
      continue;
    }
    packets.push(found.packet);
    kinds.push(found.kind ?? 0);
    add("frames", 1);
    add("frameBytes", found.length);
    searching = false;
    at += found.length;
  }
  counts["pendingBytes"] = stream.length - at;
  return { packets, counts, kinds };
}

function number(octets: readonly number[], little: boolean): number {
  return (little ? [...octets].reverse() : octets).reduce((value, octet) => value * 256 + octet, 0);
}

/** The octets differ from the bytes, as far as there are any. */
function differs(bytes: readonly number[], octets: readonly number[]): boolean {
  return octets.some((octet, i) => i < bytes.length && bytes[i] !== octet);
}

export interface PrefixRules {
  readonly offset: number;
  readonly size: number;
  readonly little: boolean;
  readonly unit: number;
  readonly adjustment: number;
  readonly strip: number;
  readonly sync: readonly number[];
  readonly minPacketLength: number;
  readonly maxPacketLength: number;
}

export function lengthPrefixedRule(rules: PrefixRules): Rule {
  const { offset, size, little, unit, adjustment, strip, sync, minPacketLength, maxPacketLength } = rules;
  return (bytes) => {
    if (differs(bytes, sync)) {
      return "noSyncPattern";
    }
    if (bytes.length < offset + size) {
      return undefined;
    }
    const length = number(bytes.slice(offset, offset + size), little) * unit + adjustment;
    if (length < offset + size) {
      return "packetTooShort";
    }
    if (length - strip < minPacketLength) {
      return bytes.length < length ? undefined : { length, cause: "packetTooShort" };
    }
    if (length - strip > maxPacketLength) {
      return "packetTooLong";
    }
    return bytes.length < length ? undefined : { length, packet: bytes.slice(strip, length) };
  };
}

export function netstringRule(maxPacketLength: number): Rule {
  return (bytes) => {
    const text = String.fromCharCode(...bytes);
    const digits = /^[0-9]*/.exec(text)![0];
    if (digits.length > 1 && digits[0] === "0") {
      return "noLength";
    }
    // The decoder has room for a longest frame, and for no more digits than that has bytes.
    if (digits.length > 9 || digits.length >= String(maxPacketLength).length + 2 + maxPacketLength) {
      return digits.length > 9 ? "packetTooLong" : "invalidPacket";
    }
    if (digits.length === bytes.length) {
      return undefined;
    }
    if (!/^[0-9]+:/.test(text)) {
      return "noLength";
    }
    if (Number(digits) > maxPacketLength) {
      return "packetTooLong";
    }
    const start = digits.length + 1;
    const end = start + Number(digits);
    if (bytes.length <= end) {
      return undefined;
    }
    return text[end] === "," ? { length: end + 1, packet: bytes.slice(start, end) } : "noComma";
  };
}

/** Frames of these lengths, by an identifier of one octet at `idAt`; of one length where there is no `idAt`. */
export function fixedRule(
  lengths: ReadonlyMap<number, number>,
  idAt: number | undefined,
  pattern: readonly (readonly [offset: number, octet: number])[],
): Rule {
  return (bytes) => {
    if (pattern.some(([offset, octet]) => offset < bytes.length && bytes[offset] !== octet)) {
      return "patternMismatch";
    }
    const id = idAt === undefined ? 0 : bytes[idAt];
    if (id === undefined) {
      return undefined;
    }
    const length = lengths.get(id);
    if (length === undefined) {
      return "unknownIdentifier";
    }
    const kind = idAt === undefined ? 0 : [...lengths.keys()].indexOf(id);
    return bytes.length < length ? undefined : { length, packet: bytes.slice(0, length), kind };
  };
}

export interface ReferenceKind {
  readonly header: readonly number[];
  /** Bytes between header and trailer. */
  readonly length: number;
  readonly trailer: readonly number[];
}

/** Kinds of known lengths, in ascending order of them. */
export function markerRule(kinds: readonly ReferenceKind[]): Rule {
  const total = ({ header, length, trailer }: ReferenceKind) => header.length + length + trailer.length;
  const follows = (bytes: readonly number[]): boolean | undefined => {
    const possible = kinds.filter(({ header }) => !differs(bytes, header));
    if (possible.some(({ header }) => bytes.length >= header.length)) {
      return true;
    }
    return possible.length === 0 ? false : undefined;
  };
  return (bytes, final) => {
    const headed = kinds.filter(({ header }) => !differs(bytes, header));
    const possible = headed.filter((kind) => !differs(bytes.slice(total(kind) - kind.trailer.length), kind.trailer));
    if (possible.length === 0) {
      return headed.some(({ header }) => bytes.length >= header.length) ? "noTrailer" : "noHeader";
    }
    const complete = possible.filter((kind) => bytes.length >= total(kind));
    const open = possible.length - complete.length;
    for (const [i, kind] of complete.entries()) {
      const length = total(kind);
      const isLongest = i === complete.length - 1;
      const next = follows(bytes.slice(length));
      if (next === true || (isLongest && open === 0) || (isLongest && next === undefined && final)) {
        const start = kind.header.length;
        return { length, packet: bytes.slice(start, start + kind.length), kind: kinds.indexOf(kind) };
      }
      if (next === undefined && !final) {
        return undefined;
      }
    }
    return undefined;
  };
}
