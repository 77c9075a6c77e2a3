/**
 * The program of the XS worker: runs an application on sockets that Node serves.
 *
 * Node sends a batch of events, `handleCommand` runs them, and the reply carries what the application wants done. The
 * reply is put together only when the engine's promise jobs have run too.
 */
import type { AnyBoardModule } from "../../modules/flatsat/board-module.js";
import type { ApplicationModule, Platform, RunningApplication, WorkerStart } from "./application.js";
import { copyFast } from "./copy.js";
import { createIo } from "./io.js";
import {
  DO_START_TIMER,
  DO_STOP_TIMER,
  EVENT_START,
  EVENT_STOP,
  EVENT_TICK,
  MessageReader,
  MessageWriter,
  TELL_AGAIN,
  TELL_FAILED,
  TELL_REPORT,
  TELL_STARTED,
} from "./messages.js";
import { ProxyNetwork } from "./proxy-network.js";
import { ProxyStore } from "./proxy-store.js";
import { WorkerClock } from "./worker-clock.js";

/** The worker's way to ask Node something in the middle of a turn. */
declare const issueCommand: (batch: ArrayBuffer) => ArrayBuffer;

const queue = new MessageWriter();
const callNode = (batch: ArrayBuffer): ArrayBuffer => issueCommand(batch);
const network = new ProxyNetwork(queue, callNode);
const timers = new Map<number, () => void>();
let nextTimer = 0;
const clock = new WorkerClock(Date.now);
let running: RunningApplication | undefined;
/** Stops and starts the application; set when it asks for that. */
let restart: (() => void) | undefined;

function tell(kind: number, text: string): void {
  queue.head(kind, 0);
  queue.text(text);
}

function tellFailed(error: unknown): void {
  // A stack begins with the message here, as it does on Node.
  tell(TELL_FAILED, (error instanceof Error && error.stack) || String(error));
}

async function start(configuration: WorkerStart): Promise<void> {
  try {
    const application = (await import(configuration.application)) as ApplicationModule;
    const io = createIo(network, {
      receiveWindow: configuration.receiveWindow,
      sendBuffer: configuration.sendBuffer,
      copy: copyFast,
      onAbort: tellFailed,
    });
    const { board, hasSecurityStore } = configuration;
    const platform: Platform = {
      io,
      securityStore: hasSecurityStore ? new ProxyStore(callNode) : undefined,
      board: board === undefined ? undefined : ((await import(board)) as AnyBoardModule),
      clock: clock.read,
      ticker: {
        start(intervalMs, callback) {
          const timer = nextTimer++;
          timers.set(timer, callback);
          queue.head(DO_START_TIMER, timer);
          queue.u32(intervalMs);
          return {
            stop() {
              if (timers.delete(timer)) {
                queue.head(DO_STOP_TIMER, timer);
              }
            },
          };
        },
      },
      report: (event) => tell(TELL_REPORT, JSON.stringify(event)),
      restarted: false,
      restart() {
        restart = () => {
          running?.stop();
          running = application.start(configuration.settings, { ...platform, restarted: true });
        };
      },
    };
    running = application.start(configuration.settings, platform);
    queue.head(TELL_STARTED, 0);
  } catch (error) {
    tellFailed(error);
  }
}

function dispatch(event: MessageReader): void {
  switch (event.kind) {
    case EVENT_START:
      void start(JSON.parse(event.text()) as WorkerStart);
      break;
    case EVENT_STOP:
      running?.stop();
      running = undefined;
      break;
    case EVENT_TICK:
      timers.get(event.number)?.();
      break;
    default:
      if (!network.dispatch(event)) {
        throw new Error(`unknown event ${event.kind}`);
      }
  }
}

/** Not in the middle of what the application is doing. */
function runRestart(): void {
  const asked = restart;
  restart = undefined;
  // Stopped meanwhile: it stays so.
  if (running !== undefined) {
    asked?.();
  }
}

const reply = {
  /** Asked for by the worker when all jobs have run. */
  get result(): ArrayBuffer {
    network.flushCredits();
    if (network.turnsWait) {
      queue.head(TELL_AGAIN, 0);
    }
    return queue.take().buffer;
  },
};

function handleCommand(batch: ArrayBuffer): typeof reply {
  try {
    const events = new MessageReader(new Uint8Array(batch));
    clock.set(events.f64());
    while (events.next()) {
      dispatch(events);
      network.runTurns();
    }
    network.runTurns();
    runRestart();
  } catch (error) {
    tellFailed(error);
  }
  return reply;
}

Object.assign(globalThis, { handleCommand });
