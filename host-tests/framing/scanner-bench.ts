/** The engine of framings without a delimiter over a format that is easy to write down. Knows no platform. */
import type { BadFrames } from "../../modules/framing/contract/framing.js";
import {
  ACCEPT_PACKET,
  type PacketCheck,
  type PacketVerdict,
  REJECT_PACKET,
  SKIP_PACKET,
} from "../../modules/framing/contract/packet-check.js";
import { ScanningDecoder } from "../../modules/framing/engines/scanning-decoder.js";
import type { StreamFormat } from "../../modules/framing/engines/stream-format.js";
import { Workbench } from "./workbench.js";

/** Second byte of a frame; the first one is the frame's length. */
export const MARK = 0x55;
/** Second byte of a frame that is settled when as many bytes have come as there may ever be, or when nothing comes. */
export const OPEN = 0x66;
/** Length of the longest frame; the shortest one that is taken has 4 bytes. */
export const MAX = 12;

/** Last byte of a packet: what becomes of it. */
export const GOOD = 0;
export const IDLE = 1;
export const BAD = 2;

export class PlainFormat implements StreamFormat {
  readonly reasons = ["noFrame", "tooLong", "tooShort"];
  readonly tooShort = 2;
  readonly maxWanted = MAX;
  readonly leading = 2;
  readonly trailing = 0;
  readonly kind = 0;
  readonly isTelling: boolean;
  announced = 0;
  /** The questions: `first byte/available/final`. */
  asked: string[] = [];

  constructor(isTelling: boolean) {
    this.isTelling = isTelling;
  }

  wanted(bytes: Uint8Array, at: number, available: number, final: boolean): number {
    const length = bytes[at]!;
    this.asked.push(`${length}/${available}/${final}`);
    if (length === 1) {
      this.announced = 1;
      return -3;
    }
    if (length === 0 || (available >= 2 && bytes[at + 1] !== MARK && bytes[at + 1] !== OPEN)) {
      return -1;
    }
    if (available < 2) {
      return 2;
    }
    if (length > MAX || length < 4) {
      this.announced = length;
      return length > MAX ? -2 : -3;
    }
    return bytes[at + 1] === OPEN && !final && available < MAX
      ? Math.min(Math.max(length, available) + 1, MAX)
      : length;
  }
}

function judge(bytes: Uint8Array, _start: number, end: number): PacketVerdict {
  return bytes[end - 1] === BAD ? REJECT_PACKET : bytes[end - 1] === IDLE ? SKIP_PACKET : ACCEPT_PACKET;
}

export interface ScannerOptions {
  readonly badFrames?: BadFrames;
  /** Default true. */
  readonly isTelling?: boolean;
  /** Of the check. Default false. */
  readonly isProof?: boolean;
}

export class ScannerBench extends Workbench {
  readonly format: PlainFormat;

  constructor({ badFrames, isTelling = true, isProof = false }: ScannerOptions) {
    const format = new PlainFormat(isTelling);
    const check: PacketCheck = { judge, trailerLength: 0, isProof };
    const framing = {
      name: "plain",
      maxPacketLength: MAX,
      decoderMemory: MAX,
      decoder: (memory: ConstructorParameters<typeof ScanningDecoder>[0], area: number) =>
        new ScanningDecoder(memory, area, format, check, badFrames),
      encoder: () => {
        throw new Error("not asked");
      },
    };
    super(framing, 100);
    this.format = format;
  }

  /** So many bytes come at once, in each of the parts. */
  give(...parts: readonly (readonly number[])[]): this {
    for (const part of parts) {
      this.feed(Uint8Array.from(part));
    }
    return this;
  }

  pause(closing = false, recent = 0): this {
    this.late(closing, recent);
    return this;
  }

  /** First bytes of the packets, what was rejected, bytes dropped, bytes that are pending. */
  told(): [number[], Record<string, number>, number, number] {
    const { counters, pendingBytes } = this.decoder;
    return [this.packets.map((packet) => packet[0]!), counters.byReason(), counters.droppedBytes, pendingBytes];
  }
}

/** Two bytes more than its packet, which ends with the verdict. */
export function frame(data: readonly number[], verdict = GOOD, mark = MARK): number[] {
  return [data.length + 3, mark, ...data, verdict];
}
