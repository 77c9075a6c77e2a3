/** Dictionaries by their hashes: the archive's, and where it has none, the one that is published. */
import type { JetStreamManager } from "@nats-io/jetstream";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { Archive } from "../archive/archive.js";
import { publishedDictionary } from "./published-dictionary.js";
import { dictionarySubject, plainHash, STATE_STREAM } from "./subjects.js";

/** One that is missing may be published yet: it is asked for again after so long. */
const MISSING_MS = 2000;

export class Dictionaries {
  readonly #archive: Archive;
  readonly #report: (line: string) => void;
  readonly #known = new Map<number, BoardDictionary>();
  /** By subject: when it was asked for. */
  readonly #missing = new Map<string, number>();
  /** Subjects that were told to be missing. */
  readonly #told = new Set<string>();

  constructor(archive: Archive, report: (line: string) => void) {
    this.#archive = archive;
    this.#report = report;
  }

  /** One that was found before. */
  known(hash: number): BoardDictionary | undefined {
    return this.#known.get(hash);
  }

  /**
   * Finds one, and keeps it in the archive.
   * @returns undefined: nobody has published it, which is told; its packets are kept and not read until it is there
   */
  async find(manager: JetStreamManager, board: string, hash: number): Promise<BoardDictionary | undefined> {
    const known =
      this.#known.get(hash) ?? this.#archive.dictionary(hash) ?? (await this.#published(manager, board, hash));
    if (known !== undefined) {
      this.#known.set(hash, known);
    }
    return known;
  }

  async #published(manager: JetStreamManager, board: string, hash: number): Promise<BoardDictionary | undefined> {
    const subject = dictionarySubject(board, hash);
    const asked = this.#missing.get(subject);
    if (asked !== undefined && performance.now() - asked < MISSING_MS) {
      return undefined;
    }
    const text = await messageOn(manager, subject);
    const found = text === undefined ? "is not there" : publishedDictionary(text, hash);
    if (typeof found !== "string") {
      this.#archive.keepDictionary(found);
      this.#missing.delete(subject);
      this.#told.delete(subject);
      return found;
    }
    this.#missing.set(subject, performance.now());
    if (!this.#told.has(subject)) {
      this.#told.add(subject);
      this.#report(
        `the dictionary ${plainHash(hash)} of ${board} ${found}: packets that came with it are kept and not read`,
      );
    }
    return undefined;
  }
}

async function messageOn(manager: JetStreamManager, subject: string): Promise<string | undefined> {
  try {
    return (await manager.streams.getMessage(STATE_STREAM, { last_by_subj: subject }))?.string();
  } catch (error) {
    if (/no message found/.test((error as Error).message)) {
      return undefined;
    }
    throw error;
  }
}
