/** `npm run bench` and `npm run bench:xs`. */
import { Command, CommanderError, Option } from "commander";
import { xsAvailability } from "../host/xs-availability.js";
import type { BenchResult } from "./cases/bench-case.js";
import type { Budget } from "./cases/measure.js";
import { benchOnNode } from "./on-node.js";
import { benchOnXs } from "./on-xs.js";
import { table } from "./table.js";

const NORMAL: Budget = { rounds: 11, roundMs: 40 };
/** Enough to see that everything runs; the numbers mean nothing. */
const QUICK: Budget = { rounds: 1, roundMs: 1 };
const WRONG_USE = 2;

interface Options {
  engine: "node" | "xs";
  json: boolean;
  quick: boolean;
  only?: string;
}

class WrongUse extends Error {}

async function main(args: readonly string[]): Promise<void> {
  const program = new Command("bench")
    .description(
      "Measures framings, packets and pings, each against a baseline in the same run. Speeds are of packet bytes.",
    )
    .addOption(new Option("--engine <engine>", "what to measure on").choices(["node", "xs"]).default("node"))
    .option("--json", "print one JSON object, and nothing else", false)
    .option("--quick", "only show that everything runs: the numbers mean nothing", false)
    .option("--only <text>", "only the cases whose name contains this")
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .exitOverride();
  program.parse(args, { from: "user" });
  const { engine, json, quick, only = "" } = program.opts<Options>();
  const budget = quick ? QUICK : NORMAL;
  const wanted = (name: string) => name.includes(only);
  const results: BenchResult[] = [];
  for await (const result of engine === "xs" ? onXs(wanted, budget) : benchOnNode(wanted, budget)) {
    results.push(result);
  }
  if (results.length === 0) {
    throw new WrongUse(`error: no case on ${engine} has "${only}" in its name`);
  }
  const text = json ? JSON.stringify({ cases: results }) : `${results[0]!.engine}\n\n${table(results)}`;
  process.stdout.write(`${text}\n`);
}

function onXs(wanted: (name: string) => boolean, budget: Budget): AsyncGenerator<BenchResult> {
  const xs = xsAvailability();
  if (!xs.available) {
    throw new WrongUse(`error: no XS on this machine: ${xs.reason}`);
  }
  return benchOnXs(wanted, budget, xs.version);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong; after --help nothing is.
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
  } else if (error instanceof WrongUse) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = WRONG_USE;
  } else {
    throw error;
  }
}
