/** Takes frames with a store in a folder, or reserves IVs of a key, and tells each once it is done: until it is killed. */

import { writeSync } from "node:fs";
import { openSenderKey } from "../../ground/keys/sender-key.js";
import { FolderStore } from "../../host/folder-store.js";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { OPENED } from "../../modules/framing/contract/frame-security.js";
import { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { Sender, take } from "./sealed.js";

const [what, path] = process.argv.slice(2) as [string, string];

/** At once: what is told is done, and what is not told may be. */
function tell(text: string): void {
  writeSync(1, `${text}\n`);
}

if (what === "take") {
  const association = new ReceivingAssociation(1, new FolderStore(path), (key) => new Aes256Gcm(key));
  const sender = new Sender();
  tell(`last ${association.last}`);
  for (let iv = 1; ; iv++) {
    const frame = sender.next();
    if (iv > association.last) {
      const verdict = take(association, frame);
      if (verdict !== OPENED) {
        throw new Error(`${iv} gave ${verdict}`);
      }
      tell(`took ${iv}`);
    }
  }
} else if (what === "send") {
  const { sealer } = openSenderKey({ file: path, spi: 1, block: 3 });
  tell(`first ${sealer.next}`);
  for (;;) {
    const iv = sealer.next;
    if (!sealer.seal(new Uint8Array(128), 0, 5, 64, [0], 100)) {
      throw new Error("nothing can be sealed");
    }
    tell(`sent ${iv}`);
    sealer.taken();
  }
} else {
  // Has it until standard input ends.
  try {
    openSenderKey({ file: path, spi: 1 });
    tell("got it");
  } catch (error) {
    tell(`refused: ${(error as Error).message}`);
  }
  process.stdin.resume();
}
