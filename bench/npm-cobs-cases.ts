/** Our COBS against npm `cobs`, which takes and gives a Buffer per packet. */
import { decode, encode } from "cobs";
import type { BenchCase } from "./cases/bench-case.js";
import { framingCases } from "./cases/framing-cases.js";
import { anyByte, plainPackets } from "./cases/packets.js";

const COUNT = 48;
const LENGTH = 256;
const BASELINE = "npm cobs";

export function npmCobsCases(): BenchCase[] {
  const packets = plainPackets(COUNT, LENGTH, anyByte).map((packet) => Buffer.from(packet));
  // Cut into frames already, which ours has to do itself.
  const frames = packets.map((packet) => encode(packet));
  let length = 0;

  return [
    against(ours("cobs decode, 256 random"), (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        for (let k = 0; k < COUNT; k++) {
          length += decode(frames[k]!).length;
        }
      }
    }),
    against(ours("cobs encode, 256 random"), (passes) => {
      for (let pass = 0; pass < passes; pass++) {
        for (let k = 0; k < COUNT; k++) {
          length += encode(packets[k]!).length;
        }
      }
    }),
  ];

  function against(benchCase: BenchCase, baseline: (passes: number) => void): BenchCase {
    return {
      ...benchCase,
      name: `${benchCase.name}, against npm`,
      baselineName: BASELINE,
      baseline,
      check() {
        benchCase.check();
        if (
          benchCase.packets !== COUNT ||
          length < 0 ||
          !packets.every((packet, k) => packet.equals(decode(frames[k]!)))
        ) {
          throw new Error(`${BASELINE} does not do the same work`);
        }
      },
    };
  }
}

/** A framing case of our own, with new memory. */
function ours(name: string): BenchCase {
  return framingCases().find((benchCase) => benchCase.name === name)!;
}
