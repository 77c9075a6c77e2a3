/** How often functions are called, as the engine counts it: no stand-in, so nothing of the code is other than usual. */
import { Session } from "node:inspector/promises";

/**
 * @param file end of a compiled module's path
 * @returns for a function of the module, how often it was called while `run` ran
 */
export async function callCounts(run: () => void): Promise<(file: string, name: string) => number> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    run();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    await session.post("Profiler.stopPreciseCoverage");
    return (file, name) =>
      result
        .filter(({ url }) => url.endsWith(file))
        .flatMap(({ functions }) => functions)
        .filter(({ functionName }) => functionName === name)
        .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
  } finally {
    session.disconnect();
  }
}
