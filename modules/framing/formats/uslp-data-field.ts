/** What a USLP transfer frame carries (CCSDS 732.1-B, 4.1), and why a decoder of packets takes nothing out of one. */
import {
  IDLE_DATA,
  mapId,
  OPERATIONAL_CONTROL_FIELD_LENGTH,
  operationalControlFieldFlag,
  PACKETS,
  protocolControlCommandFlag,
  protocolIdentifier,
} from "../../ccsds/uslp.js";
import type { FramingCounters } from "../contract/counters.js";
import { LayeredCounters } from "../engines/layered-counters.js";

/** The frame is of another virtual channel or MAP. */
export const OTHER_CHANNEL = 0;
/** The VC frame count goes on with another one than was due. */
export const FRAMES_LOST = 1;
/** The data field holds no packets, or is made by a rule that is not for packets. */
export const UNSUPPORTED_CONTENT = 2;
/** The data field has no room for its header, or its pointer points outside. */
export const BAD_DATA_FIELD = 3;
/** A packet that was begun did not go on: frames are missing, or the next packet began too early. */
export const PACKET_CUT_OFF = 4;
const REASONS = Object.freeze(["otherChannel", "framesLost", "unsupportedContent", "badDataField", "packetCutOff"]);

/** The stream's own decoder counts the first two; here they would be counted twice. What is skipped is idle packets. */
const PACKET_NAMES = Object.freeze({ truncated: "", undelivered: "", skipped: "" });

/** `judgeContent`: its data zone may hold octets of packets. */
export const PACKET_CONTENT = -1;
/** It carries idle data, of whatever MAP. */
export const IDLE_CONTENT = -2;

/** Which data zones are taken, and where they are in the frame. */
export interface DataFieldAgreement {
  readonly virtualChannelId: number;
  readonly mapId: number;
  /** Octets between primary header and data field: an insert zone, a security header. */
  readonly insertZoneLength: number;
  /** Octets behind the data zone, an operational control field not counted: a security trailer, a frame error control field. */
  readonly trailerLength: number;
}

/**
 * @param frames of the decoder of transfer frames
 * @param packets of the one of packets
 * @param between of what stands between the two
 */
export function uslpCounters(
  frames: FramingCounters,
  packets: FramingCounters,
  between: readonly FramingCounters[],
): LayeredCounters {
  return new LayeredCounters(REASONS, [
    [frames, {}],
    ...between.map((counters) => [counters, {}] as const),
    [packets, PACKET_NAMES],
  ]);
}

/**
 * Judges a frame of the virtual channel agreed on.
 * @param start of the frame
 * @param header offset of its data field's header
 * @param map the MAP agreed on
 * @returns `PACKET_CONTENT`, `IDLE_CONTENT`, or the reason why nothing is taken
 */
export function judgeContent(bytes: Uint8Array, start: number, header: number, map: number): number {
  if (protocolControlCommandFlag(bytes, start)) {
    return UNSUPPORTED_CONTENT;
  }
  const identifier = protocolIdentifier(bytes, header);
  if (identifier === IDLE_DATA) {
    return IDLE_CONTENT;
  }
  if (mapId(bytes, start) !== map) {
    return OTHER_CHANNEL;
  }
  return identifier === PACKETS ? PACKET_CONTENT : UNSUPPORTED_CONTENT;
}

/** Octets behind the data zone of a frame. @param trailerLength as agreed */
export function trailingLength(bytes: Uint8Array, start: number, trailerLength: number): number {
  return trailerLength + (operationalControlFieldFlag(bytes, start) ? OPERATIONAL_CONTROL_FIELD_LENGTH : 0);
}
