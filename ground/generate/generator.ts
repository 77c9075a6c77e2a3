/** What writes a board's dictionary down for one ground tool. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";

export interface GeneratedFile {
  /** Below the directory that is asked for, with `/`. */
  readonly path: string;
  readonly text: string;
  /** It can be run. Default false. */
  readonly executable?: boolean;
}

/** Runs the flatsat that comes with the package. */
export const SIMULATE = "npx flatlink simulate";

export interface Generator {
  /** As it is asked for. */
  readonly name: string;
  /** For the help, one line. */
  readonly help: string;
  /**
   * The same dictionary gives the same bytes. A `README.md` among them tells how the first value is seen.
   * @param simulate the command that runs this board in the simulator; default that of the flatsat
   * @throws RangeError when the tool cannot do what the board does: what would do, in one line
   */
  generate(board: BoardDictionary, simulate?: string): readonly GeneratedFile[];
}
