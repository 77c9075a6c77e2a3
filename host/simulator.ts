#!/usr/bin/env node
/** The simulated board, as a command. */
import { fileURLToPath } from "node:url";
import { parseConfiguration } from "../modules/flatsat/configuration.js";
import { chooseBoard } from "./choose-board.js";
import { endWithoutOutput, stopSignal } from "./command.js";
import { type CommandLine, parseCommandLine } from "./command-line.js";
import type { CompiledBoard } from "./compile-board.js";
import { FolderStore } from "./folder-store.js";
import { ListenError } from "./listen-error.js";
import { ownFramings } from "./own-framings.js";
import { type LogEvent, Report } from "./report.js";
import { watchReturns } from "./return-watch.js";
import type { Running, RunOptions } from "./run.js";
import { runOnNode } from "./run-node.js";
import { runOnXs } from "./run-xs.js";
import { nameOptions } from "./setting-options.js";
import { tryCommand } from "./try-command.js";
import { type XsAvailability, xsAvailability } from "./xs-availability.js";
import { XsError } from "./xs-machine.js";

const APPLICATION = fileURLToPath(new URL("./engine/flatsat.js", import.meta.url));

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** After stopping, what clients have not taken yet has so long to leave. */
const FLUSH_LIMIT_MS = 1000;

/** Ends in one line, with the exit code of a wrong option. */
function refuse(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  // What XS throws comes with its name and its stack.
  const line = (message.split("\n")[0] as string).replace(/^\w*Error: /, "");
  process.stderr.write(`flatlink-simulator: ${nameOptions(line)}${nextStep(error)}\n`);
  process.exit(EXIT_USAGE);
}

/** What whoever wants a port that another program has can do about it. */
function nextStep(error: unknown): string {
  return error instanceof ListenError && error.code === "EADDRINUSE"
    ? "; stop the program that has it, another simulator perhaps, or name other ports: --listen cobs:0 takes any free one"
    : "";
}

/** Settles which engine runs. */
function chooseEngine({ engine, framings }: CommandLine, report: Report): XsAvailability {
  const reason =
    engine === "node" ? "as asked for" : framings === undefined ? undefined : "framings of one's own run on Node";
  const xs: XsAvailability = reason === undefined ? xsAvailability() : { available: false, reason };
  if (!xs.available && engine === "xs") {
    refuse(`no XS engine: ${xs.reason}`);
  }
  if (!xs.available && engine === undefined) {
    report.log({ event: "fallback", engine: "node", reason: xs.reason });
  }
  return xs;
}

function describeEngine(xs: XsAvailability): LogEvent {
  return xs.available
    ? { event: "engine", engine: "xs", version: xs.version }
    : { event: "engine", engine: "node", version: `Node.js ${process.version}` };
}

async function main(): Promise<void> {
  const stop = stopSignal();
  endWithoutOutput("flatlink-simulator", EXIT_FAILED);
  const write = (text: string): void => {
    process.stdout.write(text);
  };
  let commandLine: CommandLine | undefined;
  try {
    commandLine = parseCommandLine(process.argv.slice(2), write);
  } catch (error) {
    refuse(error);
  }
  if (commandLine === undefined) {
    return;
  }
  const { settings, receiveWindow, sendBuffer, json, quiet } = commandLine;
  let board: CompiledBoard | undefined;
  const report = new Report({ json, quiet, write: (line) => write(`${line}\n`) });
  let running: Running | undefined;
  const listening: number[] = [];
  try {
    const framings = commandLine.framings === undefined ? undefined : await ownFramings(commandLine.framings);
    const { ports, address, apid } = parseConfiguration(settings, undefined, framings);
    const { keys } = commandLine;
    const securityStore = keys === undefined ? undefined : new FolderStore(keys);
    if (commandLine.board !== undefined) {
      // Its module runs here in any case, and on Node all the rest.
      watchReturns(
        "flatlink-simulator: this program has not come back for 10 s; most likely the board's code, in its module, bind, tick, a handler or a getter; " +
          `Ctrl-C cannot stop it, kill -9 ${process.pid} does\n`,
      );
    }
    board = await chooseBoard(commandLine.board);
    if (commandLine.board !== undefined) {
      // A promise that the board's own code made, and nobody waits for: its own matter, as what a handler throws.
      process.on("unhandledRejection", (reason) =>
        report.log({ event: "error", message: String(reason), connection: undefined, server: undefined }),
      );
    }
    const xs = chooseEngine(commandLine, report);
    let announced = false;
    const options: RunOptions = {
      application: APPLICATION,
      settings,
      framings,
      securityStore,
      board,
      receiveWindow,
      sendBuffer,
      listen: ports.map(({ port }) => (address === "" ? { port } : { port, address })),
      onReport(event) {
        const known = event as LogEvent;
        // Not before the application is there to report: a wrong option or an occupied port is one line, no more.
        if (!announced) {
          announced = true;
          report.log(describeEngine(xs));
        }
        if (known.event === "listening") {
          listening.push(known.port);
        }
        report.log(known);
      },
      onFailure: (error) => void fail(error, running),
    };
    running = xs.available ? await runOnXs(options, { binary: xs.binary }) : await runOnNode(options);
    // Both engines have read it by now.
    await board?.remove();
    const command = tryCommand(ports, address, apid, listening);
    if (command !== undefined) {
      report.log({ event: "try", command });
    }
  } catch (error) {
    refuse(error);
  }
  await stop;
  await running.stop();
  setTimeout(() => process.exit(0), FLUSH_LIMIT_MS).unref();
}

/** A board would restart; a simulation shows what happened. */
async function fail(error: Error, running: Running | undefined): Promise<void> {
  // The stack of what the worker says of itself is our own.
  const what = error instanceof XsError ? error.message : (error.stack ?? error.message);
  process.stderr.write(`flatlink-simulator: the application failed: ${what}\n`);
  await running?.stop().catch(() => {});
  process.exit(EXIT_FAILED);
}

await main();
