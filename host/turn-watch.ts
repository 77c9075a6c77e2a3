/** Tells when the worker does not come back from a turn, and what of a board's own code it is in. */
import {
  EVENT_ACKNOWLEDGED,
  EVENT_CONNECTED,
  EVENT_DATA,
  EVENT_FAILED,
  EVENT_START,
  EVENT_TICK,
  MessageReader,
} from "./engine/messages.js";
import { DEFAULT_LIMIT_MS, LOOKS } from "./return-watch.js";

/** Octets of a batch before its first event: the time. */
export const TIME_LENGTH = 8;

export class TurnWatch {
  readonly #timer: NodeJS.Timeout;
  /** The batch of the turn under way, or of the last one. */
  #batch: Uint8Array = new Uint8Array(TIME_LENGTH);
  #isUnderWay = false;
  #turn = 0;
  #seen = 0;
  #looks = 0;

  /** @param onStuck told once, in words */
  constructor(limitMs: number | undefined, onStuck: (message: string) => void) {
    const limit = limitMs ?? DEFAULT_LIMIT_MS;
    this.#timer = setInterval(() => {
      if (!this.#isUnderWay || this.#turn !== this.#seen) {
        this.#seen = this.#turn;
        this.#looks = 0;
        return;
      }
      this.#looks++;
      if (this.#looks >= LOOKS) {
        this.stop();
        onStuck(`the board's code has not returned for ${limit / 1000} s${this.where}`);
      }
    }, limit / LOOKS).unref();
  }

  begin(batch: Uint8Array): void {
    this.#batch = batch;
    this.#isUnderWay = true;
    this.#turn++;
  }

  end(): void {
    this.#isUnderWay = false;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What of a board's own code the turn runs: a part of a sentence, or nothing. */
  get where(): string {
    const kinds = kindsOf(this.#batch.subarray(TIME_LENGTH));
    if (kinds.has(EVENT_START)) {
      return ", in its module or in bind";
    }
    const parts = [];
    if (kinds.has(EVENT_TICK)) {
      parts.push("tick");
    }
    if (kinds.has(EVENT_DATA)) {
      parts.push("the handler of a telecommand");
    }
    return parts.length === 0 ? "" : `, in ${parts.join(", ")} or a getter`;
  }
}

function kindsOf(events: Uint8Array): Set<number> {
  const kinds = new Set<number>();
  const reader = new MessageReader(events);
  while (reader.next()) {
    kinds.add(reader.kind);
    switch (reader.kind) {
      case EVENT_CONNECTED:
        reader.u32();
        reader.u16();
        reader.text();
        break;
      case EVENT_DATA:
        reader.bytes();
        break;
      case EVENT_ACKNOWLEDGED:
        reader.u32();
        break;
      case EVENT_START:
      case EVENT_FAILED:
        reader.text();
    }
  }
  return kinds;
}
