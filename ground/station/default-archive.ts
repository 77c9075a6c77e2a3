/** Where a station's archive is, where nobody says: in the user's own data. */
import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

export function defaultArchive(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  return join(dataFolder(environment, platform), "flatlink", "ground.sqlite");
}

function dataFolder(environment: Environment, platform: NodeJS.Platform): string {
  switch (platform) {
    case "win32":
      return environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local");
    case "darwin":
      return join(homedir(), "Library", "Application Support");
    default:
      return environment["XDG_DATA_HOME"] || join(homedir(), ".local", "share");
  }
}
