/** What `ping` prints. */
import type { TimeCode } from "../modules/ccsds/time-code.js";
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
  readonly #roundTrips: number[] = [];

  add(ping: Ping): void {
    this.sent++;
    if (ping.roundTripMs !== undefined) {
      this.#roundTrips.push(ping.roundTripMs);
    }
  }

  get answered(): number {
    return this.#roundTrips.length;
  }

  get lost(): number {
    return this.sent - this.answered;
  }

  lines(otherTelemetry: number, damaged: number): string {
    const lines = [
      `${this.sent} sent, ${this.answered} answered, ${this.lost} lost; ` +
        `${otherTelemetry} other telemetry packets, ${damaged} damaged`,
    ];
    const trips = this.#roundTrips;
    if (trips.length > 0) {
      const average = trips.reduce((sum, trip) => sum + trip, 0) / trips.length;
      lines.push(`round trip min/avg/max ${ms(Math.min(...trips))}/${ms(average)}/${ms(Math.max(...trips))} ms`);
    }
    return `${lines.join("\n")}\n`;
  }
}
