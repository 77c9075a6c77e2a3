/**
 * Runs an application on XS: the worker process is the board, this is its network and its timer.
 *
 * One batch of events is under way at a time; what happens meanwhile is gathered for the next.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { answerAboutStore } from "./answer-about-store.js";
import type { WorkerStart } from "./engine/application.js";
import { BOARD_RECEIVE_WINDOW, BOARD_SEND_BUFFER, checkSize } from "./engine/io.js";
import {
  ANSWER_FAILED,
  DO_CLOSE,
  DO_CREDIT,
  DO_DIAL,
  DO_LISTEN,
  DO_NO_DELAY,
  DO_RESET,
  DO_SEND,
  DO_START_TIMER,
  DO_STOP_TIMER,
  DO_UNLISTEN,
  EVENT_ACKNOWLEDGED,
  EVENT_CONNECTED,
  EVENT_DATA,
  EVENT_ENDED,
  EVENT_FAILED,
  EVENT_OPENED,
  EVENT_START,
  EVENT_STOP,
  EVENT_TICK,
  isQuestion,
  MessageReader,
  MessageWriter,
  TELL_AGAIN,
  TELL_FAILED,
  TELL_REPORT,
  TELL_STARTED,
} from "./engine/messages.js";
import type { NetworkEvents } from "./engine/network.js";
import { NodeNetwork } from "./node-network.js";
import type { Running, RunOptions } from "./run.js";
import { TIME_LENGTH, TurnWatch } from "./turn-watch.js";
import { WorkerTimers } from "./worker-timers.js";
import { XsError, XsMachine, type XsMachineOptions } from "./xs-machine.js";

/** The program that runs inside the worker. */
const WORKER = fileURLToPath(new URL("./engine/xs-worker.js", import.meta.url));

/** How long acknowledgements of little wait for something to travel with. */
const ACKNOWLEDGE_DELAY_MS = 1;

/** How long the application may take to stop. */
const STOP_LIMIT_MS = 1000;

/**
 * @throws (rejects) ListenError when a port cannot be had, XsError when there is no XS, and what the application's
 *   `start` throws
 */
export async function runOnXs(
  options: RunOptions,
  machineOptions: Pick<XsMachineOptions, "binary" | "onOutput"> = {},
): Promise<Running> {
  const bridge = new XsBridge(options, machineOptions);
  try {
    await bridge.start();
  } catch (error) {
    await bridge.stop();
    throw error;
  }
  return bridge;
}

class XsBridge implements Running, NetworkEvents {
  readonly #options: RunOptions;
  readonly #network: NodeNetwork;
  readonly #machine: XsMachine;
  readonly #sendBuffer: number;
  readonly #receiveWindow: number;
  /** Events for the worker. */
  readonly #queue = new MessageWriter();
  /** Listener numbers: the worker's to the network's, and back. */
  readonly #listeners = new Map<number, number>();
  readonly #numbers = new Map<number, number>();
  readonly #timers = new WorkerTimers((timer) => this.#happened(EVENT_TICK, timer));
  #busy = false;
  /** Bytes that the queue acknowledges, and the timer that sends them if nothing else does. */
  #acknowledged = 0;
  #soon: NodeJS.Timeout | undefined;
  /** The worker wants to be called again at once, even with nothing new. */
  #again = false;
  #stopping: Promise<void> | undefined;
  #started = false;
  #settleStart: { resolve(): void; reject(error: Error): void } | undefined;
  #whenIdle: (() => void) | undefined;
  /** The worker is gone, or does not come back. */
  #broken = false;
  readonly #watch: TurnWatch;

  constructor(options: RunOptions, machineOptions: XsMachineOptions) {
    this.#options = options;
    this.#receiveWindow = checkSize("receiveWindow", options.receiveWindow ?? BOARD_RECEIVE_WINDOW);
    this.#sendBuffer = checkSize("sendBuffer", options.sendBuffer ?? BOARD_SEND_BUFFER);
    this.#network = new NodeNetwork({ sendBuffer: this.#sendBuffer });
    this.#network.events = this;
    this.#machine = new XsMachine({ ...machineOptions, onQuestion: (question) => this.#answer(question) });
    this.#watch = new TurnWatch(options.turnLimitMs, (message) => this.#break(new XsError(message)));
    void this.#machine.ended.then(() => {
      if (this.#stopping === undefined) {
        // Nothing need be under way when it ends; asking shows why it did.
        this.#machine.evaluate("").catch((error: Error) => this.#break(error));
      }
    });
  }

  async start(): Promise<void> {
    for (const { port, address } of this.#options.listen) {
      await this.#network.bind(port, address);
    }
    await this.#machine.import(WORKER);
    const configuration: WorkerStart = {
      application: this.#options.application,
      board: this.#options.board?.path,
      settings: this.#options.settings,
      hasSecurityStore: this.#options.securityStore !== undefined,
      receiveWindow: this.#receiveWindow,
      sendBuffer: this.#sendBuffer,
    };
    const started = new Promise<void>((resolve, reject) => {
      this.#settleStart = { resolve, reject };
    });
    this.#queue.head(EVENT_START, 0);
    this.#queue.text(JSON.stringify(configuration));
    this.#pump();
    await started;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  connected(listener: number, endpoint: number, remoteAddress: string, remotePort: number): void {
    this.#queue.head(EVENT_CONNECTED, endpoint);
    this.#queue.u32(this.#numbers.get(listener) ?? 0);
    this.#queue.u16(remotePort);
    this.#queue.text(remoteAddress);
    this.#pump();
  }

  data(endpoint: number, bytes: Uint8Array, start: number, end: number): void {
    this.#queue.head(EVENT_DATA, endpoint);
    this.#queue.bytes(bytes, start, end);
    this.#pump();
  }

  acknowledged(endpoint: number, count: number): void {
    this.#queue.head(EVENT_ACKNOWLEDGED, endpoint);
    this.#queue.u32(count);
    this.#acknowledged += count;
    if (this.#acknowledged >= this.#sendBuffer / 2) {
      this.#pump();
    } else {
      // A round trip for this alone would make the next telecommand wait. It travels with that, or soon by itself.
      this.#soon ??= setTimeout(() => {
        this.#soon = undefined;
        this.#pump();
      }, ACKNOWLEDGE_DELAY_MS);
    }
  }

  ended(endpoint: number): void {
    this.#happened(EVENT_ENDED, endpoint);
  }

  failed(endpoint: number, code: string | undefined): void {
    this.#queue.head(EVENT_FAILED, endpoint);
    this.#queue.text(code ?? "");
    this.#pump();
  }

  opened(endpoint: number): void {
    this.#happened(EVENT_OPENED, endpoint);
  }

  /** The worker sees to its turns itself. */
  turn(): void {}

  async #stop(): Promise<void> {
    if (this.#started && !this.#broken) {
      this.#queue.head(EVENT_STOP, 0);
      const idle = new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
      this.#pump();
      // A worker that is stuck does not answer; the machine's own stop ends it.
      await Promise.race([idle, sleep(STOP_LIMIT_MS, undefined, { ref: false })]);
    }
    this.#timers.stopAll();
    clearTimeout(this.#soon);
    this.#watch.stop();
    this.#network.shutDown();
    await this.#machine.stop();
  }

  /** Sends the next batch, unless one is under way. */
  #pump(): void {
    if (this.#busy || this.#broken || (this.#queue.length === 0 && !this.#again)) {
      return;
    }
    this.#busy = true;
    this.#again = false;
    this.#acknowledged = 0;
    this.#timers.ticksLeft();
    const time = Buffer.alloc(TIME_LENGTH);
    time.writeDoubleLE(performance.now());
    const batch = Buffer.concat([time, this.#queue.take()]);
    this.#watch.begin(batch);
    this.#machine
      .call(batch)
      .then(
        (reply) => {
          this.#watch.end();
          this.#busy = false;
          this.#network.enter();
          this.#run(new MessageReader(reply.bytes));
          this.#network.leave();
          this.#pump();
          if (!this.#busy) {
            this.#whenIdle?.();
          }
        },
        // Also when the worker ended by itself: it says why, and the turn says where.
        (error: Error) => this.#break(new XsError(error.message + this.#watch.where, { cause: error })),
      )
      .catch((error: Error) => this.#fail(error));
  }

  /** Does what the worker wants done, as far as the head of a question. */
  #run(orders: MessageReader): void {
    const network = this.#network;
    while (orders.next()) {
      const number = orders.number;
      switch (orders.kind) {
        case DO_CREDIT:
          network.credit(number, orders.u32());
          break;
        case DO_DIAL: {
          const port = orders.u16();
          network.dial(orders.text(), port, number);
          break;
        }
        case DO_SEND:
          orders.bytes();
          network.send(number, orders.all.subarray(orders.start, orders.end));
          break;
        case DO_CLOSE:
          network.close(number);
          break;
        case DO_RESET:
          network.reset(number);
          break;
        case DO_NO_DELAY:
          network.noDelay(number, orders.u32() === 1);
          break;
        case DO_UNLISTEN:
          network.unlisten(this.#listeners.get(number) ?? -1);
          break;
        case DO_START_TIMER:
          this.#timers.start(number, orders.u32());
          break;
        case DO_STOP_TIMER:
          this.#timers.stop(number);
          break;
        case TELL_STARTED:
          this.#started = true;
          this.#settleStart?.resolve();
          break;
        case TELL_REPORT:
          this.#options.onReport(JSON.parse(orders.text()) as object);
          break;
        case TELL_FAILED:
          this.#fail(new Error(orders.text()));
          break;
        case TELL_AGAIN:
          this.#again = true;
          break;
        default:
          if (isQuestion(orders.kind)) {
            return;
          }
          throw new Error(`the worker wants ${orders.kind} done, and nobody knows what that is`);
      }
    }
  }

  /** The worker waits in the middle of a turn: orders, and at their end a question. */
  async #answer(question: Uint8Array): Promise<Uint8Array> {
    const orders = new MessageReader(question);
    this.#network.enter();
    this.#run(orders);
    this.#network.leave();
    return orders.kind === DO_LISTEN ? this.#listen(orders) : answerAboutStore(orders, this.#options.securityStore);
  }

  /** @param orders behind the head of a `DO_LISTEN` */
  async #listen(orders: MessageReader): Promise<Uint8Array> {
    const answer = new MessageWriter();
    const number = orders.number;
    const port = orders.u16();
    const address = orders.text();
    try {
      const listener = await this.#network.bindAndListen(port, address === "" ? undefined : address);
      this.#listeners.set(number, listener);
      this.#numbers.set(listener, number);
      answer.head(DO_LISTEN, this.#network.port(listener));
    } catch (error) {
      answer.head(ANSWER_FAILED, 0);
      answer.text((error as Error).message);
    }
    return answer.take();
  }

  /** An event without more to say. */
  #happened(kind: number, number: number): void {
    this.#queue.head(kind, number);
    this.#pump();
  }

  /** The worker is of no use any more. */
  #break(error: Error): void {
    if (!this.#broken) {
      this.#broken = true;
      this.#watch.stop();
      this.#whenIdle?.();
      this.#fail(error);
    }
  }

  /** The application threw, or the worker is gone. */
  #fail(error: Error): void {
    if (this.#settleStart !== undefined && !this.#started) {
      this.#settleStart.reject(error);
    } else if (this.#stopping === undefined) {
      this.#options.onFailure(error);
    }
  }
}
