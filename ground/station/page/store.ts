/** Holds what the page knows, keeps it up to date, and tells the views, once for each frame that the browser draws. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { Alarm, Command } from "../contracts.js";
import { applyAlarm } from "./alarms.js";
import { failureText, get, post } from "./api.js";
import { Live } from "./live.js";
import { address, historyAddress, ofBoard } from "./query.js";
import {
  applyMessage,
  applySummary,
  applyValue,
  type BoardState,
  boardIn,
  fillRing,
  newState,
  type PageState,
  renew,
  watch,
} from "./state.js";
import type {
  BoardSummary,
  CommandEntry,
  EventEntry,
  History,
  LatestValue,
  PacketEntry,
  RejectedEntry,
} from "./wire.js";

export const SPARK_MS = 300_000;
const SPARK_POINTS = 150;
const PAGE = 200;
/** Alarms of a board that are not gone. */
const MAX_OPEN = 500;
/** Parameters in one question: an address has an end. */
const AT_ONCE = 40;

export class Store {
  readonly state: PageState = newState();
  /** Rises each time the views are told. */
  frame = 0;
  readonly #listeners = new Set<() => void>();
  readonly #live: Live;
  #isScheduled = false;

  constructor() {
    this.#live = new Live({
      message: (message) => {
        applyMessage(this.state, message);
        this.changed();
      },
      opened: (isAgain) => {
        this.state.station = "connected";
        this.changed();
        if (isAgain) {
          renew(this.state);
          void this.#load();
        }
      },
      lost: () => {
        if (this.state.station !== "lost") {
          this.state.lostSince = Date.now();
        }
        this.state.station = "lost";
        this.changed();
      },
    });
  }

  /** @returns what ends it */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The views are told when the browser draws the next time, however often this is called before. */
  changed(): void {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      requestAnimationFrame(() => {
        this.#isScheduled = false;
        this.frame++;
        for (const listener of this.#listeners) {
          listener();
        }
      });
    }
  }

  /** First the stream, then what was before: what comes in between is in both, and counts once. */
  start(): void {
    this.#live.open();
    void this.#load();
  }

  /** Shows a board. */
  watch(name: string): void {
    if (this.state.watched !== name) {
      watch(this.state, name);
      void this.#loadBoard(boardIn(this.state, name));
    }
  }

  async acknowledge(board: BoardState, packet: number): Promise<void> {
    await this.#try(async () => {
      await post(ofBoard(board.name, ["events", packet, "acknowledge"]));
      // Who it was, the news of its alarm say.
      board.events.change(packet, (event) => ({ ...event, acknowledged: event.acknowledged ?? "you" }));
    });
  }

  async acknowledgeAlarm(board: BoardState, alarm: number): Promise<void> {
    await this.#try(async () => {
      applyAlarm(board, await post<Alarm>(ofBoard(board.name, ["alarms", alarm, "acknowledge"])));
    });
  }

  async goneAlarms(board: BoardState): Promise<void> {
    await this.#try(async () => {
      addAll(board.alarms, await get<Alarm[]>(ofBoard(board.name, ["alarms"], { state: "gone", limit: PAGE })));
    });
  }

  async olderEvents(board: BoardState): Promise<void> {
    await this.#try(async () => {
      board.events.grow(PAGE);
      const older = await get<EventEntry[]>(
        ofBoard(board.name, ["events"], { before: board.events.oldest, limit: PAGE }),
      );
      for (const event of older) {
        board.events.add(event);
      }
    });
  }

  /** Takes a message away that the user has read. */
  dismiss(): void {
    this.state.failure = undefined;
    this.changed();
  }

  async #load(): Promise<void> {
    await this.#try(async () => {
      for (const summary of await get<BoardSummary[]>(address(["boards"]))) {
        applySummary(this.state, summary);
      }
      this.state.isLoaded = true;
      // Of all boards: each tile says how many there are.
      await Promise.all(
        [...this.state.boards.values()].map(async (board) =>
          addAll(board.alarms, await get<Alarm[]>(ofBoard(board.name, ["alarms"], { limit: MAX_OPEN }))),
        ),
      );
      const { watched } = this.state;
      if (watched !== undefined) {
        await this.#loadBoard(boardIn(this.state, watched));
      }
    });
  }

  async #loadBoard(board: BoardState): Promise<void> {
    const { name } = board;
    const of = <Answer>(path: string[], take: (answer: Answer) => void, limit?: number): Promise<void> =>
      this.#try(async () => take(await get<Answer>(ofBoard(name, path, { limit }))));
    await Promise.all([
      of<LatestValue[]>(["values"], (values) => {
        for (const value of values) {
          applyValue(this.state, board, value);
        }
      }),
      of<BoardDictionary>(["dictionary"], (dictionary) => {
        board.dictionary = dictionary;
      }),
      of<CommandEntry[]>(["commands"], (commands) => {
        board.sendable = commands;
      }),
      of<Command[]>(["history", "commands"], (commands) => addAll(board.commands, commands), PAGE),
      of<EventEntry[]>(["events"], (events) => addAll(board.events, events), PAGE),
      of<PacketEntry[]>(["packets"], (packets) => addAll(board.packets, packets), PAGE),
      of<RejectedEntry[]>(["rejected"], (rejected) => addAll(board.rejected, rejected), PAGE),
    ]);
    await this.#loadSparks(board);
  }

  async #loadSparks(board: BoardState): Promise<void> {
    const names = [...board.values.values()].filter(({ value }) => !Array.isArray(value)).map(({ name }) => name);
    const to = Date.now();
    for (let k = 0; k < names.length && this.state.watched === board.name; k += AT_ONCE) {
      const some = names.slice(k, k + AT_ONCE);
      await this.#try(async () => {
        const range = { from: to - SPARK_MS, to: to + SPARK_MS };
        const history = await get<History>(historyAddress(board.name, some, range, SPARK_POINTS));
        for (const [parameter, samples] of Object.entries(history)) {
          fillRing(board, parameter, samples);
        }
      });
    }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.state.failure = failureText(error);
    }
    this.changed();
  }
}

function addAll<Entry>(list: { add(entry: Entry): void }, entries: readonly Entry[]): void {
  for (const entry of entries) {
    list.add(entry);
  }
}
