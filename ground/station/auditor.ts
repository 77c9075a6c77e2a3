/** The one writer of a station's audit: web server, relay ports and broker share the bounds of what is refused. */
import type { Archive } from "./archive/archive.js";
import { type AuditEntry, audit, RefusedAttempts } from "./archive/audit.js";
import type { Origin } from "./board.js";

/** What strangers send is not told at any length. */
const MAX_LENGTH = 300;

export interface AuditorOptions {
  readonly archive: Archive;
  /** What could not be kept, in one line. */
  report(line: string): void;
  now(): number;
}

export class Auditor {
  readonly #options: AuditorOptions;
  readonly #refused: RefusedAttempts;

  constructor(options: AuditorOptions) {
    this.#options = options;
    this.#refused = new RefusedAttempts(options.archive);
  }

  /** Somebody who may did something, or tried to. */
  letIn(who: Origin, action: string, outcome: string): void {
    this.#keep(who, action, outcome, (entry) => audit(this.#options.archive, entry));
  }

  /** @param who with an address that is the same the next time: without a port */
  refused(who: Origin, action: string, outcome: string): void {
    this.#keep(who, action, outcome, (entry) => this.#refused.add(entry));
  }

  #keep({ user, origin }: Origin, action: string, outcome: string, store: (entry: AuditEntry) => void): void {
    const { now, report } = this.#options;
    try {
      store({ time: now(), user, origin, action, outcome });
    } catch (error) {
      const what = `${user} ${origin} ${action} ${outcome}`.slice(0, MAX_LENGTH);
      report(`not in the audit: ${what}: ${(error as Error).message}`);
    }
  }
}
