/** A ground station: boards, one archive, one bus that says what is new. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { LinkChoice } from "../link/link-options.js";
import { allowedClients } from "../ports/allowed-clients.js";
import { AlarmBook, AlarmNumbers } from "./alarms/alarm-book.js";
import { Archive, type PacketRow } from "./archive/archive.js";
import { forget, type Retention, shrink } from "./archive/retention.js";
import { Auditor } from "./auditor.js";
import type { Board } from "./board.js";
import { Bus } from "./bus.js";
import { Deriver } from "./derive.js";
import { deriveAgain } from "./derive-again.js";
import type { Metric } from "./metric.js";
import type { RelayChoice } from "./relay/relay-choice.js";
import { Relays } from "./relay/relays.js";
import { StationBoard } from "./station-board.js";

const RETENTION_MS = 60_000;

export interface BoardEntry {
  readonly name: string;
  readonly link: LinkChoice;
  readonly dictionary: BoardDictionary;
  /** Ports for tools that connect to the station instead of the board. */
  readonly relays?: readonly RelayChoice[];
}

export interface StationOptions {
  /** Path of the archive, or `:memory:`. */
  readonly file: string;
  readonly boards: readonly BoardEntry[];
  readonly retention?: Retention;
  /** Who may connect to relay ports from beyond this computer, as addresses or `ADDRESS/BITS`. */
  readonly relayFrom?: readonly string[];
  /** What goes wrong and does not end the station, in one line. */
  report(line: string): void;
  now?(): number;
}

export class Station {
  readonly archive: Archive;
  readonly audit: Auditor;
  readonly bus: Bus;
  /** Those that it is connected to; others may join them later. */
  readonly boards: Board[];
  readonly relays: Relays;
  /** Of parts that not every station has. */
  readonly metrics: (() => readonly Metric[])[] = [];
  /** Called when packets were read that had been stored and not read. */
  readonly caughtUp: (() => void)[] = [];
  /** Why the archive takes nothing; undefined: it does. */
  archiveFailure: string | undefined;
  readonly #options: StationOptions;
  readonly #derivers = new Map<string, Deriver>();
  readonly #alarmNumbers: AlarmNumbers;
  #retention: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @throws Error in one line when the archive cannot be used, or relay ports not be opened to whom they are to be */
  constructor(options: StationOptions) {
    this.#options = options;
    const { file, boards, report, relayFrom = [], now = Date.now } = options;
    const allowed = allowedClients(
      boards.flatMap(({ relays = [] }) => relays.map(({ host }) => host)),
      relayFrom,
    );
    this.archive = new Archive(file);
    this.audit = new Auditor({ archive: this.archive, report, now });
    this.bus = new Bus((error) => report(`a listener failed: ${(error as Error).message}`));
    this.archive.closeOpenEnds(now());
    this.#alarmNumbers = new AlarmNumbers(this.archive);
    this.#deriveAgain((board, dictionary) => this.alarmBook(board, dictionary));
    const own = boards.map(
      (entry) =>
        new StationBoard({
          ...entry,
          archive: this.archive,
          bus: this.bus,
          now,
          alarms: (board) => this.alarmBook(board, entry.dictionary),
          onArchiveError: (error) => this.archiveFailed(error),
          onArchiveWorks: () => this.archiveWorks(),
        }),
    );
    this.boards = [...own];
    const choices = own.map((board, k) => [board, boards[k]!.relays ?? []] as const);
    this.relays = new Relays({ choices, allowed, audit: this.audit, bus: this.bus, report, now });
  }

  /**
   * Opens the relay ports.
   * @throws (rejects) ListenError
   */
  listen(): Promise<void> {
    return this.relays.listen();
  }

  start(): void {
    for (const board of this.boards) {
      board.start();
    }
    const { retention } = this.#options;
    if (retention !== undefined) {
      this.#forget(retention);
      this.#retention = setInterval(() => this.#forget(retention), RETENTION_MS);
    }
  }

  board(name: string): Board | undefined {
    return this.boards.find((board) => board.name === name);
  }

  /** The alarms of a board, as the archive has them. */
  alarmBook(board: number, dictionary: BoardDictionary): AlarmBook {
    return new AlarmBook({ archive: this.archive, board, dictionary, numbers: this.#alarmNumbers });
  }

  /** What reads a packet of the archive, by the dictionary that it came with; undefined: the archive has none. */
  deriverOf({ board, dictionary }: Pick<PacketRow, "board" | "dictionary">): Deriver | undefined {
    const key = `${board} ${dictionary}`;
    let deriver = this.#derivers.get(key);
    if (deriver === undefined) {
      const known = this.archive.dictionary(dictionary);
      if (known === undefined) {
        // It may come later, from a broker.
        return undefined;
      }
      const { name } = this.archive.statement("SELECT name FROM board WHERE id = ?").get(board) as { name: string };
      deriver = new Deriver(name, known);
      this.#derivers.set(key, deriver);
    }
    return deriver;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#retention);
    await this.relays.close();
    await Promise.all(this.boards.map((board) => board.close()));
    this.archive.close();
  }

  /**
   * By the dictionary that each packet was received with: it is in the archive.
   * @param alarms opened anew; undefined: the boards' own saw the packets as they came
   */
  #deriveAgain(alarms?: (board: number, dictionary: BoardDictionary) => AlarmBook): void {
    const books = new Map<number, AlarmBook | undefined>();
    const alarmsOf = ({ board, dictionary }: PacketRow): AlarmBook | undefined => {
      if (!books.has(board)) {
        const known = this.archive.dictionary(dictionary);
        books.set(board, known && alarms?.(board, known));
      }
      return books.get(board);
    };
    const count = deriveAgain(this.archive, (packet) => this.deriverOf(packet), alarmsOf);
    if (count > 0) {
      this.#options.report(`read ${count} packets that had been stored and not read`);
    }
  }

  /** The archive took nothing. */
  archiveFailed({ message }: Error): void {
    if (this.archiveFailure !== message) {
      this.archiveFailure = message;
      this.#options.report(`the archive takes nothing: ${message}; packets are shown and not kept`);
    }
  }

  /** The archive took something. */
  archiveWorks(): void {
    if (this.archiveFailure !== undefined) {
      this.archiveFailure = undefined;
      this.#options.report("the archive takes packets again");
      // Behind this packet: it has not been read yet.
      setImmediate(() => this.#catchUp());
    }
  }

  #catchUp(): void {
    if (this.#isClosed) {
      return;
    }
    try {
      this.#deriveAgain();
      for (const listener of this.caughtUp) {
        listener();
      }
    } catch (error) {
      this.archiveFailed(error as Error);
    }
  }

  /** Batch by batch: packets come in between. */
  #forget(retention: Retention): void {
    if (this.#isClosed) {
      return;
    }
    try {
      if (forget(this.archive, retention, this.#options.now?.() ?? Date.now()) > 0) {
        shrink(this.archive);
        setImmediate(() => this.#forget(retention));
      }
    } catch (error) {
      this.archiveFailed(error as Error);
    }
  }
}
