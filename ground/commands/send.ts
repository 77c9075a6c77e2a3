/** `flatlink send`: one command to a board, and what becomes of it. */
import { createInterface } from "node:readline/promises";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { hexOf } from "../dictionary/decoded-value.js";
import { describePacket, plainPacket } from "../dictionary/describe.js";
import { encodeMessage, findCommand } from "../dictionary/encode-command.js";
import { explainPacket, explanationTable } from "../dictionary/explain.js";
import { HASH_PARAMETER } from "../dictionary/hash-check.js";
import { commandsOf, type Message } from "../dictionary/messages.js";
import { PacketDecoder } from "../dictionary/packet-decoder.js";
import { PacketError } from "../dictionary/packet-error.js";
import { describeFailure, STAGES, TAKEN_TEXT, type Verification } from "../dictionary/verification.js";
import { LinkError } from "../link/link-errors.js";
import type { LinkChoice } from "../link/link-options.js";
import { BoardSession } from "./board-session.js";
import { dictionaryIn, linkIn } from "./common-options.js";
import { Follower, type Outcome, type Told } from "./follower.js";
import { EXIT_DONE, EXIT_FAILED, EXIT_TAKEN, EXIT_USAGE, FailedError, type Program, runProgram } from "./program.js";
import { Reporter } from "./reporter.js";
import { parseSendOptions, type SendOptions } from "./send-options.js";

const COUNTS = 16_384;
/** A question whose answer was lost is asked again: it changes nothing. */
const MOST_QUESTIONS = 3;

class Sender {
  readonly #program: Program;
  readonly #options: SendOptions;
  readonly #board: BoardDictionary;
  readonly #reporter: Reporter;
  readonly #decoder: PacketDecoder;
  readonly #session: BoardSession;
  readonly #follower: Follower;
  /** Told, while the hash is asked for, that it is another one. */
  #wrong: (() => void) | undefined;
  /** The connection is over: why. */
  #ended: { readonly reason: unknown } | undefined;

  constructor(program: Program, options: SendOptions, board: BoardDictionary, link: LinkChoice, reporter: Reporter) {
    this.#program = program;
    this.#options = options;
    this.#board = board;
    this.#reporter = reporter;
    this.#decoder = new PacketDecoder(board);
    this.#session = new BoardSession({
      link,
      board,
      // Without a seal, what became of a command cannot be learnt from another connection's beginning.
      reconnect: link.key === undefined ? false : "lost",
      timeoutMs: options.timeoutMs,
      notice: (notice) => {
        reporter.notice(notice);
        this.#follower.noticed(notice);
        if (notice.state === "wrong") {
          this.#wrong?.();
        }
      },
      packet: (packet) => this.#came(packet),
    });
    const { timeoutMs } = options;
    this.#follower = new Follower({ board, session: this.#session, timeoutMs, spi: link.key?.spi });
  }

  get #isSealed(): boolean {
    return this.#session.settlement !== undefined;
  }

  async run(command: Message): Promise<number> {
    const { stop } = this.#program;
    await this.#session.connect(stop);
    stop.addEventListener("abort", () => this.#follower.end("stopped"));
    const ended = (reason: unknown): void => {
      this.#ended = { reason };
      this.#follower.end("lost");
    };
    // It ends with the connection.
    this.#session.read().then(() => ended(undefined), ended);
    const count = this.#options.sequenceCount ?? Math.floor(Math.random() * COUNTS);
    try {
      // The command has the count that was asked for; the question, one before.
      if (this.#options.checksHash && !(await this.#isRightDictionary(command, count))) {
        return EXIT_USAGE;
      }
      if (stop.aborted) {
        throw this.#notDone("stopped", command, "not sent");
      }
      if (this.#ended !== undefined) {
        throw this.#notDone("lost", command, "not sent");
      }
      return await this.#send(command, count);
    } finally {
      this.#session.close();
    }
  }

  /**
   * Asks the board for the hash. One that refuses to tell it may still say what it thinks of the command.
   * @throws (rejects) FailedError when it says nothing at all, or it is stopped, or the connection is over before the answer is there
   */
  async #isRightDictionary(command: Message, commandCount: number): Promise<boolean> {
    // With another dictionary, its reports may not even decode.
    this.#wrong = () => this.#follower.end("failed");
    const outcome = await this.#askHash(commandCount);
    this.#wrong = undefined;
    const { found, own } = this.#session.hash;
    switch (outcome) {
      case "stopped":
      case "lost":
      case "overtaken":
        throw this.#notDone(outcome, command, "not sent");
      case "timedOut":
      case "notTaken":
      case "taken":
        if (found === undefined) {
          const what = this.#isSealed ? "framing, APID, key and SPI" : "framing and APID";
          throw new FailedError(
            `${command.name}: the board does not answer, and did not tell its dictionary in ${this.#options.timeoutMs} ms: not sent; --no-check sends it all the same. Are ${what} right?`,
          );
        }
    }
    return (
      found === undefined ||
      found === own ||
      isConfirmed("the dictionary is not the board's", "--no-check", this.#program)
    );
  }

  /** To its end: its reply must not be taken for the command's. */
  async #askHash(commandCount: number): Promise<Outcome> {
    for (let k = 1; ; k++) {
      const count = (commandCount + COUNTS - k) % COUNTS;
      const [request, packet] = this.#follower.question(HASH_PARAMETER, count);
      const told: Told = (verification) => verification?.stage === "completed";
      const outcome = await this.#follower.follow(request, packet, count, told);
      if (outcome !== "taken" || this.#session.hash.found !== undefined || k === MOST_QUESTIONS) {
        return outcome;
      }
    }
  }

  async #send(command: Message, sequenceCount: number): Promise<number> {
    const { sourceId, wait, timeoutMs } = this.#options;
    const packet = encodeMessage(this.#board, command, this.#options.given, { sequenceCount, sourceId });
    const text = describePacket(this.#board, this.#decoder.decode(packet));
    this.#reporter.line(`${text}, ${packet.length} octets, sequence count ${sequenceCount}, to ${this.#session.where}`);
    this.#reporter.object({ kind: "sent", command: command.name, sequenceCount, hex: hexOf(packet) });
    const startedAt = performance.now();
    const outcome = await this.#follower.follow(command, packet, sequenceCount, (verification, reply) => {
      const afterMs = performance.now() - startedAt;
      if (reply !== undefined) {
        this.#reporter.line(`  ${describePacket(this.#board, reply)}`);
        this.#reporter.object(plainPacket(this.#board, reply));
        return false;
      }
      this.#tellStage(verification!, afterMs);
      return STAGES.indexOf(verification!.stage) >= STAGES.indexOf(wait);
    });
    this.#reporter.object({ kind: "result", outcome });
    switch (outcome) {
      case "done":
        return EXIT_DONE;
      case "failed":
        return EXIT_FAILED;
      case "taken":
        this.#reporter.line(`  ${TAKEN_TEXT}`);
        return EXIT_TAKEN;
      case "notTaken":
        throw new FailedError(
          `${command.name}: the board has not taken it so far, by its counter; once it has taken a later one, it never will. ` +
            "Are key and SPI right, and what does spiNState say?",
        );
      case "timedOut":
        throw new FailedError(
          `${command.name}: nothing more came in ${timeoutMs} ms: not known whether it was ${wait}; ${this.#isSealed ? "are APID, key and SPI" : "is the APID"} right?`,
        );
      default:
        throw this.#notDone(outcome, command, `not known whether it was ${wait}`);
    }
  }

  /** @returns what to throw; what is no matter of the link is thrown as it is */
  #notDone(outcome: "stopped" | "lost" | "overtaken", { name }: Message, what: string): Error {
    const over = this.#isSealed
      ? `the board cannot be reached again in ${this.#options.timeoutMs} ms`
      : "the connection is over";
    const { overtaken } = this.#session.settlement ?? {};
    const why = { stopped: "stopped", lost: over, overtaken: overtaken?.message }[outcome];
    const reason = outcome === "lost" ? this.#ended?.reason : undefined;
    return reason === undefined || reason instanceof LinkError
      ? new FailedError(`${name}: ${why}: ${what}`, { cause: reason })
      : (reason as Error);
  }

  #came(bytes: Uint8Array): void {
    try {
      // A telecommand for an application process that there is not is reported by another one.
      this.#follower.came(this.#decoder.decode(bytes, "anyApid"));
    } catch (error) {
      // Telemetry of others, and what another dictionary makes of it, is not this command's matter.
      if (!(error instanceof PacketError)) {
        throw error;
      }
    }
  }

  #tellStage({ stage, step, failure }: Verification, afterMs: number): void {
    const { colours } = this.#reporter;
    const after = `${afterMs.toFixed(2)} ms`;
    const name = step === undefined ? stage : `${stage} to step ${step}`;
    this.#reporter.line(
      failure === undefined
        ? `  ${colours.green(name.padEnd(9))}  ${after}`
        : `  ${colours.red(`not ${name}`)}  ${after}  ${describeFailure(failure)}`,
    );
    this.#reporter.object({
      kind: "stage",
      stage,
      ...(step === undefined ? {} : { step }),
      afterMs,
      ...(failure && { failure }),
    });
  }
}

/** Asks on a terminal; elsewhere nobody could answer. @param option that answers it without being asked */
async function isConfirmed(why: string, option: string, { complain, stop }: Program): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    complain(`not sent: ${why.replace(/\.$/, "")}; ${option} sends it all the same`);
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const given = new AbortController();
  // Ctrl-C is the terminal's while it asks; so is the end of the input.
  for (const end of ["SIGINT", "close"] as const) {
    terminal.once(end, () => given.abort());
  }
  try {
    const signal = AbortSignal.any([stop, given.signal]);
    const answer = await terminal.question(`${why}\nSend it? [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}

async function send(program: Program): Promise<number> {
  const options = parseSendOptions(program.args, program.write);
  if (options === undefined) {
    return EXIT_DONE;
  }
  const { name, given, isDryRun, isSure, isJson, sourceId, sequenceCount = 0 } = options;
  const board = await dictionaryIn(options.command);
  const command = findCommand(commandsOf(board), name);
  // What is wrong with it is told before anything is dialled.
  const packet = encodeMessage(board, command, given, { sequenceCount, sourceId });
  const reporter = new Reporter(program, isJson);
  if (isDryRun) {
    const decoded = new PacketDecoder(board).decode(packet);
    reporter.line(`${describePacket(board, decoded)}\n${hexOf(packet)}\n`);
    reporter.line(explanationTable(explainPacket(decoded, packet), packet).trimEnd());
    reporter.object({ ...plainPacket(board, decoded), hex: hexOf(packet), dangerous: command.dangerous });
    return EXIT_DONE;
  }
  const link = await linkIn(options.command, board);
  if (
    command.dangerous !== undefined &&
    !isSure &&
    !(await isConfirmed(`${name} is dangerous: ${command.dangerous}`, "--yes", program))
  ) {
    return EXIT_USAGE;
  }
  return new Sender(program, options, board, link, reporter).run(command);
}

await runProgram("flatlink send", send);
