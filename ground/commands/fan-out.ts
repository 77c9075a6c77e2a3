/** What connects a station with a broker, as the command line wants it. */
import { FanOut } from "../station/fan-out/fan-out.js";
import { Feed } from "../station/fan-out/feed.js";
import { loadNats } from "../station/fan-out/load-nats.js";
import type { NatsAddress } from "../station/fan-out/nats-address.js";
import type { Station } from "../station/station.js";
import type { FanOutChoice } from "./fan-out-options.js";

/**
 * @returns undefined: nothing of the kind is wanted
 * @throws (rejects) Error in one line: NATS's packages are not there, a file of credentials cannot be read
 */
export async function fanOutOf(
  { nats: to, natsCommands: takesCommands, from }: FanOutChoice,
  station: Station,
  report: (line: string) => void,
): Promise<FanOut | Feed | undefined> {
  const address = to ?? from;
  if (address === undefined) {
    return undefined;
  }
  const nats = await loadNats();
  checkCredentials(address, () => address.options(nats));
  return to === undefined
    ? new Feed({ station, nats, address, report })
    : new FanOut({ station, nats, address, takesCommands, report });
}

/** Now rather than with each connection. */
function checkCredentials({ shown }: NatsAddress, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    throw new Error(`FLATLINK_NATS_CREDS, for ${shown}: ${(error as Error).message}`);
  }
}
