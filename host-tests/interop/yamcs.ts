/** Yamcs, as Maven Central has it, and boards for it: one process, with an instance for each board. */
import type { EngineName } from "../ground/echo-board.js";
import { jars, SCRIPTS } from "./environment.js";
import { Board, runSteps } from "./yamcs-cases.js";
import { Yamcs } from "./yamcs-server.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function exit(): never {
  process.exit(1);
}

/**
 * All boards at once: most of the time, Yamcs waits before it connects again.
 * @returns whether all went well
 * @throws Unavailable where Yamcs is not to be had
 */
export async function runYamcs(engines: readonly EngineName[], say: (line: string) => void): Promise<boolean> {
  const folder = jars(`${SCRIPTS}yamcs/pom.xml`);
  const boards: Board[] = [];
  let server: Yamcs | undefined;
  const end = async (): Promise<void> => {
    await Promise.all([server?.stop(), ...boards.map((board) => board.stop())]);
  };
  // They are process groups of their own, which Ctrl-C does not reach; ending them takes no time.
  process.on("exit", end);
  for (const signal of SIGNALS) {
    process.on(signal, exit);
  }
  try {
    for (const engine of engines) {
      boards.push(await Board.start(engine, "cuc"), await Board.start(engine, "cds"));
      boards.push(await Board.start(engine, "cuc", true));
    }
    const yamcs = await Yamcs.start(folder, boards);
    server = yamcs;
    const results = await Promise.all(boards.map((board) => runSteps(yamcs, board)));
    for (const [k, { lines }] of results.entries()) {
      say([`${boards[k]?.name}, Yamcs ${yamcs.version}`, ...lines].join("\n"));
    }
    const passed = results.filter((result) => result.passed).length;
    say(`${passed} of ${boards.length} instances of Yamcs got on with their boards`);
    return passed === boards.length;
  } finally {
    await end();
    process.off("exit", end);
    for (const signal of SIGNALS) {
      process.off(signal, exit);
    }
  }
}
