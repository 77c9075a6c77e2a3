/** TC transfer frames, packets and streams for the tests of `tc-frames`. */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { type TcFramesOptions, tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { Random } from "./random.js";
import { Workbench } from "./workbench.js";

export const SCID = 0x2ab;

/** A space packet of so many octets; its packet data field tells where it came from. */
export function packet(length: number, seed = length): Uint8Array {
  const bytes = new Random(seed).bytes(length);
  bytes.set([0x18, 0x42, 0xc0, seed, (length - 7) >> 8, length - 7]);
  return bytes;
}

export const IDLE = Uint8Array.of(0x07, 0xff, 0xc0, 0, 0, 3, 0x55, 0x55, 0x55, 0x55);

export interface FrameParts {
  /** What stands in the data field, a segment header included. */
  field: Uint8Array;
  /** Version, bypass flag, control command flag and spare: the six highest bits of the first octet. Default type BD. */
  flags?: number;
  scid?: number;
  vcid?: number;
  sequenceNumber?: number;
  fecf?: boolean;
}

/** Octet by octet: not by the functions that are tested. */
export function frame({
  field,
  flags = 0x20,
  scid = SCID,
  vcid = 0,
  sequenceNumber = 0,
  fecf = true,
}: FrameParts): Uint8Array {
  const length = 5 + field.length + (fecf ? 2 : 0);
  const last = length - 1;
  const bytes = new Uint8Array(length);
  bytes.set([flags | (scid >> 8), scid & 0xff, (vcid << 2) | (last >> 8), last & 0xff, sequenceNumber]);
  bytes.set(field, 5);
  if (fecf) {
    writeCrc16(bytes, 0, length);
  }
  return bytes;
}

export interface Received {
  packets: Uint8Array[];
  reasons: Record<string, number>;
}

/** @param times the sink refuses each packet so often */
export function receive(
  options: Partial<TcFramesOptions>,
  stream: Uint8Array,
  size = stream.length,
  times = 0,
): Received {
  const bench = new Workbench(tcFrames({ spacecraftId: SCID, ...options }), size);
  bench.refusals = () => times;
  for (let at = 0; at < stream.length; at += size) {
    bench.feed(stream.slice(at, at + size));
  }
  bench.expire();
  return { packets: bench.packets, reasons: bench.decoder.counters.byReason() };
}
