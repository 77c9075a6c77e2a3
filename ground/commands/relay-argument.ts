/** `--relay NAME=[HOST:]PORT[,framing...]`: a port that tools connect to in place of a board. */
import { UsageError } from "../../host/command.js";
import { MAX_PACKET_LENGTH } from "../link/link-options.js";
import { checkHost } from "../link/options.js";
import type { RelayChoice } from "../station/relay/relay-choice.js";
import type { BoardEntry } from "../station/station.js";
import { toolPort, withoutListen } from "./tool-port.js";

const LOCAL = "127.0.0.1";
/** Options of framings that are about keys. */
const OF_KEYS = ["sdls", "auth-mask"] as const;

/** As the command line names it. */
export interface RelayArgument {
  /** Name of the board. */
  readonly board: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** `cobs,delimiter=both`, or only `key=value`: then the framing is the board's, without what is about keys. */
  readonly words: readonly string[];
}

/** @throws UsageError */
export function relayArgument(board: string, text: string): RelayArgument {
  const [address = "", ...words] = text.split(",");
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || !(port <= 65_535)) {
    throw new UsageError(`--relay ${board}: "${address}" must be PORT or HOST:PORT, as in 7401`);
  }
  return { board, host: checkHost(match[1] ?? match[2] ?? LOCAL), port, words };
}

/**
 * The boards, each with its relay ports.
 * @throws UsageError
 */
export function withRelays(boards: readonly BoardEntry[], relays: readonly RelayArgument[]): BoardEntry[] {
  for (const { board } of relays) {
    if (!boards.some(({ name }) => name === board)) {
      const names = boards.map(({ name }) => name).join(", ");
      throw new UsageError(`--relay ${board}: there is no such board; there is ${names}`);
    }
  }
  return boards.map((entry) => ({
    ...entry,
    relays: relays.filter(({ board }) => board === entry.name).map((relay) => choiceOf(relay, entry)),
  }));
}

function choiceOf({ board, host, port, words }: RelayArgument, { link }: BoardEntry): RelayChoice {
  const isBoards = words[0] === undefined || words[0].includes("=");
  // The station has the keys, and tools talk to the station.
  const own = link.framingText.split(",").filter((pair) => !OF_KEYS.some((key) => pair.startsWith(`${key}=`)));
  const [name = "", ...keys] = isBoards ? [...own, ...words] : words;
  try {
    return { host, port, ...toolPort(name, keys, Math.max(MAX_PACKET_LENGTH, link.framing.maxPacketLength), port) };
  } catch (error) {
    throw new UsageError(`--relay ${board}=${port}: ${withoutListen(error)}`);
  }
}
