/**
 * Generated COSMOS plugins, read by openc3 itself: on random dictionaries, values, limit states and the bytes of commands are those of
 * this project.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandsOf, packetsOf } from "../../ground/dictionary/messages.js";
import { COSMOS_GENERATOR } from "../../ground/generate/cosmos/cosmos.js";
import { telemetryOf } from "../../ground/generate/cosmos/packets.js";
import { targetName } from "../../ground/generate/cosmos/text.js";
import { writeFiles } from "../../ground/generate/write-files.js";
import { NO_TIME_REFERENCE } from "../../modules/ccsds/time-code.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { Random } from "../framing/random.js";
import { decoratedBoard } from "../ground/generate/decorated-dictionaries.js";
import { fill, hex, STAMPED, telecommand, telemetry } from "../ground/generate/random-messages.js";
import { beyond, paramsOf, through } from "./cosmos-operator.js";
import { ask, checkPacket, type Job, type Result, upper } from "./cosmos-reader.js";
import { Differences } from "./differences.js";
import type { Tally } from "./framings.js";

const RANDOM_BOARDS = 40;
const PACKETS_EACH = 3;
/** As cosmos_plugin.py has all packets arrive, in UNIX milliseconds. */
const ARRIVED = Date.UTC(2030, 0, 1);

interface Trial {
  readonly job: Job;
  check(result: Result): readonly string[];
}

async function trial(board: BoardDictionary, random: Random, folder: string): Promise<Trial> {
  await writeFiles(folder, COSMOS_GENERATOR.generate(board));
  const target = targetName(board.name);
  const { packets } = telemetryOf(board, target);
  const reports = packets.flatMap((packet) =>
    Array.from({ length: PACKETS_EACH }, () => ({ packet, filled: fill(random, packet.message) })),
  );
  const commands = commandsOf(board).map((message) => {
    const isSingle = message.list !== undefined && (message.list.items.length > 1 || message.maxDataLength > 0);
    const filled = fill(random, message, { onlyWords: true, ...(isSingle ? { count: 1 } : {}) });
    return { message, filled: through(filled), params: paramsOf(filled) };
  });
  const refused = commands.flatMap(({ message, params }) =>
    beyond(message).map((each) => ({ message, params: { ...params, ...each } })),
  );
  const job: Job = {
    folder,
    target,
    decode: [
      ...reports.map(({ filled }) => hex(telemetry(board, filled))),
      hex(telemetry(board, reports[0]!.filled, NO_TIME_REFERENCE)),
    ],
    build: [...commands, ...refused].map(({ message, params }) => ({ name: upper(message.name), params })),
  };
  return {
    job,
    check(result) {
      const differences = new Differences();
      if (result.error !== undefined) {
        return [result.error];
      }
      differences.same(result.warnings, [], "warnings");
      differences.same(result.said, [], "said");
      reports.forEach(({ packet, filled }, k) => {
        const read = result.decoded[k]!;
        checkPacket(differences, read, packet.name, packet.items, filled);
        differences.same(read.values?.["PACKET_TIME"], STAMPED, `${packet.name}: PACKET_TIME`);
      });
      const unsynchronized = result.decoded.at(-1)!.values["PACKET_TIME"];
      differences.same(unsynchronized, ARRIVED, "PACKET_TIME while the board has no time");
      let count = 0;
      commands.forEach(({ message, filled, params }, k) => {
        const built = result.built[k]!;
        const what = `${message.name} ${JSON.stringify(params)}`;
        if ("error" in built) {
          differences.found.push(`${what}: ${built.error}`);
          return;
        }
        differences.same(built.hex, hex(telecommand(board, filled, count++)), what);
        differences.same(built.identified, upper(message.name), `${what} identified`);
        const isHazardous = built.hazardous !== null;
        differences.same(isHazardous, message.dangerous !== undefined, `${what} hazardous`);
      });
      refused.forEach(({ message, params }, k) => {
        const built = result.built[commands.length + k]!;
        const isRefused = "error" in built && built.error.startsWith("ValueError");
        differences.expect(
          isRefused,
          () => `${message.name} ${JSON.stringify(params)} was not refused: ${JSON.stringify(built)}`,
        );
      });
      return differences.found;
    },
  };
}

/** Whatever the names: no warning, and everything is identified. */
async function nastyTrial(seed: number, folder: string): Promise<Trial> {
  const random = new Random(seed);
  const board = decoratedBoard(random, "nasty");
  await writeFiles(folder, COSMOS_GENERATOR.generate(board));
  const decode = packetsOf(board).map((message) => hex(telemetry(board, fill(random, message))));
  return {
    job: { folder, target: targetName(board.name), decode, build: [] },
    check: ({ error, warnings, decoded, said, commands }) =>
      error !== undefined
        ? [error]
        : [
            ...warnings,
            ...said,
            ...decoded
              .filter(({ packet }) => packet === null || packet.endsWith("_OTHER"))
              .map((read) => `not identified: ${JSON.stringify(read)}`),
            ...(commands.length === commandsOf(board).length ? [] : [`${commands.length} commands`]),
          ],
  };
}

export async function runCosmosPlugins(python: string, seed: number, say: (line: string) => void): Promise<Tally> {
  const parent = mkdtempSync(join(tmpdir(), "flatlink-cosmos-"));
  try {
    const trials: Trial[] = [];
    const nasty: Trial[] = [];
    for (let k = 0; k < RANDOM_BOARDS; k++) {
      const random = new Random(seed + k);
      trials.push(await trial(decoratedBoard(random, "plain"), random, join(parent, `plain${k}`)));
      nasty.push(await nastyTrial(seed + k, join(parent, `nasty${k}`)));
    }
    const all = [...trials, ...nasty];
    const results = ask(
      python,
      all.map(({ job }) => job),
    );
    const tally = { passed: 0, failed: 0 };
    all.forEach((each, k) => {
      const wrong = each.check(results[k]!);
      tally[wrong.length === 0 ? "passed" : "failed"]++;
      if (wrong.length > 0) {
        say(`  FAILED board ${k} (${each.job.folder}): ${wrong.length} differences`);
        wrong.slice(0, 6).forEach((line) => {
          say(`    ${line}`);
        });
      }
    });
    const count = trials.reduce((sum, { job }) => sum + job.decode.length, 0);
    say(
      `  ${tally.passed} of ${all.length} random plugins are read without a warning, ${count} packets of them as they are (FLATLINK_SEED=${seed})`,
    );
    return tally;
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}
