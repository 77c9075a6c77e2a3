/**
 * The network inside an XS worker: Node moves the bytes, and this passes on what to do and what happened.
 *
 * What to do is queued, and leaves with the reply to the batch of events that caused it. Only `listen` cannot wait: it
 * must return a port, so it stops the engine until Node has answered.
 */
import {
  DO_CLOSE,
  DO_CREDIT,
  DO_DIAL,
  DO_LISTEN,
  DO_NO_DELAY,
  DO_RESET,
  DO_SEND,
  DO_UNLISTEN,
  EVENT_ACKNOWLEDGED,
  EVENT_CONNECTED,
  EVENT_DATA,
  EVENT_ENDED,
  EVENT_FAILED,
  EVENT_OPENED,
  MessageReader,
  type MessageWriter,
} from "./messages.js";
import type { Network, NetworkEvents } from "./network.js";

/** Sends a batch and waits for the answer. */
export type CallNode = (batch: ArrayBuffer) => ArrayBuffer;

/** Endpoints that the worker opens are numbered from here, so that it need not ask; Node's own stay below. */
const FIRST_DIALLED = 0x80000000;

export class ProxyNetwork implements Network {
  /** As a board. */
  readonly resolvesNames = false;
  events: NetworkEvents | undefined;
  readonly #queue: MessageWriter;
  readonly #callNode: CallNode;
  /** By listener number. */
  readonly #ports: number[] = [];
  /** Credit given since the last batch, by endpoint: many reads make one record. */
  readonly #credits = new Map<number, number>();
  #turns: number[] = [];
  #nextDialled = FIRST_DIALLED;

  /** @param queue where records for Node are queued; shared with the rest of the worker */
  constructor(queue: MessageWriter, callNode: CallNode) {
    this.#queue = queue;
    this.#callNode = callNode;
  }

  /** Turns are asked for and have not come. */
  get turnsWait(): boolean {
    return this.#turns.length > 0;
  }

  listen(port: number, address: string | undefined): number {
    const listener = this.#ports.length;
    this.#ports.push(0);
    this.flushCredits();
    // What is queued goes along, so that it happens first: it may free this very port.
    this.#queue.head(DO_LISTEN, listener);
    this.#queue.u16(port);
    this.#queue.text(address ?? "");
    const answer = new MessageReader(new Uint8Array(this.#callNode(this.#queue.take().buffer)));
    answer.next();
    if (answer.kind !== DO_LISTEN) {
      throw new Error(answer.text());
    }
    this.#ports[listener] = answer.number;
    return listener;
  }

  port(listener: number): number {
    return this.#ports[listener] ?? 0;
  }

  unlisten(listener: number): void {
    this.#queue.head(DO_UNLISTEN, listener);
  }

  dial(host: string, port: number): number {
    const endpoint = this.#nextDialled++;
    this.#queue.head(DO_DIAL, endpoint);
    this.#queue.u16(port);
    this.#queue.text(host);
    return endpoint;
  }

  credit(endpoint: number, count: number): void {
    this.#credits.set(endpoint, (this.#credits.get(endpoint) ?? 0) + count);
  }

  send(endpoint: number, bytes: Uint8Array): void {
    this.#queue.head(DO_SEND, endpoint);
    this.#queue.bytes(bytes, 0, bytes.length);
  }

  noDelay(endpoint: number, enabled: boolean): void {
    this.#queue.head(DO_NO_DELAY, endpoint);
    this.#queue.u32(enabled ? 1 : 0);
  }

  close(endpoint: number): void {
    this.#credits.delete(endpoint);
    this.#queue.head(DO_CLOSE, endpoint);
  }

  reset(endpoint: number): void {
    this.#credits.delete(endpoint);
    this.#queue.head(DO_RESET, endpoint);
  }

  later(endpoint: number): void {
    this.#turns.push(endpoint);
  }

  /** Queues the credit given since the last time. */
  flushCredits(): void {
    for (const [endpoint, count] of this.#credits) {
      this.#queue.head(DO_CREDIT, endpoint);
      this.#queue.u32(count);
    }
    this.#credits.clear();
  }

  /** Runs the turns asked for, and those that they ask for. */
  runTurns(): void {
    while (this.#turns.length > 0) {
      const turns = this.#turns;
      this.#turns = [];
      for (const endpoint of turns) {
        this.events?.turn(endpoint);
      }
    }
  }

  /** Passes one record on. @returns false when it is none of the network's */
  dispatch(event: MessageReader): boolean {
    const events = this.events;
    const number = event.number;
    switch (event.kind) {
      case EVENT_CONNECTED: {
        const listener = event.u32();
        const remotePort = event.u16();
        events?.connected(listener, number, event.text(), remotePort);
        return true;
      }
      case EVENT_DATA:
        event.bytes();
        events?.data(number, event.all, event.start, event.end);
        return true;
      case EVENT_ACKNOWLEDGED:
        events?.acknowledged(number, event.u32());
        return true;
      case EVENT_ENDED:
        events?.ended(number);
        return true;
      case EVENT_FAILED:
        events?.failed(number, event.text() || undefined);
        return true;
      case EVENT_OPENED:
        events?.opened(number);
        return true;
      default:
        return false;
    }
  }
}
