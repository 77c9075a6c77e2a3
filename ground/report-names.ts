/** The names of reports, and of failure codes, as the board's own definitions have them. */
import { CdsShort } from "../modules/ccsds/cds-short.js";
import { TimeStamper } from "../modules/ccsds/time-code.js";
import { FAILURE_CODES } from "../modules/pus/failure-codes.js";
import { ReportWriter } from "../modules/pus/report-writer.js";
import { VerificationService } from "../modules/pus/st01-verification.js";
import { TestService } from "../modules/pus/st17-test.js";

/** Names by service type and message subtype: `1,7` is `completionSuccess`. */
export function reportNames(): ReadonlyMap<string, string> {
  // Services want a writer; what is only asked for its definitions writes nothing.
  const log = { bytes: new Uint8Array(1), reserve: () => -1, commit: () => {} };
  const clock = { uptime: () => 0, now: () => Number.NaN };
  const reports = new ReportWriter({ log, apid: 0, time: new TimeStamper(new CdsShort(), clock) });
  const names = new Map<string, string>();
  for (const service of [new VerificationService(reports), new TestService(reports)]) {
    for (const { messageSubtype, name } of service.reports) {
      names.set(`${service.serviceType},${messageSubtype}`, name);
    }
  }
  return names;
}

/** A failure code in words. */
export function failureName(code: number): string {
  return FAILURE_CODES.find((each) => each.code === code)?.name ?? `failure code ${code}`;
}
