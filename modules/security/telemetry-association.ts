/**
 * The security association that a board seals its telemetry with. Encoders hold it from boot on; it has a key, or has none yet.
 *
 * With a key goes the limit of its IVs (`sending-association.ts`). A key whose limit is lost is not used any more: an IV might
 * come twice. So a key is written behind its limit. The limit never goes back: a key that had been used before comes to IVs that it
 * has not used.
 */
import { IV_LENGTH } from "../ccsds/sdls.js";
import type { Aead, MakeAead } from "../crypto/aead.js";
import type { FrameSealer } from "../framing/contract/frame-security.js";
import {
  ACTIVE,
  type AssociationState,
  EMPTY,
  KEY_IN_USE,
  KEY_USED_BEFORE,
  LOCKED,
  PROVISIONED,
  type ProvisionAnswer,
  RETIRED,
} from "./association-states.js";
import { isSameKeyId, KEY_ID_LENGTH, keyId } from "./key-id.js";
import { idRecord, keyRecord, limitRecord, saveKey } from "./record-names.js";
import type { SecurityStore } from "./security-store.js";
import { SendingAssociation } from "./sending-association.js";

/*
 * The states of `association-states.ts`, but for READY: a key is used as soon as it is there.
 *
 * EMPTY    it never had a key
 *   -> ACTIVE   a key is provisioned
 * ACTIVE   it seals frames
 *   -> RETIRED  it is retired
 * RETIRED  its key is erased
 *   -> ACTIVE   another key is provisioned
 * LOCKED   it has a key, and its limit is lost, or could not be kept
 *   -> ACTIVE   another key is provisioned
 *   -> RETIRED  it is retired
 */
export class TelemetryAssociation implements FrameSealer {
  readonly spi: number;
  #state: AssociationState = EMPTY;
  #aead: Aead | undefined;
  #sender: SendingAssociation | undefined;
  #id: Uint8Array<ArrayBuffer> | undefined;
  readonly #store: SecurityStore;
  readonly #makeAead: MakeAead;
  readonly #keyName: string;
  readonly #idName: string;
  readonly #limitName: string;

  /** Loads what is kept, and reserves IVs. @throws what the store throws when it is read */
  constructor(spi: number, store: SecurityStore, makeAead: MakeAead) {
    this.spi = spi;
    this.#store = store;
    this.#makeAead = makeAead;
    this.#keyName = keyRecord(spi);
    this.#idName = idRecord(spi);
    this.#limitName = limitRecord(spi);
    this.#load();
  }

  get state(): AssociationState {
    return this.#state;
  }

  /** The identifier of the key that it has, or had last. Undefined: it never had one. */
  get id(): Uint8Array | undefined {
    return this.#id;
  }

  seal(bytes: Uint8Array, frame: number, at: number, end: number, mask: readonly number[], scratch: number): boolean {
    const sender = this.#sender;
    return sender?.seal(bytes, frame, at, end, mask, scratch) === true;
  }

  taken(): void {
    this.#sender?.taken();
  }

  /**
   * Takes a key. The counter goes on, behind all IVs that were reserved.
   * @param key 32 octets; copied
   * @param id its identifier
   * @throws RangeError for another length; what the store throws: there is no key then
   */
  provision(key: Uint8Array, id: Uint8Array<ArrayBuffer>): ProvisionAnswer {
    if (this.#state === ACTIVE) {
      return KEY_IN_USE;
    }
    if (isSameKeyId(id, this.#id)) {
      return KEY_USED_BEFORE;
    }
    const aead = this.#makeAead(key);
    this.#drop();
    this.#store.erase(this.#keyName);
    this.#state = this.#id === undefined ? EMPTY : RETIRED;
    if (this.#store.load(this.#limitName)?.length !== IV_LENGTH) {
      this.#store.save(this.#limitName, new Uint8Array(IV_LENGTH));
    }
    saveKey(this.#store, this.#keyName, key);
    this.#id = id;
    this.#store.save(this.#idName, id);
    this.#begin(aead);
    return PROVISIONED;
  }

  /** The key is erased. @returns false: it never had one. @throws what the store throws */
  retire(): boolean {
    if (this.#state === EMPTY || this.#state === RETIRED) {
      return this.#state === RETIRED;
    }
    this.#drop();
    this.#state = LOCKED;
    // Whoever lost power while it was provisioned may not have it there.
    this.#store.save(this.#idName, this.#id!);
    this.#store.erase(this.#keyName);
    this.#state = RETIRED;
    return true;
  }

  #load(): void {
    const id = this.#store.load(this.#idName);
    this.#id = id !== undefined && id.length === KEY_ID_LENGTH ? id.slice() : undefined;
    const key = this.#store.load(this.#keyName);
    if (key === undefined) {
      this.#state = this.#id === undefined ? EMPTY : RETIRED;
      return;
    }
    const aead = this.#makeAead(key);
    key.fill(0);
    this.#id = keyId(aead);
    this.#begin(aead);
  }

  /** -> ACTIVE, or LOCKED when no IVs can be reserved. */
  #begin(aead: Aead): void {
    try {
      this.#sender = new SendingAssociation({ spi: this.spi, aead, store: this.#store, name: this.#limitName });
      this.#aead = aead;
      this.#state = ACTIVE;
    } catch {
      aead.erase();
      this.#state = LOCKED;
    }
  }

  #drop(): void {
    this.#sender = undefined;
    this.#aead?.erase();
    this.#aead = undefined;
  }
}
