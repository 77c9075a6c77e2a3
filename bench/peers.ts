/**
 * `npm run bench:peers`: COBS and telecommands here against other people's packages, as ratios of CPU time a packet: above 1
 * ours takes less. No test: what a machine cannot reach is said in one line.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SpacePacketParser } from "@serialport/parser-spacepacket";
import { decode, encode } from "cobs";
import { type FrameDecoder, PACKET } from "../modules/framing/contract/framing.js";
import { cobs } from "../modules/framing/formats/cobs.js";
import { spacePackets } from "../modules/framing/formats/space-packets.js";
import { FixedMemory } from "../modules/memory/fixed-memory.js";
import { checkTelecommand } from "../modules/pus/telecommand.js";
import { median } from "./cases/measure.js";
import { PING } from "./cases/packets.js";
import { compareSatrs } from "./peers/sat-rs.js";
import { benchPing } from "./ping.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const CACHE = `${PROJECT}node_modules/.cache/flatlink-peers/`;
const SOURCES = `${PROJECT}bench/peers/`;
const LENGTHS = [13, 64, 256, 1024];
const ROUNDS = 5;
const REPEATS = 20_000;
const INSTALL_MS = 900_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function ratio(peer: string, what: string, ours: number, theirs: number): void {
  say(`${peer.padEnd(32)}${what.padEnd(24)}${(theirs / ours).toFixed(2).padStart(8)}`);
}

/** CPU nanoseconds that each call takes, the two in turn. */
function compare(peer: string, what: string, ours: () => void, theirs: () => void): number {
  const mine: number[] = [];
  const other: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const [one, two] = [nanoseconds(ours), nanoseconds(theirs)];
    if (round >= 0) {
      mine.push(one);
      other.push(two);
    }
  }
  ratio(peer, what, median(mine), median(other));
  return median(mine);
}

function nanoseconds(work: () => void): number {
  const start = process.cpuUsage();
  for (let i = 0; i < REPEATS; i++) {
    work();
  }
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / REPEATS;
}

/** Runs a peer's program. @returns nanoseconds by name, or nothing after a line that says why */
function run(
  what: string,
  command: string,
  args: readonly string[],
  timeout = 120_000,
): Map<string, number> | undefined {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout });
  if (status !== 0) {
    say(
      `${what}: not reached (${error?.message ?? (stderr.trim().split("\n").at(-1) || `${command} ended with ${status}`)})`,
    );
    return undefined;
  }
  return new Map(
    stdout
      .trim()
      .split("\n")
      .filter((line) => line.includes(" "))
      .map((line) => line.split(" ") as [string, string])
      .map(([name, value]) => [name, Number(value)]),
  );
}

function python(): string | undefined {
  const folder = `${CACHE}python`;
  const command = `${folder}/bin/python`;
  if (existsSync(`${folder}/complete`)) {
    return command;
  }
  const what = "PyPI cobs, spacepackets-py";
  const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
  const made =
    run(what, "python3", ["-m", "venv", folder]) &&
    run(what, command, [...pip, "--requirement", `${SOURCES}requirements.txt`], INSTALL_MS) &&
    run(what, command, ["-c", `open(${JSON.stringify(`${folder}/complete`)}, "w")`]);
  return made && command;
}

function rust(): string | undefined {
  const target = `${CACHE}rust`;
  const args = [
    "build",
    "--release",
    "--quiet",
    "--manifest-path",
    `${SOURCES}rust/Cargo.toml`,
    "--target-dir",
    target,
  ];
  return run("cobs crate, sat-rs", "cargo", args, INSTALL_MS) && `${target}/release/`;
}

function takeAll(decoder: FrameDecoder, start: number, end: number): void {
  decoder.give(start, end);
  while (decoder.next() === PACKET);
}

/** Each call encodes one packet, or decodes one frame, as a link does it. */
function cobsWork(packet: Uint8Array): { encodeOne: () => void; decodeOne: () => void } {
  const framing = cobs({ maxPacketLength: packet.length });
  const memory = new FixedMemory(16 * 1024);
  const encoder = framing.encoder(memory);
  const from = memory.reserve("packet", packet.length);
  memory.bytes.set(packet, from);
  const room = encoder.maxFrameLength(packet.length);
  const frame = memory.reserve("frame", room);
  const encodeOne = (): void => void encoder.encode(from, from + packet.length, frame, frame + room);
  encodeOne();
  const end = encoder.encode(from, from + packet.length, frame, frame + room);
  const staging = memory.reserve("staging", room + 1);
  const area = memory.reserve("decoder", framing.decoderMemory);
  const decoder: FrameDecoder = framing.decoder(memory, area);
  const bytes = memory.bytes;
  // A frame is decoded where it lies: each time it is put there anew.
  const decodeOne = (): void => {
    bytes.copyWithin(staging, frame, end);
    takeAll(decoder, staging, staging + end - frame);
  };
  return { encodeOne, decodeOne };
}

const venv = python();
const crates = rust();
say(`\n${"peer".padEnd(32)}${"what".padEnd(24)}${"ratio".padStart(8)}`);
for (const length of LENGTHS) {
  const packet = Buffer.from(Uint8Array.from({ length }, (_, i) => i * 37 + (i >> 3)));
  const frame = encode(packet);
  const { encodeOne, decodeOne } = cobsWork(packet);
  const encoding = compare("npm cobs", `encode ${length}`, encodeOne, () => void encode(packet));
  const decoding = compare("npm cobs", `decode ${length}`, decodeOne, () => void decode(frame));
  for (const [command, args, peer] of [
    [venv, [`${SOURCES}cobs_bench.py`, String(length)], "PyPI-cobs"],
    [crates && `${crates}flatlink-peers`, [String(length)], "cobs-crate"],
  ] as const) {
    const theirs = command === undefined ? undefined : run(peer, command, args);
    if (theirs !== undefined) {
      ratio(peer, `encode ${length}`, encoding, theirs.get(`${peer}-encode`)!);
      ratio(peer, `decode ${length}`, decoding, theirs.get(`${peer}-decode`)!);
    }
    const unpacked = theirs?.get("spacepackets-py-telecommand");
    if (unpacked !== undefined && length === PING.length) {
      const ping = Uint8Array.from(PING);
      ratio(
        "spacepackets-py",
        "ping checked",
        nanoseconds(() => void checkTelecommand(ping, 0, ping.length)),
        unpacked,
      );
    }
  }
}
spacePacketParser();
for (const framing of [cobs(), spacePackets()]) {
  const { ratio: speed } = await benchPing(framing, framing.name, "", { rounds: 5, roundMs: 40 });
  say(`${"node:net echo".padEnd(32)}${`round trip, ${framing.name}`.padEnd(24)} ${speed.toFixed(2).padStart(7)}`);
}

if (crates !== undefined) {
  await compareSatrs(`${crates}satrs-echo`, (what, ours, theirs) => {
    ratio("sat-rs server, 2 ms", `TC and answer, ${what}`, ours, theirs);
  });
}

function spacePacketParser(): void {
  const ping = Buffer.from(PING);
  const memory = new FixedMemory(4096);
  const framing = spacePackets();
  const decoder = framing.decoder(memory, memory.reserve("decoder", framing.decoderMemory));
  const at = memory.reserve("ping", ping.length);
  memory.bytes.set(ping, at);
  const parser = new SpacePacketParser();
  parser.on("data", () => {});
  compare(
    "@serialport/parser-spacepacket",
    "decode, ping",
    () => takeAll(decoder, at, at + ping.length),
    () => void parser.write(ping),
  );
}
