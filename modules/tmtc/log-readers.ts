/** The readers of a packet log. Those that are open come first, and only they are asked: a place without a client costs nothing. */
import type { LogReader } from "./log-contracts.js";

export class LogReaders {
  readonly #readers: LogReader[] = [];
  #open = 0;

  /** A reader announces itself, at boot. It is closed. */
  register(reader: LogReader): void {
    this.#readers.push(reader);
  }

  /** A reader that was closed reads from now on. */
  open(reader: LogReader): void {
    this.#move(reader, this.#open);
    this.#open++;
  }

  /** A reader that was open reads no more. */
  close(reader: LogReader): void {
    this.#open--;
    this.#move(reader, this.#open);
  }

  /** Some reader has still to read the packet of that number. */
  need(number: number): boolean {
    for (let i = 0; i < this.#open; i++) {
      if (this.#readers[i]!.needs(number)) {
        return true;
      }
    }
    return false;
  }

  /** The same, and it has taken something within so many milliseconds, or had nothing to take. */
  await(number: number, sinceMs: number): boolean {
    for (let i = 0; i < this.#open; i++) {
      if (this.#readers[i]!.awaits(number, sinceMs)) {
        return true;
      }
    }
    return false;
  }

  /** The time, in milliseconds. */
  tick(now: number): void {
    for (let i = 0; i < this.#open; i++) {
      this.#readers[i]!.tick(now);
    }
  }

  /** The packet to come does not stand at the log's head, but at `at`. */
  wrapped(at: number): void {
    for (let i = 0; i < this.#open; i++) {
      this.#readers[i]!.wrapped(at);
    }
  }

  /** Exchanges a reader with the one at a place. */
  #move(reader: LogReader, to: number): void {
    const from = this.#readers.indexOf(reader);
    this.#readers[from] = this.#readers[to]!;
    this.#readers[to] = reader;
  }
}
