/** Framings of one's own, of a module that the command line names. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Framings } from "../modules/framing/registry.js";

export const FRAMINGS_HELP = "a module that exports framings, as registerFraming makes them, for --listen";

/**
 * @param path of a JavaScript module
 * @throws (rejects) TypeError for a module that exports no framings, and what loading it throws
 */
export async function ownFramings(path: string): Promise<Framings> {
  const { framings } = (await import(pathToFileURL(resolve(path)).href)) as { framings?: Framings };
  if (!Array.isArray(framings)) {
    throw new TypeError(`--framings: ${path} must export framings, as registerFraming makes them`);
  }
  return framings;
}
