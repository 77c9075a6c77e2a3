/**
 * What a service is: its messages, as data, and how its requests are carried out. An application adds a service of its own by handing
 * one more of these to the dispatcher.
 *
 * ```
 * const echo: PusService = {
 *   name: "echo",
 *   definition: {
 *     type: 128,
 *     requests: { echo: { subtype: 1, maxDataLength: 64, replies: ["echoed"] } },
 *     reports: { echoed: { subtype: 2, maxDataLength: 64 } },
 *   },
 *   requests: {
 *     echo: {
 *       execute(request) {
 *         if (reports.begin(128, 2, request.applicationDataLength)) {
 *           reports.putBytes(request.bytes, request.applicationDataStart, request.applicationDataEnd);
 *           reports.end();
 *         }
 *         return SUCCESS;
 *       },
 *     },
 *   },
 * };
 * ```
 */

import { checkWithin } from "../checks/options.js";
import type { ServiceDefinition } from "../dictionary/dictionary.js";
import type { PusRequest } from "./request.js";

/** `lengthOfVariant`: nobody knows this identifier. That is no matter of length: `start` refuses it. */
export const UNKNOWN_VARIANT = -1;
/** `lengthOfVariant`: what stands there has no length that is right. */
export const NO_LENGTH = -2;

/** How a request is carried out. */
export interface RequestHandling {
  /** Most reports that `execute` sends, beside those of ST[01]. Default: each of the definition's replies once. */
  readonly replies?: number;
  /** Octets of their source data together, at most. Default: each of the definition's replies, as long as it can be. */
  readonly replyLength?: number;
  /**
   * How many octets stand behind an identifier, the last of the values or of an item's. Where it is there, the layout depends on it.
   * @param at offset in the application data of what stands behind the identifier; what is there may be shorter
   * @returns octets, `UNKNOWN_VARIANT` or `NO_LENGTH`
   */
  lengthOfVariant?(id: number, request: PusRequest, at: number): number;
  /** Checks the arguments before anything is done. Returns 0, or a failure code, which is reported as failed start. */
  start?(request: PusRequest): number;
  /** Carries it out. Returns `SUCCESS` (0), `IN_PROGRESS`, or a failure code, which is reported as failed completion. */
  execute(request: PusRequest): number;
}

export interface PusService {
  readonly name: string;
  /** Its messages. The length of a request is held to them; what its values may be is for `start` to check. */
  readonly definition: ServiceDefinition;
  /** By the names of the definition's requests, one for each. */
  readonly requests: Readonly<Record<string, RequestHandling>>;
}

/** @throws TypeError when a request cannot be carried out, RangeError when a number is wrong or there twice */
export function checkService({ name, definition, requests }: PusService): void {
  checkWithin(`the type of service "${name}"`, definition.type, 1, 255);
  for (const kind of ["requests", "reports"] as const) {
    const subtypes = new Set<number>();
    for (const [message, { subtype }] of Object.entries(definition[kind] ?? {})) {
      checkWithin(`subtype of ${name}.${message}`, subtype, 1, 255);
      if (subtypes.has(subtype)) {
        throw new RangeError(`${name}.${message}: there is another of the ${kind} of subtype ${subtype}`);
      }
      subtypes.add(subtype);
    }
  }
  for (const request of Object.keys(definition.requests ?? {})) {
    if (typeof requests[request]?.execute !== "function") {
      throw new TypeError(`${name}.${request}: nothing carries it out; the service's requests need one of this name`);
    }
  }
  for (const request of Object.keys(requests)) {
    if (!Object.hasOwn(definition.requests ?? {}, request)) {
      throw new TypeError(`${name}.${request}: the service's definition has no such request`);
    }
  }
}
