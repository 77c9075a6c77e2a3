/** The records of a security association: their names, which a board and the ground's tools share, and how a key is kept. */
import type { SecurityStore } from "./security-store.js";

/** 32 octets. */
export function keyRecord(spi: number): string {
  return `spi${spi}key`;
}

/** One octet; of an association that receives. */
export function stateRecord(spi: number): string {
  return `spi${spi}state`;
}

/** `KEY_ID_LENGTH` octets, also of a key that is erased. */
export function idRecord(spi: number): string {
  return `spi${spi}id`;
}

/** `IV_LENGTH` octets: the counter of an association that receives, kept in two places in turn. */
export function lastRecord(spi: number, place: 0 | 1): string {
  return `spi${spi}last${place}`;
}

/** `IV_LENGTH` octets: the last IV that is reserved, of the association that seals telemetry. */
export function limitRecord(spi: number): string {
  return `spi${spi}limit`;
}

/** Keeps the octets of `key`; what is copied for that is wiped. @throws what the store throws */
export function saveKey(store: SecurityStore, name: string, key: Uint8Array): void {
  // Not `slice`, which of a Buffer is no copy.
  const copy = Uint8Array.from(key);
  store.save(name, copy);
  copy.fill(0);
}
