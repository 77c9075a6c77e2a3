/** A store in memory, for tests: what is kept can be looked at, taken back, and made to fail. Runs inside XS, too. */
import type { SecurityStore } from "../../modules/security/security-store.js";

export class MemoryStore implements SecurityStore {
  readonly kept = new Map<string, Uint8Array>();
  /** Names that were saved, in their order. */
  readonly saved: string[] = [];
  /** Thrown by the next saves. */
  fault: Error | undefined;

  load(name: string): Uint8Array | undefined {
    return this.kept.get(name)?.slice();
  }

  save(name: string, octets: Uint8Array): void {
    if (this.fault !== undefined) {
      throw this.fault;
    }
    this.saved.push(name);
    this.kept.set(name, octets.slice());
  }

  erase(name: string): void {
    if (this.fault !== undefined) {
      throw this.fault;
    }
    this.kept.delete(name);
  }
}
