/** tmtccmd and the packages that are generated for it. */
import type { EngineName } from "../ground/link/echo-board.js";
import { environment, findPython, versions } from "./environment.js";
import { runTmtccmdLive } from "./tmtccmd-live.js";
import { runTmtccmdPackages } from "./tmtccmd-package.js";

const REQUIREMENTS = "requirements-tmtccmd.txt";

/** @throws Unavailable */
export async function runTmtccmd(
  engines: readonly EngineName[],
  seed: number,
  say: (line: string) => void,
): Promise<boolean> {
  const python = environment(findPython(), REQUIREMENTS);
  say(`generated packages: ${versions(REQUIREMENTS)}`);
  let isRight = (await runTmtccmdPackages(python, seed, say)).failed === 0;
  for (const engine of engines) {
    isRight = (await runTmtccmdLive(engine, python, seed, say)) && isRight;
  }
  return isRight;
}
