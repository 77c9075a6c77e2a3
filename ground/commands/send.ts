/** `flatlink send`: one command to a board, and what becomes of it. */
import { createInterface } from "node:readline/promises";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { hexOf } from "../dictionary/decoded-value.js";
import { describePacket, plainPacket } from "../dictionary/describe.js";
import { encodeMessage, findCommand } from "../dictionary/encode-command.js";
import { explainPacket, explanationTable } from "../dictionary/explain.js";
import { HASH_PARAMETER } from "../dictionary/hash-check.js";
import { commandsOf, type Message } from "../dictionary/messages.js";
import { type DecodedPacket, PacketDecoder } from "../dictionary/packet-decoder.js";
import { PacketError } from "../dictionary/packet-error.js";
import { describeFailure, STAGES, type Verification } from "../dictionary/verification.js";
import { BoardSession } from "./board-session.js";
import { dictionaryIn, linkIn } from "./common-options.js";
import { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, FailedError, type Program, runProgram } from "./program.js";
import { Reporter } from "./reporter.js";
import { parseSendOptions, type SendOptions } from "./send-options.js";
import { TelecommandWatch } from "./telecommand-watch.js";

const COUNTS = 16_384;
const REPORT_PARAMETERS = "reportParameters";

/** What was waited for came, or will not come. */
type Outcome = "done" | "failed" | "timedOut" | "stopped" | "lost";

class Sender {
  readonly #program: Program;
  readonly #options: SendOptions;
  readonly #board: BoardDictionary;
  readonly #reporter: Reporter;
  readonly #decoder: PacketDecoder;
  readonly #session: BoardSession;
  /** Told of each packet while a telecommand is under way. */
  #listener: ((packet: DecodedPacket) => void) | undefined;
  #over: ((outcome: Outcome) => void) | undefined;
  /** Told, while the hash is asked for, that it is another one. */
  #wrong: (() => void) | undefined;

  constructor(program: Program, options: SendOptions, board: BoardDictionary, reporter: Reporter) {
    this.#program = program;
    this.#options = options;
    this.#board = board;
    this.#reporter = reporter;
    this.#decoder = new PacketDecoder(board);
    this.#session = new BoardSession({
      link: linkIn(options.command, board),
      board,
      // What became of a command cannot be learnt from another connection's beginning.
      reconnect: false,
      timeoutMs: options.timeoutMs,
      notice: (notice) => {
        reporter.notice(notice);
        if (notice.state === "wrong") {
          this.#wrong?.();
        }
      },
      packet: (packet) => this.#came(packet),
    });
  }

  async run(command: Message): Promise<number> {
    const { stop } = this.#program;
    await this.#session.connect(stop);
    const over = (outcome: Outcome) => () => this.#over?.(outcome);
    stop.addEventListener("abort", over("stopped"));
    // It ends with the connection.
    this.#session.read().then(over("lost"), over("lost"));
    let count = this.#options.sequenceCount ?? Math.floor(Math.random() * COUNTS);
    try {
      if (this.#options.checksHash && !(await this.#isRightDictionary(count++ % COUNTS))) {
        return EXIT_USAGE;
      }
      return await this.#send(command, count % COUNTS);
    } finally {
      this.#session.close();
    }
  }

  /** Asks the board for the hash. A board that does not tell it is taken for the right one. */
  async #isRightDictionary(sequenceCount: number): Promise<boolean> {
    const request = findCommand(commandsOf(this.#board), REPORT_PARAMETERS);
    const packet = encodeMessage(this.#board, request, { parameterId: HASH_PARAMETER }, { sequenceCount });
    // With another dictionary, its reports may not even decode.
    this.#wrong = () => this.#over?.("failed");
    // To its end: its reply must not be taken for the command's.
    await this.#follow(request, packet, (verification) => verification?.stage === "completed");
    this.#wrong = undefined;
    const { found, own } = this.#session.hash;
    return (
      found === undefined ||
      found === own ||
      isConfirmed("the dictionary is not the board's", this.#options.isSure, this.#program)
    );
  }

  async #send(command: Message, sequenceCount: number): Promise<number> {
    const { sourceId, wait, timeoutMs } = this.#options;
    const packet = encodeMessage(this.#board, command, this.#options.given, { sequenceCount, sourceId });
    const text = describePacket(this.#board, this.#decoder.decode(packet));
    this.#reporter.line(`${text}, ${packet.length} octets, sequence count ${sequenceCount}, to ${this.#session.where}`);
    this.#reporter.object({ kind: "sent", command: command.name, sequenceCount, hex: hexOf(packet) });
    const startedAt = performance.now();
    const outcome = await this.#follow(command, packet, (verification, reply) => {
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
      case "timedOut":
        throw new FailedError(
          `${command.name}: nothing more came in ${timeoutMs} ms: not known whether it was ${wait}; is the APID right?`,
        );
      case "stopped":
        throw new FailedError(`${command.name}: stopped: not known whether it was ${wait}`);
      default:
        throw new FailedError(`${command.name}: the connection is over: not known whether it was ${wait}`);
    }
  }

  /**
   * Sends a telecommand and waits for its reports.
   * @param told of a stage that was reached, or of a reply; @returns true: that was all
   */
  async #follow(
    command: Message,
    packet: Uint8Array,
    told: (verification: Verification | undefined, reply: DecodedPacket | undefined) => boolean,
  ): Promise<Outcome> {
    const watch = new TelecommandWatch(this.#board, command, packet);
    const { timeoutMs } = this.#options;
    try {
      return await new Promise<Outcome>((resolve, reject) => {
        let timer = setTimeout(resolve, timeoutMs, "timedOut");
        const settle = (outcome: Outcome): void => {
          clearTimeout(timer);
          resolve(outcome);
        };
        this.#over = settle;
        this.#listener = (came) => {
          const verification = watch.verification(came);
          const reply = watch.isReply(came) ? came : undefined;
          if (verification === undefined && reply === undefined) {
            return;
          }
          clearTimeout(timer);
          const isAll = told(verification, reply);
          if (verification?.failure !== undefined) {
            settle("failed");
          } else if (isAll) {
            settle("done");
          } else {
            timer = setTimeout(resolve, timeoutMs, "timedOut");
          }
        };
        this.#session.send(packet).catch(reject);
      });
    } finally {
      this.#listener = undefined;
      this.#over = undefined;
    }
  }

  #came(bytes: Uint8Array): void {
    try {
      // A telecommand for an application process that there is not is reported by another one.
      this.#listener?.(this.#decoder.decode(bytes, "anyApid"));
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

/** Asks on a terminal; elsewhere nobody could answer. */
async function isConfirmed(why: string, isSure: boolean, { complain, stop }: Program): Promise<boolean> {
  if (isSure) {
    return true;
  }
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    complain(`not sent: ${why}; --yes sends it all the same`);
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
  if (
    command.dangerous !== undefined &&
    !(await isConfirmed(`${name} is dangerous: ${command.dangerous}`, isSure, program))
  ) {
    return EXIT_USAGE;
  }
  return new Sender(program, options, board, reporter).run(command);
}

await runProgram("flatlink send", send);
