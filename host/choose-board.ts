/** Which board the simulator runs: one of one's own, the flatsat that comes with the package, or none beside the link itself. */
import { fileURLToPath } from "node:url";
import type { CompiledBoard } from "./compile-board.js";

const FLATSAT = new URL("../examples/flatsat/board.js", import.meta.url);
/** For `--board`: what every board has, and no more. */
const NONE = "none";

export const BOARD_HELP =
  "a board of your own: a module that exports a dictionary and bind; none: the link alone (default: a simulated flatsat)";

/**
 * @param board path of a board module; `none`; undefined: the flatsat
 * @throws (rejects) what `compileBoard` throws
 */
export async function chooseBoard(board: string | undefined): Promise<CompiledBoard | undefined> {
  if (board === NONE) {
    return undefined;
  }
  if (board !== undefined) {
    // The compiler is loaded where it is needed: it takes longer than all the rest.
    const { compileBoard } = await import("./compile-board.js");
    return compileBoard(board);
  }
  const module = await import("../examples/flatsat/board.js");
  return { dictionary: module.dictionary, module, path: fileURLToPath(FLATSAT), remove: async () => {} };
}
