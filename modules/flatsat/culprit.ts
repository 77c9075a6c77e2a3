/**
 * Who of a board's own code failed, in words. Names stand in the dictionaries, which are in flash: they cost nothing until something
 * fails, and then a little garbage.
 */
import type { Dictionary } from "../dictionary/dictionary.js";
import { FUNCTION_SERVICE } from "../pus/messages/st08-messages.js";
import { PARAMETER_SERVICE, SET_PARAMETERS } from "../pus/messages/st20-messages.js";
import type { PusRequest } from "../pus/request.js";
import { LINK_DICTIONARY } from "./link-dictionary.js";
import { SECURITY_DICTIONARY } from "./security-dictionary.js";

type Entries = Readonly<Record<string, { readonly id: number }>> | undefined;

/** @param own the board's own dictionary, if it has one. @returns `parameter "celsius"` */
export function nameParameter(id: number, own: Dictionary | undefined): string {
  return named("parameter", id, own?.parameters, LINK_DICTIONARY.parameters);
}

/**
 * @param request that failed
 * @param type its service type * 256 + message subtype, as it was before a handler could overwrite it
 * @returns `function "setHeater"`, `setter of "setPoint"`, `request "take" of service "camera"`; `request 17,1` of what the dictionary
 *   does not have
 */
export function nameHandler(request: PusRequest, type: number, own: Dictionary | undefined): string {
  const serviceType = type >> 8;
  if (serviceType === FUNCTION_SERVICE) {
    return named(
      "function",
      request.uint8(0),
      own?.functions,
      LINK_DICTIONARY.functions,
      SECURITY_DICTIONARY.functions,
    );
  }
  if (type === PARAMETER_SERVICE * 256 + SET_PARAMETERS) {
    // The service says there whose setter it called last.
    return named("setter of", request.failureData, own?.parameters, LINK_DICTIONARY.parameters);
  }
  const subtype = type & 0xff;
  for (const [service, definition] of Object.entries(own?.services ?? {})) {
    for (const [name, message] of Object.entries(definition.requests ?? {})) {
      if (definition.type === serviceType && message.subtype === subtype) {
        return `request "${name}" of service "${service}"`;
      }
    }
  }
  return `request ${serviceType},${subtype}`;
}

function named(what: string, id: number, ...dictionaries: readonly Entries[]): string {
  for (const entries of dictionaries) {
    const name = Object.keys(entries ?? {}).find((key) => entries![key]!.id === id);
    if (name !== undefined) {
      return `${what} "${name}"`;
    }
  }
  return `${what} ${id}`;
}

/** What was thrown, also if it is no error, and cannot even be made text. */
export function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return "what was thrown has no text";
  }
}
