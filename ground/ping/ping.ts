#!/usr/bin/env node
/** `ping` for a board, as a command. */
import { setTimeout as sleep } from "node:timers/promises";
import { endWithoutOutput, stopSignal } from "../../host/command.js";
import { pingHint } from "./ping-hints.js";
import { PingSummary, pingLines } from "./ping-lines.js";
import { PingLink } from "./ping-link.js";
import { type PingOptions, parsePingOptions } from "./ping-options.js";
import { Pinger } from "./pinger.js";

const EXIT_LOST = 1;
const EXIT_USAGE = 2;

function complain(line: string): void {
  process.stderr.write(`flatlink-ping: ${line}\n`);
}

/** @returns the exit code */
async function run(options: PingOptions, stopped: AbortSignal): Promise<number> {
  const { host, port, framing, apid, count, intervalMs, timeoutMs, timeCode } = options;
  const link = new PingLink(options);
  const pinger = new Pinger({
    apid,
    timeCode,
    timeoutMs,
    // Anywhere: the board may still have reports for somebody who pinged it before.
    packetSequenceCount: Math.floor(Math.random() * 0x4000),
    send: (packet) => link.send(packet),
  });
  stopped.addEventListener("abort", () => link.close());
  await link.open(pinger, stopped);
  process.stdout.write(`TC[17,1] to APID ${apid} at ${host} port ${port}, ${framing.name}\n`);
  const summary = new PingSummary();
  while (!link.isOver && !stopped.aborted && (count === 0 || summary.sent < count)) {
    const next = sleep(intervalMs, undefined, { signal: stopped }).catch(() => {});
    const ping = await pinger.ping();
    // One that Ctrl-C interrupted is not lost.
    if (!stopped.aborted || ping.roundTripMs !== undefined) {
      summary.add(ping);
      process.stdout.write(pingLines(ping, timeCode));
    }
    if (!link.isOver && summary.sent !== count) {
      await next;
    }
  }
  const closed = link.isOver && !stopped.aborted;
  link.close();
  process.stdout.write(summary.lines(pinger.otherTelemetry, pinger.damaged + link.damaged));
  if (!closed && summary.answered > 0 && summary.lost === 0) {
    return 0;
  }
  const hint = pingHint({ options, link, pinger, summary, closed });
  const what = `${summary.lost} of ${summary.sent} pings not answered completely`;
  const wrong = closed ? "the board closed the connection" : summary.sent === 0 ? "no ping was answered" : what;
  complain(hint === undefined ? wrong : `${wrong}; ${hint}`);
  return EXIT_LOST;
}

async function main(): Promise<void> {
  const stop = new AbortController();
  stopSignal().then(() => stop.abort());
  endWithoutOutput("flatlink-ping", EXIT_LOST);
  try {
    const options = parsePingOptions(process.argv.slice(2), (text) => process.stdout.write(text));
    process.exitCode = options === undefined ? 0 : await run(options, stop.signal);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    process.exitCode = EXIT_USAGE;
  }
  // A signal handler or a timer that is left must not keep it running.
  process.stdout.write("", () => process.exit());
}

await main();
