/** Random secured frames, sealed and opened again. Knows no platform: also runs inside XS. */
import type { Framing } from "../../modules/framing/contract/framing.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { Random } from "../framing/random.js";
import { MemoryStore } from "./memory-store.js";
import { telecommand } from "./sealed-frames.js";
import { board, ground, receiver, sender } from "./secured-ends.js";
import { digitsOf, SecuredPort } from "./secured-port.js";

/** Frames under one key and mask, one behind the other. */
export interface Series {
  readonly isUslp: boolean;
  readonly key: Uint8Array;
  readonly spi: number;
  /** IV of the frame before the first one. */
  readonly last: number;
  readonly spacecraftId: number;
  readonly virtualChannelId: number;
  readonly mapId: number | undefined;
  readonly countLength: number;
  readonly insert: number;
  readonly frameErrorControl: boolean;
  /** Octets in front of the security header. */
  readonly headerLength: number;
  readonly authMask: readonly number[];
  readonly packets: readonly Uint8Array[];
}

export const FRAMES_OF_A_SERIES = 20;
const LONGEST = 1024 - 5 - 1 - 30 - 2;

/** Series number `n` of a seed. */
export function series(seed: number, n: number): Series {
  const random = new Random(seed + n);
  const isUslp = n % 2 === 1;
  const mapId = random.below(3) === 0 ? undefined : random.below(isUslp ? 16 : 64);
  const countLength = random.below(7);
  const insert = random.below(4) === 0 ? random.below(20) : 0;
  const headerLength = isUslp ? 7 + countLength + insert : 5 + (mapId === undefined ? 0 : 1);
  return {
    isUslp,
    key: random.bytes(32),
    spi: 1 + random.below(0xfffe),
    last: random.below(2 ** 31) * 2 ** random.below(20),
    spacecraftId: random.below(isUslp ? 0x1_0000 : 0x400),
    virtualChannelId: random.below(63),
    mapId,
    countLength,
    insert,
    frameErrorControl: random.below(4) > 0,
    headerLength,
    authMask: [...random.bytes(headerLength + 14)],
    packets: Array.from({ length: FRAMES_OF_A_SERIES }, (_, i) =>
      telecommand(7 + random.below(i === 0 ? LONGEST - 6 : 60), random.below(0x1_0000)),
    ),
  };
}

function framingOf(each: Series, security: ReturnType<typeof board>): Framing {
  const common = {
    spacecraftId: each.spacecraftId,
    virtualChannelId: each.virtualChannelId,
    frameErrorControl: each.frameErrorControl,
    authMask: each.authMask,
    sdls: "tc",
    security,
    ...(each.mapId === undefined ? {} : { mapId: each.mapId }),
  } as const;
  return each.isUslp
    ? uslp({ ...common, vcFrameCountLength: each.countLength, insertZoneLength: each.insert })
    : tcFrames(common);
}

/** Seals the frames of so many series, and opens each. @returns each frame, as digits; or what is wrong */
export function sealSeries(seed: number, from: number, count: number): string {
  const lines: string[] = [];
  for (let n = from; n < from + count; n++) {
    const each = series(seed, n);
    const encoding = framingOf(each, ground(sender(each.last, each.key, each.spi)));
    const memory = new FixedMemory(4096);
    const encoder = encoding.encoder(memory);
    const port = new SecuredPort(framingOf(each, board(receiver(new MemoryStore(), each.key, each.spi))));
    each.packets.forEach((packet, i) => {
      memory.bytes.set(packet, 3000);
      const end = encoder.encode(3000, 3000 + packet.length, 0, 3000);
      encoder.taken?.();
      const frame = memory.bytes.slice(0, Math.max(0, end));
      lines.push(digitsOf(frame));
      port.give(frame);
      if (port.taken[i] !== digitsOf(packet) || port.spis[i] !== each.spi) {
        lines.push(`series ${n}: packet ${i} does not come back: ${JSON.stringify(port.reasons())}`);
      }
    });
  }
  return lines.join("\n");
}
