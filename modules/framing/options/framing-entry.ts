/** What the registry knows of a framing: its options as text, and how to make it. */

import type { Framing } from "../contract/framing.js";
import type { FindByte } from "../engines/find-byte.js";
import type { TextOptions } from "./text-options.js";

/** What every framing is configured with, whatever its own options. */
export interface CommonOptions {
  /** Longest packet accepted where the framing's own options do not say, in bytes. */
  maxPacketLength: number;
  /** Bytes at each packet's end that are a layer's above, and counted in `maxPacketLength`. Default 0. */
  trailerLength?: number;
  /** Search to use. */
  findByte?: FindByte | undefined;
}

/** One entry: the options it knows, in the words of the help, and how to make it. */
export interface FramingEntry {
  readonly name: string;
  readonly summary: string;
  /** Name of each option, and what it takes. */
  readonly options: Readonly<Record<string, string>>;
  /** Least that `max-packet` may be, in bytes. Default 1. */
  readonly shortestPacket?: number;
  /** What its options are called here, by what they are called in code: `lengthSize` is `size`. For errors. */
  readonly terms?: Readonly<Record<string, string>>;
  /** Options that make one, as on a command line, where it cannot do without: `length=64`. */
  readonly example?: string;
  make(options: TextOptions, common: CommonOptions): Framing;
}
