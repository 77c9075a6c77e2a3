/**
 * One XS machine: the worker process that `@agoric/xsnap` builds, spoken to directly.
 *
 * The package's own JavaScript would freeze the primordials of this whole process; the worker needs only netstrings on
 * its file descriptors 3 and 4. One command is under way at a time. The worker is in a process group of its own, so
 * that Ctrl-C reaches only us and we can stop it in order; when we are gone, so is the worker (`lifeline.ts`).
 */
import type { ChildProcess } from "node:child_process";
import type { Duplex } from "node:stream";
import { NOT_STARTED, spawnOnLifeline } from "./lifeline.js";
import { NetstringReader, netstring } from "./netstring.js";
import { xsAvailability } from "./xs-availability.js";

export interface XsReply {
  readonly bytes: Uint8Array;
  /** Slots in use after the command, garbage not yet collected included: without a collection, it counts allocations. */
  readonly currentHeapCount: number;
  /** Instructions that the command took, by the worker's meter. */
  readonly compute: number;
  /** Bytes that the machine has taken from the system since it began. */
  readonly allocate: number;
}

export interface XsMachineOptions {
  /** Path of the worker's binary; default: the one that `xsAvailability` finds. */
  binary?: string;
  /** Gets what the worker prints, line by line. Default: to stderr. */
  onOutput?: (line: string) => void;
  /** Answers what the engine asks in the middle of a command (`issueCommand`). Default: that is an error. */
  onQuestion?: (question: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** The worker ended, or a command in it failed. */
export class XsError extends Error {
  override name = "XsError";
}

interface Command {
  readonly message: Buffer;
  resolve(reply: XsReply): void;
  reject(error: Error): void;
}

/** How long a worker may take to end by itself before it is killed. */
const STOP_LIMIT_MS = 2000;

const RESULT_OK = 0;

export class XsMachine {
  readonly #process: ChildProcess;
  readonly #onOutput: (line: string) => void;
  readonly #onQuestion: XsMachineOptions["onQuestion"];
  readonly #commands: Command[] = [];
  readonly #ended: Promise<void>;
  /** Lines of output, the last few: an abort says its reason there. */
  readonly #lastLines: string[] = [];
  #stopping = false;
  #failure: XsError | undefined;

  /** @throws XsError when this machine has no XS */
  constructor(options: XsMachineOptions = {}) {
    this.#onOutput = options.onOutput ?? ((line) => process.stderr.write(`${line}\n`));
    this.#onQuestion = options.onQuestion;
    const worker = spawnOnLifeline(options.binary ?? findBinary());
    this.#process = worker;
    this.#ended = new Promise((resolve) => {
      worker.on("error", (error) => {
        this.#fail(`the XS worker does not start: ${error.message}`);
        resolve();
      });
      // After `exit` and the end of all output, so that the last words are known.
      worker.on("close", (code, signal) => {
        const what = NOT_STARTED.includes(code ?? 0) ? "does not start" : `ended (${signal ?? describeExit(code)})`;
        this.#fail(`the XS worker ${what}${this.#lastWords()}`);
        resolve();
      });
    });
    this.#readLines(worker.stdio[1] as Duplex);
    this.#readLines(worker.stdio[2] as Duplex);
    const reader = new NetstringReader();
    const input = worker.stdio[4] as Duplex;
    input.on("data", (chunk: Buffer) => {
      try {
        reader.push(chunk, (message) => this.#received(message));
      } catch (error) {
        this.#fail(`the XS worker does not keep the protocol: ${(error as Error).message}`);
        worker.kill("SIGKILL");
      }
    });
    // A worker that is gone shows as EPIPE or ECONNRESET here; `close` tells more.
    input.on("error", () => {});
    (worker.stdio[3] as Duplex).on("error", () => {});
  }

  /** Process id of the worker. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Settles when the worker has ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /**
   * Evaluates a program, and waits for what it promises.
   * @returns its value as text
   * @throws XsError (rejects) with what the program threw
   */
  async evaluate(source: string): Promise<string> {
    return (await this.run(source)).text;
  }

  /** As `evaluate`, with the reply's measurements. */
  async run(source: string): Promise<XsReply & { readonly text: string }> {
    return this.#result(await this.#send("e", Buffer.from(wrap(`(0, eval)(${JSON.stringify(source)})`))));
  }

  /**
   * Imports a compiled module, and what it imports.
   * @param path absolute
   * @returns the measurements
   * @throws XsError (rejects) with what went wrong
   */
  async import(path: string): Promise<XsReply> {
    return this.#result(await this.#send("e", Buffer.from(wrap(`import(${JSON.stringify(path)}).then(() => "")`))));
  }

  /**
   * Calls the machine's `globalThis.handleCommand(ArrayBuffer)`.
   * @returns with the ArrayBuffer that it returned
   */
  call(bytes: Uint8Array): Promise<XsReply> {
    return this.#send("?", bytes);
  }

  /** Lets the worker end, after the commands under way; kills it when it does not. Idempotent. */
  async stop(): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      (this.#process.stdio[3] as Duplex).end(netstring("q", Buffer.alloc(0)));
    }
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  #send(prefix: string, bytes: Uint8Array): Promise<XsReply> {
    if (this.#failure !== undefined) {
      return Promise.reject(this.#failure);
    }
    if (this.#stopping) {
      return Promise.reject(new XsError("the XS machine was stopped"));
    }
    return new Promise((resolve, reject) => {
      this.#commands.push({ message: netstring(prefix, bytes), resolve, reject });
      if (this.#commands.length === 1) {
        this.#write(this.#commands[0] as Command);
      }
    });
  }

  #write(command: Command): void {
    (this.#process.stdio[3] as Duplex).write(command.message);
  }

  #received(message: Buffer): void {
    const kind = String.fromCharCode(message[0] ?? 0);
    if (kind === "?") {
      void this.#answer(message.subarray(1));
      return;
    }
    const command = this.#commands.shift();
    const next = this.#commands[0];
    if (next !== undefined) {
      this.#write(next);
    }
    if (kind === "!") {
      command?.reject(new XsError(message.toString("utf8", 1) || "the XS worker reports an error without a message"));
      return;
    }
    // What the worker measured, JSON, ends with a byte 1; the result follows.
    const separator = message.indexOf(1);
    const { currentHeapCount, compute, allocate } = JSON.parse(message.toString("latin1", 1, separator)) as XsReply;
    command?.resolve({ bytes: message.subarray(separator + 1), currentHeapCount, compute, allocate });
  }

  async #answer(question: Buffer): Promise<void> {
    try {
      if (this.#onQuestion === undefined) {
        throw new Error("nobody answers");
      }
      const answer = await this.#onQuestion(question);
      (this.#process.stdio[3] as Duplex).write(netstring("/", answer));
    } catch (error) {
      this.#fail(`a question of the XS worker failed: ${(error as Error).message}`);
      this.#process.kill("SIGKILL");
    }
  }

  #result(reply: XsReply): XsReply & { readonly text: string } {
    if (reply.bytes.length === 0) {
      throw new XsError("the program promised a value, and nothing is left that could bring it");
    }
    const text = Buffer.from(reply.bytes.buffer, reply.bytes.byteOffset + 1, reply.bytes.length - 1).toString("utf8");
    if (reply.bytes[0] !== RESULT_OK) {
      throw new XsError(text);
    }
    return { ...reply, text };
  }

  #fail(message: string): void {
    this.#failure ??= new XsError(message);
    for (const command of this.#commands.splice(0)) {
      command.reject(this.#failure);
    }
  }

  #readLines(stream: Duplex): void {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("error", () => {});
    stream.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() as string;
      for (const line of lines) {
        this.#line(line);
      }
    });
    stream.on("end", () => {
      if (rest !== "") {
        this.#line(rest);
      }
    });
  }

  #line(line: string): void {
    this.#lastLines.push(line);
    if (this.#lastLines.length > 3) {
      this.#lastLines.shift();
    }
    this.#onOutput(line);
  }

  #lastWords(): string {
    return this.#lastLines.length === 0 ? "" : `: ${this.#lastLines.join(" / ")}`;
  }
}

/** The worker's exit codes, as its source has them. */
const EXIT_REASONS: Record<number, string> = {
  2: "input or output failed",
  11: "memory full",
  12: "stack overflow",
  15: "unhandled exception",
  16: "too many property names",
  17: "too much computation",
};

function describeExit(code: number | null): string {
  const reason = EXIT_REASONS[code ?? -1];
  return reason === undefined ? `exit code ${code}` : `exit code ${code}, ${reason}`;
}

/** A program whose reply is a status byte and text, once the promise settles: the worker itself would lose both. */
function wrap(expression: string): string {
  return `(() => {
  const reply = {};
  const answer = (status, text) => {
    const bytes = new TextEncoder().encode(" " + text);
    bytes[0] = status;
    reply.result = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  };
  const failed = (error) => answer(1, (error && error.stack) || error);
  try {
    Promise.resolve(${expression}).then((value) => answer(0, value), failed);
  } catch (error) {
    failed(error);
  }
  return reply;
})()`;
}

function findBinary(): string {
  const xs = xsAvailability();
  if (!xs.available) {
    throw new XsError(xs.reason);
  }
  return xs.binary;
}
