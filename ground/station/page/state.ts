/** What the page knows, and how news changes it. No more of anything is kept than what is shown. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { Alarm, Command, LinkState } from "../contracts.js";
import { applyAlarm, isGone, isOlder } from "./alarms.js";
import { plottable } from "./format.js";
import { Recent, SampleRing } from "./ring.js";
import type { Outage } from "./series.js";
import type {
  BoardSummary,
  CommandEntry,
  EventEntry,
  LatestValue,
  Message,
  PacketEntry,
  RejectedEntry,
} from "./wire.js";

const SAMPLES = 2048;
const EVENTS = 1000;
const ALARMS = 500;
const COMMANDS = 500;
const PACKETS = 500;
const REJECTED = 200;
const OUTAGES = 100;
/** The event of every board that has started. */
const RESTART = 1;

export interface BoardState {
  readonly name: string;
  link: LinkState | undefined;
  /** Packets since the station began. */
  received: number;
  lastPacket: number | undefined;
  archiveFailure: string | undefined;
  hash: number | string | undefined;
  dictionaryHash: number | string | undefined;
  dictionary: BoardDictionary | undefined;
  sendable: readonly CommandEntry[] | undefined;
  readonly values: Map<string, LatestValue>;
  /** Of the board that is shown; no other has any. */
  readonly samples: Map<string, SampleRing>;
  readonly events: Recent<EventEntry>;
  readonly alarms: Recent<Alarm>;
  readonly commands: Recent<Command>;
  readonly packets: Recent<PacketEntry>;
  readonly rejected: Recent<RejectedEntry>;
  readonly outages: Outage[];
}

export type StationState = "connecting" | "connected" | "lost";

export interface PageState {
  /** In the station's order. */
  readonly boards: Map<string, BoardState>;
  /** The board that is shown. */
  watched: string | undefined;
  station: StationState;
  /** Since when the station does not answer. */
  lostSince: number;
  /** Why the station does not do what it was asked to. */
  failure: string | undefined;
  /** Whether the station has said which boards there are. */
  isLoaded: boolean;
}

export function newState(): PageState {
  return {
    boards: new Map(),
    watched: undefined,
    station: "connecting",
    lostSince: 0,
    failure: undefined,
    isLoaded: false,
  };
}

export function boardIn(state: PageState, name: string): BoardState {
  let board = state.boards.get(name);
  if (board === undefined) {
    board = {
      name,
      link: undefined,
      received: 0,
      lastPacket: undefined,
      archiveFailure: undefined,
      hash: undefined,
      dictionaryHash: undefined,
      dictionary: undefined,
      sendable: undefined,
      values: new Map(),
      samples: new Map(),
      events: new Recent(EVENTS, ({ packet }) => packet),
      alarms: new Recent(ALARMS, ({ id }) => id, isOlder, isGone),
      commands: new Recent(
        COMMANDS,
        ({ id }) => id,
        (command, known) => command.stages.length < known.stages.length,
      ),
      packets: new Recent(PACKETS, ({ id }) => id),
      rejected: new Recent(REJECTED, ({ id }) => id),
      outages: [],
    };
    state.boards.set(name, board);
  }
  return board;
}

/**
 * The station was gone. It may be another one now, whose archive counts from 1 again: what comes replaces what is known, and the lists
 * are asked for anew.
 */
export function renew(state: PageState): void {
  for (const board of state.boards.values()) {
    board.received = 0;
    board.events.clear();
    board.alarms.clear();
    board.commands.clear();
    board.packets.clear();
    board.rejected.clear();
    for (const [name, value] of board.values) {
      board.values.set(name, { ...value, packet: Number.NEGATIVE_INFINITY });
    }
  }
}

/** Only of one board are samples kept. */
export function watch(state: PageState, name: string): void {
  for (const board of state.boards.values()) {
    if (board.name !== name) {
      board.samples.clear();
    }
  }
  state.watched = name;
}

export function applySummary(state: PageState, summary: BoardSummary): void {
  const board = boardIn(state, summary.name);
  board.received = Math.max(board.received, summary.received);
  board.lastPacket = summary.lastPacket ?? board.lastPacket;
  board.archiveFailure = summary.archiveFailure ?? undefined;
  board.hash = summary.hash;
  board.dictionaryHash = summary.dictionaryHash ?? undefined;
  setLink(board, summary.link);
}

/** One message of the live stream. What came before, comes again after a reconnection, changes nothing. */
export function applyMessage(state: PageState, message: Message): void {
  const board = boardIn(state, message.board);
  switch (message.kind) {
    case "packet": {
      const { hex, bytes, ...packet } = message.packet;
      board.received++;
      board.lastPacket = packet.received;
      board.packets.add({
        ...packet,
        hex: hex ?? bytes ?? "",
        ...(message.error === undefined ? {} : { error: message.error }),
      });
      break;
    }
    case "values":
      for (const value of message.values) {
        applyValue(state, board, { ...value, time: message.time, packet: message.packet });
      }
      break;
    case "event": {
      const { packet, time, event, name, severity, text } = message;
      board.events.add({ packet, time, event, name, severity, text });
      break;
    }
    case "command":
      board.commands.add(message.command);
      break;
    case "alarm":
      applyAlarm(board, message.alarm);
      break;
    case "rejected":
      board.rejected.add(message.rejected);
      break;
    case "link":
      setLink(board, message.link);
      break;
    default:
  }
}

export function applyValue(state: PageState, board: BoardState, value: LatestValue): void {
  const known = board.values.get(value.name);
  if (known !== undefined && value.packet >= 0 && value.packet < known.packet) {
    return;
  }
  const isNew = known === undefined || known.packet !== value.packet || value.packet < 0;
  board.values.set(value.name, value);
  if (isNew && state.watched === board.name) {
    const number = plottable(value.value);
    if (!Number.isNaN(number)) {
      ringOf(board, value.name).push(value.time, number);
    }
  }
}

/** What the archive has, for the small lines; what came since goes behind it. */
export function fillRing(board: BoardState, parameter: string, history: readonly (readonly [number, unknown])[]): void {
  const ring = ringOf(board, parameter);
  const since: [number, number][] = [];
  ring.read((time, value) => {
    since.push([time, value]);
  });
  const last = history.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  ring.clear();
  for (const [time, value] of history) {
    ring.push(time, plottable(value));
  }
  for (const [time, value] of since) {
    if (time > last) {
      ring.push(time, value);
    }
  }
}

function ringOf(board: BoardState, parameter: string): SampleRing {
  let ring = board.samples.get(parameter);
  if (ring === undefined) {
    ring = new SampleRing(SAMPLES);
    board.samples.set(parameter, ring);
  }
  return ring;
}

function setLink(board: BoardState, link: LinkState): void {
  const wasUp = board.link?.state === "connected";
  const isUp = link.state === "connected";
  const open = board.outages.at(-1);
  if (wasUp && !isUp) {
    board.outages.push({ from: link.since, to: undefined });
    if (board.outages.length > OUTAGES) {
      board.outages.shift();
    }
  } else if (isUp && open !== undefined && open.to === undefined) {
    open.to = link.since;
  }
  // What the board said of its dictionary holds until it says something else.
  board.link =
    link.dictionary === undefined && isUp && wasUp && board.link?.dictionary !== undefined
      ? { ...link, dictionary: board.link.dictionary }
      : link;
}

/** Where a line ends: there was no connection, or the board began anew. A page that was not open then knows the latter only. */
export function breaksOf({ outages, events }: BoardState): readonly Outage[] {
  const restarts = events.items.filter(({ event }) => event === RESTART);
  return [...outages, ...restarts.map(({ time }) => ({ from: time, to: time }))];
}

/** The worst that the limits say of any value, and how many values are out of theirs. */
export function limitsOf({ values }: BoardState): { warning: number; critical: number } {
  let warning = 0;
  let critical = 0;
  for (const { limit } of values.values()) {
    if (limit?.startsWith("critical") === true) {
      critical++;
    } else if (limit?.startsWith("warning") === true) {
      warning++;
    }
  }
  return { warning, critical };
}
