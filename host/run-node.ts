/** Runs an application on Node's own engine. */
import { pathToFileURL } from "node:url";
import type { ApplicationModule, RunningApplication } from "./engine/application.js";
import { createNodeIo, type NodeIo, nodeClock, nodeTicker } from "./node-io.js";
import type { Running, RunOptions } from "./run.js";

/** @throws (rejects) ListenError when a port cannot be had, and what the application's `start` throws */
export async function runOnNode(options: RunOptions): Promise<Running> {
  const { receiveWindow, sendBuffer, onFailure } = options;
  const application = (await import(pathToFileURL(options.application).href)) as ApplicationModule;
  const io = await createNodeIo({
    listen: options.listen,
    ...(receiveWindow === undefined ? {} : { receiveWindow }),
    ...(sendBuffer === undefined ? {} : { sendBuffer }),
    onAbort: (error) => onFailure(error instanceof Error ? error : new Error(String(error))),
  });
  const run = new NodeRun(options, application, io);
  try {
    run.start(false);
  } catch (error) {
    io.network.shutDown();
    throw error;
  }
  return run;
}

const RUNNING = 0;
const RESTARTING = 1;
const STOPPED = 2;

class NodeRun implements Running {
  readonly #options: RunOptions;
  readonly #application: ApplicationModule;
  readonly #io: NodeIo;
  #running: RunningApplication | undefined;
  #state: typeof RUNNING | typeof RESTARTING | typeof STOPPED = RUNNING;

  constructor(options: RunOptions, application: ApplicationModule, io: NodeIo) {
    this.#options = options;
    this.#application = application;
    this.#io = io;
  }

  /** @throws what the application's `start` throws */
  start(restarted: boolean): void {
    const { settings, framings, board, securityStore, onReport, onFailure } = this.#options;
    this.#running = this.#application.start(settings, {
      io: this.#io,
      ticker: nodeTicker,
      clock: nodeClock,
      framings,
      securityStore,
      board: board?.module,
      report: onReport,
      restarted,
      restart: () => {
        if (this.#state === RUNNING) {
          this.#state = RESTARTING;
          setImmediate(() => this.#restart().catch(onFailure));
        }
      },
    });
  }

  async stop(): Promise<void> {
    if (this.#state !== STOPPED) {
      this.#state = STOPPED;
      this.#running?.stop();
      this.#io.network.shutDown();
    }
  }

  async #restart(): Promise<void> {
    if (this.#state === STOPPED) {
      return;
    }
    this.#running?.stop();
    this.#running = undefined;
    for (const { port, address } of this.#options.listen) {
      await this.#io.bind(port, address);
      // It may be stopped meanwhile; then nobody takes the port.
      if (this.#isStopped()) {
        this.#io.network.shutDown();
        return;
      }
    }
    this.#state = RUNNING;
    this.start(true);
  }

  #isStopped(): boolean {
    return this.#state === STOPPED;
  }
}
