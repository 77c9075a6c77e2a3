/**
 * Publishes messages many at a time, and waits until the stream has acknowledged all of them. NATS's client does it message by message,
 * with a promise and a timer for each, which costs twice as much.
 */
import type { Msg, MsgHdrs, NatsConnection } from "@nats-io/transport-node";
import type { Nats } from "./load-nats.js";

/** Acknowledgements that do not come for so long never do. */
const SILENCE_MS = 10_000;
const NO_RESPONDERS = 503;
const OVER = "the connection to the broker is over";

export interface Message {
  readonly subject: string;
  readonly data: Uint8Array | string;
  readonly headers: MsgHdrs;
}

interface Batch {
  /** Why a message is not stored, by its place; others are, or are waited for. */
  readonly failures: Map<number, string>;
  /** Places that nothing is heard of yet. */
  readonly waiting: Set<number>;
  isHeard: boolean;
  end(): void;
  fail(why: string): void;
}

export class Acknowledged {
  readonly #connection: NatsConnection;
  readonly #inbox: string;
  #batch: Batch | undefined;
  /** Of the batch: what comes late is another's. */
  #number = 0;
  #isOver = false;

  constructor(connection: NatsConnection, { transport }: Nats) {
    this.#connection = connection;
    this.#inbox = transport.createInbox();
    void connection.closed().then(() => {
      this.#isOver = true;
      this.#batch?.fail(OVER);
    });
    connection.subscribe(`${this.#inbox}.*.*`, {
      callback: (error, message) => {
        if (error === null) {
          this.#take(message);
        }
      },
    });
  }

  /**
   * One batch at a time.
   * @returns places of the messages that are not stored, with the reasons
   * @throws (rejects) Error: the connection is over, or nothing is heard of the broker
   */
  async publish(messages: readonly Message[]): Promise<ReadonlyMap<number, string>> {
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      const batch: Batch = {
        failures: new Map(),
        waiting: new Set(messages.keys()),
        isHeard: true,
        end: () => {
          clearInterval(silence);
          resolve(batch.failures);
        },
        fail: (why) => {
          clearInterval(silence);
          reject(new Error(why));
        },
      };
      const silence = setInterval(() => {
        if (!batch.isHeard) {
          batch.fail("the broker does not answer");
        }
        batch.isHeard = false;
      }, SILENCE_MS);
      this.#batch = batch;
      if (this.#isOver) {
        batch.fail(OVER);
      } else if (messages.length === 0) {
        batch.end();
      } else {
        for (const [k, { subject, data, headers }] of messages.entries()) {
          this.#connection.publish(subject, data, { headers, reply: `${this.#inbox}.${number}.${k}` });
        }
      }
    });
  }

  #take(message: Msg): void {
    const [number, place] = message.subject
      .slice(this.#inbox.length + 1)
      .split(".")
      .map(Number);
    const batch = this.#batch;
    if (number !== this.#number || batch === undefined || !batch.waiting.has(place!)) {
      return;
    }
    const answer = answerIn(message);
    if (answer === "nonsense") {
      return;
    }
    batch.isHeard = true;
    batch.waiting.delete(place!);
    if (answer !== "stored") {
      batch.failures.set(place!, answer.failure);
    }
    if (batch.waiting.size === 0) {
      batch.end();
    }
  }
}

/** `nonsense`: no stream has said it; whoever listens to a message could answer it. */
function answerIn(message: Msg): "stored" | "nonsense" | { readonly failure: string } {
  if (message.headers?.code === NO_RESPONDERS) {
    return { failure: "the broker has no stream that takes it" };
  }
  try {
    const { error, stream, seq } = message.json<{ error?: { description?: string }; stream?: string; seq?: number }>();
    if (error !== undefined) {
      return { failure: `the stream does not take it: ${error.description}` };
    }
    return typeof stream === "string" && typeof seq === "number" ? "stored" : "nonsense";
  } catch {
    return "nonsense";
  }
}
