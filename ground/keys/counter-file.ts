/**
 * The counter of a key, in a file beside it: 24 hexadecimal digits and a newline. For a key that sends it is the last IV that is
 * reserved; for one that receives, the last that was taken.
 */
import { readFileSync } from "node:fs";
import { keepFile } from "../../host/kept-file.js";
import { IV_LENGTH } from "../../modules/ccsds/sdls.js";
import { isIvAbove } from "../../modules/security/iv-counter.js";
import { KeyError } from "./key-error.js";

/**
 * The highest counter that can be set. A board tells counters in its housekeeping exactly below 2^53, and from here there are four
 * billion frames to that.
 */
export const MAX_COUNTER = 2n ** 53n - 2n ** 32n;
const DIGITS = /^[0-9a-f]{24}\n?$/;

export function counterFile(file: string): string {
  return `${file}.counter`;
}

/** @returns undefined: there is none, or none that can be read. @throws KeyError */
export function readCounter(file: string): Uint8Array<ArrayBuffer> | undefined {
  let text: string;
  try {
    text = readFileSync(counterFile(file), "latin1");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      return undefined;
    }
    throw new KeyError(message);
  }
  return DIGITS.test(text) ? Uint8Array.from(Buffer.from(text.slice(0, 2 * IV_LENGTH), "hex")) : undefined;
}

/** Returns when it is kept, also over a loss of power. @throws KeyError */
export function writeCounter(file: string, counter: Uint8Array): void {
  try {
    keepFile(counterFile(file), Buffer.from(`${Buffer.from(counter).toString("hex")}\n`));
  } catch (error) {
    throw new KeyError(`the counter of ${file} is not kept: ${(error as Error).message}`);
  }
}

/**
 * Sets the counter, never to a lower one.
 * @param value 0 to `MAX_COUNTER`
 * @throws KeyError
 */
export function setCounter(file: string, value: bigint): void {
  const counter = Uint8Array.from(Buffer.from(value.toString(16).padStart(2 * IV_LENGTH, "0"), "hex"));
  const present = readCounter(file);
  if (present !== undefined && isIvAbove(present, 0, counter)) {
    throw new KeyError(`the counter of ${file} is ${counterValue(present)} already, and never goes back`);
  }
  writeCounter(file, counter);
}

export function counterValue(counter: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(counter).toString("hex")}`);
}

/** What whoever lost the counter of a key that sends can do. */
export function lostCounter(file: string, spi: number | "N"): KeyError {
  return new KeyError(
    `${counterFile(file)} is lost: with this key, an IV might be used twice. Set it above everything that was ever sent ` +
      `(spi${spi}Counter of the board's housekeeping is what it took last): flatlink keys counter ${file} --set N`,
  );
}

/** What whoever lost the counter of a key that receives can do. */
export function lostTaken(file: string): KeyError {
  return new KeyError(
    `${counterFile(file)} is lost: old telemetry might be taken for new. Set it, to 0 where that does not matter: ` +
      `flatlink keys counter ${file} --set N`,
  );
}
