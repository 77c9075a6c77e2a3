/** A ground station: boards, one archive, one bus that says what is new. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { LinkChoice } from "../link-options.js";
import { Archive } from "./archive/archive.js";
import { forget, type Retention, shrink } from "./archive/retention.js";
import { Bus } from "./bus.js";
import { Deriver } from "./derive.js";
import { deriveAgain, StationBoard } from "./station-board.js";

const RETENTION_MS = 60_000;

export interface BoardEntry {
  readonly name: string;
  readonly link: LinkChoice;
  readonly dictionary: BoardDictionary;
}

export interface StationOptions {
  /** Path of the archive, or `:memory:`. */
  readonly file: string;
  readonly boards: readonly BoardEntry[];
  readonly retention?: Retention;
  /** What goes wrong and does not end the station, in one line. */
  report(line: string): void;
  now?(): number;
}

export class Station {
  readonly archive: Archive;
  readonly bus: Bus;
  readonly boards: readonly StationBoard[];
  /** Why the archive takes nothing; undefined: it does. */
  archiveFailure: string | undefined;
  readonly #options: StationOptions;
  #retention: NodeJS.Timeout | undefined;

  /** @throws Error in one line when the archive cannot be used */
  constructor(options: StationOptions) {
    this.#options = options;
    const { file, boards, report, now } = options;
    this.archive = new Archive(file);
    this.bus = new Bus((error) => report(`a listener failed: ${(error as Error).message}`));
    this.#deriveAgain();
    this.boards = boards.map(
      (entry) =>
        new StationBoard({
          ...entry,
          archive: this.archive,
          bus: this.bus,
          ...(now === undefined ? {} : { now }),
          onArchiveError: (error) => this.#failed(error),
        }),
    );
  }

  start(): void {
    for (const board of this.boards) {
      board.start();
    }
    const { retention } = this.#options;
    if (retention !== undefined) {
      this.#retention = setInterval(() => this.#forget(retention), RETENTION_MS);
    }
  }

  board(name: string): StationBoard | undefined {
    return this.boards.find((board) => board.name === name);
  }

  async close(): Promise<void> {
    clearInterval(this.#retention);
    await Promise.all(this.boards.map((board) => board.close()));
    this.archive.close();
  }

  /** By the dictionary that each packet was received with: it is in the archive. */
  #deriveAgain(): void {
    const derivers = new Map<string, Deriver | undefined>();
    const names = new Map(
      (this.archive.statement("SELECT id, name FROM board").all() as { id: number; name: string }[]).map(
        ({ id, name }) => [id, name],
      ),
    );
    const count = deriveAgain(this.archive, ({ board, dictionary }) => {
      const key = `${board} ${dictionary}`;
      if (!derivers.has(key)) {
        const known = this.archive.dictionary(dictionary);
        derivers.set(key, known && new Deriver(names.get(board) ?? String(board), known));
      }
      return derivers.get(key);
    });
    if (count > 0) {
      this.#options.report(`read ${count} packets that an earlier station had stored and not read`);
    }
  }

  #failed({ message }: Error): void {
    if (this.archiveFailure !== message) {
      this.archiveFailure = message;
      this.#options.report(`the archive takes nothing: ${message}; packets are shown and not kept`);
    }
  }

  #forget(retention: Retention): void {
    try {
      if (forget(this.archive, retention, this.#options.now?.() ?? Date.now()) > 0) {
        shrink(this.archive);
      }
    } catch (error) {
      this.#failed(error as Error);
    }
  }
}
