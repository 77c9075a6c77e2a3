/** The benchmarks run and say what they promise. How fast anything is, is no test: machines differ. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { xs } from "./host/xs-support.js";

const PROGRAM = fileURLToPath(new URL("../bench/run.js", import.meta.url));

interface Case {
  name: string;
  engine: string;
  packetLength: number;
  bytesPerSecond: number;
  packetsPerSecond: number;
  slotsPerPacket?: number;
  stepsPerPacket?: number;
  stepsRatio?: number;
  cpuRatio?: number;
  baseline: string;
  ratio: number;
}

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8", timeout: 110_000 });
}

/** Runs everything for a moment and checks what holds for each case. */
function quickly(t: ExecutionContext, engine: string): Case[] {
  const { status, stdout, stderr } = run("--engine", engine, "--quick", "--json");
  t.is(status, 0, stderr);
  const { cases } = JSON.parse(stdout) as { cases: Case[] };
  for (const { name, packetLength, bytesPerSecond, packetsPerSecond, baseline, ratio, cpuRatio, ...rest } of cases) {
    t.regex(rest.engine, engine === "xs" ? /XS/ : /^Node v/, name);
    t.true(packetLength > 0 && packetsPerSecond > 0 && ratio > 0, name);
    t.is(bytesPerSecond, packetsPerSecond * packetLength, name);
    t.true(baseline.length > 0, name);
    t.true(engine === "xs" || baseline === "node:net echo" ? cpuRatio === undefined : cpuRatio !== undefined, name);
  }
  t.is(new Set(cases.map(({ name }) => name)).size, cases.length, "each name is there once");
  return cases;
}

test("on Node, every benchmark yields its packets and its numbers", (t) => {
  const cases = quickly(t, "node");
  t.true(cases.every((one) => !("slotsPerPacket" in one)));
  const baselines = new Set(cases.map(({ baseline }) => baseline));
  t.deepEqual(
    [...baselines],
    [
      "byte-wise",
      "an object a packet",
      "bit by bit",
      "by the textbook",
      "without a key",
      "DataView by hand",
      "a getter each",
      "fresh packets",
      "byte-wise, fresh packets",
      "1 client",
      "1 place",
      "1 port",
      "log of 2 KiB",
      "1 parameter",
      "3 services",
      "npm cobs",
      "node:net echo",
    ],
  );
});

const testOnXs = xs.available ? test : test.skip;

testOnXs("on XS, every benchmark yields its packets and takes no slot of the heap for any", (t) => {
  const cases = quickly(t, "xs");
  for (const { name, slotsPerPacket, stepsPerPacket } of cases) {
    t.is(slotsPerPacket, 0, name);
    t.true(stepsPerPacket! > 0, name);
  }
  for (const wanted of [
    "cobs decode, ping",
    "cobs encode, 256 random",
    "space-packets decode, 256 telemetry",
    "space packet parsed, ping",
    "telecommand parsed, ping",
    "CRC-16, 1000 random",
    "payload read, by hand",
    "payload written",
    "ping answered by PUS services",
  ]) {
    t.true(
      cases.some(({ name }) => name === wanted),
      wanted,
    );
  }
});

testOnXs("on XS, a report from the pool takes a third of the instructions that getters take, or fewer", (t) => {
  const { status, stdout, stderr } = run("--engine", "xs", "--quick", "--json", "--only", "report of 64 parameters");
  t.is(status, 0, stderr);
  const { cases } = JSON.parse(stdout) as { cases: Case[] };
  const ratio = cases[0]!.stepsRatio!;
  t.true(ratio >= 3, String(ratio));
});

test("the table is for people, and a part of the cases can be chosen", (t) => {
  const { status, stdout } = run("--quick", "--only", "cobs decode, ping");
  t.is(status, 0);
  t.regex(stdout, /^Node v.*\n\ncase +bytes .*\ncobs decode, ping +13 .*\n$/);
});

for (const args of [["--engine", "v8"], ["--fast"], ["--quick", "--only", "no such case"], ["extra"]]) {
  test(`a wrong call ends in one line and exit code 2: ${args.join(" ")}`, (t) => {
    const { status, stdout, stderr } = run(...args);
    t.is(status, 2);
    t.is(stdout, "");
    t.regex(stderr, /^error: .+\n$/);
  });
}

test("--help explains, and is no error", (t) => {
  const { status, stdout } = run("--help");
  t.is(status, 0);
  for (const option of ["--engine", "--json", "--quick", "--only"]) {
    t.true(stdout.includes(option), option);
  }
});
