/**
 * The keys of a board: made once at boot of the setting `security` and of what is kept, and changed while it runs.
 *
 * Each key is for one sender and one direction: two counters under one key would give two frames the same IV.
 */

import type { MakeAead } from "../crypto/aead.js";
import type { FrameSealer } from "../framing/contract/frame-security.js";
import {
  ACTIVE,
  type AssociationState,
  KEY_IN_USE,
  type KEY_USED_BEFORE,
  PROVISIONED,
  READY,
} from "./association-states.js";
import { isSameKeyId, keyId } from "./key-id.js";
import { KeyRing } from "./key-ring.js";
import { ReceivingAssociation } from "./receiving-association.js";
import { type Role, receivingSpis, roleOf, type SecuritySettings, telemetrySpis } from "./roles.js";
import type { SecurityStore } from "./security-store.js";
import { TelemetryAssociation } from "./telemetry-association.js";

/** Done. What follows are the reasons why not; 1 and 2 are `KEY_USED_BEFORE` and `KEY_IN_USE`. */
export const DONE = PROVISIONED;
/** Another SPI has this key, or had it last. */
export const KEY_OF_ANOTHER = 3;
/** The setting `security` names no such SPI. */
export const NOT_IN_SETTING = 4;
/** It has no key that it could be activated or retired with. */
export const NO_KEY = 5;
/** It is the only active commander: nobody could change anything any more. */
export const LAST_COMMANDER = 6;
export type SecurityAnswer =
  | typeof DONE
  | typeof KEY_USED_BEFORE
  | typeof KEY_IN_USE
  | typeof KEY_OF_ANOTHER
  | typeof NOT_IN_SETTING
  | typeof NO_KEY
  | typeof LAST_COMMANDER;

/** The answers in words, in their order. */
export const SECURITY_ANSWERS: readonly string[] = Object.freeze([
  "done",
  "this SPI had this key before: make a new one",
  "this SPI has a key in use: retire it first",
  "another SPI has this key: each needs one of its own",
  "the setting security names no such SPI",
  "this SPI has no key",
  "this is the last active commander: activate another one first",
]);

export class BoardSecurity {
  readonly settings: SecuritySettings;
  /** Of all that receive, in the order of the setting. */
  readonly ring: KeyRing;
  /** Seals telemetry. Undefined: no SPI has that role. */
  readonly sealer: FrameSealer | undefined;
  readonly #makeAead: MakeAead;
  readonly #telemetry: TelemetryAssociation | undefined;

  /** Loads what is kept, and hands openers and sealers to the framings. @throws what the store throws */
  constructor(settings: SecuritySettings, store: SecurityStore, makeAead: MakeAead) {
    this.settings = settings;
    this.#makeAead = makeAead;
    this.ring = new KeyRing(receivingSpis(settings).map((spi) => new ReceivingAssociation(spi, store, makeAead)));
    const [sender] = telemetrySpis(settings);
    this.#telemetry = sender === undefined ? undefined : new TelemetryAssociation(sender, store, makeAead);
    this.sealer = this.#telemetry;
    settings.frames.opener = this.ring;
    settings.frames.sealer = this.sealer;
  }

  /** Telemetry can be sealed. */
  get seals(): boolean {
    return this.#telemetry?.state === ACTIVE;
  }

  /** Undefined: the setting names no such SPI. */
  roleOf(spi: number): Role | undefined {
    return roleOf(this.settings, spi);
  }

  /** Undefined: the setting names no such SPI. */
  stateOf(spi: number): AssociationState | undefined {
    return this.#find(spi)?.state;
  }

  /** The identifier of the key that an SPI has, or had last. It says nothing of the key. */
  idOf(spi: number): Uint8Array | undefined {
    return this.#find(spi)?.id;
  }

  /**
   * Gives an SPI a key. Its counter begins at 0.
   * @param key 32 octets; copied
   * @param state default: active where no SPI with the same role is, otherwise ready; telemetry's is active at once
   * @throws RangeError for another length; what the store throws: the SPI has no key then
   */
  provision(spi: number, key: Uint8Array, state?: typeof READY | typeof ACTIVE): SecurityAnswer {
    const association = this.#find(spi);
    if (association === undefined) {
      return NOT_IN_SETTING;
    }
    if (association.state === READY || association.state === ACTIVE) {
      return KEY_IN_USE;
    }
    const aead = this.#makeAead(key);
    const id = keyId(aead);
    aead.erase();
    for (const { spi: other } of this.settings.associations) {
      if (other !== spi && isSameKeyId(id, this.idOf(other))) {
        return KEY_OF_ANOTHER;
      }
    }
    if (association instanceof ReceivingAssociation) {
      return association.provision(key, state ?? (this.#hasActive(this.roleOf(spi)!) ? READY : ACTIVE), id);
    }
    return association.provision(key, id);
  }

  /** A key that is ready opens frames from now on; one that is active already stays so. @throws what the store throws */
  activate(spi: number): SecurityAnswer {
    const association = this.#find(spi);
    if (association === undefined) {
      return NOT_IN_SETTING;
    }
    if (association instanceof ReceivingAssociation) {
      return association.activate() ? DONE : NO_KEY;
    }
    return association.state === ACTIVE ? DONE : NO_KEY;
  }

  /**
   * Erases the key of an SPI; where it is erased already, nothing happens.
   * @param evenLast also that of the last active commander: for whoever has the board in hand. Default false
   * @throws what the store throws
   */
  retire(spi: number, evenLast = false): SecurityAnswer {
    const association = this.#find(spi);
    if (association === undefined) {
      return NOT_IN_SETTING;
    }
    if (!evenLast && this.#isLastCommander(spi)) {
      return LAST_COMMANDER;
    }
    return association.retire() ? DONE : NO_KEY;
  }

  #find(spi: number): ReceivingAssociation | TelemetryAssociation | undefined {
    const telemetry = this.#telemetry;
    return telemetry !== undefined && telemetry.spi === spi ? telemetry : this.ring.find(spi);
  }

  #hasActive({ text }: Role): boolean {
    return this.settings.associations.some(({ spi, role }) => role.text === text && this.stateOf(spi) === ACTIVE);
  }

  #isLastCommander(spi: number): boolean {
    const isActive = (other: number) =>
      this.roleOf(other)?.name === "commander" && this.ring.find(other)?.state === ACTIVE;
    return isActive(spi) && !this.settings.associations.some((other) => other.spi !== spi && isActive(other.spi));
  }
}
