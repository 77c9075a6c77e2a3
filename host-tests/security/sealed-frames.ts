/**
 * Secured transfer frames octet by octet: headers as they are wanted, any text, sealed. For tests; knows no platform: also runs
 * inside XS.
 */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { SECURITY_HEADER_LENGTH, SECURITY_HEADER_MASK, SECURITY_TRAILER_LENGTH } from "../../modules/ccsds/sdls.js";
import { SEGMENT_HEADER_MASK, TC_HEADER_MASK } from "../../modules/ccsds/tc-frame.js";
import {
  NO_SEGMENTATION,
  PACKETS,
  PACKETS_SPANNING,
  uslpHeaderMask,
  writeDataFieldHeader,
  writeUslpHeader,
} from "../../modules/ccsds/uslp.js";
import { type TcFramesOptions, tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { type UslpOptions, uslp } from "../../modules/framing/formats/uslp.js";
import { concat, Random } from "../framing/random.js";
import { spanningFrames } from "../framing/transfer-frame-support.js";
import { iv, KEY, makeAead, SPI } from "./secured-ends.js";

export const SCID = 0xab;
const FECF = 2;

/** What `sdls` is for the frames made here. */
export const TC: TcFramesOptions = Object.freeze({ spacecraftId: SCID, sdls: "tc" });
export const USLP: UslpOptions = Object.freeze({ spacecraftId: SCID, sdls: "tc" });
export const framings = Object.freeze({ tc: tcFrames, uslp });

/** A telecommand of so many octets; its data tell where it came from. */
export function telecommand(length: number, seed: number): Uint8Array {
  const bytes = new Random(seed).bytes(length);
  bytes.set([0x18, 0x42, 0xc0 | ((seed >> 8) & 0x3f), seed & 0xff, (length - 7) >> 8, length - 7]);
  return bytes;
}

export interface Sealed {
  /** In front of the security header. */
  readonly headers: Uint8Array;
  readonly text: Uint8Array;
  readonly mask: readonly number[];
  /** Between MAC and FECF. */
  readonly control?: Uint8Array;
  readonly fecf?: boolean;
  readonly ivValue: number;
  /** In place of `ivValue`: its octets. */
  readonly iv?: Uint8Array;
  readonly spi?: number;
  readonly key?: Uint8Array;
}

/** A frame whose headers are right but for its length, which whoever makes them knows. */
export function sealed(parts: Sealed): Uint8Array {
  const { headers, text, mask, control = new Uint8Array(0), fecf = true, ivValue, spi = SPI, key = KEY } = parts;
  const at = headers.length;
  const end = at + SECURITY_HEADER_LENGTH + text.length;
  const bytes = new Uint8Array(end + SECURITY_TRAILER_LENGTH + control.length + (fecf ? FECF : 0));
  bytes.set(headers);
  bytes.set([spi >> 8, spi & 0xff], at);
  bytes.set(parts.iv ?? iv(ivValue), at + 2);
  bytes.set(text, at + SECURITY_HEADER_LENGTH);
  const aad = mask.map((octet, i) => octet & bytes[i]!);
  const work = concat(bytes.slice(at + 2, at + SECURITY_HEADER_LENGTH), Uint8Array.from(aad), text, new Uint8Array(16));
  const textAt = 12 + aad.length;
  makeAead(key).seal(work, textAt, textAt + text.length, 0, 12, textAt);
  bytes.set(work.subarray(textAt), at + SECURITY_HEADER_LENGTH);
  bytes.set(control, end + SECURITY_TRAILER_LENGTH);
  if (fecf) {
    writeCrc16(bytes, 0, bytes.length);
  }
  return bytes;
}

/** The FECF is made right again. */
export function mended(frame: Uint8Array): Uint8Array {
  const bytes = frame.slice();
  writeCrc16(bytes, 0, bytes.length);
  return bytes;
}

export interface TcParts {
  readonly ivValue: number;
  readonly spi?: number;
  readonly key?: Uint8Array;
  readonly mapId?: number;
  /** Default: the usual one. */
  readonly authMask?: readonly number[];
}

/** A TC transfer frame with several packets. */
export function tcFrame(packets: readonly Uint8Array[], { mapId, authMask, ...more }: TcParts): Uint8Array {
  const text = concat(...packets);
  const length =
    5 + (mapId === undefined ? 0 : 1) + SECURITY_HEADER_LENGTH + text.length + SECURITY_TRAILER_LENGTH + FECF;
  const header = [0x20, SCID, (length - 1) >> 8, (length - 1) & 0xff, 0];
  return sealed({
    ...more,
    headers: Uint8Array.from(mapId === undefined ? header : [...header, 0xc0 | mapId]),
    text,
    mask: authMask ?? [...TC_HEADER_MASK, ...(mapId === undefined ? [] : SEGMENT_HEADER_MASK), ...SECURITY_HEADER_MASK],
  });
}

export interface UslpParts {
  readonly ivValue: number;
  readonly spi?: number;
  readonly key?: Uint8Array;
  /** Of the data zone. Default: it holds whole packets. */
  readonly rule?: number;
  readonly pointer?: number;
  readonly identifier?: number;
  readonly count?: number;
  readonly countLength?: number;
  readonly map?: number;
  readonly vcid?: number;
  readonly command?: boolean;
  readonly insert?: number;
  readonly control?: boolean;
  readonly authMask?: readonly number[];
}

export function uslpFrame(zone: Uint8Array, parts: UslpParts): Uint8Array {
  const { rule = NO_SEGMENTATION, pointer = 0, count = 0, countLength = 2, insert = 0, control = false } = parts;
  const field = new Uint8Array((rule <= 2 ? 3 : 1) + zone.length);
  field.set(zone, writeDataFieldHeader(field, 0, rule, parts.identifier ?? PACKETS, pointer));
  const headers = new Uint8Array(7 + countLength + insert);
  const length =
    headers.length + SECURITY_HEADER_LENGTH + field.length + SECURITY_TRAILER_LENGTH + (control ? 4 : 0) + FECF;
  const { map = 0, vcid = 0, command = false } = parts;
  writeUslpHeader(headers, 0, SCID, 0, vcid, map, length, false, command, control, countLength, count);
  return sealed({
    headers,
    text: field,
    mask: parts.authMask ?? [...uslpHeaderMask(countLength, insert), ...SECURITY_HEADER_MASK],
    control: new Uint8Array(control ? 4 : 0).fill(0xcc),
    ivValue: parts.ivValue,
    ...(parts.spi === undefined ? {} : { spi: parts.spi }),
    ...(parts.key === undefined ? {} : { key: parts.key }),
  });
}

/** Frames with data zones of a fixed length, through which the packets run on (rule 000), their IVs one behind the other. */
export function spanning(packets: readonly Uint8Array[], zoneLength: number, firstIv: number): Uint8Array[] {
  return spanningFrames(packets, zoneLength, (zone, pointer, count) =>
    uslpFrame(zone, { ivValue: firstIv + count, rule: PACKETS_SPANNING, pointer, count }),
  );
}
