/**
 * Pings: one TC[17,1] at a time, and the reports that answer it.
 *
 * Verification reports name the telecommand that they are about; 17,2 does not, and is taken for the ping under way,
 * unless an earlier ping is still owed one.
 */
import type { TimeCode } from "../../modules/ccsds/time-code.js";
import {
  buildTelecommand,
  buildTelemetry,
  InvalidPusPacketError,
  parseTelemetry,
} from "../../modules/pus/build-parse.js";
import {
  ACCEPTANCE_SUCCESS,
  COMPLETION_SUCCESS,
  START_SUCCESS,
  VERIFICATION_SERVICE,
} from "../../modules/pus/messages/st01-messages.js";
import { ARE_YOU_ALIVE, ARE_YOU_ALIVE_REPORT, TEST_SERVICE } from "../../modules/pus/messages/st17-messages.js";
import { requestId } from "../../modules/pus/telecommand.js";
import type { TelemetryView } from "../../modules/pus/views.js";
import { type GroundClock, groundClock } from "../link/ground-clock.js";

/** What answers a ping, in this order, as service type and message subtype. */
export const EXPECTED_REPORTS: readonly string[] = [
  `${VERIFICATION_SERVICE},${ACCEPTANCE_SUCCESS}`,
  `${VERIFICATION_SERVICE},${START_SUCCESS}`,
  `${TEST_SERVICE},${ARE_YOU_ALIVE_REPORT}`,
  `${VERIFICATION_SERVICE},${COMPLETION_SUCCESS}`,
];
const ALIVE_REPORT = `${TEST_SERVICE},${ARE_YOU_ALIVE_REPORT}`;

const COUNTS = 16_384;
const REQUEST_ID_LENGTH = 4;
/** Failure data, behind a failure code of the board's own width. */
const FAILURE_DATA_LENGTH = 4;

/** A report that answers a ping. */
export interface PingReport {
  /** Service type and message subtype, as `1,7`. */
  readonly type: string;
  /** Since the ping was sent, in milliseconds. */
  readonly afterMs: number;
  /** The board's stamp: UNIX milliseconds; NaN when it is not of the time code. */
  readonly time: number;
  /** False: the board has no time, and its stamp counts from boot. */
  readonly synchronized: boolean;
  /** Of a report that the board refused or failed: why. */
  readonly failureCode?: number;
}

/** How a ping went. */
export interface Ping {
  /** 1 and on. */
  readonly number: number;
  readonly packetSequenceCount: number;
  readonly reports: readonly PingReport[];
  /** Reports that did not come, in the order in which they should have. */
  readonly missing: readonly string[];
  /** From the ping to its last report, in milliseconds; undefined when one is missing. */
  readonly roundTripMs: number | undefined;
}

interface UnderWay {
  readonly requestId: number;
  readonly sentAt: number;
  readonly reports: PingReport[];
  finish(): void;
}

export interface PingerOptions {
  apid: number;
  timeCode: TimeCode;
  timeoutMs: number;
  /** The first ping's, 0 to 16,383. */
  packetSequenceCount: number;
  send(packet: Uint8Array): void;
  /** For tests and simulations: time that is not the computer's. */
  clock?: GroundClock;
}

/** The telecommand. */
export function pingPacket(apid: number, packetSequenceCount: number): Uint8Array {
  return buildTelecommand({
    apid,
    packetSequenceCount,
    serviceType: TEST_SERVICE,
    messageSubtype: ARE_YOU_ALIVE,
  });
}

/** Of the reports on a ping that went well, in bytes. */
export function longestReport(timeCode: TimeCode): number {
  return buildTelemetry({
    apid: 0,
    serviceType: VERIFICATION_SERVICE,
    messageSubtype: COMPLETION_SUCCESS,
    timeStamp: new Uint8Array(timeCode.length),
    sourceData: new Uint8Array(REQUEST_ID_LENGTH),
  }).length;
}

export class Pinger {
  /** Telemetry that answers no ping of ours: housekeeping, events, reports to others. */
  otherTelemetry = 0;
  /** Packets that are no sound PUS telemetry. */
  damaged = 0;
  /** Telemetry whose stamp is not of the time code: then the rest of it is not where it should be, either. */
  otherTimeCode = 0;
  readonly #options: PingerOptions;
  readonly #clock: GroundClock;
  #sent = 0;
  #underWay: UnderWay | undefined;
  /** Pings given up that no 17,2 came for yet. */
  #owed = 0;
  #ended = false;

  constructor(options: PingerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? groundClock;
  }

  /** Sends a ping and waits for its reports, up to the time-out or to `end`. */
  ping(): Promise<Ping> {
    const { apid, timeoutMs, send } = this.#options;
    const count = (this.#options.packetSequenceCount + this.#sent) % COUNTS;
    const number = ++this.#sent;
    const packet = pingPacket(apid, count);
    return new Promise((resolve) => {
      const reports: PingReport[] = [];
      const finish = () => {
        forget();
        this.#underWay = undefined;
        const missing = EXPECTED_REPORTS.filter((type) => !reports.some((report) => report.type === type));
        // A ping that was refused gets none.
        if (missing.includes(ALIVE_REPORT) && !reports.some(isFailure)) {
          this.#owed++;
        }
        const roundTripMs = missing.length === 0 ? reports.at(-1)?.afterMs : undefined;
        resolve({ number, packetSequenceCount: count, reports, missing, roundTripMs });
      };
      const forget = this.#clock.after(timeoutMs, finish);
      this.#underWay = { requestId: requestId(packet, 0), sentAt: this.#clock.now(), reports, finish };
      send(packet);
      if (this.#ended) {
        finish();
      }
    });
  }

  /** The connection has ended: nothing more will come. */
  end(): void {
    this.#ended = true;
    this.#underWay?.finish();
  }

  /** Takes a packet that the board sent. */
  receive(packet: Uint8Array): void {
    let view: TelemetryView;
    try {
      view = parseTelemetry(packet, this.#options.timeCode);
    } catch (error) {
      if (!(error instanceof InvalidPusPacketError)) {
        throw error;
      }
      this.damaged++;
      return;
    }
    if (Number.isNaN(view.time)) {
      this.otherTimeCode++;
    }
    const ping = this.#underWay;
    if (ping === undefined || !this.#answers(view, ping)) {
      this.otherTelemetry++;
      return;
    }
    const report = readReport(view, this.#clock.now() - ping.sentAt);
    ping.reports.push(report);
    const complete = EXPECTED_REPORTS.every((type) => ping.reports.some((each) => each.type === type));
    if (complete || isFailure(report)) {
      ping.finish();
    }
  }

  #answers(view: TelemetryView, ping: UnderWay): boolean {
    const { serviceType, messageSubtype, bytes, sourceDataStart, sourceDataLength } = view;
    if (serviceType === VERIFICATION_SERVICE) {
      // Whoever it comes from: a board reports what is for none of its APIDs, too.
      return sourceDataLength >= REQUEST_ID_LENGTH && requestId(bytes, sourceDataStart) === ping.requestId;
    }
    if (view.apid !== this.#options.apid || serviceType !== TEST_SERVICE || messageSubtype !== ARE_YOU_ALIVE_REPORT) {
      return false;
    }
    if (this.#owed > 0 && ping.reports.length === 0) {
      this.#owed--;
      return false;
    }
    return !ping.reports.some(({ type }) => type === ALIVE_REPORT);
  }
}

function isFailure(report: PingReport): boolean {
  return report.failureCode !== undefined;
}

function readReport(view: TelemetryView, afterMs: number): PingReport {
  const { serviceType, messageSubtype, bytes, sourceDataStart, sourceDataEnd } = view;
  const report: PingReport = {
    type: `${serviceType},${messageSubtype}`,
    afterMs,
    time: view.time,
    synchronized: view.timeReferenceStatus !== 0,
  };
  // Subtypes of failures are the even ones.
  if (serviceType !== VERIFICATION_SERVICE || messageSubtype % 2 === 1) {
    return report;
  }
  let failureCode = 0;
  for (let at = sourceDataStart + REQUEST_ID_LENGTH; at < sourceDataEnd - FAILURE_DATA_LENGTH; at++) {
    failureCode = failureCode * 256 + (bytes[at] as number);
  }
  return { ...report, failureCode };
}
