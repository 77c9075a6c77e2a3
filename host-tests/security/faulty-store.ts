/** A store whose power fails, or that keeps nothing for a while. Knows no platform: also runs inside XS. */
import { MemoryStore } from "./memory-store.js";

/** Power is lost before anything is changed; with nothing left under the name; or when all is done, and nobody is told. */
export const POWER_CUTS = ["before", "between", "behind"] as const;
export type PowerCut = (typeof POWER_CUTS)[number];

export class FaultyStore extends MemoryStore {
  /** Saves and erasures up to now. */
  operations = 0;
  /** Number of the operation at which power is lost, from 0; every one behind it fails, too. */
  cutAt = Number.POSITIVE_INFINITY;
  cut: PowerCut = "before";

  override save(name: string, octets: Uint8Array): void {
    this.#operate(name, () => super.save(name, octets));
  }

  override erase(name: string): void {
    this.#operate(name, () => super.erase(name));
  }

  /** Power is back. */
  restart(): void {
    this.cutAt = Number.POSITIVE_INFINITY;
  }

  #operate(name: string, operation: () => void): void {
    const number = this.operations++;
    if (number < this.cutAt) {
      operation();
      return;
    }
    if (number === this.cutAt && this.cut === "between") {
      this.kept.delete(name);
    }
    if (number === this.cutAt && this.cut === "behind") {
      operation();
    }
    throw new Error("power lost");
  }
}
