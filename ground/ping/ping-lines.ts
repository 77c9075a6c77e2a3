/** What `ping` prints. */
import type { TimeCode } from "../../modules/ccsds/time-code.js";
import { UNKNOWN_APPLICATION_PROCESS } from "../../modules/pus/failure-codes.js";
import { EXPECTED_REPORTS, type Ping, type PingReport } from "./pinger.js";
import { failureName, reportNames } from "./report-names.js";

const NAMES = reportNames();
const TYPE_WIDTH = 4;
const NAME_WIDTH = Math.max(...EXPECTED_REPORTS.map((type) => (NAMES.get(type) as string).length));

/** A line for the ping, and one for each of its reports. */
export function pingLines(ping: Ping, timeCode: TimeCode): string {
  const { number, packetSequenceCount, reports, missing, roundTripMs } = ping;
  const outcome = roundTripMs === undefined ? `not answered: ${missingText(missing)}` : `${ms(roundTripMs)} ms`;
  const lines = [`ping ${number}, sequence count ${packetSequenceCount}: ${outcome}`];
  for (const report of reports) {
    lines.push(reportLine(report, timeCode));
  }
  return `${lines.join("\n")}\n`;
}

function missingText(missing: readonly string[]): string {
  return `${missing.map((type) => `${type} ${NAMES.get(type)}`).join(", ")} missing`;
}

function reportLine(report: PingReport, timeCode: TimeCode): string {
  const name = NAMES.get(report.type) ?? "";
  const failure = report.failureCode === undefined ? "" : `: ${failureName(report.failureCode)}`;
  const after = `${ms(report.afterMs)} ms`;
  const label = `${report.type.padEnd(TYPE_WIDTH)}  ${(name + failure).padEnd(NAME_WIDTH)}`;
  return `  ${label}  ${stamp(report, timeCode).padEnd(24)}  ${after}`;
}

/** The board's time. */
function stamp({ time, synchronized }: PingReport, timeCode: TimeCode): string {
  if (Number.isNaN(time)) {
    return `not ${timeCode.name} time`;
  }
  // A board without the time counts from boot, which it calls the code's epoch.
  return synchronized ? new Date(time).toISOString() : `up ${((time - timeCode.epoch) / 1000).toFixed(3)} s`;
}

function ms(duration: number): string {
  return duration.toFixed(2);
}

/** What the pings came to. */
export class PingSummary {
  sent = 0;
  answered = 0;
  /** Pings that the board knows no application process for. */
  unknownApid = 0;
  /** Reports that came for any of them. */
  reports = 0;
  #shortest = Number.POSITIVE_INFINITY;
  #longest = 0;
  #sum = 0;

  add({ reports, roundTripMs }: Ping): void {
    this.sent++;
    this.reports += reports.length;
    if (reports.some(({ failureCode }) => failureCode === UNKNOWN_APPLICATION_PROCESS)) {
      this.unknownApid++;
    }
    if (roundTripMs !== undefined) {
      this.answered++;
      this.#sum += roundTripMs;
      this.#shortest = Math.min(this.#shortest, roundTripMs);
      this.#longest = Math.max(this.#longest, roundTripMs);
    }
  }

  get lost(): number {
    return this.sent - this.answered;
  }

  lines(otherTelemetry: number, damaged: number): string {
    const { sent, answered, lost } = this;
    const counts = `${sent} sent, ${answered} answered, ${lost} lost; ${otherTelemetry} other telemetry packets, ${damaged} damaged\n`;
    if (answered === 0) {
      return counts;
    }
    const average = this.#sum / answered;
    return `${counts}round trip min/avg/max ${ms(this.#shortest)}/${ms(average)}/${ms(this.#longest)} ms\n`;
  }
}
