/** The live stream. Behind a broken connection it goes on where it was: nothing is missed, and nothing comes twice. */
import { address } from "./query.js";
import type { Message } from "./wire.js";

const KINDS = ["packet", "values", "event", "command", "alarm", "link", "rejected"] as const;
const AGAIN_MS = 1000;

export interface LiveHandlers {
  message(message: Message): void;
  /** @param isAgain after it was lost */
  opened(isAgain: boolean): void;
  lost(): void;
}

export class Live {
  readonly #handlers: LiveHandlers;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The archive's row that came last. */
  #last: string | undefined;
  #wasOpen = false;

  constructor(handlers: LiveHandlers) {
    this.#handlers = handlers;
  }

  open(): void {
    const source = new EventSource(address(["live"], { after: this.#last }));
    this.#source = source;
    source.onopen = () => {
      this.#handlers.opened(this.#wasOpen);
      this.#wasOpen = true;
    };
    source.onerror = () => {
      this.#handlers.lost();
      // The browser tries again by itself, but not after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) {
        this.#timer = setTimeout(() => this.open(), AGAIN_MS);
      }
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        const { data, lastEventId } = event as MessageEvent<string>;
        this.#last = lastEventId === "" ? this.#last : lastEventId;
        this.#handlers.message({ ...(JSON.parse(data) as Message), kind } as Message);
      });
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
  }
}
