/** What is asked of one board, and sent to it. */
import { wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { argumentsOf } from "../../dictionary/command-arguments.js";
import { hashText } from "../../dictionary/hash-check.js";
import type { Message } from "../../dictionary/messages.js";
import { allServices } from "../../dictionary/standard-services.js";
import { commandHistory } from "../archive/command-history.js";
import type { Board } from "../board.js";
import type { RelayPort } from "../relay/relay-port.js";
import type { Station } from "../station.js";
import { asHttpError, commandRequest, sendCommand } from "./command-request.js";
import { type Call, HttpError, type Route, wholeIn } from "./route.js";
import { listOf, ref, WHOLE } from "./schemas.js";

/** Most rows of one reply. */
export const MAX_ROWS = 1000;
export const DEFAULT_ROWS = 100;

/** Of lists that go back in time. */
export const BACKWARDS = [
  { name: "before", description: "only what is older than the one of this number", schema: WHOLE },
  { name: "limit", description: `most that are wanted, ${DEFAULT_ROWS} by default`, schema: WHOLE },
] as const;

/** @throws HttpError 404 */
export function boardIn(station: Station, { path }: Pick<Call, "path">): Board {
  const board = station.board(path["board"]!);
  if (board === undefined) {
    const names = station.boards.map(({ name }) => name).join(", ");
    throw new HttpError(404, `there is no board "${path["board"]}"; there is ${names}`);
  }
  return board;
}

/** @throws HttpError */
export function backwards({ query }: Pick<Call, "query">): { readonly before: number; readonly limit: number } {
  return {
    before: wholeIn(query, "before", Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    limit: wholeIn(query, "limit", DEFAULT_ROWS, 1, MAX_ROWS),
  };
}

export function boardRoutes(station: Station): Route[] {
  const read = { method: "GET", access: "read", status: 200 } as const;
  const board = (call: Pick<Call, "path">) => boardIn(station, call);
  return [
    {
      ...read,
      path: "/api/v1/boards",
      summary: "The boards, and how their connections are",
      reply: listOf(ref("Board")),
      handle: () => station.boards.map((each) => plainBoard(station, each)),
    },
    {
      ...read,
      path: "/api/v1/boards/{board}/dictionary",
      summary: "What the board reports and takes",
      reply: ref("Dictionary"),
      handle: (call) => {
        const { dictionary, hash } = board(call);
        return {
          ...dictionary,
          services: allServices(dictionary),
          hashes: { wire: wireHash(dictionary), whole: hash },
        };
      },
    },
    {
      ...read,
      path: "/api/v1/boards/{board}/commands",
      summary: "What can be sent to the board",
      reply: listOf(ref("CommandDefinition")),
      handle: (call) => board(call).queue.commands.map(plainDefinition),
    },
    {
      ...read,
      method: "POST",
      path: "/api/v1/boards/{board}/preview",
      summary: "A telecommand's octets, without sending it",
      body: ref("CommandRequest"),
      reply: ref("Preview"),
      handle: (call) => {
        const { name, given } = commandRequest(call.body);
        const packet = asHttpError(() => board(call).queue.preview(name, given));
        return { hex: Buffer.from(packet).toString("hex") };
      },
    },
    {
      method: "POST",
      path: "/api/v1/boards/{board}/commands",
      summary: "Sends a command; what becomes of it is told live, and in the history",
      access: "command",
      body: ref("CommandRequest"),
      status: 202,
      reply: ref("Command"),
      handle: (call) => {
        return sendCommand(board(call).queue, commandRequest(call.body), call.caller);
      },
    },
    {
      ...read,
      path: "/api/v1/boards/{board}/history/commands",
      summary: "Commands and what became of them, the latest first",
      query: BACKWARDS,
      reply: listOf(ref("Command")),
      handle: (call) => commandHistory(station.archive, { board: board(call).id, ...backwards(call) }),
    },
    {
      ...read,
      path: "/api/v1/boards/{board}/values",
      summary: "The latest value of each parameter that has one",
      reply: listOf(ref("LatestValue")),
      handle: (call) => board(call).values,
    },
  ];
}

export function plainBoard(
  { archiveFailure, relays }: Station,
  { name, link, hash, dictionary, received, lastPacket }: Board,
): Record<string, unknown> {
  return {
    name,
    link,
    hash: hashText(hash),
    dictionaryHash: hashText(wireHash(dictionary)),
    received,
    lastPacket: lastPacket ?? null,
    relays: relays.of(name).map(plainRelay),
    ...(archiveFailure === undefined ? {} : { archiveFailure }),
  };
}

function plainRelay({ host, port, framingText, role, clients }: RelayPort): Record<string, unknown> {
  return {
    host,
    port,
    framing: framingText,
    role,
    clients: clients.map(({ address, since, packets, telecommands, refused, waiting }) => ({
      address,
      since,
      packets,
      telecommands,
      refused,
      waiting,
    })),
  };
}

function plainDefinition(command: Message): Record<string, unknown> {
  const { name, service, serviceType, subtype, description, dangerous, list, maxDataLength } = command;
  return {
    name,
    service,
    serviceType,
    subtype,
    ...(description === undefined ? {} : { description }),
    ...(dangerous === undefined ? {} : { dangerous }),
    ...(list === undefined ? {} : { maxItems: list.maxCount }),
    arguments: argumentsOf(command).map(({ name: argument, kind, field }) => ({
      name: argument,
      kind,
      ...(field === undefined ? { maxLength: maxDataLength } : { value: field.value }),
      ...(field?.value.default === undefined ? {} : { default: field.value.default }),
    })),
  };
}
