/**
 * A security association for frames that come: its key, and the counter that each frame must be above. What it knows outlives a
 * restart.
 *
 * The counter is kept in two places in turn. Whoever loses power while one is written still has the other, which is the counter
 * before: the telecommand was not carried out yet, and may come again.
 */
import {
  IV_LENGTH,
  SECURITY_HEADER_LENGTH,
  SECURITY_TRAILER_LENGTH,
  SPI_LENGTH,
  writeAssociatedData,
} from "../ccsds/sdls.js";
import type { Aead, MakeAead } from "../crypto/aead.js";
import {
  BAD_MAC,
  NOT_KEPT,
  OPENED,
  REPLAYED,
  type SecurityVerdict,
  UNKNOWN_SPI,
} from "../framing/contract/frame-security.js";
import {
  ACTIVE,
  type AssociationState,
  EMPTY,
  KEY_IN_USE,
  KEY_USED_BEFORE,
  LOCKED,
  PROVISIONED,
  type ProvisionAnswer,
  READY,
  RETIRED,
} from "./association-states.js";
import { copyIv, isIvAbove, isLastIv, ivNumber } from "./iv-counter.js";
import { isSameKeyId, KEY_ID_LENGTH, keyId } from "./key-id.js";
import { idRecord, keyRecord, lastRecord, saveKey, stateRecord } from "./record-names.js";
import type { SecurityStore } from "./security-store.js";

export class ReceivingAssociation {
  readonly spi: number;
  #state: AssociationState = EMPTY;
  #aead: Aead | undefined;
  /** Of the key that it has or had last. */
  #id: Uint8Array | undefined;
  #keyNumber = 0;
  readonly #store: SecurityStore;
  readonly #makeAead: MakeAead;
  readonly #names: StoreNames;
  /** The IV of the frame that was taken last; and the array that is written next, with its place. */
  readonly #last = new Uint8Array(IV_LENGTH);
  readonly #kept = new Uint8Array(IV_LENGTH);
  #place: 0 | 1 = 0;

  /** Loads what is kept. @throws what the store throws */
  constructor(spi: number, store: SecurityStore, makeAead: MakeAead) {
    this.spi = spi;
    this.#store = store;
    this.#makeAead = makeAead;
    this.#names = new StoreNames(spi);
    this.#load();
  }

  get state(): AssociationState {
    return this.#state;
  }

  /** The IV of the frame that was taken last, as a number; exact below 2^53. */
  get last(): number {
    return ivNumber(this.#last);
  }

  /** The identifier of the key that it has, or had last. Undefined: it never had one. */
  get id(): Uint8Array | undefined {
    return this.#id;
  }

  /** Keys that it was given since it was loaded. */
  get keyNumber(): number {
    return this.#keyNumber;
  }

  /** As `FrameOpener.open`, for a frame with this SPI. */
  open(
    bytes: Uint8Array,
    frame: number,
    at: number,
    end: number,
    mask: readonly number[],
    scratch: number,
  ): SecurityVerdict {
    const aead = this.#aead;
    if (this.#state !== ACTIVE || aead === undefined) {
      return UNKNOWN_SPI;
    }
    const ivAt = at + SPI_LENGTH;
    // Before the MAC, which costs a board milliseconds.
    if (!isIvAbove(bytes, ivAt, this.#last) || isLastIv(bytes, ivAt)) {
      return REPLAYED;
    }
    const aadEnd = writeAssociatedData(bytes, frame, mask, scratch);
    const text = at + SECURITY_HEADER_LENGTH;
    return aead.open(bytes, text, end - SECURITY_TRAILER_LENGTH, ivAt, scratch, aadEnd) ? OPENED : BAD_MAC;
  }

  /** As `FrameOpener.commit`. */
  commit(bytes: Uint8Array, at: number): SecurityVerdict {
    if (this.#state !== ACTIVE) {
      // Retired while the packet waited.
      return UNKNOWN_SPI;
    }
    const ivAt = at + SPI_LENGTH;
    if (!isIvAbove(bytes, ivAt, this.#last)) {
      return REPLAYED;
    }
    copyIv(bytes, ivAt, this.#kept, 0);
    try {
      this.#save();
    } catch {
      return NOT_KEPT;
    }
    copyIv(bytes, ivAt, this.#last, 0);
    return OPENED;
  }

  /**
   * Takes a key. The counter begins at 0.
   * @param key 32 octets; copied
   * @param knownId its identifier, where it is known already
   * @throws RangeError for another length; what the store throws: there is no key then
   */
  provision(key: Uint8Array, state: typeof READY | typeof ACTIVE, knownId?: Uint8Array<ArrayBuffer>): ProvisionAnswer {
    if (this.#state === READY || this.#state === ACTIVE) {
      return KEY_IN_USE;
    }
    const aead = this.#makeAead(key);
    const id = knownId ?? keyId(aead);
    if (isSameKeyId(id, this.#id)) {
      aead.erase();
      return KEY_USED_BEFORE;
    }
    const { key: keyName, state: stateName, id: idName } = this.#names;
    // The state last: what is cut short leaves an association that opens nothing.
    this.#keepState(LOCKED);
    this.#last.fill(0);
    this.#kept.fill(0);
    this.#save();
    this.#save();
    this.#store.save(idName, id);
    saveKey(this.#store, keyName, key);
    this.#store.save(stateName, Uint8Array.of(state));
    this.#aead = aead;
    this.#id = id;
    this.#state = state;
    this.#keyNumber++;
    return PROVISIONED;
  }

  /** READY -> ACTIVE. @returns false: it is in no state for that. @throws what the store throws */
  activate(): boolean {
    if (this.#state !== READY) {
      return this.#state === ACTIVE;
    }
    this.#keepState(ACTIVE);
    return true;
  }

  /**
   * READY, ACTIVE, LOCKED -> RETIRED: the key is erased. RETIRED: it is erased again, where that failed before.
   * @returns false: it never had one
   * @throws what the store throws; when the state was kept, it opens nothing more
   */
  retire(): boolean {
    if (this.#state === EMPTY) {
      return false;
    }
    if (this.#state !== RETIRED) {
      this.#keepState(RETIRED);
    }
    this.#aead?.erase();
    this.#aead = undefined;
    this.#store.erase(this.#names.key);
    return true;
  }

  #load(): void {
    const store = this.#store;
    const { key: keyName, state: stateName, id: idName, last } = this.#names;
    const state = store.load(stateName)?.[0];
    const key = store.load(keyName);
    const id = store.load(idName);
    this.#id = id !== undefined && id.length === KEY_ID_LENGTH ? id : undefined;
    let isCounted = false;
    for (const place of [0, 1] as const) {
      const counter = store.load(last[place]);
      if (counter !== undefined && counter.length === IV_LENGTH) {
        if (!isCounted || isIvAbove(counter, 0, this.#last)) {
          copyIv(counter, 0, this.#last, 0);
          this.#place = place === 0 ? 1 : 0;
        }
        isCounted = true;
      }
    }
    if (key === undefined) {
      this.#state = state === undefined ? EMPTY : RETIRED;
      return;
    }
    if (state === RETIRED) {
      // Power was lost before the key was erased.
      store.erase(keyName);
      this.#state = RETIRED;
    } else if (isCounted && (state === READY || state === ACTIVE)) {
      this.#aead = this.#makeAead(key);
      this.#state = state;
    } else {
      this.#state = LOCKED;
    }
    key.fill(0);
  }

  #keepState(state: AssociationState): void {
    this.#store.save(this.#names.state, Uint8Array.of(state));
    this.#state = state;
  }

  /** Keeps the counter in `#kept`, in the place that has the older one. */
  #save(): void {
    const { last } = this.#names;
    this.#store.save(this.#place === 0 ? last[0] : last[1], this.#kept);
    this.#place = this.#place === 0 ? 1 : 0;
  }
}

/** Names of what is kept of an association. Made once. */
class StoreNames {
  readonly key: string;
  readonly state: string;
  readonly id: string;
  readonly last: readonly [string, string];

  constructor(spi: number) {
    this.key = keyRecord(spi);
    this.state = stateRecord(spi);
    this.id = idRecord(spi);
    this.last = [lastRecord(spi, 0), lastRecord(spi, 1)];
  }
}
