/** Runs the cases on Node, and the comparisons that only Node has. */
import { cobs } from "../modules/framing/formats/cobs.js";
import { spacePackets } from "../modules/framing/formats/space-packets.js";
import { allCases } from "./cases/all-cases.js";
import type { BenchCase, BenchResult } from "./cases/bench-case.js";
import { type Budget, measure } from "./cases/measure.js";
import { npmCobsCases } from "./npm-cobs-cases.js";
import { benchPing } from "./ping.js";

/**
 * @param wanted which cases, by name
 * @throws (rejects) when a case yields the wrong packets
 */
export async function* benchOnNode(wanted: (name: string) => boolean, budget: Budget): AsyncGenerator<BenchResult> {
  const engine = `Node ${process.version}`;
  for (const benchCase of [...allCases(), ...npmCobsCases()]) {
    if (wanted(benchCase.name)) {
      yield benchOne(benchCase, engine, budget);
    }
  }
  for (const framing of [cobs(), spacePackets()]) {
    const name = `ping round trip, ${framing.name}`;
    if (wanted(name)) {
      yield await benchPing(framing, name, engine, budget);
    }
  }
}

function benchOne(benchCase: BenchCase, engine: string, budget: Budget): BenchResult {
  const { name, packetLength, baselineName } = benchCase;
  benchCase.check();
  const measured = measure(benchCase, () => performance.now(), budget, cpuMs);
  const { packetsPerSecond, ratio, cpuRatio = 0 } = measured;
  const bytesPerSecond = packetsPerSecond * packetLength;
  return { name, engine, packetLength, bytesPerSecond, packetsPerSecond, baseline: baselineName, ratio, cpuRatio };
}

/** CPU time of this process, in milliseconds. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
