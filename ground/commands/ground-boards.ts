/** The boards of `flatlink ground`: how each is reached, and its dictionary; or a simulated one. */
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { chooseBoard } from "../../host/choose-board.js";
import { UsageError } from "../../host/command.js";
import { runOnNode } from "../../host/run-node.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { wholeHash, wireHash } from "../../modules/dictionary/dictionary-hash.js";
import { dictionaryOf } from "../../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { standardServices } from "../dictionary/standard-services.js";
import type { KeyChoices } from "../link/link-keys.js";
import { DEFAULT_FRAMING, linkChoice, MAX_PACKET_LENGTH, usualFraming } from "../link/link-options.js";
import type { BoardEntry } from "../station/station.js";
import { boardChoice, boardDictionary } from "./board-choice.js";
import type { BoardArgument, GroundOptions } from "./ground-options.js";

const APPLICATION = fileURLToPath(new URL("../../host/engine/flatsat.js", import.meta.url));
const SIMULATED = "flatsat";
const ADDRESS = "127.0.0.1";
const FRAMING = "cobs";

/** @throws (rejects) in one line: what is wrong with a board, its framing, its dictionary or its settings */
export function boardEntries({ boards, dictionaries, keys, settings }: GroundOptions): Promise<BoardEntry[]> {
  const names = boards.map(({ name }) => name);
  const lost = settings.find((word) => /^[\w-]+\./.test(word) && !names.includes(word.split(".")[0]!));
  if (lost !== undefined) {
    throw new UsageError(`"${lost}": there is no board ${lost.split(".")[0]}`);
  }
  return Promise.all(
    boards.map(async (board) => {
      const dictionary = await dictionaryFor(dictionaries.get(board.name), settingsOf(board.name, settings));
      return { name: board.name, link: linkOf(board, dictionary, keys.get(board.name) ?? {}), dictionary };
    }),
  );
}

/** Those of every board, and those of this one, which replace them. */
function settingsOf(board: string, words: readonly string[]): readonly string[] {
  const own = `${board}.`;
  return [
    ...words.filter((word) => !/^[\w-]+\./.test(word)),
    ...words.filter((word) => word.startsWith(own)).map((word) => word.slice(own.length)),
  ];
}

async function dictionaryFor(file: string | undefined, settings: readonly string[]): Promise<BoardDictionary> {
  if (file?.endsWith(".json") === true) {
    return writtenDictionary(file);
  }
  return boardDictionary(boardChoice(file === undefined ? {} : { board: file }, settings));
}

/** What `flatlink generate json` wrote. Its hashes tell whether this flatlink reads it as it was meant. */
function writtenDictionary(file: string): BoardDictionary {
  let written: BoardDictionary & { readonly hashes?: { readonly wire: number; readonly whole: number } };
  try {
    written = JSON.parse(readFileSync(file, "utf8")) as typeof written;
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  const { hashes, ...rest } = written ?? {};
  if (hashes === undefined || rest.conventions === undefined) {
    throw new UsageError(`${file} is no dictionary as flatlink generate json writes it`);
  }
  const standard = Object.keys(standardServices(rest));
  const own = Object.entries(rest.services ?? {}).filter(([name]) => !standard.includes(name));
  const { services: _, ...without } = rest;
  // In place: the hash of the whole depends on the order, and on whether there are any.
  const board = [{ ...rest, services: Object.fromEntries(own) }, without].find(
    (each) => wireHash(each) === hashes.wire && wholeHash(each) === hashes.whole,
  );
  if (board === undefined) {
    throw new UsageError(
      `${file}: its hashes are not those of what is in it: it was changed, or is another flatlink's`,
    );
  }
  return board;
}

function linkOf(
  { name, host, port, framing }: BoardArgument,
  { conventions }: BoardDictionary,
  keys: KeyChoices,
): BoardEntry["link"] {
  const usual = usualFraming(port);
  const fallback = usual === undefined || usual === "space-packets" ? DEFAULT_FRAMING : usual;
  try {
    return linkChoice(
      { host, port, framing: framing ?? fallback },
      Math.max(MAX_PACKET_LENGTH, conventions.maxTelemetryLength),
      undefined,
      "sends",
      keys,
    );
  } catch (error) {
    throw new UsageError(`--board ${name}: ${(error as Error).message.replace(/^--framing:? ?/, "")}`);
  }
}

export interface SimulatedBoard {
  readonly entry: BoardEntry;
  stop(): Promise<void>;
}

/**
 * A flatsat, in this process, on a port that is free.
 * @param words settings, as `key=value`
 * @throws (rejects) what is wrong with the settings, in one line
 */
export async function simulatedBoard(
  words: readonly string[],
  onFailure: (error: Error) => void,
): Promise<SimulatedBoard> {
  const lost = words.find((word) => word.startsWith("listen="));
  if (lost !== undefined) {
    throw new UsageError(`"${lost}": the simulated board's port is the station's own matter`);
  }
  // One that it has again when it restarts. It is not in the dictionary, which is the same each time.
  const port = await freePort();
  const { settings } = boardChoice({}, [`address=${ADDRESS}`, ...words]);
  const board = await chooseBoard(undefined);
  const dictionary = dictionaryOf(parseConfiguration({ ...settings, listen: `${FRAMING}:0` }), board);
  const running = await runOnNode({
    application: APPLICATION,
    settings: { ...settings, listen: `${FRAMING}:${port}` },
    board,
    listen: [{ port, address: ADDRESS }],
    onReport: () => {},
    onFailure,
  });
  return {
    entry: {
      name: SIMULATED,
      link: linkChoice(
        { host: ADDRESS, port, framing: FRAMING },
        Math.max(MAX_PACKET_LENGTH, dictionary.conventions.maxTelemetryLength),
      ),
      dictionary,
    },
    stop: () => running.stop(),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, ADDRESS, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
