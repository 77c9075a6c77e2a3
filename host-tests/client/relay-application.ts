/** For either engine: a board with a relay to another one. */
import type { Platform, RunningApplication } from "../../host/engine/application.js";
import { Flatsat } from "../../modules/flatsat/application.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { relay } from "./relay.js";

export interface RelaySettings {
  readonly board: Record<string, string>;
  readonly apid: number;
  readonly port: number;
}

export function start(settings: unknown, { io, ticker, clock, report }: Platform): RunningApplication {
  const { board, apid, port } = settings as RelaySettings;
  const platform = { io, ticker, clock };
  const flatsat = new Flatsat({ ...parseConfiguration(board), ...platform, report });
  flatsat.start();
  const client = relay(flatsat, { ...platform, apid, address: "127.0.0.1", port });
  return {
    stop() {
      client.close();
      flatsat.stop();
    },
  };
}
