/** Sealed data for tests of stores: 5 octets in front of a security header, as a frame has them. */
import { SECURITY_HEADER_LENGTH, SECURITY_TRAILER_LENGTH } from "../../modules/ccsds/sdls.js";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { OPENED, type SecurityVerdict } from "../../modules/framing/contract/frame-security.js";
import type { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { SendingAssociation } from "../../modules/security/sending-association.js";
import { MemoryStore } from "../security/memory-store.js";

const HEADER = 5;
const TEXT = 3;
const END = HEADER + SECURITY_HEADER_LENGTH + TEXT + SECURITY_TRAILER_LENGTH;
const SCRATCH = 64;
const MASK = [0, 0, 0, 0, 0];

export const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);

/** Frames with the IVs 1, 2, ... under SPI 1. */
export class Sender {
  readonly #association: SendingAssociation;

  constructor() {
    const store = new MemoryStore();
    store.save("counter", new Uint8Array(12));
    this.#association = new SendingAssociation({ spi: 1, aead: new Aes256Gcm(KEY), store, name: "counter" });
  }

  next(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(END + SCRATCH);
    this.#association.seal(bytes, 0, HEADER, END, MASK, END);
    this.#association.taken();
    return bytes;
  }
}

/** Opens a frame, and takes it. The frame stays as it is. */
export function take(association: ReceivingAssociation, frame: Uint8Array): SecurityVerdict {
  const work = frame.slice();
  const verdict = association.open(work, 0, HEADER, END, MASK, END);
  return verdict === OPENED ? association.commit(work, HEADER) : verdict;
}
