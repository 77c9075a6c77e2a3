/**
 * A key in a file: 32 raw octets, as the keyFile of Yamcs's SDLS links has them. Whoever can read it commands the board, so it
 * is refused where others can: as ssh does, when it is this user's own file. Windows has no such modes; nothing is checked there.
 */
import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, realpathSync, rmSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { createFile, keepFolder } from "../../host/kept-file.js";
import { IV_LENGTH } from "../../modules/ccsds/sdls.js";
import type { Aead } from "../../modules/crypto/aead.js";
import { AES_256_KEY_LENGTH, Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { keyId } from "../../modules/security/key-id.js";
import { writeCounter } from "./counter-file.js";
import { KeyError } from "./key-error.js";

/** Rights of a group and of all others. */
const OTHERS = 0o077;

/**
 * Makes a key of random octets, with its counter at 0.
 * @returns its identifier
 * @throws KeyError when the file is there, or is not to be had
 */
export function createKeyFile(file: string): string {
  const key = Uint8Array.from(randomBytes(AES_256_KEY_LENGTH));
  try {
    createFile(file, key);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new KeyError(code === "EEXIST" ? `${file} is there already: a key is never written over` : message);
  }
  try {
    writeCounter(file, new Uint8Array(IV_LENGTH));
    keepFolder(dirname(file));
    return idOf(new Aes256Gcm(key));
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    key.fill(0);
  }
}

/** Of the file itself, where the path leads to it over links: there is one counter for each key. @throws KeyError */
export function keyPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    throw notOpened(file, error as NodeJS.ErrnoException);
  }
}

/**
 * @returns 32 octets, which the caller overwrites
 * @throws KeyError
 */
export function readKeyFile(file: string): Uint8Array<ArrayBuffer> {
  const descriptor = open(file);
  // One octet more shows that a file is longer.
  const octets = new Uint8Array(AES_256_KEY_LENGTH + 1);
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) {
      throw new KeyError(`${file} is no file`);
    }
    refuseOthers(file, status);
    let length = 0;
    for (let count = -1; count !== 0 && length < octets.length; length += count) {
      count = readSync(descriptor, octets, length, octets.length - length, null);
    }
    if (length !== AES_256_KEY_LENGTH) {
      const found = length > AES_256_KEY_LENGTH ? Math.max(status.size, length) : length;
      throw new KeyError(`${file} is no key: it has ${found} octets, and a key has ${AES_256_KEY_LENGTH}, raw`);
    }
    return octets.slice(0, AES_256_KEY_LENGTH);
  } catch (error) {
    throw error instanceof KeyError ? error : new KeyError((error as Error).message);
  } finally {
    octets.fill(0);
    closeSync(descriptor);
  }
}

/** @throws KeyError */
export function readAead(file: string): Aead {
  const key = readKeyFile(file);
  try {
    return new Aes256Gcm(key);
  } finally {
    key.fill(0);
  }
}

/** The identifier of a key, in hexadecimal digits. It tells two keys apart, and says nothing of either. */
export function idOf(aead: Aead): string {
  return Buffer.from(keyId(aead)).toString("hex");
}

function open(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    throw notOpened(file, error as NodeJS.ErrnoException);
  }
}

function notOpened(file: string, { code, message }: NodeJS.ErrnoException): KeyError {
  return new KeyError(code === "ENOENT" ? `${file} is not there: flatlink keys new ${file} makes a key` : message);
}

function refuseOthers(file: string, { mode, uid }: Stats): void {
  // A file of another user is that user's to protect: a secret that a container is given, say.
  if (process.platform !== "win32" && uid === process.getuid?.() && (mode & OTHERS) !== 0) {
    throw new KeyError(`others may read ${file}: chmod 600 ${file}`);
  }
}
