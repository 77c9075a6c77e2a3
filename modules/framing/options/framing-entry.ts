/** What the registry knows of a framing: its options, and how to make it. */

import type { Framing } from "../contract/framing.js";
import type { FramingContext } from "./framing-context.js";
import type { OptionTable } from "./option-table.js";

/** One entry: a framing that can be chosen by its name. */
export interface FramingEntry {
  readonly name: string;
  /** For the help. */
  readonly summary: string;
  readonly options: OptionTable;
  /** Least that `max-packet` may be, in bytes. Default 1. */
  readonly shortestPacket?: number;
  /** Options that make one, as on a command line, where it cannot do without: `length=64`. */
  readonly example?: string;
  /**
   * @param options values read from text, by their properties; `maxPacketLength` has a checksum layer's bytes in it
   * @param context what options are called in errors, and what holds where they say nothing
   */
  make(options: object, context: FramingContext): Framing;
}
