/**
 * The key that a board seals its telemetry with, on the ground: from its file to what opens frames. Any number of processes may
 * listen with it.
 *
 * The counter is kept once a second, and when the key is closed: what a crash forgets is a second of telemetry that somebody could
 * show again.
 */
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import type { FrameOpener } from "../../modules/framing/contract/frame-security.js";
import { ACTIVE } from "../../modules/security/association-states.js";
import { copyIv, isIvAbove } from "../../modules/security/iv-counter.js";
import { KeyRing } from "../../modules/security/key-ring.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { keyRecord, lastRecord, stateRecord } from "../../modules/security/record-names.js";
import type { SecurityStore } from "../../modules/security/security-store.js";
import { lostTaken, readCounter, writeCounter } from "./counter-file.js";
import { closeDirection, openDirection } from "./directions.js";
import { idOf, keyPath, readKeyFile } from "./key-file.js";

const KEPT_EVERY_MS = 1000;

export interface TelemetryKeyOptions {
  /** Path of the key's file; its counter is beside it. */
  readonly file: string;
  /** As the board knows the key: 1 to 65534. */
  readonly spi: number;
}

export interface TelemetryKey {
  readonly spi: number;
  /** The key's identifier, in hexadecimal digits. */
  readonly id: string;
  readonly opener: FrameOpener;
  /** Keeps the counter, and erases the key from memory: nothing is opened any more. Idempotent. @throws KeyError: it is not kept */
  close(): void;
}

/** @throws KeyError: no key, its counter is lost, this process sends with it */
export function openTelemetryKey({ file: name, spi }: TelemetryKeyOptions): TelemetryKey {
  const file = keyPath(name);
  const counter = readCounter(file);
  if (counter === undefined) {
    throw lostTaken(file);
  }
  const key = readKeyFile(file);
  const aead = new Aes256Gcm(key);
  const id = idOf(aead);
  openDirection(id, file, "receives");
  const kept = new KeptCounter(file, counter);
  const association = new ReceivingAssociation(spi, recordsOf(spi, key, kept), () => aead);
  let isOpen = true;
  return {
    spi,
    id,
    opener: new KeyRing([association]),
    close() {
      if (isOpen) {
        isOpen = false;
        aead.erase();
        closeDirection(id);
        kept.keep();
      }
    },
  };
}

/** What was taken last, and what of it is in the file. */
class KeptCounter {
  readonly #file: string;
  readonly last: Uint8Array<ArrayBuffer>;
  #isKept = true;
  #keptAt = performance.now();

  constructor(file: string, last: Uint8Array<ArrayBuffer>) {
    this.#file = file;
    this.last = last;
  }

  /** @throws KeyError: it is not kept */
  take(counter: Uint8Array): void {
    const before = this.last.slice();
    copyIv(counter, 0, this.last, 0);
    this.#isKept = false;
    if (performance.now() - this.#keptAt < KEPT_EVERY_MS) {
      return;
    }
    try {
      this.keep();
    } catch (error) {
      copyIv(before, 0, this.last, 0);
      throw error;
    }
  }

  /** @throws KeyError: it is not kept */
  keep(): void {
    if (this.#isKept) {
      return;
    }
    // Others may listen, too, and be ahead.
    const present = readCounter(this.#file);
    if (present === undefined || isIvAbove(this.last, 0, present)) {
      writeCounter(this.#file, this.last);
    }
    this.#isKept = true;
    this.#keptAt = performance.now();
  }
}

/** Key and counter as the records of an association that is active. @param key is overwritten when it is read */
function recordsOf(spi: number, key: Uint8Array<ArrayBuffer>, counter: KeptCounter): SecurityStore {
  return {
    load(name) {
      switch (name) {
        case keyRecord(spi):
          return key;
        case stateRecord(spi):
          return Uint8Array.of(ACTIVE);
        case lastRecord(spi, 0):
          return counter.last.slice();
        default:
          return undefined;
      }
    },
    save(name, octets) {
      if (name === lastRecord(spi, 0) || name === lastRecord(spi, 1)) {
        counter.take(octets);
      }
    },
    erase() {},
  };
}
