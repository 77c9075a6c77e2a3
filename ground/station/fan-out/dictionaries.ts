/** Dictionaries by their hashes: the archive's, and where it has none, the one that is published. */
import type { JetStreamManager } from "@nats-io/jetstream";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { wholeHash } from "../../../modules/dictionary/dictionary-hash.js";
import type { Archive } from "../archive/archive.js";
import { dictionarySubject, plainHash, STATE_STREAM } from "./subjects.js";

export class Dictionaries {
  readonly #archive: Archive;
  readonly #report: (line: string) => void;
  readonly #known = new Map<number, BoardDictionary>();
  readonly #missing = new Set<string>();

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
   * @returns undefined: nobody has published it, which is told; its packets are kept and not read
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
    if (this.#missing.has(subject)) {
      return undefined;
    }
    const text = await messageOn(manager, subject);
    const dictionary = text === undefined ? undefined : parsed(text);
    if (dictionary !== undefined && hashOf(dictionary) === hash) {
      this.#archive.keepDictionary(dictionary);
      return dictionary;
    }
    if (this.#missing.has(subject)) {
      // Somebody else has asked meanwhile, and told it.
      return undefined;
    }
    this.#missing.add(subject);
    const why = text === undefined ? "is not there" : "is another than it says";
    this.#report(
      `the dictionary ${plainHash(hash)} of ${board} ${why}: packets that came with it are kept and not read`,
    );
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

function parsed(text: string): BoardDictionary | undefined {
  try {
    return JSON.parse(text) as BoardDictionary;
  } catch {
    return undefined;
  }
}

/** Whoever may publish there may publish anything. */
function hashOf(dictionary: BoardDictionary): number | undefined {
  try {
    return wholeHash(dictionary);
  } catch {
    return undefined;
  }
}
