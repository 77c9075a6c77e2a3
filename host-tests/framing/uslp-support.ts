/** Transfer frames, packets and streams for the tests of USLP. */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { PACKETS, PACKETS_SPANNING, writeDataFieldHeader, writeUslpHeader } from "../../modules/ccsds/uslp.js";
import { type UslpOptions, uslp } from "../../modules/framing/formats/uslp.js";
import { Random } from "./random.js";
import { spanningFrames } from "./transfer-frame-support.js";
import { Workbench } from "./workbench.js";

export const SCID = 0x1234;

/** A space packet of so many octets; its packet data field tells where it came from. */
export function packet(length: number, seed = length): Uint8Array {
  const bytes = new Random(seed).bytes(length);
  bytes.set([0x08, 0x42, 0xc0, seed, (length - 7) >> 8, length - 7]);
  return bytes;
}

/** A packet of so many octets, in which no other one begins, and whose header claims another length. */
export function claiming(length: number, claimed: number): Uint8Array {
  const bytes = new Uint8Array(length).fill(0x88);
  bytes.set([0x08, 0x42, 0xc0, 0x99, (claimed - 7) >> 8, claimed - 7]);
  return bytes;
}

export const IDLE = Uint8Array.of(0x07, 0xff, 0xc0, 0, 0, 3, 0x55, 0x55, 0x55, 0x55);

export interface FrameParts {
  zone: Uint8Array;
  rule?: number;
  pointer?: number;
  identifier?: number;
  count?: number;
  vcid?: number;
  map?: number;
  scid?: number;
  bypass?: boolean;
  command?: boolean;
  insert?: number;
  ocf?: boolean;
  fecf?: boolean;
}

/** A transfer frame with a VC frame count of one octet. */
export function frame(parts: FrameParts): Uint8Array {
  const { zone, rule = PACKETS_SPANNING, insert = 0, ocf = false, fecf = true } = parts;
  const length = 8 + insert + (rule <= 2 ? 3 : 1) + zone.length + (ocf ? 4 : 0) + (fecf ? 2 : 0);
  const bytes = new Uint8Array(length).fill(0xee);
  const { scid = SCID, vcid = 0, map = 0, count = 0, bypass = false, command = false } = parts;
  const end = writeUslpHeader(bytes, 0, scid, 0, vcid, map, length, bypass, command, ocf, 1, count);
  bytes.set(zone, writeDataFieldHeader(bytes, end + insert, rule, parts.identifier ?? PACKETS, parts.pointer ?? 0));
  if (fecf) {
    writeCrc16(bytes, 0, length);
  }
  return bytes;
}

/** The same frame, with a frame count of one octet, without it. */
export function uncounted(counted: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from([...counted.slice(0, 7), ...counted.slice(8)]);
  bytes[6] = bytes[6]! & 0xf8;
  bytes[5]!--;
  writeCrc16(bytes, 0, bytes.length);
  return bytes;
}

/** Transfer frames with data zones of a fixed length, through which the packets run on (rule 000). */
export function spanning(packets: readonly Uint8Array[], zoneLength: number): Uint8Array[] {
  return spanningFrames(packets, zoneLength, (zone, pointer, count) => frame({ zone, pointer, count: count % 256 }));
}

export interface Received {
  packets: Uint8Array[];
  reasons: Record<string, number>;
}

/** @param times the sink refuses each packet so often */
export function receive(options: Partial<UslpOptions>, stream: Uint8Array, size = stream.length, times = 0): Received {
  const bench = new Workbench(uslp({ spacecraftId: SCID, ...options }), size);
  bench.refusals = () => times;
  for (let at = 0; at < stream.length; at += size) {
    bench.feed(stream.slice(at, at + size));
  }
  bench.expire();
  return { packets: bench.packets, reasons: bench.decoder.counters.byReason() };
}
