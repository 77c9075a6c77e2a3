/** Streams of good, damaged, forged and replayed secured frames, cut anywhere. Knows no platform: also runs inside XS. */
import type { FrameSecurity } from "../../modules/framing/contract/frame-security.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { concat } from "../framing/random.js";
import { frame as frameOf } from "../framing/workbench.js";
import { mended, spanning, TC, tcFrame, telecommand, USLP, uslpFrame } from "./sealed-frames.js";
import { board, receiver } from "./secured-ends.js";
import { digitsOf, SecuredPort } from "./secured-port.js";

const [ONE, TWO, THREE, FOUR, FIVE] = [13, 7, 40, 19, 9].map((length, i) => telecommand(length, 60 + i)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const OTHER_KEY = new Uint8Array(32).fill(0x77);

interface Stream {
  readonly frames: readonly Uint8Array[];
  readonly packets: readonly Uint8Array[];
  readonly reasons: Readonly<Record<string, number>>;
  framing(security: FrameSecurity): Framing;
}

function flipped(frame: Uint8Array, octet: number): Uint8Array {
  const bytes = frame.slice();
  bytes[octet]! ^= 0x10;
  return bytes;
}

/** Of frames by their IV and what they hold: some good, some not. */
function mixture(
  make: (packets: Uint8Array[], parts: { ivValue: number; spi?: number; key?: Uint8Array }) => Uint8Array,
) {
  const first = make([ONE], { ivValue: 5 });
  const second = make([TWO, THREE], { ivValue: 9 });
  return [
    first,
    // Replayed; forged; of nobody; by somebody else; damaged; from before.
    first,
    mended(flipped(make([TWO], { ivValue: 6 }), 26)),
    make([TWO], { ivValue: 6, spi: 3 }),
    make([TWO], { ivValue: 6, key: OTHER_KEY }),
    second,
    flipped(make([TWO], { ivValue: 11 }), 26),
    first,
    second,
    make([FOUR], { ivValue: 10 }),
    make([TWO], { ivValue: 8 }),
  ];
}
const MIXED = { invalidPacket: 1, unknownSpi: 1, replayed: 4, badMac: 2 };

const uslpFrames = mixture((packets, parts) => uslpFrame(concat(...packets), parts));
const [a0, a1, a2, a3] = spanning([THREE, ONE, FOUR], 22, 30) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

export const streams: Readonly<Record<string, Stream>> = {
  tc: {
    frames: mixture(tcFrame),
    packets: [ONE, TWO, THREE, FOUR],
    reasons: MIXED,
    framing: (security) => tcFrames({ ...TC, security }),
  },
  "tc with a segment header": {
    frames: mixture((packets, parts) => tcFrame(packets, { ...parts, mapId: 4 })),
    packets: [ONE, TWO, THREE, FOUR],
    reasons: MIXED,
    framing: (security) => tcFrames({ ...TC, mapId: 4, security }),
  },
  "tc over cobs": {
    frames: mixture(tcFrame).map((each) => frameOf(cobs(), each)),
    packets: [ONE, TWO, THREE, FOUR],
    reasons: MIXED,
    framing: (security) => tcFrames({ ...TC, over: cobs({ maxPacketLength: 1024 }), security }),
  },
  uslp: {
    frames: uslpFrames,
    packets: [ONE, TWO, THREE, FOUR],
    reasons: MIXED,
    framing: (security) => uslp({ ...USLP, security }),
  },
  "uslp with packets in several frames": {
    // Replayed in between; they go on behind that.
    frames: [a0, a0, a1, a2, a1, a3, a2, uslpFrame(FIVE, { ivValue: 40 })],
    packets: [THREE, ONE, FOUR, FIVE],
    reasons: { packetCutOff: 1, replayed: 2 },
    framing: (security) => uslp({ ...USLP, security }),
  },
};

/** @param refusals how often the sink refuses in a row */
function run({ frames, framing }: Stream, splits: readonly number[], refusals = 0): string {
  const port = new SecuredPort(framing(board(receiver())));
  const bytes = concat(...frames);
  let at = 0;
  for (const split of [...splits, bytes.length]) {
    const chunk = bytes.slice(at, split);
    at = split;
    let left = refusals;
    port.refuses = left > 0;
    port.give(chunk);
    while (port.isHeld) {
      port.refuses = --left > 0;
      port.resume();
    }
  }
  return JSON.stringify([port.taken, port.reasons()]);
}

/** @returns what is wrong, or how many ways of cutting gave the same */
export function cutEverywhere(name: string, step = 1): string {
  const stream = streams[name]!;
  const expected = JSON.stringify([stream.packets.map(digitsOf), stream.reasons]);
  const length = concat(...stream.frames).length;
  const every = Array.from({ length }, (_, at) => at);
  const ways = [
    [],
    every,
    every.filter((at) => at % 7 === 0),
    ...every.filter((at) => at % step === 0).map((at) => [at]),
  ];
  for (const way of ways) {
    for (const refusals of [0, 2]) {
      const found = run(stream, way, refusals);
      if (found !== expected) {
        return `cut at ${way.length > 3 ? way.length : way}, ${refusals} refusals: ${found}, not ${expected}`;
      }
    }
  }
  return "the same";
}
