/** The key of whoever commands a board: from its file to what seals frames. */

import type { SecurityStore } from "../../modules/security/security-store.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import { lostCounter, readCounter, writeCounter } from "./counter-file.js";
import { closeDirection, openDirection } from "./directions.js";
import { KeyError } from "./key-error.js";
import { idOf, keyPath, readAead } from "./key-file.js";
import { lockKey } from "./key-lock.js";

export interface SenderKeyOptions {
  /** Path of the key's file; its counter and its lock are beside it. */
  readonly file: string;
  /** As the board knows the key: 1 to 65534. */
  readonly spi: number;
  /** IVs that are reserved at a time. Default: `RESERVED_BLOCK`. */
  readonly block?: number;
}

export interface SenderKey {
  readonly spi: number;
  /** The key's identifier, in hexadecimal digits. */
  readonly id: string;
  /** Seals frames. After `close` it throws. */
  readonly sealer: SendingAssociation;
  /** Erases the key from memory, and lets other processes use it. Idempotent. */
  close(): void;
}

/**
 * Reserves a block of IVs: whoever opened the key before and ended in any way used none of them.
 * @throws KeyError: no key, its counter is lost, another process sends with it, it cannot be written, it receives already
 */
export function openSenderKey({ file: name, spi, block }: SenderKeyOptions): SenderKey {
  const file = keyPath(name);
  const aead = readAead(file);
  const id = idOf(aead);
  const lock = lockKey(file);
  let isOpen = false;
  const close = (): void => {
    aead.erase();
    if (isOpen) {
      isOpen = false;
      closeDirection(id);
    }
    lock.release();
  };
  try {
    openDirection(id, file, "sends");
    isOpen = true;
    if (readCounter(file) === undefined) {
      throw lostCounter(file, spi);
    }
    const reserves = block === undefined ? {} : { block };
    const sealer = new SendingAssociation({ spi, aead, store: counterStore(file), name: "counter", ...reserves });
    return { spi, id, sealer, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The counter's file as a store that keeps one thing. */
function counterStore(file: string): SecurityStore {
  let kept: Uint8Array | undefined;
  return {
    load() {
      kept = readCounter(file);
      return kept?.slice();
    },
    save(_name, octets) {
      // Whoever removed the lock by hand may have let another sender in: what is reserved here would be reserved twice.
      const present = readCounter(file);
      if (kept === undefined || present === undefined || Buffer.compare(present, kept) !== 0) {
        throw new KeyError(`the counter of ${file} was changed by another process: one sender for each key`);
      }
      writeCounter(file, octets);
      kept = octets.slice();
    },
    erase() {
      throw new Error("a counter is never erased");
    },
  };
}
