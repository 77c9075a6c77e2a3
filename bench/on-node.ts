/** Runs the framing cases on Node, and the comparisons that only Node has. */
import type { BenchResult } from "./cases/bench-case.js";
import { framingCases } from "./cases/framing-cases.js";
import { type Budget, measure } from "./cases/measure.js";

/**
 * @param wanted which cases, by name
 * @throws when a case yields the wrong packets
 */
export async function* benchOnNode(wanted: (name: string) => boolean, budget: Budget): AsyncGenerator<BenchResult> {
  const engine = `Node ${process.version}`;
  for (const benchCase of framingCases()) {
    const { name, packetLength, baselineName } = benchCase;
    if (!wanted(name)) {
      continue;
    }
    benchCase.check();
    const { packetsPerSecond, ratio } = measure(benchCase, () => performance.now(), budget);
    const bytesPerSecond = packetsPerSecond * packetLength;
    yield { name, engine, packetLength, bytesPerSecond, packetsPerSecond, baseline: baselineName, ratio };
  }
}
