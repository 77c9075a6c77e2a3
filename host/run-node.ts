/** Runs an application on Node's own engine. */
import { pathToFileURL } from "node:url";
import type { ApplicationModule } from "./engine/application.js";
import { createNodeIo, nodeClock, nodeTicker } from "./node-io.js";
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
  let stopped = false;
  try {
    const running = application.start(options.settings, {
      io,
      ticker: nodeTicker,
      clock: nodeClock,
      report: options.onReport,
    });
    return {
      async stop() {
        if (!stopped) {
          stopped = true;
          running.stop();
          io.network.shutDown();
        }
      },
    };
  } catch (error) {
    io.network.shutDown();
    throw error;
  }
}
