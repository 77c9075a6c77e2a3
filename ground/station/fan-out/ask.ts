/** Asks the station that has a board to send a command. */
import type { NatsConnection } from "@nats-io/transport-node";
import { describeBrokerError } from "./broker-error.js";
import type { Answer, Ask } from "./remote-commands.js";
import { subjectOf } from "./subjects.js";

/** A station knows what became of a command within ten seconds. */
const ANSWERS_MS = 15_000;
/** That it is taken, and what became of it. */
const ANSWERS = 2;

/** @param connectionOf undefined: there is none now */
export function askOver(connectionOf: () => NatsConnection | undefined): Ask {
  return async function* ask(board, request): AsyncGenerator<Answer> {
    const connection = connectionOf();
    if (connection === undefined) {
      throw new Error("there is no connection to the broker: it is not sent");
    }
    const subject = subjectOf(board, "tc");
    try {
      const answers = await connection.requestMany(subject, JSON.stringify(request), {
        strategy: "count",
        maxMessages: ANSWERS,
        maxWait: ANSWERS_MS,
      });
      for await (const message of answers) {
        const answer = message.json<Answer>();
        yield answer;
        if (answer.error !== undefined) {
          return;
        }
      }
    } catch (error) {
      throw new Error(
        /no responders/i.test(String((error as Error).message))
          ? `nobody takes commands on ${subject}: its station does with --nats-commands`
          : describeBrokerError(error),
      );
    }
  };
}
