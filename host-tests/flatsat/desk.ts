/** The whole application on in-engine sockets, with clock and timers in the test's hand. Knows no platform. */
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork, type LoopbackOptions } from "../../host/engine/loopback.js";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { Flatsat, type FlatsatEvent, type FlatsatOptions } from "../../modules/flatsat/application.js";
import { dictionaryOf } from "../../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { Client, ManualTime } from "../link/rig.js";

export const APID = 2;
const TIME_CODE = new CdsShort();
/** Those of the default ports, as their clients speak them: what has come may end in the middle of a packet. */
const GROUND_FRAMINGS = [withCrc(spacePackets(), "check16"), cobs()];

export class Desk {
  readonly time = new ManualTime();
  readonly network: LoopbackNetwork;
  readonly events: FlatsatEvent[] = [];
  readonly flatsat: Flatsat;
  readonly dictionary: BoardDictionary;

  /** Not started yet. */
  constructor(
    settings: Record<string, string> = {},
    options: Partial<FlatsatOptions> & { network?: LoopbackOptions; sendBuffer?: number } = {},
  ) {
    const { network, sendBuffer = 8192, ...rest } = options;
    this.network = new LoopbackNetwork(network);
    const configuration = parseConfiguration(settings);
    this.dictionary = dictionaryOf(configuration, options.board);
    this.flatsat = new Flatsat({
      ...configuration,
      io: createIo(this.network, { sendBuffer }),
      ticker: this.time.ticker,
      clock: this.time.clock,
      report: (event) => this.events.push(event),
      ...rest,
    });
  }

  /** What the board would report of a parameter now. */
  value(name: string): number {
    const { pool } = this.flatsat.process;
    const handle = pool.find(this.dictionary.parameters![name]!.id);
    pool.refresh(handle);
    return pool.get(handle);
  }

  /** A client of the nth port. */
  connect(n = 0): Client {
    const port = this.flatsat.servers[n]!.port;
    const client = new Client(this.network.connect(port), GROUND_FRAMINGS[n]!);
    this.network.settle();
    return client;
  }

  advance(ms: number): void {
    for (let left = ms; left > 0; left -= 100) {
      this.time.advance(left < 100 ? left : 100);
      this.network.settle();
    }
  }

  told(event: FlatsatEvent["event"]): FlatsatEvent[] {
    return this.events.filter((each) => each.event === event);
  }
}

export function telecommand(serviceType: number, messageSubtype: number, data: number[] = []): Uint8Array {
  return buildTelecommand({ apid: APID, serviceType, messageSubtype, applicationData: Uint8Array.from(data) });
}

/** What a client got, as "service,subtype". */
export function messages(client: Client): string[] {
  return client.packets().map((packet) => {
    const view = parseTelemetry(packet, TIME_CODE);
    return `${view.serviceType},${view.messageSubtype}`;
  });
}

/** Source data of the last message of that kind. */
export function lastData(client: Client, kind: string): Uint8Array {
  const packet = client.packets()[messages(client).lastIndexOf(kind)]!;
  const view = parseTelemetry(packet, TIME_CODE);
  return packet.slice(view.sourceDataStart, view.sourceDataEnd);
}
