/** Runs the cases in the XS worker. */
import { fileURLToPath } from "node:url";
import { XsMachine } from "../host/xs-machine.js";
import type { BenchResult } from "./cases/bench-case.js";
import type { Budget, Measurement } from "./cases/measure.js";

const PROGRAM = fileURLToPath(new URL("./cases/engine.js", import.meta.url));

interface ListedCase {
  name: string;
  packetLength: number;
  packets: number;
  baselineName: string;
}

/**
 * @param wanted which cases, by name
 * @param version of the engine, as the worker says it
 * @throws XsError (rejects) when the worker fails or a case yields the wrong packets
 */
export async function* benchOnXs(
  wanted: (name: string) => boolean,
  budget: Budget,
  version: string,
): AsyncGenerator<BenchResult> {
  const machine = new XsMachine();
  try {
    await machine.import(PROGRAM);
    const cases = JSON.parse(await machine.evaluate("bench.list()")) as ListedCase[];
    for (const [index, { name, packetLength, packets, baselineName }] of cases.entries()) {
      if (!wanted(name)) {
        continue;
      }
      await machine.evaluate(`bench.check(${index})`);
      const { packetsPerSecond, ratio } = JSON.parse(
        await machine.evaluate(`bench.measure(${index}, ${JSON.stringify(budget)})`),
      ) as Measurement;
      yield {
        name,
        engine: version,
        packetLength,
        bytesPerSecond: packetsPerSecond * packetLength,
        packetsPerSecond,
        ...(await perPacket(machine, index, packets)),
        baseline: baselineName,
        ratio,
      };
    }
  } finally {
    await machine.stop();
  }
}

const FEW_PASSES = 4;
const MANY_PASSES = 24;

interface Taken {
  readonly slots: number;
  readonly steps: number;
}

/** How much more is taken by many passes than by few: what a command itself takes cancels out. */
async function perPacket(
  machine: XsMachine,
  index: number,
  packets: number,
): Promise<{ slotsPerPacket: number; stepsPerPacket: number; stepsRatio: number }> {
  const growth = async (passes: number, run = "run"): Promise<Taken> => {
    const before = await machine.run(`bench.${run}(${index}, 0)`);
    const after = await machine.run(`bench.${run}(${index}, ${passes})`);
    const grown = after.currentHeapCount - before.currentHeapCount;
    // Less than before: what baselines had left behind was collected meanwhile, and is gone now.
    return grown < 0 ? growth(passes, run) : { slots: grown, steps: after.compute };
  };
  await growth(FEW_PASSES);
  const few = await growth(FEW_PASSES);
  const many = await growth(MANY_PASSES);
  const baseline = (await growth(MANY_PASSES, "runBaseline")).steps - (await growth(FEW_PASSES, "runBaseline")).steps;
  const more = (MANY_PASSES - FEW_PASSES) * packets;
  return {
    slotsPerPacket: (many.slots - few.slots) / more,
    stepsPerPacket: (many.steps - few.steps) / more,
    stepsRatio: baseline / (many.steps - few.steps),
  };
}
