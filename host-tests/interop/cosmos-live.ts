/** The generated plugin of the flatsat, with openc3's own interface, against the simulator. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boardDictionary } from "../../ground/commands/board-choice.js";
import { commandsOf, packetsOf } from "../../ground/dictionary/messages.js";
import { COSMOS_GENERATOR } from "../../ground/generate/cosmos/cosmos.js";
import { telemetryOf } from "../../ground/generate/cosmos/packets.js";
import { targetName } from "../../ground/generate/cosmos/text.js";
import { writeFiles } from "../../ground/generate/write-files.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { Random } from "../framing/random.js";
import { explained, fill } from "../ground/generate/random-messages.js";
import { simulator } from "../ground/link/board.js";
import { paramsOf } from "./cosmos-operator.js";
import { ask, type Build, checkPacket, type Read, upper } from "./cosmos-reader.js";
import { Differences } from "./differences.js";

const BOARD = "examples/flatsat/board.ts";
/** Ends every connection. */
const NOT_SENT = ["restart"];
const MORE_SECONDS = 3;
/** Verification reports that end a telecommand. */
const COMPLETED = 7;

export const LIVE_FRAMINGS: Readonly<Record<string, (port: number) => string>> = {
  "space-packets": (port) => `space-packets:${port},crc=check16`,
  cobs: (port) => `cobs:${port}`,
  slip: (port) => `slip:${port},delimiter=both`,
  "length-prefixed": (port) => `length-prefixed:${port},size=4,endian=little,crc=crc32`,
};

/** Each command once, with arguments made of the seed; then all of housekeeping, whatever they were. */
function everyCommand(board: BoardDictionary, random: Random): Build[] {
  const every = commandsOf(board)
    .filter(({ name }) => !NOT_SENT.includes(name))
    .map((message) => {
      const count = message.list === undefined ? {} : { count: 1 };
      return { name: upper(message.name), params: paramsOf(fill(random, message, { onlyWords: true, ...count })) };
    });
  return [
    ...every,
    { name: "ONE_SHOT_HOUSEKEEPING", params: { STRUCTURE_ID: Object.keys(board.structures!).map(upper) } },
  ];
}

function check(board: BoardDictionary, target: string, came: readonly Read[], sent: number): readonly string[] {
  const differences = new Differences();
  const { packets } = telemetryOf(board, target);
  const messages = packetsOf(board);
  let ended = 0;
  for (const read of came) {
    const octets = Uint8Array.from(Buffer.from(read.hex!, "hex"));
    const isVerification = octets[7] === 1;
    ended += isVerification && (octets[8] === COMPLETED || octets[8]! % 2 === 0) ? 1 : 0;
    const filled = explained(board, messages, octets);
    const packet = packets.find(({ message }) => message === filled?.message || message.name === filled?.message.name);
    if (filled === undefined || packet === undefined) {
      // A structure that was created on the way, or nothing that the dictionary has.
      differences.expect(
        read.packet === "HOUSEKEEPING_REPORT_OTHER",
        () => `nobody knows ${read.hex} (${read.packet})`,
      );
      continue;
    }
    checkPacket(differences, read, packet.name, packet.items, filled);
  }
  differences.same(ended, sent, "telecommands that came to an end");
  const kinds = new Set(came.map(({ packet }) => packet));
  const structures = Object.keys(board.structures!).map((name) => `HOUSEKEEPING_REPORT_${upper(name)}`);
  for (const kind of [...structures, "ARE_YOU_ALIVE_REPORT", "COMPLETION_SUCCESS"]) {
    differences.expect(kinds.has(kind), () => `no ${kind} came`);
  }
  return differences.found;
}

/** @returns what is wrong, one a line */
export async function runCosmosLive(
  engine: string,
  framing: string,
  python: string,
  seed: number,
  say: (line: string) => void,
): Promise<boolean> {
  const listen = LIVE_FRAMINGS[framing]!;
  const folder = mkdtempSync(join(tmpdir(), "flatlink-cosmos-"));
  const { program, ports } = await simulator(engine, [listen(0)], "--board", BOARD, "--memory", "40000");
  try {
    const settings = { listen: listen(ports[0]!), memory: "40000" };
    const board = await boardDictionary({ board: BOARD, framings: undefined, settings });
    await writeFiles(folder, COSMOS_GENERATOR.generate(board));
    const target = targetName(board.name);
    const build = everyCommand(board, new Random(seed));
    const job = { folder, target, decode: [], build: [], live: { build, seconds: MORE_SECONDS } };
    const [result] = ask(python, [job]);
    const wrong = result!.error === undefined ? check(board, target, result!.live!, build.length) : [result!.error];
    say(
      wrong.length === 0
        ? `  ok     ${engine}, ${framing}: ${build.length} commands, ${result!.live!.length} packets, each value as ours`
        : `  FAILED ${engine}, ${framing}: ${wrong.slice(0, 8).join("\n    ")}`,
    );
    return wrong.length === 0;
  } finally {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
