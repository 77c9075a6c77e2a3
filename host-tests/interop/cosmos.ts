/** OpenC3 COSMOS and the plugins that are generated for it. */
import type { EngineName } from "../ground/link/echo-board.js";
import { runGem } from "./cosmos-gem.js";
import { LIVE_FRAMINGS, runCosmosLive } from "./cosmos-live.js";
import { runCosmosPlugins } from "./cosmos-plugin.js";
import { environment, findPython, Unavailable, versions } from "./environment.js";

const REQUIREMENTS = "requirements-cosmos.txt";

/** @throws Unavailable */
export async function runCosmos(
  engines: readonly EngineName[],
  seed: number,
  say: (line: string) => void,
): Promise<boolean> {
  const python = environment(findPython(), REQUIREMENTS);
  say(`generated plugins: ${versions(REQUIREMENTS)}`);
  let isRight = (await runCosmosPlugins(python, seed, say)).failed === 0;
  for (const engine of engines) {
    for (const framing of Object.keys(LIVE_FRAMINGS)) {
      isRight = (await runCosmosLive(engine, framing, python, seed, say)) && isRight;
    }
  }
  try {
    return (await runGem(seed, say)) && isRight;
  } catch (error) {
    if (!(error instanceof Unavailable)) {
      throw error;
    }
    say(`  not made a gem: ${error.message}`);
    return isRight;
  }
}
