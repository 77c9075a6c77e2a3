/** Checks of the options of ground software, made when what they configure is made. */

import { isBytes } from "../../modules/checks/bytes.js";
import { checkRange } from "../../modules/checks/options.js";
import { show } from "../../modules/checks/show.js";
import { notBytes } from "../../modules/framing/encode-decode.js";
import type { ReconnectOptions } from "../../modules/link/client/reconnect.js";

const RECONNECT_NAMES: OptionNames<ReconnectOptions> = { firstMs: true, maxMs: true, factor: true, jitter: true };

/** Names of options. An object, so that the compiler finds one that is missing. */
export type OptionNames<Options> = Readonly<Record<keyof Required<Options>, true>>;

/**
 * A name that is misspelt would be a default that nobody notices.
 * @param owner whose options they are
 * @throws TypeError for what is no object, and for a name that is none of them
 */
export function checkNames<Options>(owner: string, options: Options, names: OptionNames<Options>): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`options of ${owner} must be an object, not ${show(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(names, name)) {
      const known = Object.keys(names).join(", ");
      throw new TypeError(`"${name}" is no option of ${owner}; there ${known === "" ? "are none" : `are ${known}`}`);
    }
  }
}

/** @throws TypeError when it is no name or address */
export function checkHost(host: unknown): string {
  if (typeof host !== "string" || host.trim() === "") {
    throw new TypeError(`host must be a name or an address, not ${show(host)}`);
  }
  return host;
}

/**
 * @param maxLength of a packet, in bytes
 * @throws TypeError for no Uint8Array, RangeError for one that is too long
 */
export function checkHeartbeat(heartbeat: unknown, maxLength: number): Uint8Array {
  if (!isBytes(heartbeat)) {
    throw notBytes("heartbeat", heartbeat);
  }
  checkRange("heartbeat (bytes)", heartbeat.length, 1, maxLength);
  return heartbeat;
}

/**
 * @returns undefined: not at all
 * @throws TypeError for what is neither options nor true or false, and for a name that is none of the options
 */
export function checkReconnect(reconnect: ReconnectOptions | boolean | undefined): ReconnectOptions | undefined {
  if (reconnect === undefined || typeof reconnect === "boolean") {
    return reconnect ? {} : undefined;
  }
  checkNames("reconnect", reconnect, RECONNECT_NAMES);
  return reconnect;
}
