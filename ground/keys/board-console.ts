/** A key for a board over its console: one line there, one line back. The board's log comes between. */
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { KeyError } from "./key-error.js";
import { idOf } from "./key-file.js";
import type { Provision } from "./provision.js";

export interface BoardConsole {
  /** What the board says. */
  readonly input: Readable;
  write(text: string): void;
  close(): void;
}

export interface ConsoleTimes {
  /** The board is quiet for so long before it is spoken to, in milliseconds: it may just start. Default 1 s */
  readonly quietMs?: number;
  /** It need not become quiet for longer, in milliseconds. Default 8 s */
  readonly mostQuietMs?: number;
  /** It answers within, in milliseconds. Default 10 s */
  readonly answerMs?: number;
}

/** How the board's answer begins when it took the key; with the key's identifier. */
const TAKEN = /^stored\b/;
const ID = /\bid ([0-9a-f]{16})\b/;
/** It answers without saying to what. */
const NOT_CARRIED_OUT = "not understood|passed over";
/** Between two lines, in milliseconds: a board passes over what comes faster. */
const LINE_PAUSE_MS = 500;
/** What a log may bring along: colours, and a return at the end of a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are.
const CONTROLS = /\u001b\[[0-9;]*m|[\u0000-\u001f\u007f]/g;
const MOST_PENDING = 4096;

/**
 * @param name of the console, for messages
 * @returns what the board answered, when it took the key
 * @throws (rejects) KeyError: with what it answered, or it did not
 */
export async function provisionConsole(
  board: BoardConsole,
  name: string,
  provision: Pick<Provision, "spi" | "key" | "isReady">,
  { quietMs = 1000, mostQuietMs = 8000, answerMs = 10_000 }: ConsoleTimes = {},
): Promise<string> {
  const { spi, key, isReady } = provision;
  const digits = Buffer.from(key).toString("hex");
  const lines = new Lines(board.input);
  await lines.quiet(quietMs, mostQuietMs);
  // Ends what stands there already, noise of a board that started.
  board.write("\n");
  await sleep(LINE_PAUSE_MS);
  const answered = lines.find(new RegExp(`^(?:key(?: ${spi})?: (.*)|(?:${NOT_CARRIED_OUT})\\b.*)$`));
  board.write(`key ${spi} ${digits} ${isReady ? "ready" : "active"}\n`);
  const answer = await Promise.race([answered, sleep(answerMs, undefined, { ref: false })]);
  if (answer === undefined) {
    throw new KeyError(
      lines.failure ?? `${name}: nothing answered in ${answerMs / 1000} s. Is that the board's console, at this speed?`,
    );
  }
  // Something else than a board may echo what it gets.
  const told = answer.replaceAll(new RegExp(digits, "gi"), "(the key)");
  const id = ID.exec(told)?.[1];
  if (TAKEN.test(told) && id !== undefined && id !== idOf(new Aes256Gcm(key))) {
    throw new KeyError(`the board has another key now, its identifier is ${id}: retire it, and try again`);
  }
  if (!TAKEN.test(told)) {
    throw new KeyError(`the board did not take the key of SPI ${spi}: ${told}`);
  }
  return told;
}

class Lines {
  /** Why nothing comes any more. */
  failure: string | undefined;
  #pending = "";
  #heardAt = performance.now();
  #wanted: RegExp | undefined;
  #found: (line: string | undefined) => void = () => {};

  constructor(input: Readable) {
    input.on("data", (chunk: Buffer) => this.#take(chunk.toString("latin1")));
    input.on("error", (error) => this.#end(error.message));
    input.on("end", () => this.#end("the line is closed"));
  }

  /** Waits until nothing has come for a while, or for as long as it may take. */
  async quiet(quietMs: number, mostMs: number): Promise<void> {
    const since = performance.now();
    this.#heardAt = since;
    for (;;) {
      const now = performance.now();
      const left = Math.min(this.#heardAt + quietMs, since + mostMs) - now;
      if (left <= 0 || this.failure !== undefined) {
        return;
      }
      await sleep(left);
    }
  }

  /** @returns the first line from now on that the pattern fits, or its group; undefined: nothing comes any more */
  find(pattern: RegExp): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#wanted = pattern;
      this.#found = resolve;
      if (this.failure !== undefined) {
        resolve(undefined);
      }
    });
  }

  #take(text: string): void {
    this.#heardAt = performance.now();
    const lines = (this.#pending + text).split("\n");
    this.#pending = lines.pop()!.slice(-MOST_PENDING);
    for (const line of lines) {
      const found = this.#wanted?.exec(line.replaceAll(CONTROLS, ""));
      if (found !== null && found !== undefined) {
        this.#found(found[1] ?? found[0]);
      }
    }
  }

  #end(why: string): void {
    this.failure ??= why;
    this.#found(undefined);
  }
}
