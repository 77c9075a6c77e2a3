/**
 * Follows a telecommand until what was waited for came, or will not come.
 *
 * Where it is sealed, a connection that is lost is no end: it is dialled again, the very same frame goes out again, which the board
 * takes once only, and its reports go on. A question behind it tells whether the board took it where the reports were lost: they are
 * sent in their order, so that they are not to come any more when the question is answered.
 */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { counterParameter } from "../dictionary/counter-reports.js";
import { parametersIn } from "../dictionary/describe.js";
import { encodeMessage } from "../dictionary/encode-command.js";
import { HASH_PARAMETER } from "../dictionary/hash-check.js";
import { commandsOf, type Message } from "../dictionary/messages.js";
import type { DecodedPacket } from "../dictionary/packet-decoder.js";
import type { Verification } from "../dictionary/verification.js";
import type { BoardSession, Notice } from "./board-session.js";
import { TelecommandWatch } from "./telecommand-watch.js";

/**
 * `done`, `failed`: the reports say so. `timedOut`: nothing more came. `stopped`: by whoever typed it. `lost`: the connection is
 * over. Of what was sealed: `taken`: the board took it, and its reports were lost, so that it may have failed. `notTaken`: it did not.
 * `overtaken`: the board has taken what somebody else sealed.
 */
export type Outcome = "done" | "failed" | "timedOut" | "stopped" | "lost" | "taken" | "notTaken" | "overtaken";

/** Told of a stage that was reached, or of a reply; @returns true: that was all. */
export type Told = (verification: Verification | undefined, reply: DecodedPacket | undefined) => boolean;

/** Connections that may come about again while one telecommand is followed: a link that never stays is no link. */
const MOST_RETURNS = 20;
const COUNTS = 16_384;
/** From the count of what is followed to that of a question behind it, and from one question to the next: no two are the same. */
const FIRST_QUESTION = COUNTS / 2;
const NEXT_QUESTION = 4;
/** The request for a parameter, by its names in the dictionary: a function of the board's own may have the same one. */
const PARAMETER_REQUEST = { service: "parameterManagement", message: "reportParameters" };

export interface FollowerOptions {
  readonly board: BoardDictionary;
  readonly session: BoardSession;
  /** For each stage, and for the connection to come again. */
  readonly timeoutMs: number;
  /** Of the key that telecommands are sealed with; undefined: they are not. */
  readonly spi: number | undefined;
}

export class Follower {
  readonly #options: FollowerOptions;
  /** What is followed. */
  #followed: Followed | undefined;
  /** Questions that were sent. */
  #asked = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** @returns the request for one parameter, and its telecommand */
  question(parameter: string, sequenceCount: number): readonly [request: Message, packet: Uint8Array] {
    const { board } = this.#options;
    const { service, message } = PARAMETER_REQUEST;
    const request = commandsOf(board).find((each) => each.service === service && each.message === message)!;
    return [request, encodeMessage(board, request, { parameterId: parameter }, { sequenceCount })];
  }

  /**
   * Sends a telecommand and waits for its reports.
   * @param sequenceCount of the telecommand
   * @throws (rejects) NotSentError
   */
  async follow(command: Message, packet: Uint8Array, sequenceCount: number, told: Told): Promise<Outcome> {
    const followed = new Followed(this.#options, new TelecommandWatch(this.#options.board, command, packet), told);
    followed.ask = () => {
      const { board, session, spi } = this.#options;
      const own = counterParameter(spi!);
      const parameter = Object.hasOwn(board.parameters ?? {}, own) ? own : HASH_PARAMETER;
      const count = (sequenceCount + FIRST_QUESTION + NEXT_QUESTION * this.#asked++) % COUNTS;
      const [request, question] = this.question(parameter, count);
      followed.questions.push(new TelecommandWatch(board, request, question));
      // When the connection is lost again, another one is asked.
      session.send(question).catch(() => {});
    };
    this.#followed = followed;
    try {
      this.#options.session.send(packet).then(
        (counter) => {
          followed.counter = counter;
        },
        (error) => followed.fail(error),
      );
      return await followed.outcome;
    } finally {
      this.#followed = undefined;
    }
  }

  /** A packet came. */
  came(packet: DecodedPacket): void {
    this.#followed?.came(packet);
  }

  /** Something about the link. */
  noticed({ state }: Notice): void {
    if (this.#options.spi === undefined) {
      return;
    }
    if (state === "lost") {
      this.#followed?.lost();
    } else if (state === "back") {
      this.#followed?.returned();
    }
  }

  /** What is followed is not waited for any more. */
  end(outcome: Outcome): void {
    this.#followed?.settle(outcome);
  }
}

/** One telecommand under way. */
class Followed {
  readonly outcome: Promise<Outcome>;
  /** Behind it, one for each connection that came about again. */
  readonly questions: TelecommandWatch[] = [];
  /** Sends a question. */
  ask!: () => void;
  /** That it was sealed with; undefined: no socket has taken it, or it is not sealed. */
  counter: number | undefined;
  readonly #options: FollowerOptions;
  readonly #watch: TelecommandWatch;
  readonly #told: Told;
  #resolve!: (outcome: Outcome) => void;
  #reject!: (error: unknown) => void;
  #timer: NodeJS.Timeout;
  /** The board has said something of it. */
  #isReported = false;
  #returns = 0;

  constructor(options: FollowerOptions, watch: TelecommandWatch, told: Told) {
    this.#options = options;
    this.#watch = watch;
    this.#told = told;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = this.#time();
  }

  settle(outcome: Outcome): void {
    clearTimeout(this.#timer);
    this.#resolve(outcome);
  }

  fail(error: unknown): void {
    clearTimeout(this.#timer);
    this.#reject(error);
  }

  came(packet: DecodedPacket): void {
    if (this.#options.session.settlement?.overtaken !== undefined) {
      this.settle("overtaken");
      return;
    }
    const verification = this.#watch.verification(packet);
    const reply = verification === undefined && this.#isReply(packet) ? packet : undefined;
    if (verification === undefined && reply === undefined) {
      this.#answered(packet);
      return;
    }
    this.#isReported ||= verification !== undefined;
    const isAll = this.#told(verification, reply);
    if (verification?.failure !== undefined) {
      this.settle("failed");
    } else if (isAll) {
      this.settle("done");
    } else if (verification !== undefined) {
      this.#restart();
    }
  }

  /** The connection is over: it may come again in time. */
  lost(): void {
    if (this.#returns === 0) {
      this.#restart();
    }
  }

  /** It has, and everything went out again. */
  returned(): void {
    if (++this.#returns <= MOST_RETURNS) {
      this.#restart();
      this.ask();
    }
  }

  #isReply(packet: DecodedPacket): boolean {
    if (!this.#watch.isReply(packet)) {
      return false;
    }
    const [first, ...more] = parametersIn(packet);
    const { spi } = this.#options;
    const isAnswer =
      spi !== undefined && this.questions.length > 0 && more.length === 0 && first?.name === counterParameter(spi);
    return !isAnswer;
  }

  /** A question behind it was answered, so that its own reports have come, or were lost. */
  #answered(packet: DecodedPacket): void {
    const isOver = this.questions.some((question) => {
      const verification = question.verification(packet);
      return verification?.stage === "completed" || verification?.failure !== undefined;
    });
    if (isOver && !this.#isReported && this.#isTaken) {
      this.settle("taken");
    }
  }

  get #isTaken(): boolean {
    const { settlement } = this.#options.session;
    return this.counter !== undefined && settlement !== undefined && settlement.taken >= this.counter;
  }

  #restart(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#time();
  }

  /** For each stage: replies may come for ever, and say nothing of the next one. */
  #time(): NodeJS.Timeout {
    return setTimeout(() => this.settle(this.#late()), this.#options.timeoutMs);
  }

  #late(): Outcome {
    const { session } = this.#options;
    const { settlement } = session;
    if (settlement === undefined) {
      return "timedOut";
    }
    if (this.#returns > 0 && this.#isTaken) {
      return "taken";
    }
    if (!session.isConnected) {
      return "lost";
    }
    const { told } = settlement;
    return this.counter !== undefined && told !== undefined && told < this.counter ? "notTaken" : "timedOut";
  }
}
