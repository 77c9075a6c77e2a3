/**
 * What a board has beside sockets, a timer and a clock. The platform hands it in, so that a desktop can imitate it; each
 * part may be missing.
 */

import type { MakeAead } from "../crypto/aead.js";
import type { SecurityStore } from "../security/security-store.js";

/** Gets the time from elsewhere. */
export interface TimeSource {
  /**
   * Asks a time server.
   * @param server name or address
   * @param answer called at most once, at any time: UNIX milliseconds, or undefined when the server gave none
   * @returns closes what was opened, when no answer is waited for any more; not called after `answer`
   */
  ask(server: string, answer: (unixMs: number | undefined) => void): { close(): void };
  /** Sets the platform's clock, in UNIX milliseconds. */
  set(unixMs: number): void;
}

/** None of the functions may allocate: housekeeping calls them for every report. */
export interface BoardPlatform {
  /** Why the board started: a place in `RESET_REASONS`. */
  readonly resetReason?: number;
  /** Strength of the Wi-Fi signal in dBm; 0 while the board is on none. */
  rssi?(): number;
  /** Slots of the XS heap that are free, 16 bytes each on an ESP32, garbage not counted. */
  freeSlots?(): number;
  /** Bytes of XS's chunk memory that are free, garbage not counted. */
  freeChunks?(): number;
  readonly time?: TimeSource;
  /** Where keys and counters outlive a restart. Without one, the board has no key and takes nothing that needs one. */
  readonly securityStore?: SecurityStore;
  /** The platform's own AES-256-GCM. Default: that of `crypto/aes-gcm.ts`. */
  readonly makeAead?: MakeAead;
  /** Starts the board anew. On a board it does not return. */
  restart?(): void;
}

/** Why a board started, by the number that ESP-IDF has for it (`esp_reset_reason_t`). */
export const RESET_REASONS = Object.freeze([
  "unknown",
  "powerOn",
  "externalPin",
  "software",
  "panic",
  "interruptWatchdog",
  "taskWatchdog",
  "otherWatchdog",
  "deepSleep",
  "brownout",
  "sdio",
  "usb",
  "jtag",
  "efuse",
  "powerGlitch",
  "cpuLockUp",
] as const);

export const RESET_UNKNOWN = 0;
export const RESET_POWER_ON = 1;
export const RESET_SOFTWARE = 3;

/** January 2023, in UNIX milliseconds: a clock that is behind it has not been set. */
export const EARLIEST_TIME = 1_672_531_200_000;
