/**
 * A store in the Moddable SDK's `Preference`: on an ESP32 its non-volatile storage (NVS), in the simulator a file.
 *
 * On an ESP32, `set` erases what was there before it writes: who loses power between the two finds nothing under the name. That is
 * why a counter is kept under two names in turn. Nothing of it is encrypted, unless the board's NVS is.
 */
import type { SecurityStore } from "./security-store.js";

/** What is used of the SDK's class. Its typings know more. */
export interface Preferences {
  set(domain: string, key: string, value: ArrayBuffer): void;
  get(domain: string, key: string): unknown;
  delete(domain: string, key: string): void;
}

/** The domain of all records; NVS has namespaces of at most 15 characters. */
export const STORE_NAMESPACE = "flatlink";

export class PreferenceStore implements SecurityStore {
  readonly #preferences: Preferences;

  constructor(preferences: Preferences) {
    this.#preferences = preferences;
  }

  load(name: string): Uint8Array | undefined {
    const value = this.#preferences.get(STORE_NAMESPACE, name);
    return value instanceof ArrayBuffer ? new Uint8Array(value.slice()) : undefined;
  }

  /** Allocates nothing; the simulator's `Preference` does. @throws RangeError when it is a part of an ArrayBuffer; what NVS throws */
  save(name: string, octets: Uint8Array<ArrayBuffer>): void {
    const { buffer } = octets;
    if (buffer.byteLength !== octets.byteLength) {
      throw new RangeError(`${name}: the octets kept must be a whole ArrayBuffer`);
    }
    this.#preferences.set(STORE_NAMESPACE, name, buffer);
  }

  erase(name: string): void {
    this.#preferences.delete(STORE_NAMESPACE, name);
  }
}
