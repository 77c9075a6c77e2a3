/** Keys that stand in the build's configuration, and so in the image: `spi1_key=HEX key_in_image=yes`. */

import { EMPTY } from "../security/association-states.js";
import { type BoardSecurity, DONE, SECURITY_ANSWERS } from "../security/board-security.js";

export interface ImageKey {
  readonly name: string;
  readonly spi: number;
  readonly octets: Uint8Array;
}

/**
 * @param config the build's configuration, by name
 * @throws TypeError when there is a key and nobody said that it may be, or what is there is no key. No message has a key in it
 */
export function imageKeys(config: Readonly<Record<string, unknown>>): ImageKey[] {
  const keys: ImageKey[] = [];
  for (const name of Object.keys(config)) {
    const [, spi] = /^spi([0-9]+)_key$/.exec(name) ?? [];
    const text = String(config[name] ?? "");
    if (spi === undefined || text === "") {
      continue;
    }
    if (config["key_in_image"] !== "yes") {
      throw new TypeError(
        `${name} is set, but not key_in_image=yes: anyone who has the image has the key, and can command the board; ` +
          "the key console takes it without",
      );
    }
    if (!/^[0-9a-fA-F]{64}$/.test(text)) {
      throw new TypeError(`${name} must be 64 hexadecimal digits`);
    }
    const octets = new Uint8Array(text.length / 2);
    for (let i = 0; i < octets.length; i++) {
      octets[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
    }
    keys.push({ name, spi: Number(spi), octets });
  }
  return keys;
}

/**
 * Gives each SPI that never had a key its own, once: what was provisioned since, or retired, stays as it is.
 * @param keys wiped
 * @param security undefined: the board has no keys
 * @param log takes one line for people
 * @throws Error for a key that cannot be its SPI's; what the store throws
 */
export function storeImageKeys(
  keys: readonly ImageKey[],
  security: BoardSecurity | undefined,
  log: (line: string) => void,
): void {
  for (const { name, spi, octets } of keys) {
    if (security === undefined) {
      throw new Error(`${name} is set, but security is empty, or this platform has nowhere to keep keys`);
    }
    const state = security.stateOf(spi);
    if (state === undefined || state === EMPTY) {
      const answer = security.provision(spi, octets);
      if (answer !== DONE) {
        throw new Error(`${name}: ${SECURITY_ANSWERS[answer]}`);
      }
      log(`${name}: SPI ${spi} has the key that is in the image; anyone who has the image has it, too`);
    }
    octets.fill(0);
  }
}
