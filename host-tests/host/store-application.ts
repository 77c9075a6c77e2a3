/** An application for tests of the store: takes frames, and reports what became of them, over restarts. Runs inside XS, too. */
import type { Platform, RunningApplication } from "../../host/engine/application.js";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { ACTIVE } from "../../modules/security/association-states.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { take } from "./sealed.js";

export interface StoreSettings {
  /** Provisioned first, where it is there. */
  readonly key?: readonly number[];
  /** Taken in order. */
  readonly frames: readonly (readonly number[])[];
  /** Then it restarts, and takes them again. */
  readonly restarts?: boolean;
  /** Then the key is retired. */
  readonly retires?: boolean;
}

export function start(settings: unknown, platform: Platform): RunningApplication {
  const { key, frames, restarts = false, retires = false } = settings as StoreSettings;
  const { securityStore, restarted, report, ticker } = platform;
  if (securityStore === undefined) {
    throw new Error("there is no store");
  }
  const association = new ReceivingAssociation(1, securityStore, (octets) => new Aes256Gcm(octets));
  const before = association.state;
  const provisioned = key === undefined || restarted ? undefined : association.provision(Uint8Array.from(key), ACTIVE);
  const verdicts = frames.map((frame) => take(association, Uint8Array.from(frame)));
  report({ event: "took", restarted, before, provisioned, verdicts, last: association.last });
  const timer = restarts && !restarted ? ticker.start(1, () => platform.restart()) : undefined;
  if (retires) {
    report({ event: "retired", retired: association.retire(), state: association.state });
  }
  return { stop: () => timer?.stop() };
}
