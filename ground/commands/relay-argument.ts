/** `--relay NAME=[HOST:]PORT[,framing...]`: a port that tools connect to in place of a board. */
import { UsageError } from "../../host/command.js";
import { PORT_OPTIONS, parsePorts } from "../../modules/flatsat/configuration.js";
import { MAX_PACKET_LENGTH } from "../link/link-options.js";
import { checkHost } from "../link/options.js";
import type { RelayChoice } from "../station/relay/relay-choice.js";
import type { BoardEntry } from "../station/station.js";

const LOCAL = "127.0.0.1";
const SPACE_PACKETS = "space-packets";
/** What a board asks of bare space packets, too: bytes of almost any value look like a header. */
const STRICT = ["crc=check16", "packet-ids=0x1800", "id-mask=0x1800"] as const;
/** Options of framings that are about keys. */
const OF_KEYS = ["sdls", "auth-mask"] as const;
const DEFAULT_CLIENTS = 8;
const MAX_CLIENTS = 32;

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
  const own = link.framingText.split(",").filter((pair) => !OF_KEYS.some((key) => isOf(pair, key)));
  const [name = "", ...keys] = isBoards ? [...own, ...words] : words;
  // Each telecommand by itself, however many a read brings: on the wire it is the same.
  const framing = name === "raw" ? SPACE_PACKETS : name;
  const missing = framing === SPACE_PACKETS ? STRICT.filter((pair) => !keys.some((key) => isOf(key, pair))) : [];
  try {
    const [parsed] = parsePorts(
      [`${framing}:${port}`, ...keys, ...missing].join(","),
      Math.max(MAX_PACKET_LENGTH, link.framing.maxPacketLength),
      undefined,
      MAX_CLIENTS,
    );
    const { role, maxClients = DEFAULT_CLIENTS, badFrames = "passOver", reserve } = parsed!;
    const ofPort = Object.keys(PORT_OPTIONS).map((key) => `${key}=`);
    const framingText = [framing, ...keys.filter((key) => !ofPort.some((pair) => isOf(key, pair)))].join(",");
    if (reserve !== undefined) {
      throw new TypeError("reserve is for a board's ports: a relay port has max-clients");
    }
    if (parsed!.framing.sdls !== undefined) {
      throw new TypeError("sdls is for a board's ports: a relay port has no keys");
    }
    return { host, port, framing: parsed!.framing, framingText, role, maxClients, badFrames };
  } catch (error) {
    throw new UsageError(`--relay ${board}=${port}: ${(error as Error).message.replace(/^listen: "[^"]*":? ?/, "")}`);
  }
}

/** Whether two options `key=value` are of the same key. */
function isOf(option: string, pair: string): boolean {
  return option.split("=")[0] === pair.split("=")[0];
}
