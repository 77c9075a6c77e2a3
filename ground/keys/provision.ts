/** Puts a key into a board's store, with the records that the board itself would write. */

import { Aes256Gcm, makeAes } from "../../modules/crypto/aes-gcm.js";
import { ACTIVE, KEY_IN_USE, KEY_USED_BEFORE, READY } from "../../modules/security/association-states.js";
import { keyId } from "../../modules/security/key-id.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { limitRecord, stateRecord } from "../../modules/security/record-names.js";
import type { SecurityStore } from "../../modules/security/security-store.js";
import { TelemetryAssociation } from "../../modules/security/telemetry-association.js";
import { KeyError } from "./key-error.js";

export interface Provision {
  readonly spi: number;
  /** 32 octets. */
  readonly key: Uint8Array;
  /** It waits for its activation. Telemetry's is used at once. */
  readonly isReady: boolean;
  /** The board seals with it what it sends. */
  readonly isTelemetry: boolean;
}

/** A store that can tell what it has. */
export interface ListedStore extends SecurityStore {
  names(): readonly string[];
}

const ID = /^spi(\d+)id$/;

/** @throws KeyError: the SPI or another one has, or had, this key, or it has another one; what the store throws */
export function provisionStore(store: ListedStore, provision: Provision): void {
  const { spi, key, isReady, isTelemetry } = provision;
  const aead = new Aes256Gcm(key);
  const id = keyId(aead);
  aead.erase();
  refuseOtherDirection(store, spi, isTelemetry);
  for (const name of store.names()) {
    const other = Number(ID.exec(name)?.[1] ?? spi);
    if (other !== spi && Buffer.from(id).equals(store.load(name) ?? new Uint8Array())) {
      throw new KeyError(`SPI ${other} has this key, or had it: each needs one of its own`);
    }
  }
  const answer = isTelemetry
    ? new TelemetryAssociation(spi, store, makeAes).provision(key, id)
    : new ReceivingAssociation(spi, store, makeAes).provision(key, isReady ? READY : ACTIVE, id);
  if (answer === KEY_IN_USE) {
    throw new KeyError(`SPI ${spi} has a key that is in use: retire it first`);
  }
  if (answer === KEY_USED_BEFORE) {
    throw new KeyError(`SPI ${spi} had this key before, and its counter would begin anew: make a new one`);
  }
}

/** One SPI for each direction, too: its records are others. */
function refuseOtherDirection(store: SecurityStore, spi: number, isTelemetry: boolean): void {
  if (store.load(isTelemetry ? stateRecord(spi) : limitRecord(spi)) !== undefined) {
    const [has, wanted] = isTelemetry ? ["telecommands", "telemetry"] : ["telemetry", "telecommands"];
    throw new KeyError(`SPI ${spi} is for ${has} there: take another one for ${wanted}`);
  }
}
