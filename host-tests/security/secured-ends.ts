/** Both ends of secured links, for tests. Knows no platform: also runs inside XS. */
import {
  SECURITY_HEADER_LENGTH,
  SECURITY_TRAILER_LENGTH,
  SPI_LENGTH,
  writeAssociatedData,
} from "../../modules/ccsds/sdls.js";
import { makeAes } from "../../modules/crypto/aes-gcm.js";
import {
  BAD_MAC,
  type FrameOpener,
  type FrameSealer,
  type FrameSecurity,
  NO_SECURITY_HEADER,
  OPENED,
  type SecurityVerdict,
} from "../../modules/framing/contract/frame-security.js";
import { ACTIVE } from "../../modules/security/association-states.js";
import { KeyRing } from "../../modules/security/key-ring.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import type { SecurityStore } from "../../modules/security/security-store.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import { MemoryStore } from "./memory-store.js";

/** 00 to 1f. */
export const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
export const SPI = 1;

export const makeAead = makeAes;

/** An IV whose value is a number. */
export function iv(value: number): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(12);
  new DataView(octets.buffer).setUint32(8, value);
  new DataView(octets.buffer).setUint32(4, Math.floor(value / 2 ** 32));
  return octets;
}

/** A sender whose first frame has the IV behind `last`. */
export function sender(last = 0, key: Uint8Array = KEY, spi = SPI, store = new MemoryStore()): SendingAssociation {
  store.save("counter", iv(last));
  return new SendingAssociation({ spi, aead: makeAead(key), store, name: "counter", block: 2 ** 31 });
}

export function ground(sealer: FrameSealer | undefined = sender()): FrameSecurity {
  return { end: "ground", opener: undefined, sealer };
}

/** An association that has the key, and is active. */
export function receiver(
  store: SecurityStore = new MemoryStore(),
  key: Uint8Array = KEY,
  spi = SPI,
): ReceivingAssociation {
  const association = new ReceivingAssociation(spi, store, makeAead);
  if (association.state !== ACTIVE) {
    association.provision(key, ACTIVE);
  }
  return association;
}

export function board(...associations: readonly ReceivingAssociation[]): FrameSecurity {
  return { end: "board", opener: new KeyRing(associations), sealer: undefined };
}

/** Opens whatever is authentic, again and again: for tests of what a framing makes of a stream that comes more than once. */
class ForgetfulOpener implements FrameOpener {
  readonly #aead = makeAead(KEY);

  open(bytes: Uint8Array, frame: number, at: number, end: number, mask: readonly number[], scratch: number) {
    const text = at + SECURITY_HEADER_LENGTH;
    const textEnd = end - SECURITY_TRAILER_LENGTH;
    if (text > textEnd) {
      return NO_SECURITY_HEADER;
    }
    const aadEnd = writeAssociatedData(bytes, frame, mask, scratch);
    return this.#aead.open(bytes, text, textEnd, at + SPI_LENGTH, scratch, aadEnd) ? OPENED : BAD_MAC;
  }

  commit(): SecurityVerdict {
    return OPENED;
  }

  keyNumber(): number {
    return 1;
  }
}

/** Sends secured frames and takes them, also those that it took before. */
export function forgetful(): FrameSecurity {
  return { end: "board", opener: new ForgetfulOpener(), sealer: sender() };
}
