/**
 * Takes telecommands from the broker: `flatlink.BOARD.tc`, a request with the JSON of the API. It is answered twice: with the number of
 * the command in the archive, and with what became of it; or once, with what is wrong.
 *
 * Who may send is the broker's matter: it tells nobody who sent what. So the history has `nats`, with the name that a request claims.
 */
import type { Msg } from "@nats-io/transport-node";
import type { Command } from "../contracts.js";
import { commandRequest, sendCommand } from "../http/command-request.js";
import { HttpError } from "../http/route.js";
import type { Station } from "../station.js";
import type { Broker } from "./broker-link.js";
import { subjectOf } from "./subjects.js";

/** Of several stations that have a board of this name, one takes a command. */
const GROUP = "flatlink";
const MAX_LENGTH = 1 << 16;
/** As many as reports are waited for, of a board. */
const MAX_WAITING = 1000;
const PROPERTIES: readonly string[] = ["name", "arguments", "confirm", "user"];
const NAME = /^[\w.@+-]{1,64}$/;

export class CommandDesk {
  readonly #station: Station;
  /** Without what is secret. */
  readonly #address: string;
  readonly #report: (line: string) => void;
  /** By board and command: who waits for its outcome. */
  readonly #waiting = new Map<string, Msg>();

  constructor(station: Station, address: string, report: (line: string) => void) {
    this.#station = station;
    this.#address = address;
    this.#report = report;
    station.bus.listen((news) => {
      if (news.kind === "command") {
        this.#changed(news.board, news.command);
      }
    });
  }

  listen({ connection }: Broker): void {
    for (const { name } of this.#station.boards) {
      connection.subscribe(subjectOf(name, "tc"), {
        queue: GROUP,
        callback: (error, message) => {
          if (error === null) {
            this.#take(name, message);
          }
        },
      });
    }
  }

  #take(name: string, message: Msg): void {
    const text = message.data.length > MAX_LENGTH ? undefined : message.string();
    const caller = { user: userIn(text), origin: this.#address };
    const action = `NATS ${message.subject} ${text ?? `${message.data.length} bytes`}`;
    try {
      // A client of MQTT, or a stream, may send the same message again: whoever waits for an answer does not.
      if (message.reply === undefined || message.reply === "") {
        throw new HttpError(400, "a command is taken as a request only: it needs a subject for the answer");
      }
      if (isOfStream(message)) {
        throw new HttpError(400, "a command is taken as a request only: this is a message that a stream repeats");
      }
      if (text === undefined) {
        throw new HttpError(413, `a command has ${MAX_LENGTH} bytes at most`);
      }
      const command = sendCommand(this.#station.board(name)!.queue, commandRequest(onlyRequest(parsed(text))), caller);
      this.#station.audit.letIn(caller, action, "done");
      this.#wait(`${name} ${command.id}`, message);
      answer(message, { id: command.id, state: command.state, time: command.time });
    } catch (error) {
      const known = error instanceof HttpError ? error : undefined;
      const outcome = known === undefined ? "failed" : `${known.status} ${known.message}`;
      this.#station.audit.refused(caller, action, outcome);
      if (known === undefined) {
        this.#report(`a command failed: ${(error as Error).stack ?? error}`);
      }
      answer(message, { error: known?.message ?? "the station failed", ...known?.more });
    }
  }

  #wait(key: string, message: Msg): void {
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size >= MAX_WAITING && oldest !== undefined) {
      this.#waiting.delete(oldest);
    }
    this.#waiting.set(key, message);
  }

  #changed(board: string, { id, state, stages }: Command): void {
    const key = `${board} ${id}`;
    const message = this.#waiting.get(key);
    if (message === undefined || !["completed", "failed", "unanswered", "taken"].includes(state)) {
      return;
    }
    this.#waiting.delete(key);
    const failure = stages.findLast((stage) => stage.failure !== undefined)?.failure;
    answer(message, { id, state, ...(failure === undefined ? {} : { failure }), stages });
  }
}

/**
 * Whoever may read a stream may have the broker repeat what is in it on any subject, also on that of commands: rights do not keep them
 * from it. The broker then gives the answer a subject of its own.
 */
function isOfStream({ reply = "" }: Msg): boolean {
  return reply.startsWith("$JS.");
}

/** An event has a name, too, and other properties than a command. @throws HttpError */
function onlyRequest(body: unknown): unknown {
  const other = Object.keys(Object(body)).find((key) => !PROPERTIES.includes(key));
  if (other !== undefined) {
    throw new HttpError(400, `a command has no "${other.slice(0, 64)}": only ${PROPERTIES.join(", ")}`);
  }
  return body;
}

/** @throws HttpError */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, 'a command must be JSON, as in {"name":"areYouAlive"}');
  }
}

function userIn(text: string | undefined): string {
  try {
    const { user } = parsed(text ?? "") as { user?: unknown };
    return typeof user === "string" && NAME.test(user) ? `nats: ${user}` : "nats";
  } catch {
    return "nats";
  }
}

function answer(message: Msg, body: object): void {
  if (isOfStream(message)) {
    return;
  }
  try {
    message.respond(JSON.stringify(body));
  } catch {
    // The connection is over: what became of the command is in the history.
  }
}
